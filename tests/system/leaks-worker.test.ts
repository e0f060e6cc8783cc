import { describe, expect, it } from 'vitest';
import { zone } from '../support/gateway.js';
import { countLeaks } from '../support/leaks.js';
import { cannotPlay, expectNoLeak, ROUNDS, Stage, TIMEOUT } from '../support/stage.js';
import { WireClient } from '../support/wire-client.js';

const rounds = Array.from({ length: ROUNDS }, (_, round) => `${round + 1} of ${ROUNDS}`);

describe.skipIf(cannotPlay())('no unmasked picture gets out', TIMEOUT, () => {
  // A gateway for each round: the more often a worker dies, the longer it is left alone.
  it.each(rounds)('when the worker is killed (%s)', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(20);
    for (let kill = 0; kill < 4; kill++) {
      const pid = await gateway.workerPid('cam');
      process.kill(pid, 'SIGKILL');
      await gateway.workerPid('cam', pid);
      await stage.plays(15);
    }
    await stage.showsNoLeak(70);
    expect(stage.recorder().files.length).toBe(1);
  });

  it.each(rounds)('when the worker is killed before it has shown anything (%s)', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    for (let kill = 0; kill < 3; kill++) {
      const pid = await gateway.workerPid('cam');
      process.kill(pid, 'SIGKILL');
      await gateway.workerPid('cam', pid);
    }
    await stage.plays(20);
    await stage.showsNoLeak(18);
  });

  it.each(rounds)('when the worker is stopped, whether it goes on soon or never (%s)', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(20);
    for (let stop = 0; stop < 2; stop++) {
      const stopped = await gateway.workerPid('cam');
      process.kill(stopped, 'SIGSTOP');
      // Time passes only as far as the client's stream tells: the server answers, the worker does not.
      await using client = await WireClient.play(gateway.ports.rtsp, 'cam');
      await client.mark();
      process.kill(stopped, 'SIGCONT');
      await stage.plays(15);
      const hung = await gateway.workerPid('cam');
      process.kill(hung, 'SIGSTOP');
      await gateway.workerPid('cam', hung);
      await stage.plays(15);
    }
    await stage.showsNoLeak(50);
    expect(await gateway.metric('veilgate_worker_restarts_total', { how: 'hung' })).toBeGreaterThanOrEqual(2);
    expect(stage.recorder().files.length).toBe(1);
  });

  it('of a worker that was stopped while its zones were changed, when it goes on with the old ones', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    for (let round = 0; round < ROUNDS * 2; round++) {
      await using client = await WireClient.play(gateway.ports.rtsp, 'cam');
      await gateway.putZones('cam', [], 'for a test');
      await stage.plays(15);
      const before = await client.mark();
      const pid = await gateway.workerPid('cam');
      process.kill(pid, 'SIGSTOP');
      const answered = gateway.putZones('cam', [zone()]);
      process.kill(pid, 'SIGCONT');
      await answered;
      const after = await client.mark();
      await stage.plays(15);
      const pictures = await client.pictures();
      expect(countLeaks(pictures.slice(0, before)).leaked).toBeGreaterThan(5);
      expectNoLeak(pictures.slice(after), 10, 'after the answer');
    }
  });
});
