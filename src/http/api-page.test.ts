import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedApp, serveApp } from './gateway.fixture.js';

let app: ServedApp;
beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app[Symbol.asyncDispose]());

it('tells of every route who may use it, and links every schema', async () => {
  const document = (await (await app.ask('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
    components: { schemas: Record<string, object> };
  };
  const page = await (await app.ask('/api-docs')).text();
  for (const operations of Object.values(document.paths)) {
    for (const { operationId } of Object.values(operations)) expect(page).toContain(`<section id="${operationId}">`);
  }
  for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`<section id="${name}">`);
  for (const [, name] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${name}"`);
  expect(page).toContain('<dt>Who</dt><dd>operator, admin; scope operate</dd>');
});

it('runs no script, and has the one style that the headers allow', async () => {
  const response = await app.ask('/api-docs');
  const page = await response.text();
  expect(page).not.toMatch(/<script|onclick|https?:\/\//);
  const style = /<style>([^<]*)<\/style>/.exec(page)![1]!;
  const hash = createHash('sha256').update(style).digest('base64');
  expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
});
