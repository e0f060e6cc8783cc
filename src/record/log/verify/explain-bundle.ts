/** What is wrong at an entry. */
export type EntryFault =
  /** Nothing stands in its place. */
  | 'missing'
  /** Its place begins, and ends before it does. */
  | 'cut-short'
  /** Another entry of the log stands in its place, the rest follows as if it had never been. */
  | 'deleted'
  /** An entry that the log does not know stands before it. */
  | 'inserted'
  /** Another entry of the log stands in its place. */
  | 'reordered'
  /** What stands there is not what was signed. */
  | 'altered'
  /** Something follows the last entry. */
  | 'surplus';

/** The first entry of a bundle that does not fit. */
export interface BundleFault {
  /** Place in the bundle. */
  readonly at: number;
  readonly fault: EntryFault;
}

/** What a bundle's file holds. */
export interface HashedBundle {
  /** Hashes of the whole entries. */
  readonly hashes: readonly Buffer[];
  /** Whether bytes follow the last whole entry. */
  readonly hasRest: boolean;
}

/** Compares a bundle with the hashes of the entries that it should hold; null where they fit. */
export function explainBundle({ hashes, hasRest }: HashedBundle, leaves: readonly Buffer[]): BundleFault | null {
  const at = leaves.findIndex((leaf, i) => !hashes[i]?.equals(leaf));
  if (at < 0) return hasRest ? { at: leaves.length, fault: 'surplus' } : null;
  const own = hashes[at];
  if (own === undefined) return { at, fault: hasRest ? 'cut-short' : 'missing' };
  const isFollowedByOwn = hashes[at + 1]?.equals(leaves[at]!) ?? false;
  const known = leaves.findIndex((leaf) => leaf.equals(own));
  if (known < 0) return { at, fault: isFollowedByOwn ? 'inserted' : 'altered' };
  return { at, fault: known === at + 1 && !isFollowedByOwn ? 'deleted' : 'reordered' };
}
