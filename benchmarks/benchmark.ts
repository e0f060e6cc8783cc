import type { Summary } from './measuring/statistics.js';

export type Unit =
  | 'ratio'
  | 'cores'
  | 'ms'
  | 's'
  | 'MB'
  | 'kB'
  | 'MB/h'
  | '%'
  | 'frames/s'
  | 'frames'
  | 'sessions'
  | 'entries/s'
  | 'events';

/** What a number must reach; where it comes from is said in benchmarks/README.md. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** One number of a run. */
export interface Measure {
  /** Stable: histories are compared by it, e.g. `cpu.watched`. */
  readonly id: string;
  /** What was measured, in words that stand alone. */
  readonly what: string;
  readonly unit: Unit;
  readonly summary: Summary;
  readonly bound?: Bound;
  /** Beside whom in the same run, and what came out for them. */
  readonly beside?: string;
}

/** A picture of the numbers, as SVG text. */
export interface Plot {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/** What a benchmark came to. */
export interface Outcome {
  readonly measures: readonly Measure[];
  readonly plots?: readonly Plot[];
  /** What a reader must know: peers that were not there, conditions, tables. Markdown. */
  readonly notes?: readonly string[];
}

export interface RunOptions {
  /** A run that shows that everything works, in a tenth of the time; its numbers are not kept. */
  readonly quick: boolean;
  /** Of those benchmarks whose length one chooses. */
  readonly minutes: number | null;
  /** Tells a person what is going on. */
  say(line: string): void;
}

/** One question, answered by measuring. */
export interface Benchmark {
  readonly name: string;
  readonly question: string;
  /** Runs only where it is asked for by name. */
  readonly onRequest?: true;
  run(options: RunOptions): Promise<Outcome>;
}

/** Whether a number reaches its bound. `undecided`: the median misses it, but the spread of this run does not exclude it. */
export type Verdict = 'holds' | 'undecided' | 'falls short' | 'no bound';

export const verdictOf = ({ summary, bound }: Pick<Measure, 'summary' | 'bound'>): Verdict => {
  if (!bound) return 'no bound';
  const { median, low, high } = summary;
  const [reached, best] =
    'atMost' in bound
      ? [median <= bound.atMost, low <= bound.atMost]
      : [median >= bound.atLeast, high >= bound.atLeast];
  if (reached) return 'holds';
  return best ? 'undecided' : 'falls short';
};
