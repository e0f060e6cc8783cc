/**
 * A process that plays a clip, each picture stamped when it goes: to its parent as a camera's worker hands packets to control (IPC with
 * advanced serialisation), or published to a media server where a URL is given.
 */

import type { MaskedPacket } from '../../src/camera/messages.js';
import type { AccessUnit, AccessUnitListener, PublishedStream } from '../../src/rtsp/published-stream.js';
import { RtspPublisher } from '../../src/rtsp/publisher.js';
import { type Clip, encodeClip } from '../../tests/support/clip.js';
import { stamp } from './stamp.js';

const FPS = 25;
const TICKS = 90_000 / FPS;

process.once('disconnect', () => process.exit());

const clip = await encodeClip({ size: '1920x1080', frameRate: FPS, seconds: 4, gop: 2 * FPS, bitrate: 4_000_000 });
const [, , target] = process.argv;
if (target) publish(clip, target);
else play(clip, ({ data, keyframe, timestamp }) => process.send!(packetOf(clip, data, keyframe, timestamp)));

function play(clip: Clip, hand: AccessUnitListener): void {
  const began = performance.now();
  let count = 0;
  const next = (): void => {
    const { data, keyframe } = clip.pictures[count % clip.pictures.length]!;
    hand({ data: stamp(data), keyframe, timestamp: count * TICKS });
    count++;
    setTimeout(next, Math.max(0, began + (count * 1000) / FPS - performance.now()));
  };
  next();
}

function packetOf({ description }: Clip, data: Buffer, keyframe: boolean, pts: number): MaskedPacket {
  const { width, height } = description;
  const times = { receivedAt: process.hrtime.bigint(), decodeMs: 0, maskMs: 0, encodeMs: 0 };
  return { type: 'packet', epoch: 0, revision: 0, data, keyframe, pts, width, height, ...times };
}

function publish(clip: Clip, url: string): void {
  const listeners = new Set<AccessUnitListener>();
  let group: AccessUnit[] = [];
  const stream: PublishedStream = {
    id: 'fan',
    description: clip.description,
    describe: async () => clip.description,
    observe: () => () => undefined,
    join(listener) {
      for (const unit of group) listener(unit);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  play(clip, (unit) => {
    if (unit.keyframe) group = [];
    group.push(unit);
    for (const listener of listeners) listener(unit);
  });
  new RtspPublisher({ url, stream }).start();
  process.send!('publishing');
}
