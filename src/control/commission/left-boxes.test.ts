import { describe, expect, it } from 'vitest';
import { makeKey } from '../../record/log/audit-log.fixture.js';
import { AuditLog } from '../../record/log/audit-log.js';
import type { AuditEvent } from '../../record/log/event.js';
import { MemoryDisk } from '../../record/log/memory-disk.fixture.js';
import { endLeftBoxes } from './left-boxes.js';

const START: AuditEvent = { kind: 'start', actor: 'system', data: { version: '1' } };
const OTHER: AuditEvent = { kind: 'logout', actor: 'ada', data: { reason: 'asked to' } };
const opened = (box: string, camera = 'lobby'): AuditEvent => ({
  kind: 'commission',
  actor: 'ada',
  camera,
  data: { box, step: 'opened', reason: 'a new door', until: '2026-03-01T08:05:00.000Z' },
});
const closed = (box: string, camera = 'lobby'): AuditEvent => ({
  kind: 'commission',
  actor: 'ada',
  camera,
  data: { box, step: 'closed', why: 'by the person', pictures: 3 },
});

/** A log of these, one `apartMs` after the other, and what the next start adds to it. */
const healed = (...events: readonly AuditEvent[]): Promise<unknown[]> => healedAfter(0, events);
const healedAfter = async (apartMs: number, events: readonly AuditEvent[]): Promise<unknown[]> => {
  let clock = Date.parse('2026-03-01T08:00:00Z');
  const now = (): Date => {
    clock += apartMs;
    return new Date(clock);
  };
  const log = await AuditLog.open('audit', { key: makeKey(), disk: new MemoryDisk(), now });
  for (const event of events) await log.append(event);
  await endLeftBoxes({
    reader: () => log.reader(),
    record: async (event) => void (await log.append(event)),
  });
  const added: unknown[] = [];
  for await (const { entry } of log.reader().entries(events.length)) added.push(entry);
  await log.close();
  return added;
};

describe('a commissioning view that a killed gateway left open', () => {
  it('gets its end, and one that was closed gets none', async () => {
    const added = await healed(START, opened('a'), opened('b', 'yard'), closed('a'), opened('c'), OTHER);
    const end = (box: string, camera: string) => ({
      kind: 'commission',
      actor: 'system',
      camera,
      data: { box, step: 'closed', why: 'the gateway ended', pictures: null },
    });
    expect(added).toMatchObject([end('b', 'yard'), end('c', 'lobby')]);
  });

  it('is looked for back to the last start alone, over as many entries as it takes', async () => {
    const many = Array.from({ length: 600 }, () => OTHER);
    expect(await healed(START, opened('a'), ...many)).toHaveLength(1);
    expect(await healed(opened('a'), START, ...many)).toEqual([]);
    expect(await healed()).toEqual([]);
  });

  it('is not looked for where it cannot have been open any more', async () => {
    const minutes = (count: number) => Array.from({ length: count }, () => OTHER);
    expect(await healedAfter(60_000, [START, opened('a'), ...minutes(60)])).toHaveLength(1);
    expect(await healedAfter(60_000, [START, opened('a'), ...minutes(70)])).toEqual([]);
  });
});
