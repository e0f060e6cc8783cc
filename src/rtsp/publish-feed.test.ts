import { describe, expect, it } from 'vitest';
import { MAX_STALL_TICKS, PublishFeed } from './publish-feed.js';
import type { AccessUnit, AccessUnitListener, PublishedStream } from './published-stream.js';

/** A stream whose joins replay what it is told to. */
class ToldStream implements PublishedStream {
  readonly id = 'told';
  readonly description = null;
  replay: AccessUnit[] = [];
  joins = 0;
  private readonly listeners = new Set<AccessUnitListener>();

  describe(): never {
    throw new Error('not asked for');
  }

  observe(): never {
    throw new Error('not asked for');
  }

  join(listener: AccessUnitListener): () => void {
    this.joins++;
    for (const unit of this.replay) listener(unit);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  push(...units: AccessUnit[]): void {
    for (const unit of units) for (const listener of [...this.listeners]) listener(unit);
  }
}

const unit = (timestamp: number, keyframe = false): AccessUnit => ({ data: Buffer.alloc(1), keyframe, timestamp });

const feedOf = (stream: ToldStream) => {
  const target = {
    unsentBytes: 0,
    sent: [] as number[],
    stalls: 0,
    send: ({ timestamp }: AccessUnit) => void target.sent.push(timestamp),
    flush: (done: () => void) => done(),
    end: () => void target.stalls++,
  };
  const feed = new PublishFeed(stream, target, 1000);
  feed.start();
  return { feed, target };
};

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a feed to a media server', () => {
  it('begins with a keyframe', () => {
    const stream = new ToldStream();
    const { feed, target } = feedOf(stream);
    stream.push(unit(1), unit(2, true), unit(3));
    expect(target.sent).toEqual([2, 3]);
    expect(feed.dropped).toBe(1);
  });

  it('leaves units out while too much waits, and goes on with the keyframe that joining anew brings', async () => {
    const stream = new ToldStream();
    const { feed, target } = feedOf(stream);
    stream.push(unit(1, true), unit(2));
    target.unsentBytes = 1001;
    stream.push(unit(3), unit(4));
    target.unsentBytes = 251;
    stream.push(unit(5, true));
    expect([target.sent, stream.joins]).toEqual([[1, 2], 1]);
    target.unsentBytes = 250;
    stream.push(unit(6));
    await microtasks();
    expect(stream.joins).toBe(2);
    stream.push(unit(7), unit(8, true), unit(9));
    expect(target.sent).toEqual([1, 2, 8, 9]);
    expect(feed.dropped).toBe(5);
  });

  it('goes on without a hole where joining anew replays what was left out', async () => {
    const stream = new ToldStream();
    const { feed, target } = feedOf(stream);
    stream.push(unit(1, true), unit(2));
    target.unsentBytes = 1001;
    stream.push(unit(3));
    target.unsentBytes = 0;
    stream.replay = [unit(1, true), unit(2), unit(3), unit(4)];
    stream.push(unit(4));
    await microtasks();
    stream.push(unit(5));
    expect(target.sent).toEqual([1, 2, 3, 4, 5]);
    expect(feed.dropped).toBe(0);
  });

  it('tells when nothing is taken for too long', () => {
    const stream = new ToldStream();
    const { target } = feedOf(stream);
    stream.push(unit(1, true));
    target.unsentBytes = 1001;
    stream.push(unit(2), unit(2 + MAX_STALL_TICKS));
    expect(target.stalls).toBe(0);
    stream.push(unit(3 + MAX_STALL_TICKS));
    expect(target.stalls).toBe(1);
  });

  it('sends nothing once closed, also where it was about to join anew', async () => {
    const stream = new ToldStream();
    const { feed, target } = feedOf(stream);
    stream.push(unit(1, true));
    target.unsentBytes = 1001;
    stream.push(unit(2));
    target.unsentBytes = 0;
    stream.push(unit(3));
    feed.close();
    await microtasks();
    stream.push(unit(4, true));
    expect([target.sent, stream.joins]).toEqual([[1], 1]);
  });
});
