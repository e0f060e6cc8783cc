/** Of a model's input, px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A box as a model says it, px of its input, and the number of its class. */
export interface Candidate {
  readonly label: number;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
