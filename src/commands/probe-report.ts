import type { PictureFacts } from '../camera/first-pictures.js';
import type { FileProfile } from '../camera/ingest/describe-file.js';
import type { SourceProfile } from '../rtsp/describe.js';

/** What a source offers. Free of credentials. */
export interface ProbeReport {
  /** As it may be shown. */
  readonly source: string;
  readonly offer:
    | { readonly kind: 'rtsp'; readonly profile: SourceProfile }
    | { readonly kind: 'file'; readonly profile: FileProfile }
    | { readonly kind: 'demo' };
  /** What its first pictures are; null where none came in time. */
  readonly picture: PictureFacts | null;
  /** Why there is no picture. */
  readonly problem: string | null;
}
