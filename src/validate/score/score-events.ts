import { percentile } from '../stats/bootstrap.js';
import { type Counts, fScore } from '../stats/decisions.js';
import { type Estimate, wilson } from '../stats/interval.js';

/** Something that happens, or an alarm that is on. Seconds; `to` null: to the end. */
export interface Stretch {
  readonly from: number;
  readonly to: number | null;
}

/** One clip: what happened, and when there was an alarm. */
export interface EventClip {
  readonly events: readonly Stretch[];
  readonly alarms: readonly Stretch[];
  readonly seconds: number;
}

/** An alarm may come so much before what it is about, s: labels are set by hand. */
const EARLY = 0.5;

/** An alarm may come so much after what it is about is over, s. */
const LATE = 2;

/** As i-LIDS scores: an event is found by an alarm in its time, further alarms in it count for nothing, all others are false. */
export interface EventScore {
  readonly clips: number;
  readonly events: number;
  readonly hours: number;
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: number | null;
  /** F with beta 2. */
  readonly f2: number | null;
  /** From an event's beginning to its alarm, s, of those that were found. null of none. */
  readonly delay: { readonly median: number; readonly p95: number; readonly most: number } | null;
  /** null where there is no time without an event. */
  readonly falseAlarmsPerHour: number | null;
}

export function scoreEvents(clips: readonly EventClip[]): EventScore | null {
  if (clips.length === 0) return null;
  const delays: number[] = [];
  let [events, falseAlarms, seconds, quiet] = [0, 0, 0, 0];
  for (const clip of clips) {
    const found = match(clip);
    events += clip.events.length;
    delays.push(...found.delays);
    falseAlarms += found.falseAlarms;
    seconds += clip.seconds;
    quiet += clip.seconds - covered(clip.events, clip.seconds);
  }
  const counts: Omit<Counts, 'trueNegatives'> = {
    truePositives: delays.length,
    falsePositives: falseAlarms,
    falseNegatives: events - delays.length,
  };
  const sorted = Float64Array.from(delays).sort();
  return {
    clips: clips.length,
    events,
    hours: seconds / 3600,
    found: delays.length,
    missed: events - delays.length,
    falseAlarms,
    precision: wilson(delays.length, delays.length + falseAlarms),
    recall: wilson(delays.length, events),
    f1: fScore(counts),
    f2: fScore(counts, 2),
    delay:
      sorted.length === 0
        ? null
        : { median: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), most: sorted.at(-1)! },
    falseAlarmsPerHour: quiet > 0 ? falseAlarms / (quiet / 3600) : null,
  };
}

/** Which events have an alarm, how long it took, and which alarms have no event. */
export function match({ events, alarms, seconds }: EventClip): { delays: number[]; falseAlarms: number } {
  const delays: number[] = [];
  for (const { from, to } of events) {
    const until = (to ?? seconds) + LATE;
    // One that was on before already holds: nothing of the event was let through.
    const first = alarms.find((alarm) => alarm.from <= until && (alarm.to ?? seconds) > from - EARLY);
    if (first) delays.push(Math.max(0, first.from - from));
  }
  const falseAlarms = alarms.filter(
    (alarm) => !events.some(({ from, to }) => alarm.from >= from - EARLY && alarm.from <= (to ?? seconds) + LATE),
  ).length;
  return { delays, falseAlarms };
}

/** Seconds that belong to an event, each once. */
function covered(events: readonly Stretch[], seconds: number): number {
  let [sum, until] = [0, 0];
  for (const { from, to } of events.toSorted((a, b) => a.from - b.from)) {
    const end = Math.min(seconds, to ?? seconds);
    sum += Math.max(0, end - Math.max(from, until));
    until = Math.max(until, end);
  }
  return sum;
}
