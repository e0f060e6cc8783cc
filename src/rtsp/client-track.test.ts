import { describe, expect, it } from 'vitest';
import { selectVideo } from './client-track.js';
import { parseSdp } from './wire/sdp.js';

const select = (...lines: string[]) => selectVideo(parseSdp(lines.join('\r\n')), 'rtsp://camera/stream');

describe('the video that is set up', () => {
  it('is the first that can be decoded; sound and metadata are only noted', () => {
    const selected = select(
      'm=audio 0 RTP/AVP 0',
      'a=control:a',
      'm=application 0 RTP/AVP 107',
      'm=video 0 RTP/AVP 98',
      'a=rtpmap:98 VP8/90000',
      'm=video 0 RTP/AVP 99 96',
      'a=control:v',
      'a=rtpmap:96 h264/90000',
      'a=framerate:12.5',
      'a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHg==,aM48gA==',
    );
    expect(selected).toEqual({
      track: {
        codec: 'h264',
        parameterSets: [Buffer.from('Z0LAHg==', 'base64'), Buffer.from('aM48gA==', 'base64')],
        offeredAudio: true,
        clockRate: 90000,
        framerate: 12.5,
      },
      payloadType: 96,
      controlUrl: 'rtsp://camera/stream/v',
      dimensions: null,
      feedback: null,
      isAvpf: false,
    });
  });

  it('may be H.265, by either name, with its three parameter sets', () => {
    for (const name of ['H265', 'hevc']) {
      const selected = select(
        'm=video 0 RTP/AVP 96',
        `a=rtpmap:96 ${name}/90000`,
        'a=fmtp:96 sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE=',
      );
      expect(selected).toMatchObject({ track: { codec: 'h265', parameterSets: { length: 3 } } });
    }
  });

  it('may be MJPEG, and learns its size from the SDP', () => {
    const selected = select('m=video 0 RTP/AVP 26', 'a=x-dimensions:3840,2160');
    expect(selected).toMatchObject({ track: { codec: 'mjpeg' }, dimensions: { width: 3840, height: 2160 } });
    expect(select('m=video 0 RTP/AVP 26', 'a=framesize:26 1920-1080')).toMatchObject({
      dimensions: { width: 1920, height: 1080 },
    });
  });

  it('is controlled below the session, or absolutely', () => {
    const control = (session: string, media: string) =>
      select(`a=control:${session}`, 'm=video 0 RTP/AVP 26', `a=control:${media}`);
    expect(control('*', 'trackID=1')).toMatchObject({ controlUrl: 'rtsp://camera/stream/trackID=1' });
    expect(control('rtsp://inner/s', 'trackID=1')).toMatchObject({ controlUrl: 'rtsp://inner/s/trackID=1' });
    expect(control('*', 'rtsp://inner/t')).toMatchObject({ controlUrl: 'rtsp://inner/t' });
  });

  it('keeps no parameter set that is none, and takes off start codes', () => {
    const sets = [
      '',
      'AA==',
      Buffer.alloc(9000, 1).toString('base64'),
      Buffer.from([0, 0, 0, 1, 0x67, 2]).toString('base64'),
    ];
    const selected = select(
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      `a=fmtp:96 sprop-parameter-sets=${sets.join(',')}`,
    );
    expect(selected).toMatchObject({ track: { parameterSets: [Buffer.from([0x67, 2])] } });
  });

  it.each([
    ['offers no video', ['m=audio 0 RTP/AVP 0']],
    ['offers video as MP4V-ES', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000']],
    ['offers video as payload type 96', ['m=video 0 RTP/AVP 96']],
    ['offers video as RTP/SAVP', ['m=video 0 RTP/SAVP 96', 'a=rtpmap:96 H264/90000']],
    ['inactive', ['m=video 0 RTP/AVP 26', 'a=inactive']],
    ['interleaved', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2']],
    ['interleaved', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', 'a=fmtp:96 sprop-max-don-diff=2']],
  ])('is none where the source %s', (words, lines) => {
    expect(select(...lines)).toContain(words);
  });

  it.each([
    ['a=rtcp-fb:* nack pli', 'pli'],
    ['a=rtcp-fb:96 NACK PLI', 'pli'],
    ['a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack pli', 'pli'],
    ['a=rtcp-fb:96 ccm fir', 'fir'],
    ['a=rtcp-fb:97 nack pli', null],
    ['a=rtcp-fb:96 nack', null],
    ['a=rtcp-fb', null],
  ])('can be asked for keyframes as %j says', (line, feedback) => {
    const selected = select('m=video 0 RTP/AVPF 96', 'a=rtpmap:96 H264/90000', line);
    expect(selected).toMatchObject({ feedback, isAvpf: true });
    expect(select('m=video 0 RTP/AVP 26', 'a=rtcp-fb:* nack pli')).toMatchObject({ feedback: null, isAvpf: false });
  });
});
