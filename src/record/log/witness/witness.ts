/**
 * A second place that remembers how far the log had come. Whoever rolls the log back, or replaces it, must reach both.
 */
export interface Witness {
  /** Where it is, in words; without secrets. */
  readonly name: string;
  /** Hands over a signed checkpoint. Rejects where it did not arrive. */
  publish(checkpoint: string): Promise<void>;
  /** The newest checkpoint that it has; null where it has none or does not tell. */
  latest(): Promise<string | null>;
}
