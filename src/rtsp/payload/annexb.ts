/**
 * Annex B byte streams (ITU-T H.264 and H.265, annex B): NAL units, each behind a start code, and what their types mean.
 */

/** The 4-byte start code that every unit of ours begins with. */
export const START_CODE = Buffer.from([0, 0, 0, 1]);

const SHORT_START_CODE = Buffer.from([0, 0, 1]);

/** NAL unit types of H.264 (table 7-1), as far as they matter here. */
export const H264_NAL = { slice: 1, partitionA: 2, idr: 5, sei: 6, sps: 7, pps: 8, aud: 9 } as const;

/** NAL unit types of H.265 (table 7-1). Types 0 to 31 are slices; 16 to 23 those of pictures that decoding can start at. */
export const H265_NAL = {
  firstIrap: 16,
  lastIrap: 23,
  lastSlice: 31,
  vps: 32,
  sps: 33,
  pps: 34,
  aud: 35,
  prefixSei: 39,
  suffixSei: 40,
} as const;

/** The type in the first byte of an H.264 NAL unit. */
export const h264NalType = (firstByte: number): number => firstByte & 0x1f;

/** The type in the first byte of an H.265 NAL unit. */
export const h265NalType = (firstByte: number): number => (firstByte >> 1) & 0x3f;

/** A slice of an IDR picture: decoding can start here. */
export const isH264Keyframe = (nalType: number): boolean => nalType === H264_NAL.idr;

/** A slice of an IRAP picture (IDR, CRA or BLA): decoding can start here. */
export const isH265Keyframe = (nalType: number): boolean =>
  nalType >= H265_NAL.firstIrap && nalType <= H265_NAL.lastIrap;

export const isH264ParameterSet = (nalType: number): boolean => nalType === H264_NAL.sps || nalType === H264_NAL.pps;

export const isH265ParameterSet = (nalType: number): boolean => nalType >= H265_NAL.vps && nalType <= H265_NAL.pps;

/**
 * Visits each NAL unit, without its start code and the zero bytes around it, as a range of `data`; empty ones are left out, and
 * so is what comes before the first start code. Copies and allocates nothing.
 */
export const forEachNalUnit = (data: Buffer, visit: (start: number, end: number) => void): void => {
  let code = data.indexOf(SHORT_START_CODE);
  while (code >= 0) {
    const start = code + SHORT_START_CODE.length;
    code = data.indexOf(SHORT_START_CODE, start);
    let end = code < 0 ? data.length : code;
    // A unit never ends in a zero (7.4.1): what is there is padding, or the first byte of a 4-byte start code.
    while (end > start && data[end - 1] === 0) end--;
    if (end > start) visit(start, end);
  }
};

/** The NAL units of a byte stream without start codes, as views of it. */
export const splitAnnexB = (data: Buffer): Buffer[] => {
  const units: Buffer[] = [];
  forEachNalUnit(data, (start, end) => units.push(data.subarray(start, end)));
  return units;
};

/** The byte stream of some NAL units, each behind a 4-byte start code. */
export const joinAnnexB = (units: readonly Buffer[]): Buffer => {
  const parts: Buffer[] = [];
  for (const unit of units) parts.push(START_CODE, unit);
  return Buffer.concat(parts);
};
