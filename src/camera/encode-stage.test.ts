import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { EncodeStage } from './encode-stage.js';
import { MaskStage } from './mask-stage.js';

const FPS = 25;
const FRAME_TICKS = CLOCK_HZ / FPS;

describe('EncodeStage', () => {
  let source: Frame;
  let mask: MaskStage;
  let stage: EncodeStage;
  let keyframes: number[];
  let pictures: number;
  let looksWhenPublished: number[];

  beforeEach(() => {
    source = new Frame();
    source.alloc();
    source.format = AV_PIX_FMT_YUV420P;
    source.width = 128;
    source.height = 96;
    source.allocBuffer();
    mask = new MaskStage({ revision: 1, zones: [], shape: null });
    keyframes = [];
    looksWhenPublished = [];
    pictures = 0;
    stage = new EncodeStage(
      { codec: 'h264', bitrate: 100_000, onDemand: true, hardware: false },
      {
        picture: ({ keyframe }) => {
          if (keyframe) {
            keyframes.push(pictures);
            looksWhenPublished.push(stage.decodeBacks);
          }
          pictures++;
        },
        fault: (fault) => expect.unreachable(JSON.stringify(fault)),
        opened: () => undefined,
      },
      FPS,
    );
  });

  afterEach(() => {
    stage[Symbol.dispose]();
    mask[Symbol.dispose]();
    source.free();
  });

  /** @param sourceGop frames from one keyframe of the source to its next */
  function encode(frames: number, sourceGop: number): void {
    for (let i = 0; i < frames; i++) {
      source.keyFrame = i % sourceGop === 0 ? 1 : 0;
      stage.encode(mask.apply(source, i * FRAME_TICKS), source, i * FRAME_TICKS);
    }
  }

  it('sets keyframes two seconds apart, and half a second away from those of the source', () => {
    encode(200, 50);
    expect(keyframes).toEqual([0, 63, 113, 163]);
  });

  it('waits no longer than half a second for a source that sends nothing but keyframes', () => {
    encode(150, 1);
    expect(keyframes).toEqual([0, 63, 126]);
  });

  it('proves the first keyframe of an encoder before it is out, and looks at later ones every ten seconds afterwards', () => {
    encode(700, 1000);
    expect(looksWhenPublished[0]).toBe(1);
    expect(stage.decodeBacks).toBe(3);
    // The looks at 10 s and 20 s came after their pictures were out.
    expect(looksWhenPublished).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3]);
  });

  it('tells where what it gave out does not show the mask when decoded again', () => {
    const faults: unknown[] = [];
    let masked = mask.apply(source, 0);
    using looking = new EncodeStage(
      { codec: 'h264', bitrate: 100_000, onDemand: true, hardware: false },
      {
        // The encoder has read the canvas: from here on what it gave out is another picture than this.
        picture: ({ keyframe }) => keyframe && masked.picture.planes[0].data.fill(255),
        fault: (fault) => faults.push(fault),
        opened: () => undefined,
      },
      FPS,
    );
    mask.use({ revision: 2, zones: [ZONE], shape: null });
    for (let i = 0; i < 300; i++) {
      masked = mask.apply(source, i * FRAME_TICKS);
      looking.encode(masked, source, i * FRAME_TICKS);
    }
    expect(faults).toEqual([expect.objectContaining({ check: 'decode-back', zone: 'z', plane: 'luma' })]);
  });
});

const ZONE = {
  id: 'z',
  kind: 'restroom',
  polygon: [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ],
  action: 'mask',
  style: 'solid',
  padding: 0,
} as const;
