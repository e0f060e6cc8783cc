import { describe, expect, it } from 'vitest';
import { WorkerAnswers } from './worker-answers.js';

describe('WorkerAnswers', () => {
  it('has zones applied where they are, or later ones', async () => {
    const answers = new WorkerAnswers();
    const done: number[] = [];
    const waiting = [3, 4, 5].map((revision) => answers.zones(revision).then(() => done.push(revision)));
    answers.zonesApplied(4);
    await Promise.all(waiting.slice(0, 2));
    expect(done).toEqual([3, 4]);
    answers.settle();
    await waiting[2];
    expect(done).toEqual([3, 4, 5]);
  });

  it('gives each picture to who asked for it, and none where nobody will answer', async () => {
    const answers = new WorkerAnswers();
    const asked: number[] = [];
    const ask = (request: number) => void asked.push(request);
    const [first, second, third] = [answers.picture(ask), answers.picture(ask), answers.picture(ask)];
    answers.pictureCame(asked[1]!, Uint8Array.of(2));
    answers.pictureCame(asked[0]!, null);
    answers.settle();
    expect([await first, await second, await third]).toEqual([null, Buffer.from([2]), null]);
  });

  it('waits for no worker for ever', async () => {
    expect(await new WorkerAnswers().picture(() => undefined)).toBeNull();
    await new WorkerAnswers().zones(1);
  });
});
