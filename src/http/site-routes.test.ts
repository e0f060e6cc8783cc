/** Accepting what the site file weakens. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordInMemory, type ServedApp, SiteInMemory, serveApp, TOKEN } from './gateway.fixture.js';

const record = recordInMemory();
const sites = new SiteInMemory();
let app: ServedApp;
beforeAll(async () => {
  app = await serveApp({ ...record, sites });
});
afterAll(() => app[Symbol.asyncDispose]());

const accept = async (approval?: string) => {
  const response = await app.ask('/api/v1/site/accept', {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, ...(approval && { approval }) },
  });
  return { status: response.status, body: (await response.json()) as { error?: { code: string; approval: string } } };
};
const SHORTER = { path: 'retention.evidence', from: 90, to: 30, takesTwo: true };

it('shorter retention takes a second, different person, and exactly what was asked for', async () => {
  expect(await accept()).toMatchObject({ status: 409, body: { error: { code: 'nothing-pending' } } });
  sites.weaken(SHORTER);
  expect(await (await app.ask('/api/v1/site')).json()).toMatchObject({
    takesTwo: true,
    pending: [{ path: 'retention.evidence', from: 90, to: 30 }],
  });
  const asked = await accept();
  expect(asked).toMatchObject({ status: 409, body: { error: { code: 'second-person-needed' } } });
  const { approval } = asked.body.error!;
  await record.people.approvals.decide(approval, 'wang.fang', true);
  sites.weaken({ ...SHORTER, to: 31 });
  expect(await accept(approval)).toMatchObject({ body: { error: { code: 'approval-for-another-matter' } } });
  sites.weaken(SHORTER);
  expect(await accept(approval)).toMatchObject({ status: 200, body: { pending: [] } });
});

it('what masks less takes one person where the site asks for no more', async () => {
  sites.weaken({ path: 'cameras.lobby.guard.mode', from: 'withhold', to: 'off', takesTwo: false });
  expect(await accept()).toMatchObject({ status: 200, body: { pending: [] } });
});
