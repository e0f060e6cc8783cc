/** What a player is told of a codec before the first picture (ISO/IEC 14496-15, 5.3.3 and 8.3.3), made from the stream's parameter sets. */
import { H264_NAL, H265_NAL, h264NalType, h265NalType } from '../rtsp/payload/annexb.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import { BitReader } from './bits.js';
import { box, u8, u16 } from './box.js';

/** A codec as a player and a sample entry name it. */
export interface CodecConfig {
  /** RFC 6381, as `codecs=` has it: `avc1.42C01F`. */
  readonly codecs: string;
  /** Type of the sample entry. */
  readonly entry: 'avc1' | 'hvc1';
  /** The box with the parameter sets. */
  readonly box: Buffer;
}

/** @param parameterSets NAL units without start codes, as a keyframe begins with them; null where some are missing */
export const codecConfig = (codec: VideoCodec, parameterSets: readonly Buffer[]): CodecConfig | null =>
  codec === 'h264' ? avcConfig(parameterSets) : hevcConfig(parameterSets);

/** Profiles whose configuration tells chroma format and depth too (ITU-T H.264, 7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134]);

const avcConfig = (units: readonly Buffer[]): CodecConfig | null => {
  const sequence = units.filter((unit) => h264NalType(unit[0]!) === H264_NAL.sps);
  const picture = units.filter((unit) => h264NalType(unit[0]!) === H264_NAL.pps);
  const sps = sequence[0];
  if (!sps || sps.length < 4 || picture.length === 0) return null;
  const [profile, constraints, level] = [sps[1]!, sps[2]!, sps[3]!];
  const record = [
    u8(1, profile, constraints, level, 0xff, 0xe0 | sequence.length),
    ...sequence.flatMap(withLength),
    u8(picture.length),
    ...picture.flatMap(withLength),
    ...(HIGH_PROFILES.has(profile) ? [highProfileFields(sps)] : []),
  ];
  return { codecs: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`, entry: 'avc1', box: box('avcC', ...record) };
};

const highProfileFields = (sps: Buffer): Buffer => {
  const bits = new BitReader(sps);
  bits.skip(32);
  bits.takeUe(); // seq_parameter_set_id
  const chroma = bits.takeUe();
  if (chroma === 3) bits.skip(1);
  return u8(0xfc | chroma, 0xf8 | bits.takeUe(), 0xf8 | bits.takeUe(), 0);
};

const hevcConfig = (units: readonly Buffer[]): CodecConfig | null => {
  const kinds = [H265_NAL.vps, H265_NAL.sps, H265_NAL.pps].map((type) => ({
    type,
    sets: units.filter((unit) => h265NalType(unit[0]!) === type),
  }));
  const sps = kinds[1]!.sets[0];
  if (!sps || kinds.some(({ sets }) => sets.length === 0)) return null;
  const bits = new BitReader(sps);
  bits.skip(16 + 4);
  const subLayers = bits.take(3) + 1;
  const nested = bits.take(1);
  const profile = Array.from({ length: 12 }, () => bits.take(8)); // profile_tier_level, without sub-layers
  skipSubLayers(bits, subLayers);
  bits.takeUe(); // sps_seq_parameter_set_id
  const chroma = bits.takeUe();
  if (chroma === 3) bits.skip(1);
  bits.takeUe(); // width
  bits.takeUe(); // height
  if (bits.take(1) === 1) for (let i = 0; i < 4; i++) bits.takeUe(); // conformance window
  const [luma, colour] = [bits.takeUe(), bits.takeUe()];
  const record = [
    u8(1, ...profile),
    u16(0xf000), // min_spatial_segmentation_idc: unknown
    u8(0xfc, 0xfc | chroma, 0xf8 | luma, 0xf8 | colour),
    u16(0), // avgFrameRate: unknown
    u8((subLayers << 3) | (nested << 2) | 3, kinds.length),
    ...kinds.flatMap(({ type, sets }) => [u8(0x80 | type), u16(sets.length), ...sets.flatMap(withLength)]),
  ];
  return { codecs: hevcName(profile), entry: 'hvc1', box: box('hvcC', ...record) };
};

/** What profile_tier_level says of the layers below the highest (ITU-T H.265, 7.3.3). */
const skipSubLayers = (bits: BitReader, subLayers: number): void => {
  if (subLayers === 1) return;
  const lengths = Array.from({ length: subLayers - 1 }, () => bits.take(1) * 88 + bits.take(1) * 8);
  bits.skip(2 * (9 - subLayers));
  for (const length of lengths) bits.skip(length);
};

/** ISO/IEC 14496-15, annex E.3: `hvc1.1.6.L93.90`. */
const hevcName = (profile: readonly number[]): string => {
  const [general, ...rest] = profile as [number, ...number[]];
  const space = ['', 'A', 'B', 'C'][general >> 6]!;
  const compatible = rest.slice(0, 4).reduce((value, byte) => value * 256 + byte, 0);
  let reversed = 0;
  for (let i = 0; i < 32; i++) reversed = reversed * 2 + (Math.floor(compatible / 2 ** i) & 1);
  const constraints = rest.slice(4, 10);
  while (constraints.at(-1) === 0) constraints.pop();
  const tier = (general >> 5) & 1 ? 'H' : 'L';
  return [
    `hvc1.${space}${general & 31}`,
    reversed.toString(16).toUpperCase(),
    `${tier}${rest[10]}`,
    ...constraints.map(hex),
  ].join('.');
};

const withLength = (unit: Buffer): [Buffer, Buffer] => [u16(unit.length), unit];

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
