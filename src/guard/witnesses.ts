import { GOOD_BLOCK } from './match.js';
import { BLOCKS, type ViewReference } from './view-reference.js';

/** With fewer of the informative blocks as witnesses all are asked: a view that is mostly hidden has hardly one to lose. */
const LEAST = 0.25;

/**
 * The blocks of a view that can tell whether the camera is moved: those that were there a moment ago. A camera that is moved takes them
 * along; a thing that was carried away and is put back a little further is seen elsewhere too, and says nothing of the camera.
 */
export class Witnesses {
  /** `[BLOCKS]` 1 where a block was there at the last look that found the view steady. */
  readonly #there = new Uint8Array(BLOCKS).fill(1);
  readonly #asked = new Uint8Array(BLOCKS);

  /** What was seen before says nothing of what comes: all blocks are witnesses. */
  reset(): void {
    this.#there.fill(1);
  }

  /** `[BLOCKS]` 1 for each witness. Valid until the next call. */
  of({ blockStart, informative }: ViewReference): Uint8Array {
    const ask = (isWitness: (block: number) => boolean): number => {
      let count = 0;
      for (let block = 0; block < BLOCKS; block++) {
        const saysSomething = blockStart[block + 1]! > blockStart[block]!;
        this.#asked[block] = saysSomething && isWitness(block) ? 1 : 0;
        count += this.#asked[block]!;
      }
      return count;
    };
    if (ask((block) => this.#there[block] === 1) < LEAST * informative) ask(() => true);
    return this.#asked;
  }

  /**
   * The view is steady. What is in its place is a witness; so stays what goes along with a drift, however slow, but nothing becomes one by it.
   * @param inPlace `[BLOCKS]` shares without movement @param drifted `[BLOCKS]` shares under a movement within the tolerance; null: none
   */
  steady(inPlace: Float32Array, drifted: Float32Array | null): void {
    for (let block = 0; block < BLOCKS; block++) {
      const stays = this.#there[block] === 1 && drifted !== null && drifted[block]! >= GOOD_BLOCK;
      this.#there[block] = inPlace[block]! >= GOOD_BLOCK || stays ? 1 : 0;
    }
  }
}
