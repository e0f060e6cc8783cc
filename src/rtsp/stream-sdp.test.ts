import { describe, expect, it } from 'vitest';
import { streamSdp } from './stream-sdp.js';
import { parseSdp } from './wire/sdp.js';

const SPS = Buffer.from('67640028acd940780227e5c04400000fa40003', 'hex');
const PPS = Buffer.from('68ebe3cb22c0', 'hex');

describe('a stream description', () => {
  it('announces H.264 with profile, packetization mode, parameter sets, frame rate and control', () => {
    const text = streamSdp('lobby', {
      codec: 'h264',
      parameterSets: [SPS, PPS],
      width: 1920,
      height: 1080,
      frameRate: 25,
    });
    const { name, control, medias } = parseSdp(text);
    expect([name, control]).toEqual(['lobby', '*']);
    expect(medias).toHaveLength(1);
    expect(medias[0]).toMatchObject({ type: 'video', control: 'trackID=0', framerate: 25 });
    expect(medias[0]!.rtpMaps.get(96)).toEqual({ encoding: 'H264', clockRate: 90000 });
    expect(Object.fromEntries(medias[0]!.fmtp.get(96)!)).toEqual({
      'packetization-mode': '1',
      'profile-level-id': '640028',
      'sprop-parameter-sets': `${SPS.toString('base64')},${PPS.toString('base64')}`,
    });
  });

  it('announces H.265 with one parameter for each kind of parameter set', () => {
    const sets = [Buffer.from([0x44, 1, 3]), Buffer.from([0x40, 1, 1]), Buffer.from([0x42, 1, 2])];
    const text = streamSdp('lobby', { codec: 'h265', parameterSets: sets, width: 64, height: 64 });
    const media = parseSdp(text).medias[0]!;
    expect(media.framerate).toBeNull();
    expect(media.rtpMaps.get(96)).toEqual({ encoding: 'H265', clockRate: 90000 });
    expect(Object.fromEntries(media.fmtp.get(96)!)).toEqual({
      'sprop-vps': sets[1]!.toString('base64'),
      'sprop-sps': sets[2]!.toString('base64'),
      'sprop-pps': sets[0]!.toString('base64'),
    });
  });
});
