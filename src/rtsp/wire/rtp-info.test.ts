import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatRtpInfo, parseRtpInfo } from './rtp-info.js';

it('reads several streams', () => {
  expect(parseRtpInfo('url=rtsp://a/0;seq=1;rtptime=2, url=rtsp://a/1;rtptime=4294967295')).toEqual([
    { url: 'rtsp://a/0', seq: 1, rtptime: 2 },
    { url: 'rtsp://a/1', seq: undefined, rtptime: 4294967295 },
  ]);
});

it('reads URLs with commas and semicolons, and quoted ones', () => {
  expect(parseRtpInfo('url=rtsp://a/x;y,z/trackID=1;seq=5')).toEqual([
    { url: 'rtsp://a/x;y,z/trackID=1', seq: 5, rtptime: undefined },
  ]);
  expect(parseRtpInfo('url="rtsp://a/0";seq=5')[0]?.url).toBe('rtsp://a/0');
});

it('leaves out numbers that do not fit, and parts without a URL', () => {
  expect(parseRtpInfo('seq=5, url=a;seq=65536;rtptime=4294967296')).toEqual([
    { url: 'a', seq: undefined, rtptime: undefined },
  ]);
});

it('comes back as it was written, and survives any text', () => {
  const info = fc.record({
    url: fc.webUrl(),
    seq: fc.option(fc.integer({ min: 0, max: 0xffff }), { nil: undefined }),
    rtptime: fc.option(fc.integer({ min: 0, max: 0xffffffff }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(info, { maxLength: 3 }), (infos) => {
      expect(parseRtpInfo(formatRtpInfo(infos))).toEqual(infos);
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (value) => void parseRtpInfo(`url=${value}`)));
});
