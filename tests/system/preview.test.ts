import { once } from 'node:events';

import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startCamera, type TestCamera } from '../support/camera.js';
import { joinCanaries } from '../support/canary.js';
import { TestGateway } from '../support/gateway.js';
import { countLeaks } from '../support/leaks.js';
import { cannotPlay } from '../support/stage.js';
import { Viewer } from '../support/viewer.js';

const PROTOCOL = 'veilgate.preview.v1';

describe.skipIf(cannotPlay())('the preview for browsers without MSE', { timeout: 120_000 }, () => {
  let camera: TestCamera;
  let gateway: TestGateway;
  beforeAll(async () => {
    camera = await startCamera({ file: await joinCanaries([{}]), codec: 'h264' });
    gateway = await TestGateway.start({
      cameras: [{ id: 'cam', source: camera.url }],
      // Its pictures go to ffmpeg by no RTSP: nobody has to know a password for it.
      server: { preview: 'jsmpeg', rtspUsers: [{ name: 'recorder', password: 'not-told-to-ffmpeg' }] },
    });
    await gateway.reaches('cam', 'masked');
  });
  afterAll(async () => {
    await gateway?.close();
    await camera?.[Symbol.asyncDispose]();
  });

  const open = (at: TestGateway, token: string | null, id = 'cam'): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${at.ports.http}/api/v1/cameras/${id}/preview`, [
      PROTOCOL,
      ...(token === null ? [] : [`bearer.${token}`]),
    ]);

  const refusal = async (socket: WebSocket): Promise<number> => {
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    return response.statusCode;
  };

  const watch = (): { socket: WebSocket; viewer: Viewer } => {
    const socket = open(gateway, gateway.token);
    const bytes = new PassThrough();
    socket.on('message', (data: Buffer) => bytes.write(data));
    socket.once('close', () => bytes.end());
    return { socket, viewer: Viewer.fed(bytes) };
  };

  it('shows what the masked stream shows, its slate when it is withheld, and nothing of what is masked', async () => {
    const { socket, viewer } = watch();
    await using watched = viewer;
    await watched.until(() => countLeaks(watched.pictures).fresh >= 50, '50th live picture');
    await gateway.withhold('cam', true);
    await watched.until(({ slate }) => slate, 'slate', { from: watched.pictures.length });
    await gateway.withhold('cam', false);
    await watched.until(({ fresh }) => fresh, 'picture after the slate', { from: watched.pictures.length });
    socket.close();
    await watched.ended;
    expect(countLeaks(watched.pictures)).toMatchObject({ firstLeak: -1, leaked: 0 });
    expect(watched.pictures.every(({ size }) => size === '640x360')).toBe(true);
  });

  it('is made once for all who look, and not at all when nobody does', async () => {
    const [one, other] = [open(gateway, gateway.token), open(gateway, gateway.token)];
    await Promise.all([once(one, 'message'), once(other, 'message')]);
    expect(await ffmpegsOf(gateway)).toHaveLength(1);
    one.close();
    await once(one, 'close');
    await once(other, 'message');
    other.close();
    await gateway.eventually('end ffmpeg', async () => (await ffmpegsOf(gateway)).length === 0 || undefined);
  });

  it('is for those who are known', async () => {
    expect(await refusal(open(gateway, null))).toBe(401);
    expect(await refusal(open(gateway, 'not-the-token-of-this-gateway'))).toBe(401);
    expect(await refusal(open(gateway, gateway.token, 'elsewhere'))).toBe(404);
    expect(await gateway.api('GET', '/site')).toMatchObject({ preview: 'ready' });
  });

  it('is not there unless the site file asks for it', async () => {
    await using plain = await TestGateway.start({ cameras: [{ id: 'cam', source: camera.url }] });
    expect(await plain.api('GET', '/site')).toMatchObject({ preview: 'off' });
    expect(await refusal(open(plain, plain.token))).toBe(404);
    expect(await refusal(open(plain, null))).toBe(401);
  });
});

/** Process ids of the ffmpegs that a gateway runs. */
async function ffmpegsOf({ pid }: TestGateway): Promise<string[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  const names = await Promise.all(children.map((child) => readFile(`/proc/${child}/comm`, 'utf8').catch(() => '')));
  return children.filter((_, index) => names[index]!.trim() === 'ffmpeg');
}
