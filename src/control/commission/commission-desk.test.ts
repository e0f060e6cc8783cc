import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sealRawJpeg } from '../../camera/commission/raw-jpeg.js';
import { VeilgateError } from '../../errors.js';
import type { AuditEvent } from '../../record/log/event.js';
import { CommissionDesk, LONGEST_BOX_MS } from './commission-desk.js';

const ADA = { account: 'ada', session: 's-ada' };
const BOB = { account: 'bob', session: 's-bob' };
const MINUTE = 60_000;

/** A desk in front of one camera, of which tests say what it does. */
const deskOnTrial = () => {
  const log: AuditEvent[] = [];
  const world = {
    log,
    /** Why the camera may not be shown. */
    closed: null as string | null,
    sessions: new Set([ADA.session, BOB.session]),
    logFails: false,
    asked: 0,
    picture: async () => sealRawJpeg(Buffer.from('raw')),
  };
  const desk = new CommissionDesk({
    source: {
      checkCommission: async () => {
        if (world.closed) throw new VeilgateError(world.closed, 'Not to be shown.');
      },
      rawPicture: () => {
        world.asked++;
        return world.picture();
      },
    },
    journal: {
      note: (event) => void log.push(event),
      record: async (event) => {
        if (world.logFails) throw new VeilgateError('audit-write-failed', 'The disk is full.');
        log.push(event);
      },
    },
    mayGoOn: async (session) => world.sessions.has(session),
  });
  return { desk, world };
};

const steps = (log: readonly AuditEvent[]) =>
  log.map((event) => (event.kind === 'commission' ? [event.actor, event.data.step] : []));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a time box', () => {
  it('is in the log before anything is shown, and its end with what was shown', async () => {
    const { desk, world } = deskOnTrial();
    const box = await desk.open('lobby', ADA, 'a new door', MINUTE);
    expect(world.log).toMatchObject([
      {
        kind: 'commission',
        actor: 'ada',
        camera: 'lobby',
        data: { step: 'opened', reason: 'a new door', until: box.until.toISOString() },
      },
    ]);
    await desk.picture('lobby', ADA.session);
    await desk.picture('lobby', ADA.session);
    desk.end('lobby', ADA.session);
    expect(world.log[1]).toMatchObject({ actor: 'ada', data: { step: 'closed', why: 'by the person', pictures: 2 } });
    await expect(desk.picture('lobby', ADA.session)).rejects.toMatchObject({ code: 'no-commission' });
    expect(world.asked).toBe(2);
  });

  it('that cannot be recorded is not opened', async () => {
    const { desk, world } = deskOnTrial();
    world.logFails = true;
    await expect(desk.open('lobby', ADA, 'why', MINUTE)).rejects.toMatchObject({ code: 'audit-write-failed' });
    await expect(desk.picture('lobby', ADA.session)).rejects.toMatchObject({ code: 'no-commission' });
    expect(world.asked).toBe(0);
    world.logFails = false;
    await desk.open('lobby', BOB, 'why', MINUTE);
  });

  it('shows nothing to another session, another camera, or before it is open', async () => {
    const { desk, world } = deskOnTrial();
    await expect(desk.picture('lobby', ADA.session)).rejects.toMatchObject({ code: 'no-commission' });
    await desk.open('lobby', ADA, 'why', MINUTE);
    await expect(desk.picture('lobby', BOB.session)).rejects.toMatchObject({ code: 'no-commission' });
    await expect(desk.picture('yard', ADA.session)).rejects.toMatchObject({ code: 'no-commission' });
    expect(() => desk.end('lobby', BOB.session)).toThrow(VeilgateError);
    expect(world.asked).toBe(0);
  });

  it('is one a camera, also where two come at once', async () => {
    const { desk, world } = deskOnTrial();
    const both = await Promise.allSettled([
      desk.open('lobby', ADA, 'why', MINUTE),
      desk.open('lobby', BOB, 'why', MINUTE),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: { code: 'commission-open' } });
    expect(steps(world.log)).toEqual([['ada', 'opened']]);
  });

  it('ends when its time is over, asked for or not, and is no longer than the longest', async () => {
    const { desk, world } = deskOnTrial();
    await desk.open('lobby', ADA, 'why', LONGEST_BOX_MS * 10);
    await vi.advanceTimersByTimeAsync(LONGEST_BOX_MS - 1000);
    await desk.picture('lobby', ADA.session);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(desk.picture('lobby', ADA.session)).rejects.toMatchObject({ code: 'no-commission' });
    expect(world.log[1]).toMatchObject({ actor: 'system', data: { why: 'its time is over', pictures: 1 } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not show what was made while it ended', async () => {
    const { desk, world } = deskOnTrial();
    await desk.open('lobby', ADA, 'why', MINUTE);
    let make = (_: ReturnType<typeof sealRawJpeg>): void => undefined;
    world.picture = () => new Promise((resolve) => (make = resolve));
    const picture = desk.picture('lobby', ADA.session);
    await vi.advanceTimersByTimeAsync(0);
    desk.end('lobby', ADA.session);
    make(sealRawJpeg(Buffer.from('raw')));
    await expect(picture).rejects.toMatchObject({ code: 'no-commission' });
    expect(world.log[1]).toMatchObject({ data: { pictures: 0 } });
  });

  it('ends with the session, whatever ended that', async () => {
    const { desk, world } = deskOnTrial();
    await desk.open('lobby', ADA, 'why', MINUTE);
    world.sessions.delete(ADA.session);
    await expect(desk.picture('lobby', ADA.session)).rejects.toMatchObject({ code: 'no-commission' });
    expect(world.log[1]).toMatchObject({ data: { why: 'the session is over', pictures: 0 } });
    // And where nobody asks for a picture.
    await desk.open('lobby', BOB, 'why', MINUTE);
    world.sessions.delete(BOB.session);
    await vi.advanceTimersByTimeAsync(1000);
    expect(world.log[3]).toMatchObject({ data: { why: 'the session is over' } });
  });

  it('ends where the camera may not be shown any more, and is not opened there', async () => {
    const { desk, world } = deskOnTrial();
    await desk.open('lobby', ADA, 'why', MINUTE);
    world.closed = 'place-prohibited';
    await expect(desk.picture('lobby', ADA.session)).rejects.toMatchObject({ code: 'place-prohibited' });
    expect(world.asked).toBe(0);
    expect(world.log[1]).toMatchObject({ data: { step: 'closed', why: 'place-prohibited' } });
    await expect(desk.open('lobby', ADA, 'why', MINUTE)).rejects.toMatchObject({ code: 'place-prohibited' });
    expect(world.log).toHaveLength(2);
  });

  it('ends with the gateway', async () => {
    const { desk, world } = deskOnTrial();
    await desk.open('lobby', ADA, 'why', MINUTE);
    desk.close();
    expect(world.log[1]).toMatchObject({ data: { why: 'the gateway stops' } });
    expect(vi.getTimerCount()).toBe(0);
  });
});
