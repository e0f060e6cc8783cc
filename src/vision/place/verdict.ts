/** What can be said of a place: Art. 15 prohibits a camera here, does not, or the pictures do not tell. */
export const PLACE_VERDICTS = ['prohibited', 'allowed', 'unsure'] as const;
export type PlaceVerdict = (typeof PLACE_VERDICTS)[number];

/** Why one picture did not tell. */
export type Doubt =
  /** Next to nothing is in it: dark, covered, one colour, noise. */
  | 'featureless'
  /** Things close by fill it. */
  | 'close-up'
  /** Unlike everything that the classifier learnt from. */
  | 'unfamiliar'
  /** A kind of place that is prohibited or not depending on what no picture shows (a ward, a hot spring). */
  | 'ambiguous'
  /** Between the two thresholds. */
  | 'undecided';

/** What one picture says of the place. */
export interface PlaceReading {
  readonly verdict: PlaceVerdict;
  /** Given with `unsure`. */
  readonly doubt?: Doubt;
  /** Calibrated probability, 0..1, that the place is of a kind that Art. 15 prohibits cameras in. */
  readonly prohibited: number;
  /** Calibrated probability of every kind that the classifier knows; they sum to 1. */
  readonly classes: Readonly<Record<string, number>>;
}
