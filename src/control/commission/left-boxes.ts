import type { OpenJournal } from '../../record/journal.js';
import type { AuditEntry, AuditEvent } from '../../record/log/event.js';
import { LONGEST_BOX_MS } from './commission-desk.js';

/** Clocks are set, seldom by more than this. */
const CLOCK_SLACK_MS = 3_600_000;

/** Of an entry `commission`, as far as its end is to be told. */
interface Step {
  readonly box?: unknown;
  readonly step?: unknown;
}

/**
 * Enters the ends of commissioning views that a gateway left open when it was killed: nothing of them outlives it, and the log is to say
 * so. To be called before this start is recorded, since what was left is behind the last one. How many pictures were shown is not known.
 * Entries from so long before the last one that no view can have outlived them are not read: a gateway may have run for years.
 *
 * Throws as the journal does where it can be read and not written. A damaged one is left alone: nothing was recorded behind its damage.
 */
export async function endLeftBoxes(journal: Pick<OpenJournal, 'reader' | 'record'>): Promise<void> {
  const open = new Map<string, AuditEntry>();
  const closed = new Set<string>();
  let oldest: number | null = null;
  for await (const { entry } of journal.reader().newestFirst()) {
    if (!entry) continue;
    const at = Date.parse(entry.time);
    oldest ??= at - LONGEST_BOX_MS - CLOCK_SLACK_MS;
    if (entry.kind === 'start' || at < oldest) break;
    if (entry.kind !== 'commission') continue;
    const { box, step } = entry.data as Step;
    if (typeof box !== 'string') continue;
    if (step === 'closed') closed.add(box);
    else if (!closed.has(box)) open.set(box, entry);
  }
  await Promise.all([...open].reverse().map(([box, { camera }]) => journal.record(endOf(box, camera))));
}

const endOf = (box: string, camera: string | undefined): AuditEvent => ({
  kind: 'commission',
  actor: 'system',
  ...(camera !== undefined && { camera }),
  data: { box, step: 'closed', why: 'the gateway ended', pictures: null },
});
