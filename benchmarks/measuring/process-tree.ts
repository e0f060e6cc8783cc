import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Of Linux: the unit of times in /proc (`getconf CLK_TCK`), the same on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/PID/stat behind the command's name (proc(5), numbered from state = 0). */
const PARENT = 1;
const CPU_TIMES = [11, 12, 13, 14];

interface Stat {
  readonly parent: number;
  /** Seconds of user and system time, those of ended and awaited children included. */
  readonly cpu: number;
}

const readStat = (pid: number): Stat | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = CPU_TIMES.reduce((sum, field) => sum + Number(fields[field]), 0);
    return { parent: Number(fields[PARENT]), cpu: ticks / TICKS_PER_SECOND };
  } catch {
    return null; // ended meanwhile
  }
};

/** A process and everything below it, parents first. */
export const processTree = (root: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readStat(pid) : null;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
};

/** CPU seconds that a process itself has used. */
export const cpuSeconds = (pid: number): number => readStat(pid)?.cpu ?? 0;

/** CPU seconds that a process and everything below it have used. */
export const treeCpuSeconds = (root: number): number =>
  processTree(root).reduce((sum, pid) => sum + cpuSeconds(pid), 0);

/** Memory of a process in MB (10^6 bytes), pages that it shares with others counted in parts (PSS). NaN where it is gone. */
export const pssMegabytes = (pid: number): number => {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return (Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
};

/** Cores that several things use over the same stretch of time. Each is a reading of CPU seconds. */
export const measureCores = async <K extends string>(
  readings: Readonly<Record<K, () => number>>,
  seconds: number,
): Promise<Record<K, number>> => {
  const names = Object.keys(readings) as K[];
  const before = names.map((name) => readings[name]());
  const began = performance.now();
  await pause(seconds * 1000);
  const elapsed = (performance.now() - began) / 1000;
  return Object.fromEntries(names.map((name, i) => [name, (readings[name]() - before[i]!) / elapsed])) as Record<
    K,
    number
  >;
};
