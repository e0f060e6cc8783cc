import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SourcePicture } from './ingest/source.js';
import { PictureQueue } from './picture-queue.js';

const picture = (pts: number, keyframe = false, bytes = 10): SourcePicture => ({
  data: Buffer.alloc(bytes, pts & 0xff),
  keyframe,
  pts,
  receivedAt: 0n,
});

/** A queue, and the times of what it gave out. */
function queue(): { queue: PictureQueue; taken: number[] } {
  const taken: number[] = [];
  return { queue: new PictureQueue(({ pts }) => taken.push(pts!)), taken };
}

describe('the queue before the decoder', () => {
  it('hands a picture to an idle worker at once', () => {
    const { queue: q, taken } = queue();
    q.push(picture(1));
    expect(taken).toEqual([1]);
  });

  it('hands over one picture a turn of the event loop, in order', async () => {
    const { queue: q, taken } = queue();
    for (const pts of [1, 2, 3]) q.push(picture(pts));
    expect(taken).toEqual([1]);
    expect(q.length).toBe(2);
    await nextTurn();
    expect(taken).toEqual([1, 2]);
    await nextTurn();
    expect(taken).toEqual([1, 2, 3]);
    await nextTurn();
    q.push(picture(4));
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  it('copies what has to wait: the source lends its bytes for the length of a call', async () => {
    const seen: Buffer[] = [];
    const q = new PictureQueue(({ data }) => seen.push(Buffer.from(data)));
    q.push(picture(1));
    const lent = picture(2);
    q.push(lent);
    (lent.data as Buffer).fill(0);
    await nextTurn();
    expect(seen[1]).toEqual(Buffer.alloc(10, 2));
  });

  it('when too many wait, drops them all and starts over at the next keyframe', async () => {
    const { queue: q, taken } = queue();
    for (let pts = 0; pts <= 50; pts++) q.push(picture(pts));
    expect(q.dropped).toBe(0);
    for (let pts = 51; pts < 60; pts++) q.push(picture(pts));
    expect(q.dropped).toBe(50 + 9);
    q.push(picture(60, true));
    q.push(picture(61));
    for (let turn = 0; turn < 4; turn++) await nextTurn();
    expect(taken).toEqual([0, 60, 61]);
    expect(q.dropped).toBe(59);
  });

  it('starts over at the one that was too much, where that is a keyframe', async () => {
    const { queue: q, taken } = queue();
    for (let pts = 0; pts <= 50; pts++) q.push(picture(pts));
    q.push(picture(51, true));
    q.push(picture(52));
    expect(q.dropped).toBe(50);
    for (let turn = 0; turn < 4; turn++) await nextTurn();
    expect(taken).toEqual([0, 51, 52]);
  });

  it('bounds what waits in bytes too', () => {
    const { queue: q } = queue();
    for (let pts = 0; pts < 5; pts++) q.push(picture(pts, false, 10 * 1024 * 1024));
    expect(q.length).toBe(0);
    expect(q.dropped).toBe(4);
  });

  it('forgets what waits when it is cleared', async () => {
    const { queue: q, taken } = queue();
    for (const pts of [1, 2, 3]) q.push(picture(pts));
    q.clear();
    await nextTurn();
    q.push(picture(4));
    expect(taken).toEqual([1, 4]);
  });
});
