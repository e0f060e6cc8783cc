import type { SourceTrack } from './ingest/source.js';
import type { SourceInfo } from './messages.js';

/** Gathers what is known of the source, and tells it as soon as the size of its picture is known, then with each change. */
export class SourceFacts {
  readonly #tell: (info: SourceInfo) => void;
  #info: SourceInfo | null = null;

  constructor(tell: (info: SourceInfo) => void) {
    this.#tell = tell;
  }

  /** The source gives another track, of which no frame has come yet. */
  begin({ codec, fps, offersAudio }: SourceTrack, decoder: string): void {
    this.#info = { codec, width: 0, height: 0, fps, offersAudio, encoder: this.#info?.encoder ?? '', decoder };
  }

  /** Of each frame, upright. */
  sawSize(width: number, height: number): void {
    if (this.#info && (this.#info.width !== width || this.#info.height !== height)) this.#learn({ width, height });
  }

  usesEncoder(encoder: string): void {
    this.#learn({ encoder });
  }

  #learn(part: Partial<SourceInfo>): void {
    if (!this.#info) return;
    this.#info = { ...this.#info, ...part };
    if (this.#info.width > 0) this.#tell(this.#info);
  }
}
