import { VeilgateError } from '../../../errors.js';
import type { LogReader } from '../log-reader.js';
import type { VerifierKey } from '../note/verifier-key.js';
import { checkWitness } from './check-witness.js';
import type { Witness } from './witness.js';

export interface WatchedWitnessOptions {
  /** The log as it is now. */
  readonly log: () => LogReader;
  readonly key: VerifierKey;
  /** Told once that the witness remembers another past than the log has. */
  readonly onConflict: (error: VeilgateError) => void;
}

/** What a witness says of a log that is not the one it saw. */
const CONFLICTS: readonly string[] = ['audit-log-rolled-back', 'witness-foreign'];

/**
 * A witness that is asked what it saw before it is told anything new: evidence of another past must not be written over. One that was
 * away when the log was opened is asked when it is back.
 */
export class WatchedWitness implements Witness {
  readonly name: string;
  readonly #witness: Witness;
  readonly #options: WatchedWitnessOptions;
  #isAgreed = false;
  #conflict: VeilgateError | null = null;

  constructor(witness: Witness, options: WatchedWitnessOptions) {
    this.name = witness.name;
    this.#witness = witness;
    this.#options = options;
  }

  latest(): Promise<string | null> {
    return this.#witness.latest();
  }

  /** Compares the log with what the witness saw. Throws as `checkWitness` does. */
  async check(): Promise<void> {
    const { log, key, onConflict } = this.#options;
    if (this.#conflict !== null) throw this.#conflict;
    try {
      await checkWitness(log(), this.#witness, key);
      this.#isAgreed = true;
    } catch (error) {
      if (error instanceof VeilgateError && CONFLICTS.includes(error.code)) {
        this.#conflict = error;
        onConflict(error);
      }
      throw error;
    }
  }

  async publish(checkpoint: string): Promise<void> {
    if (!this.#isAgreed) await this.check();
    await this.#witness.publish(checkpoint);
  }
}
