import { VeilgateError } from '../../errors.js';

/** What was wrong with bytes that claimed to be RTSP. Stable: logs and metrics count by it. */
export type RtspParseErrorCode =
  | 'rtsp-not-rtsp'
  | 'rtsp-bad-start-line'
  | 'rtsp-bad-header'
  | 'rtsp-bad-content-length'
  | 'rtsp-head-too-large'
  | 'rtsp-too-many-headers'
  | 'rtsp-body-too-large'
  | 'rtsp-desynchronised';

/** The peer's bytes are not RTSP, or exceed a limit. The connection they came from cannot go on. */
export class RtspParseError extends VeilgateError {
  declare readonly code: RtspParseErrorCode;

  constructor(code: RtspParseErrorCode, message: string) {
    super(code, message);
  }
}
