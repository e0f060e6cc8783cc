import {
  AVCOL_PRI_UNSPECIFIED,
  AVCOL_SPC_UNSPECIFIED,
  AVCOL_TRC_UNSPECIFIED,
  type AVColorPrimaries,
  type AVColorSpace,
  type AVColorTransferCharacteristic,
} from 'node-av/constants';

/** How a picture's numbers mean colours (ITU-T H.273); passed on from the source unchanged. */
export interface Colour {
  readonly primaries: AVColorPrimaries;
  readonly transfer: AVColorTransferCharacteristic;
  readonly space: AVColorSpace;
}

export const AVCOL_UNSPECIFIED: Colour = {
  primaries: AVCOL_PRI_UNSPECIFIED,
  transfer: AVCOL_TRC_UNSPECIFIED,
  space: AVCOL_SPC_UNSPECIFIED,
};
