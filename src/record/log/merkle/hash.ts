import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/** RFC 9162 2.1.1: one byte keeps leaves and inner nodes apart, so that neither can be passed off as the other. */
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Head of the tree of no entries: SHA-256 of nothing (RFC 9162 2.1.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX);
let leafInput = Buffer.alloc(4096);

/** Hash of an entry: SHA-256(0x00 || entry). */
export function hashLeaf(entry: Uint8Array): Buffer {
  const length = entry.length + 1;
  if (length > leafInput.length) leafInput = Buffer.alloc(2 * length);
  leafInput[0] = LEAF_PREFIX;
  leafInput.set(entry, 1);
  return hash('sha256', leafInput.subarray(0, length), 'buffer');
}

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return hash('sha256', nodeInput, 'buffer');
}
