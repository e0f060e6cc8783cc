/** Holds the audit log to what this browser saw before (RFC 9162, 2.1.4.2). The hashing is done here: the gateway's word is not taken. */
import { askJson } from './ask.js';

/** The head of the log, as `GET /api/v1/log` tells it. */
export interface LogHead {
  readonly size: number;
  /** C2SP tlog-checkpoint: origin, size, root, signatures. */
  readonly checkpoint: string;
  readonly fingerprint: string;
}

interface Consistency {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: string;
  readonly secondRoot: string;
  readonly path: readonly string[];
}

/** What a browser remembers of a log. */
export interface SeenHead {
  readonly size: number;
  readonly root: string;
}

const KEY = 'veilgate.log';

export const seenHead = (fingerprint: string): SeenHead | null => {
  try {
    return JSON.parse(localStorage.getItem(`${KEY}.${fingerprint}`) ?? 'null') as SeenHead | null;
  } catch {
    return null;
  }
};

export const rootOf = ({ checkpoint }: LogHead): string => checkpoint.split('\n')[2] ?? '';

export type Verdict =
  | { readonly kind: 'first' | 'broken'; readonly head: LogHead }
  | { readonly kind: 'continues'; readonly head: LogHead; readonly from: number };

/** Asks for the head and for the proof that it continues the one seen before, and checks the proof. */
export const verifyLog = async (): Promise<Verdict> => {
  const head = await askJson<LogHead>('/api/v1/log');
  const seen = seenHead(head.fingerprint);
  const root = rootOf(head);
  const remember = (): void =>
    localStorage.setItem(`${KEY}.${head.fingerprint}`, JSON.stringify({ size: head.size, root } satisfies SeenHead));
  if (seen === null) {
    remember();
    return { kind: 'first', head };
  }
  if (head.size < seen.size) return { kind: 'broken', head };
  if (head.size === seen.size) return { kind: root === seen.root ? 'continues' : 'broken', head, from: seen.size };
  const proof = await askJson<Consistency>(`/api/v1/log/consistency?first=${seen.size}&second=${head.size}`);
  const holds = await isConsistent(seen, { size: head.size, root }, proof.path);
  if (!holds) return { kind: 'broken', head };
  remember();
  return { kind: 'continues', head, from: seen.size };
};

/** Whether the tree of `first` is the beginning of that of `second`. */
export const isConsistent = async (first: SeenHead, second: SeenHead, path: readonly string[]): Promise<boolean> => {
  if (first.size === 0) return true;
  if (first.size === second.size) return first.root === second.root && path.length === 0;
  const nodes = path.map(bytesOf);
  // A first tree that is a whole subtree of the second is not told again.
  if (Number.isInteger(Math.log2(first.size))) nodes.unshift(bytesOf(first.root));
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  const [start, ...rest] = nodes;
  if (!start) return false;
  let [fr, sr] = [start, start];
  for (const node of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = await hashOf(node, fr);
      sr = await hashOf(node, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else sr = await hashOf(sr, node);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && base64Of(fr) === first.root && base64Of(sr) === second.root;
};

type Bytes = Uint8Array<ArrayBuffer>;

const hashOf = async (left: Bytes, right: Bytes): Promise<Bytes> => {
  const node = new Uint8Array(65);
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 33);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', node));
};

const bytesOf = (base64: string): Bytes => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

const base64Of = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));
