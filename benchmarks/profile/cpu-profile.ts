import { readFileSync } from 'node:fs';
import type { Profiler, Runtime } from 'node:inspector';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A function in a call tree, with the time spent in it and below it, ms. */
export interface CallNode {
  readonly label: string;
  readonly self: number;
  total: number;
  readonly children: CallNode[];
}

/** What V8 reports of time without work: no cost. */
const IDLE = new Set(['(idle)']);

/** Reads a .cpuprofile into its call tree; idle time is left out. */
export const readCpuProfile = (path: string): { readonly root: CallNode; readonly seconds: number } => {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as Profiler.Profile;
  const self = new Map<number, number>();
  const { samples = [], timeDeltas = [] } = profile;
  // A delta is the time from the sample before: what that sample showed went on until then.
  for (let i = 0; i + 1 < samples.length; i++)
    self.set(samples[i]!, (self.get(samples[i]!) ?? 0) + timeDeltas[i + 1]! / 1000);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const build = (id: number, caller: string): CallNode => {
    const node = nodes.get(id)!;
    const label = labelOf(node.callFrame, caller);
    const children = (node.children ?? [])
      .filter((child) => !IDLE.has(nodes.get(child)!.callFrame.functionName))
      .map((child) => build(child, label));
    const own = self.get(id) ?? 0;
    const total = children.reduce((sum, child) => sum + child.total, own);
    return { label, self: own, total, children };
  };
  return { root: build(profile.nodes[0]!.id, ''), seconds: (profile.endTime - profile.startTime) / 1e6 };
};

/** Self time by function, ms, the largest first. */
export const selfTimes = (root: CallNode): [label: string, ms: number][] => {
  const times = new Map<string, number>();
  const visit = ({ label, self, children }: CallNode): void => {
    times.set(label, (times.get(label) ?? 0) + self);
    children.forEach(visit);
  };
  visit(root);
  return [...times].filter(([, ms]) => ms > 0).sort(([, a], [, b]) => b - a);
};

/** Functions of native addons go by whatever name V8 saw last at their common entry: they are told by who calls them. */
function labelOf({ functionName, url, lineNumber }: Runtime.CallFrame, caller: string): string {
  if (!url) return caller.includes('node-av') || !functionName ? `native, called by ${caller}` : functionName;
  const path = url.startsWith('file://') ? relative(ROOT, fileURLToPath(url)) : url;
  return `${functionName || '(anonymous)'} ${path}:${lineNumber + 1}`;
}
