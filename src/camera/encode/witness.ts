import type { Plane } from '../../masking/picture.js';
import type { VideoCodec } from '../../rtsp/published-stream.js';
import { Canvas, isFullRange } from '../decode/canvas.js';
import { Decoder, type OnFrame } from '../decode/decoder.js';

/**
 * Decodes what the encoder put out, the way a client would, so that the mask can be checked in the picture that really leaves.
 * Fed with keyframes only: each stands alone.
 */
export class Witness implements Disposable {
  readonly #codec: VideoCodec;
  #canvas: Canvas | null = null;

  constructor(codec: VideoCodec) {
    this.#codec = codec;
  }

  /** The planes of a coded keyframe as a client sees them, valid until the next call; null when nothing came out. */
  look(keyframe: Buffer): readonly [Plane, Plane, Plane] | null {
    using decoder = new Decoder({ kind: 'codec', codec: this.#codec });
    let seen: Canvas | null = null;
    const keep: OnFrame = (frame) => {
      if (!this.#canvas?.fits(frame)) {
        this.#canvas?.[Symbol.dispose]();
        this.#canvas = new Canvas(frame.width, frame.height, isFullRange(frame));
      }
      this.#canvas.load(frame);
      seen = this.#canvas;
    };
    decoder.decode({ data: keyframe, keyframe: true, pts: 0 }, keep);
    decoder.flush(keep);
    return (seen as Canvas | null)?.planes ?? null;
  }

  [Symbol.dispose](): void {
    this.#canvas?.[Symbol.dispose]();
    this.#canvas = null;
  }
}
