import { expect, it } from 'vitest';
import { parseAuthorization, parseChallenges } from './auth.js';
import { MAX_BODY_BYTES } from './message-head.js';
import { MAX_HEAD_BYTES, RtspParser } from './parser.js';
import { parseRtpInfo } from './rtp-info.js';
import { parseSdp } from './sdp.js';
import { parseSession } from './session.js';
import { parseTransports } from './transport.js';

/**
 * Texts that make a backtracking expression take quadratic time. There is no measuring of time here: at the greatest size that
 * the limits admit, each would run into the test's timeout many times over, in at least one of the readers it was found against.
 */
const REPEATED = [' ', '\r', '\t', ';', ',', '=', '"', '\\', 'a', 'a=', ', ', 'url=', ';seq=', '\0'];

it.each(REPEATED)(
  'a text of nothing but %j costs no more than its length',
  (unit) => {
    const repeat = (bytes: number): string => unit.repeat(bytes / unit.length);
    const value = repeat(MAX_HEAD_BYTES - 1024);
    for (const text of [`${value}x`, `"${value}`, `a ${value}x`, `url=${value}x`, `Digest ${value}x`]) {
      parseTransports(`RTP/AVP;${text}`);
      parseSession(text);
      parseRtpInfo(text);
      parseChallenges([text]);
      parseAuthorization(text);
      let heads = 0;
      const parser = new RtspParser({ request: () => heads++ }, { lenient: true });
      parser.push(Buffer.from(`OPTIONS * RTSP/1.0\r\nA: ${text}\r\n\r\n`));
      expect(heads).toBe(1);
    }
    const body = repeat(MAX_BODY_BYTES);
    for (const start of [
      '',
      'a=',
      'm=video ',
      'm=video 0 RTP/AVP 96\na=fmtp:96 ',
      'm=video 0 RTP/AVP 96\na=rtpmap:96 ',
    ]) {
      expect(parseSdp(`${start}${body}x`).medias.length).toBeLessThanOrEqual(1);
    }
  },
  2_000,
);
