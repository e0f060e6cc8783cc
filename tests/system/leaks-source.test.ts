import { describe, expect, it } from 'vitest';
import { CorruptingRelay } from '../support/corrupting-relay.js';
import { cannotPlay, expectNoLeak, ROUNDS, Stage, TIMEOUT } from '../support/stage.js';

describe.skipIf(cannotPlay())('no unmasked picture gets out', TIMEOUT, () => {
  it('when the resolution changes in mid-stream, from 640x360 to 1920x1080 and back', async () => {
    const clip = [{ seconds: 1 }, { seconds: 1, size: [1920, 1080] as const, from: 25 }, { seconds: 1, from: 50 }];
    await using stage = await Stage.open({ clip });
    await stage.plays(ROUNDS * 150);
    const pictures = await stage.pictures();
    for (const size of ['640x360', '1920x1080']) {
      const ofSize = pictures.filter((picture) => picture.size === size);
      expectNoLeak(ofSize, ROUNDS * 30, size);
    }
    expectNoLeak(pictures, ROUNDS * 100, 'all of them');
  });

  it.each([
    ['H.265', { codec: 'h265' }],
    ['MJPEG', { codec: 'mjpeg' }],
  ] as const)('when an H.264 camera is replaced by one that sends %s', async (_, clip) => {
    await using stage = await Stage.open({});
    await stage.plays(20);
    for (let round = 0; round < ROUNDS; round++) {
      for (const next of [clip, {}]) {
        await stage.unplug();
        await stage.plug(next);
        await stage.plays(20);
      }
    }
    await stage.showsNoLeak(50);
    expect(stage.recorder().files.length).toBe(1);
  });

  it('when the camera is lost and comes back', async () => {
    await using stage = await Stage.open({});
    await stage.plays(20);
    for (let round = 0; round < ROUNDS * 2; round++) {
      stage.camera().process.child.kill('SIGKILL');
      await stage.gateway.reaches('cam', 'offline');
      await stage.plug();
      await stage.plays(20);
    }
    const { slates } = await stage.showsNoLeak(50);
    expect(slates).toBeGreaterThan(0);
    expect(stage.recorder().files.length).toBe(1);
  });

  // H.265's decoder does not notice flipped bits; nothing on the way of a packet lets such through, but packets get lost.
  it.each([
    ['1 % of the bytes of an H.264 camera are flipped', 'h264', 'flipped-bytes', 0.01, 150],
    ['packets of an H.264 camera are lost', 'h264', 'lost-packets', 0.2, 75],
    ['packets of an H.265 camera are lost', 'h265', 'lost-packets', 0.2, 75],
  ] as const)('when %s', async (_, codec, kind, share, pictures) => {
    // Without the decoder's gate this very damage shows the pattern beside the mask in 38 of 152 pictures.
    const damage = { kind, share, spell: 100, pause: 500, seed: 1 };
    const relays: CorruptingRelay[] = [];
    try {
      const via = async (url: string): Promise<string> => {
        const relay = await CorruptingRelay.start(Number(new URL(url).port), damage);
        relays.push(relay);
        return `rtsp://127.0.0.1:${relay.port}/cam0`;
      };
      await using stage = await Stage.open({ clip: { codec }, via });
      await stage.plays(ROUNDS * pictures);
      await stage.showsNoLeak(ROUNDS * (pictures - 10));
      expect(relays[0]!.spoilt).toBeGreaterThan(3);
      expect(await stage.gateway.metric('veilgate_decode_errors_total')).toBeGreaterThan(0);
    } finally {
      for (const relay of relays) await relay[Symbol.asyncDispose]();
    }
  });
});
