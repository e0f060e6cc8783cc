import type { Answered } from './by-condition.js';
import { type EventScore, scoreEvents } from './score-events.js';

/** Zone by zone: somebody in one is not found by an alarm of another. Hours are those of zones. null where no clip says who enters. */
export function scorePeople(answered: readonly Answered[]): EventScore | null {
  return scoreEvents(
    answered.flatMap(({ item: { kind, people, zones, seconds }, answer: { people: alarms } }) => {
      if (kind !== 'clip' || !people || !alarms) return [];
      const watched = (zones ?? []).filter(({ onPerson }) => onPerson === 'alert').map(({ id }) => id);
      const names = new Set([...watched, ...people.map(({ value }) => value), ...alarms.map((alarm) => alarm.kind)]);
      return [...names].map((name) => ({
        events: people.filter(({ value }) => value === name),
        alarms: alarms.filter((alarm) => alarm.kind === name),
        seconds,
      }));
    }),
  );
}
