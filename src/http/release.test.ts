/** Showing a stream again whose place was recognised as prohibited. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordInMemory, type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';

const record = recordInMemory();
let app: ServedApp;
beforeAll(async () => {
  app = await serveApp(record);
});
afterAll(() => app[Symbol.asyncDispose]());

const release = async (camera: string, body: unknown, approval?: string) => {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const response = await app.ask(`/api/v1/cameras/${camera}/release`, {
    method: 'POST',
    headers: approval ? { ...headers, approval } : headers,
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as { error?: { code: string; approval: string }; state?: string },
  };
};

describe('a release', () => {
  it('takes a second, different person, to exactly this reason, once', async () => {
    app.gateway.recognise('lobby');
    const asked = await release('lobby', { reason: 'A showroom of bathtubs.' });
    expect(asked).toMatchObject({ status: 409, body: { error: { code: 'second-person-needed' } } });
    const { approval } = asked.body.error!;
    expect((await release('lobby', { reason: 'A showroom of bathtubs.' }, approval)).status).toBe(409);
    await expect(record.people.approvals.decide(approval, 'admin-token', true)).rejects.toMatchObject({
      code: 'approval-same-person',
    });
    await record.people.approvals.decide(approval, 'wang.fang', true);
    expect((await release('lobby', { reason: 'Something else.' }, approval)).status).toBe(409);
    expect(await release('lobby', { reason: 'A showroom of bathtubs.' }, approval)).toMatchObject({
      status: 200,
      body: { state: 'masked' },
    });
    expect(app.gateway.calls.at(-1)).toEqual({
      what: 'release, wang.fang agreed: A showroom of bathtubs.',
      camera: 'lobby',
      by: 'admin-token',
    });
    app.gateway.recognise('lobby');
    expect((await release('lobby', { reason: 'A showroom of bathtubs.' }, approval)).status).toBe(409);
  });

  it.each([
    ['loading-dock', { reason: 'x' }, 409, 'not-withheld'],
    ['locker-room', { reason: 'x' }, 409, 'declared-prohibited'],
    ['nowhere', { reason: 'x' }, 404, 'unknown-camera'],
    ['lobby', { reason: ' ' }, 422, 'body-invalid'],
    ['lobby', {}, 422, 'body-invalid'],
  ])('of %s with %j is refused before anybody is asked', async (camera, body, status, code) => {
    app.gateway.recognise('lobby');
    const before = (await record.people.approvals.list()).length;
    expect(await release(camera, body)).toMatchObject({ status, body: { error: { code } } });
    expect((await record.people.approvals.list()).length).toBe(before);
  });
});
