/** Where a camera that can be turned looks, in its own units: of most, pan and tilt from -1 to 1 and zoom from 0 to 1. */
export interface Position {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

/** What such a camera says of itself. */
export interface Aim {
  readonly position: Position;
  readonly isMoving: boolean;
}

/** Whether a camera stands where it should. @param tolerance of each of the three, in the camera's units */
export const standsAt = ({ position, isMoving }: Aim, wanted: Position, tolerance: number): boolean =>
  !isMoving &&
  Math.abs(position.pan - wanted.pan) <= tolerance &&
  Math.abs(position.tilt - wanted.tilt) <= tolerance &&
  Math.abs(position.zoom - wanted.zoom) <= tolerance;

/** `pan 0.250, tilt -0.100, zoom 0.000` */
export const describePosition = ({ pan, tilt, zoom }: Position): string =>
  `pan ${pan.toFixed(3)}, tilt ${tilt.toFixed(3)}, zoom ${zoom.toFixed(3)}`;
