import { type StreamState, stateLabel } from '../camera/state.js';
import type { Logger } from '../rtsp/logger.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import type { Size } from '../zones/zone.js';
import type { MaskedStream } from './masked-stream.js';
import { FIRST_SLATE_SIZE } from './slate.js';
import type { SlateShelf } from './slate-shelf.js';

/** What stands in for a picture that may be shown but is not there yet. */
const FIRST_SLATE = 'starting:waiting-for-keyframe';

/** Shows a stream's state on it: pictures while it is masked, in every other one its slate, in the size of the picture. */
export class StreamDisplay {
  readonly #stream: MaskedStream;
  readonly #codec: VideoCodec;
  readonly #shelf: SlateShelf;
  readonly #logger: Logger;
  #state: StreamState = { state: 'starting', reason: 'worker-starting' };
  #size: Size = FIRST_SLATE_SIZE;
  #closed = false;

  constructor(stream: MaskedStream, codec: VideoCodec, shelf: SlateShelf, logger: Logger) {
    this.#stream = stream;
    this.#codec = codec;
    this.#shelf = shelf;
    this.#logger = logger;
  }

  show(state: StreamState): void {
    this.#state = state;
    if (state.state === 'masked') this.#stream.showPictures();
    else this.#showSlate();
  }

  /** Slates to come are of this size, where they are painted. */
  set size(size: Size) {
    this.#size = size;
  }

  /** The pictures will be of this size: its slates are painted ahead of need. */
  expect(size: Size): void {
    this.#size = size;
    this.#paint(size, (error) =>
      this.#logger.warn({ camera: this.#stream.id, error: String(error) }, 'slates were not painted'),
    );
  }

  /** The slate for this moment as JPEG. Rejects where none can be painted. */
  async slate(): Promise<Buffer> {
    await this.#shelf.prepare(FIRST_SLATE_SIZE, this.#codec);
    const label = this.#state.state === 'masked' ? FIRST_SLATE : stateLabel(this.#state);
    return this.#shelf.find(label, this.#size, this.#codec)!.jpeg;
  }

  close(): void {
    this.#closed = true;
  }

  #showSlate(): void {
    const slate = this.#shelf.find(stateLabel(this.#state), this.#size, this.#codec);
    if (slate) return this.#stream.showSlate(slate);
    // Not painted yet: no picture may stand in for it.
    this.#stream.hidePictures();
    this.#paint(FIRST_SLATE_SIZE, () => undefined);
  }

  #paint(size: Size, failed: (error: unknown) => void): void {
    this.#shelf.prepare(size, this.#codec).then(() => this.#painted(), failed);
  }

  /**
   * Puts up the slate that was waited for. Also where the state needs none any more but nothing was ever shown: no picture comes before
   * a client has asked for it, and no client can ask before it was told what the stream is.
   */
  #painted(): void {
    if (this.#closed) return;
    if (this.#state.state !== 'masked') return this.#showSlate();
    const slate = this.#shelf.find(FIRST_SLATE, this.#size, this.#codec);
    if (this.#stream.described || !slate) return;
    this.#stream.showSlate(slate);
    this.#stream.showPictures();
  }
}
