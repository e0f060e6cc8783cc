import { expect, it } from 'vitest';
import { MAX_STREAMS } from './event-stream.js';
import { serveApp, TOKEN } from './gateway.fixture.js';

it('event streams are bounded, and one that ends makes room', async () => {
  await using app = await serveApp({}, { maxConnections: MAX_STREAMS + 10 });
  const open = async () => {
    const end = new AbortController();
    const headers = { authorization: `Bearer ${TOKEN}` };
    // Kept, since a response that nobody holds is closed by the garbage collector.
    const response = await app.ask('/api/v1/events', { headers, signal: end.signal });
    return { response, status: response.status, end };
  };
  const streams = [];
  for (let n = 0; n < MAX_STREAMS; n++) streams.push(await open());
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await open()).status).toBe(503);
  streams[0]!.end.abort();
  await expect.poll(async () => (await open()).status).toBe(200);
  for (const { end } of streams) end.abort();
});
