import {
  h264NalType,
  h265NalType,
  isH264Keyframe,
  isH265Keyframe,
  joinAnnexB,
  splitAnnexB,
} from '../../src/rtsp/payload/annexb.js';
import type { VideoCodec } from '../../src/rtsp/published-stream.js';

/** A message of supplemental enhancement information (H.264, D.1; H.265, D.2). Payloads here need no emulation prevention. */
export interface SeiMessage {
  readonly type: number;
  readonly payload: Buffer;
}

/** Closed captions as ATSC A/53 (part 4, 6.2) has them, in ITU-T T.35 user data: one pair of line 21. */
export const CAPTIONS: SeiMessage = { type: 4, payload: Buffer.from('b50031474139340341fffc942cff', 'hex') };

/** Unregistered user data: whatever a camera likes to say. */
export const userData = (text: string): SeiMessage => ({
  type: 5,
  payload: Buffer.concat([Buffer.from('086f3693b7b34f2c965321492feee5b8', 'hex'), Buffer.from(text)]),
});

/** Display orientation until the next IDR picture (H.264, D.1.27), bit by bit: not cancelled, the mirror, no flip, the turn, period 1, no extension. */
export const displayOrientation = (mirror: boolean, quarterTurnsLeft: 0 | 1 | 2 | 3): SeiMessage => {
  const turn = (quarterTurnsLeft * 0x4000).toString(2).padStart(16, '0');
  const bits = `0${mirror ? 1 : 0}0${turn}01001`;
  return { type: 47, payload: Buffer.from(Number.parseInt(bits, 2).toString(16).padStart(6, '0'), 'hex') };
};

/** Puts messages before pictures of a byte stream that codes each picture as one slice. */
export function insertSei(
  stream: Buffer,
  codec: VideoCodec,
  messages: readonly SeiMessage[],
  where: 'keyframes' | 'all',
): Buffer {
  const sei = seiUnit(codec, messages);
  return joinAnnexB(
    splitAnnexB(stream).flatMap((unit) => {
      const type = codec === 'h264' ? h264NalType(unit[0]!) : h265NalType(unit[0]!);
      const isKey = codec === 'h264' ? isH264Keyframe(type) : isH265Keyframe(type);
      const isPicture = isKey || (codec === 'h264' ? type === 1 : type <= 9);
      return isPicture && (isKey || where === 'all') ? [sei, unit] : [unit];
    }),
  );
}

function seiUnit(codec: VideoCodec, messages: readonly SeiMessage[]): Buffer {
  const header = codec === 'h264' ? [0x06] : [39 << 1, 0x01];
  const body = messages.flatMap(({ type, payload }) => [type, payload.length, ...payload]);
  return Buffer.from([...header, ...body, 0x80]);
}
