import type { SourceConfig } from './messages.js';

/** What is to be sampled. `side`: the longer side of the pictures at most, px. */
export interface SampleOrder {
  readonly source: SourceConfig;
  /** A file is read as fast as it decodes; a live source for as long as it takes. */
  readonly live: boolean;
  readonly everyMs: number;
  readonly most: number;
  readonly side: number;
}

/** `next`: the last picture is done with. */
export type ToSampler = { readonly type: 'sample'; readonly order: SampleOrder } | { readonly type: 'next' };

export type FromSampler =
  | {
      readonly type: 'picture';
      /** Seconds from the first picture. */
      readonly at: number;
      readonly width: number;
      readonly height: number;
      /** [height, width, 3] RGB. */
      readonly data: Uint8Array;
    }
  | { readonly type: 'end' }
  /** Free of credentials where the source's errors are. */
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
