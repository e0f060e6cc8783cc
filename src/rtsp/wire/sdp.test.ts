import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSdp, MAX_MEDIAS, parseSdp, resolveControl } from './sdp.js';

/** Shaped like what cameras of three makers send: mixed line ends, spaces, doubled and misplaced lines. */
const CAMERA = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.5',
  's=Media Server',
  'c=IN IP4 0.0.0.0',
  't=0 0',
  'a=control:rtsp://10.0.0.5/stream/',
  'a=range:npt=now-',
  'm=video 0 RTP/AVP 96 97',
  'b=AS:5000',
  'a=control:trackID=1',
  'a=rtpmap:96 H264/90000',
  'a=rtpmap: 97 H265 / 90000',
  'a=fmtp:96 profile-level-id=4D0029; Packetization-Mode=1;sprop-parameter-sets=Z0LAHg==,aM48gA==;',
  'a=framerate:25.000000',
  'a=recvonly',
  'm=audio 0 RTP/AVP 8',
  'a=control:trackID=2',
  'm=application 0 RTP/AVP 107',
  'a=rtpmap:107 vnd.onvif.metadata/90000',
  'm=garbage',
  'a=control:ignored',
];

describe('a session description', () => {
  it.each(['\r\n', '\n', '\r', '\n\n'])('is read with %j as line end', (end) => {
    const sdp = parseSdp(CAMERA.join(end));
    expect(sdp).toMatchObject({ name: 'Media Server', control: 'rtsp://10.0.0.5/stream/' });
    expect(sdp.medias.map(({ type }) => type)).toEqual(['video', 'audio', 'application']);
    const [video, audio, metadata] = sdp.medias;
    expect(video).toMatchObject({
      payloadTypes: [96, 97],
      control: 'trackID=1',
      framerate: 25,
      direction: 'recvonly',
      profile: 'RTP/AVP',
    });
    expect(video?.rtpMaps.get(96)).toEqual({ encoding: 'H264', clockRate: 90000 });
    expect(video?.fmtp.get(96)?.get('packetization-mode')).toBe('1');
    expect(video?.fmtp.get(96)?.get('sprop-parameter-sets')).toBe('Z0LAHg==,aM48gA==');
    expect(audio?.rtpMaps.get(8)).toEqual({ encoding: 'PCMA', clockRate: 8000, channels: 1 });
    expect(metadata?.control).toBeNull();
  });

  it('reads an rtpmap with spaces where none belong', () => {
    const [media] = parseSdp('m=video 0 RTP/AVP 97\na=rtpmap:97 H265 / 90000').medias;
    expect(media?.rtpMaps.get(97)).toEqual({ encoding: 'H265', clockRate: 90000 });
  });

  it('knows the static payload types', () => {
    const [media] = parseSdp('m=video 0 RTP/AVP 26').medias;
    expect(media?.rtpMaps.get(26)).toEqual({ encoding: 'JPEG', clockRate: 90000 });
  });

  it('takes no frame rate or clock rate that cannot be one', () => {
    for (const rate of ['0', '-5', 'NaN', 'x', '1e9', '']) {
      expect(parseSdp(`m=video 0 RTP/AVP 96\na=framerate:${rate}`).medias[0]?.framerate).toBeNull();
    }
    expect(parseSdp('m=video 0 RTP/AVP 96\na=rtpmap:96 H264/0').medias[0]?.rtpMaps.size).toBe(0);
  });

  it('reads a bounded number of sections', () => {
    expect(parseSdp('m=video 0 RTP/AVP 96\n'.repeat(1000)).medias).toHaveLength(MAX_MEDIAS);
  });

  it('gives no medias for what is none', () => {
    expect(parseSdp('<html>404</html>').medias).toEqual([]);
    expect(parseSdp('').medias).toEqual([]);
  });

  it('survives any text', () => {
    const line = fc.tuple(fc.constantFrom('m=video ', 'a=rtpmap:96 ', 'a=fmtp:96 ', 'a=', 's=', ''), fc.string());
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        parseSdp(lines.map(([start, rest]) => start + rest).join('\n'));
      }),
    );
  });

  it('comes back as it was written', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
    const media = fc.record({
      type: fc.constantFrom('video', 'audio'),
      port: fc.integer({ min: 0, max: 65535 }),
      payloadType: fc.integer({ min: 96, max: 127 }),
      rtpMap: fc.record({ encoding: word, clockRate: fc.integer({ min: 1, max: 999_999_999 }) }),
      fmtp: fc
        .array(
          fc.tuple(
            word.map((name) => name.toLowerCase()),
            word,
          ),
        )
        .map((pairs) => new Map(pairs)),
      control: word,
    });
    fc.assert(
      fc.property(word, fc.array(media, { maxLength: 3 }), (name, medias) => {
        const text = formatSdp({
          sessionId: 1,
          name,
          address: '0.0.0.0',
          attributes: [['control', '*']],
          medias: medias.map((one) => ({ ...one, attributes: [['control', one.control]] })),
        });
        const sdp = parseSdp(text);
        expect(sdp).toMatchObject({ name, control: '*' });
        expect(sdp.medias).toHaveLength(medias.length);
        medias.forEach(({ type, port, payloadType, rtpMap, fmtp, control }, i) => {
          const read = sdp.medias[i]!;
          expect(read).toMatchObject({ type, port, payloadTypes: [payloadType], control });
          expect(read.rtpMaps.get(payloadType)).toEqual(rtpMap);
          if (fmtp.size > 0) expect(read.fmtp.get(payloadType)).toEqual(fmtp);
        });
      }),
    );
  });

  it('writes no line break from a value', () => {
    const text = formatSdp({ sessionId: 1, name: 'a\r\nm=audio 0 x 1', address: '::1', attributes: [], medias: [] });
    expect(text).toContain('IN IP6 ::1');
    expect(text.split('\r\n')).toHaveLength(6);
  });
});

it.each([
  ['rtsp://a/b', null, 'rtsp://a/b'],
  ['rtsp://a/b/', '*', 'rtsp://a/b/'],
  ['rtsp://a/b/', 'trackID=1', 'rtsp://a/b/trackID=1'],
  ['rtsp://a/b', 'trackID=1', 'rtsp://a/b/trackID=1'],
  ['rtsp://a/b', '/trackID=1', 'rtsp://a/b/trackID=1'],
  ['rtsp://a/b?c=1', 'trackID=1', 'rtsp://a/b?c=1/trackID=1'],
  ['rtsp://a/b', 'rtsp://c/d', 'rtsp://c/d'],
])('resolves the control attribute of %s, %s to %s', (base, control, url) => {
  expect(resolveControl(base, control)).toBe(url);
});
