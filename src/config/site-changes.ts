import { createHash } from 'node:crypto';
import { Secret } from './secret.js';
import type { Site } from './site.js';

/** What fits into an entry of the log, and what a person reads of one edit. */
const MAX_CHANGES = 30;
const MAX_LENGTH = 120;

/**
 * What an edit of the site file changed, for the log: `cameras.lobby.guard.mode: withhold -> off`. Secrets are named and not shown.
 * Cameras and receivers are named by their ids, so that one that was added in front changes nothing of the others.
 */
export const siteChanges = (before: Site, after: Site): string[] => {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  const changes = paths
    .filter((path) => was.get(path)?.key !== is.get(path)?.key)
    .map((path) =>
      `${path}: ${was.get(path)?.shown ?? 'none'} -> ${is.get(path)?.shown ?? 'none'}`.slice(0, MAX_LENGTH),
    );
  const more = changes.length - MAX_CHANGES;
  return more > 0 ? [...changes.slice(0, MAX_CHANGES), `and ${more} more`] : changes;
};

/** A value of the file: what tells it from another one, and what may be shown of it. */
interface Leaf {
  readonly key: string;
  readonly shown: string;
}

const leavesOf = (site: Site): ReadonlyMap<string, Leaf> => {
  const leaves = new Map<string, Leaf>();
  const visit = (path: string, value: unknown): void => {
    if (value instanceof Secret) {
      leaves.set(path, { key: createHash('sha256').update(value.reveal()).digest('hex'), shown: '***' });
    } else if (Array.isArray(value) && value.some((one) => hasId(one))) {
      for (const [index, one] of value.entries()) visit(`${path}.${hasId(one) ? one.id : index}`, one);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, one] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, one);
    } else {
      // Lists without ids (corners, words) are one value; what they hold of secrets shows as stars.
      const text = JSON.stringify(value) ?? 'none';
      leaves.set(path, { key: text, shown: text });
    }
  };
  visit('', site);
  return leaves;
};

const hasId = (value: unknown): value is { readonly id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
