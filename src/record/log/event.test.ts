import { describe, expect, it } from 'vitest';
import { eventNumber } from './audit-log.fixture.js';
import { type AuditEvent, decodeEntry, encodeEvent, MAX_ENTRY_BYTES } from './event.js';

const NOON = new Date('2026-03-01T12:00:00Z');
const text = (event: AuditEvent): string => encodeEvent(event, NOON).toString();

describe('an entry', () => {
  it('is read back as the event it was', () => {
    expect(decodeEntry(encodeEvent(eventNumber(3), NOON))).toEqual({ ...eventNumber(3), time: NOON.toISOString() });
  });

  it('without a camera has no field for it', () => {
    expect(text({ kind: 'start', actor: 'system', data: { version: '1' } })).toBe(
      '{"actor":"system","data":{"version":"1"},"kind":"start","time":"2026-03-01T12:00:00.000Z"}',
    );
  });

  it('may be of a kind that is not known yet', () => {
    expect(decodeEntry(Buffer.from('{"time":"t","kind":"new","actor":"a","data":1}'))).toMatchObject({ kind: 'new' });
  });

  it.each(['', '{}', '[]', 'null', '{"time":1,"kind":"k","actor":"a","data":{}}', '{"time":"t"'])(
    'is not %j',
    (bytes) => {
      expect(decodeEntry(Buffer.from(bytes))).toBeNull();
    },
  );

  it('is bounded', () => {
    const event = (length: number): AuditEvent => ({
      kind: 'stop',
      actor: 'system',
      data: { reason: 'x'.repeat(length) },
    });
    expect(() => encodeEvent(event(MAX_ENTRY_BYTES), NOON)).toThrow(
      expect.objectContaining({ code: 'audit-entry-too-large' }),
    );
    expect(encodeEvent(event(MAX_ENTRY_BYTES - 200), NOON).length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
  });
});

describe('secrets', () => {
  const withData = (data: object): string => text({ kind: 'stop', actor: 'system', data: data as { reason: string } });

  it.each([
    [{ reason: 'rtsp://admin:hunter2@10.0.0.5/stream1 is gone' }, 'hunter2'],
    [{ reason: 'RTSPS://hunter2@10.0.0.5/' }, 'hunter2'],
    [{ password: 'hunter2' }, 'hunter2'],
    [{ deep: [{ adminToken: 'hunter2' }] }, 'hunter2'],
    [{ api_key: 'hunter2', private_key: 'hunter2', Authorization: 'Bearer hunter2' }, 'hunter2'],
    [{ credentials: { user: 'admin', pass: 'hunter2' } }, 'hunter2'],
    [{ reason: 'see data:image/png;base64,iVBORw0KGgo=' }, 'iVBOR'],
  ])('of %j are blotted out', (data, secret) => {
    expect(withData(data)).not.toContain(secret);
    expect(withData(data)).toMatch(/redacted|left out/);
  });

  it.each([
    { reason: 'rtsp://10.0.0.5/stream1' },
    { tokens: 3 },
    { secret: false },
    { camera: 'lobby@2' },
    { key: 'k' },
  ])('are not seen in %j', (data) => {
    expect(withData(data)).toContain(JSON.stringify(data).slice(1, -1));
  });
});
