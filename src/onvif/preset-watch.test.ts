import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { OnvifCamera } from '../../tests/support/onvif-camera.js';
import { PresetWatch, type Standing } from './preset-watch.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A camera, and what a watch of its preset says of it. */
async function watched(preset: string) {
  const camera = await OnvifCamera.start();
  const heard: Standing[] = [];
  const watch = new PresetWatch({ service: camera.service, preset, tolerance: 0.01, everyMs: 20 }, (standing) =>
    heard.push(standing),
  );
  closing.push(
    () => watch.close(),
    () => camera[Symbol.asyncDispose](),
  );
  /** Resolves with what it says next, from the `n`th word on. */
  const word = async (n: number): Promise<Standing> => {
    while (heard.length <= n) await pause(5);
    return heard[n]!;
  };
  return { camera, watch, word, heard };
}

describe('PresetWatch', () => {
  it('says where a camera looks that is not at its preset, and when it is', async () => {
    const { camera, watch, word } = await watched('Gate');
    watch.start();
    expect(await word(0)).toBe(
      'the camera looks at pan 0.000, tilt 0.000, zoom 0.000; its zones hold at preset "Gate" (pan 0.250, tilt -0.100, zoom 0.000)',
    );
    camera.position = [0.252, -0.099, 0];
    expect(await word(1)).toBeNull();
    camera.position = [0.25, -0.1, 0.02];
    expect(await word(2)).toMatch(/zoom 0.020/);
  });

  it('knows a preset by its token, and asks for nothing but where it looks', async () => {
    const { camera, watch, word } = await watched('P2');
    camera.position = [-0.6, 0, 0.5];
    watch.start();
    expect(await word(0)).toBeNull();
    expect(camera.asked.filter((operation) => !operation.startsWith('Get'))).toEqual([]);
  });

  it('takes one that is being turned for elsewhere, also while it passes its preset', async () => {
    const { camera, watch, word } = await watched('Gate');
    [camera.position, camera.isMoving] = [[0.25, -0.1, 0], true];
    watch.start();
    expect(await word(0)).toMatch(/is being turned/);
  });

  it.each([
    ['it answers with a fault', (camera: OnvifCamera) => (camera.isBroken = true), /does not tell where/],
    ['it leaves out its position', (camera: OnvifCamera) => (camera.tellsPosition = false), /does not tell where/],
    ['it is gone', (camera: OnvifCamera) => camera[Symbol.asyncDispose](), /ECONN|hang up/],
  ])('withholds when %s', async (_, change, reason) => {
    const { camera, watch, word } = await watched('Gate');
    camera.position = [0.25, -0.1, 0];
    watch.start();
    expect(await word(0)).toBeNull();
    await change(camera);
    expect(await word(1)).toMatch(reason);
  });

  it('names the presets that there are, and is well when the fault is gone', async () => {
    const { camera, watch, word } = await watched('Door');
    camera.position = [0.25, -0.1, 0];
    watch.start();
    expect(await word(0)).toMatch(/has no preset "Door"; it has: Gate, Yard/);
    camera.presets = { Door: [0.25, -0.1, 0] };
    expect(await word(1)).toBeNull();
  });

  it('cannot bind to a preset of which the camera does not tell where it is', async () => {
    const { camera, watch, word } = await watched('Gate');
    camera.presets = { Gate: null };
    watch.start();
    expect(await word(0)).toMatch(/does not tell where its preset "Gate" is/);
  });
});
