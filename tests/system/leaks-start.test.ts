import { describe, expect, it } from 'vitest';
import { countLeaks } from '../support/leaks.js';
import { cannotPlay, expectNoLeak, ROUNDS, Stage, TIMEOUT } from '../support/stage.js';
import { Viewer } from '../support/viewer.js';

describe.skipIf(cannotPlay())('no unmasked picture gets out', TIMEOUT, () => {
  for (let round = 1; round <= ROUNDS; round++) {
    it(`when the gateway starts, to a client that was there before (${round} of ${ROUNDS})`, async () => {
      await using stage = await Stage.open({});
      await stage.plays(50);
      expect(await stage.showsNoLeak(48)).toMatchObject({ firstLeak: -1 });
    });
  }

  it('to clients that join late, while others watch and when the encoder sleeps', async () => {
    await using stage = await Stage.open({ clip: { gop: 50 } });
    await stage.plays(25);
    const { gateway } = stage;
    const join = async (): Promise<void> => {
      await using viewer = Viewer.live(gateway.url('cam'));
      await viewer.until(() => countLeaks(viewer.pictures).fresh >= 15, '15th live picture');
      expectNoLeak(viewer.pictures, 15, 'a client that joined late');
    };
    for (let round = 0; round < ROUNDS * 3; round++) await Promise.all([join(), join()]);
    await stage.showsNoLeak(50);
    // Nobody is left: the encoder goes to sleep, and is woken by the next.
    await gateway.eventually('see nobody watch', async () =>
      (await gateway.camera('cam')).clients === 0 ? true : undefined,
    );
    for (let round = 0; round < ROUNDS * 2; round++) {
      await gateway.eventually('see the encoder sleep', async () =>
        (await gateway.camera('cam')).fps === 0 ? true : undefined,
      );
      await join();
    }
  });
});
