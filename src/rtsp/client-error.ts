import { VeilgateError } from '../errors.js';
import { redactUrls } from './client-url.js';

/** Why a source is not there; the same words as the camera's offline reasons. */
export type RtspClientErrorCode = 'source-lost' | 'source-stalled' | 'source-refused' | 'source-unsupported';

/** A source that could not be pulled, or no longer. The message says what happened and what to do; credentials are taken out. */
export class RtspClientError extends VeilgateError {
  declare readonly code: RtspClientErrorCode;

  constructor(code: RtspClientErrorCode, message: string, options?: ErrorOptions) {
    super(code, redactUrls(message), options);
  }
}
