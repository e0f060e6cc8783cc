import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { CameraControl } from './camera-control.js';
import { CameraMetrics } from './camera-metrics.js';
import type { CameraSetup } from './camera-setup.js';
import type { SlateShelf } from './slate-shelf.js';

describe('a camera whose viewers are behind', () => {
  const setUp = () => {
    const shelf = { find: () => undefined, prepare: () => new Promise<void>(() => undefined) } as unknown as SlateShelf;
    const control = new CameraControl(
      { camera: 'cam', output: { codec: 'h264' } } as CameraSetup,
      { revision: 1, zones: [], shape: null },
      { view: null, mayLearn: true },
      {
        size: () => {},
        view: () => {},
        unlearnable: () => {},
        drift: () => {},
        source: () => {},
        transition: () => {},
      },
      { shelf, metrics: new CameraMetrics(new Registry()), logger: SILENT_LOGGER },
    );
    const flushes: (() => void)[] = [];
    const backlog = { flush: (done: () => void) => void flushes.push(done), end: () => undefined };
    const leave = control.stream.join(() => undefined, backlog);
    /** Whether it is answered before nothing waits for viewers any more, and after. */
    const answers = async (change: Promise<void>): Promise<readonly [before: boolean, after: boolean]> => {
      let answered = false;
      void change.then(() => {
        answered = true;
      });
      await new Promise(setImmediate);
      const before = answered;
      for (const done of flushes.splice(0)) done();
      await new Promise(setImmediate);
      return [before, answered];
    };
    return { control, leave, answers };
  };

  it('answers a change of its zones when nothing older waits for them', async () => {
    const { control, answers } = setUp();
    expect(await answers(control.useZones({ revision: 2, zones: [], shape: null }))).toEqual([false, true]);
    control.close();
  });

  it('answers that it is withheld when nothing of before waits for them', async () => {
    const { control, answers } = setUp();
    expect(await answers(control.hold('operator', true))).toEqual([false, true]);
    // Nothing is asked of them where viewers have the slate already.
    expect(await answers(control.hold('operator', true))).toEqual([true, true]);
    control.close();
  });

  it('waits for those who have left with something on the way, too', async () => {
    const { control, leave, answers } = setUp();
    leave();
    expect(await answers(control.useZones({ revision: 2, zones: [], shape: null }))).toEqual([false, true]);
    expect(await answers(control.useZones({ revision: 3, zones: [], shape: null }))).toEqual([true, true]);
    control.close();
  });
});
