import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runModelsList, runModelsPull, runModelsVerify } from '../../../src/commands/models.js';
import { ObjectDetector } from '../../../src/vision/objects/detect.js';
import { MODELS_DIR, readCard, readDetectorCard } from '../../../src/vision/read-cards.js';
import type { Model } from '../../../src/vision/runtime.js';
import { pullModel, readUpstreamList } from '../../../src/vision/upstream.js';
import { modelFolder, putModel, redPersonBytes, redPersonCard, tinyBytes, tinyCard } from './tiny-model.js';

const bytes = tinyBytes();
// One whose answers nothing of the program reads.
const card = tinyCard(bytes, { task: 'undressed' });
/** Beside what every test fetches. */
const served = new Map<string, Uint8Array>();
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/whole') return void response.end(bytes);
    if (request.url === '/moved') return void response.writeHead(302, { location: '/whole' }).end();
    if (request.url === '/other') return void response.end(Buffer.alloc(bytes.length));
    if (request.url === '/endless') return void response.end(Buffer.alloc(bytes.length * 3));
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 40));
      return void setTimeout(() => response.destroy(), 20);
    }
    if (request.url === '/silent') return;
    const file = served.get(request.url ?? '');
    if (file) return void response.end(file);
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const upstream = (path: string, url = `${base}${path}`) => ({
  name: 'tiny',
  url,
  sha256: card.sha256,
  bytes: bytes.length,
  card,
});

const said = () => {
  const out = { stdout: '', stderr: '' };
  return {
    out,
    stdout: { write: (text: string) => (out.stdout += text) },
    stderr: { write: (text: string) => (out.stderr += text) },
  };
};

describe('pulling a model', () => {
  it.each(['/whole', '/moved'])('puts down what the digest names, from %s', async (path) => {
    await using folder = await modelFolder();
    await pullModel(upstream(path), folder.dir);
    expect(await readFile(join(folder.dir, 'tiny/model.onnx'))).toEqual(Buffer.from(bytes));
    const to = said();
    expect(await runModelsVerify({ names: [], ...to, dir: folder.dir })).toBe(0);
    expect(to.out.stdout).toBe(`tiny: ok, SHA-256 ${card.sha256}\n`);
  });

  it.each([
    ['/other', 'model-hash'],
    ['/endless', 'model-fetch'],
    ['/cut', 'model-fetch'],
    ['/silent', 'model-fetch'],
    ['/none', 'model-fetch'],
  ])('leaves what is here alone where it gets something else (%s)', async (path, code) => {
    await using folder = await modelFolder();
    await putModel(folder.dir, bytes);
    await expect(pullModel(upstream(path), folder.dir, 300)).rejects.toMatchObject({ code });
    expect((await readdir(join(folder.dir, 'tiny'))).sort()).toEqual(['card.json', 'model.onnx']);
    expect(
      createHash('sha256')
        .update(await readFile(join(folder.dir, 'tiny/model.onnx')))
        .digest('hex'),
    ).toBe(card.sha256);
  });

  it('fetches nothing that the card would refuse', async () => {
    await using folder = await modelFolder();
    await putModel(folder.dir, bytes, { ...card, sha256: 'f'.repeat(64) });
    const { card: _, ...bare } = upstream('/whole');
    await expect(pullModel(bare, folder.dir)).rejects.toMatchObject({ code: 'model-card' });
    await expect(pullModel({ ...upstream('/whole'), name: 'place' }, folder.dir)).rejects.toMatchObject({
      code: 'model-card',
    });
    await expect(pullModel({ ...bare, name: 'huge' }, folder.dir)).rejects.toMatchObject({ code: 'model-missing' });
    expect(await readdir(folder.dir)).toEqual(['tiny']);
    await putModel(folder.dir, bytes.subarray(1), card);
    await pullModel(bare, folder.dir);
    expect(await readFile(join(folder.dir, 'tiny/model.onnx'))).toEqual(Buffer.from(bytes));
  });

  it('says of what no address is known, and where others come from', async () => {
    await using folder = await modelFolder();
    const empty = join(folder.dir, 'list.json');
    await writeFile(empty, '[]');
    const to = said();
    expect(await runModelsPull({ names: [], list: empty, ...to })).toBe(0);
    expect(to.out.stdout).toMatch(/names no addresses.*--list/);
    expect(await runModelsPull({ names: ['nanodet'], ...to })).toBe(1);
    expect(to.out.stderr).toMatch(/^nanodet: no address is known; there are: yolox-tiny, yolox-s\..*--list/);
  });

  it('knows addresses whose cards the detector can read', async () => {
    const listed = await readUpstreamList(join(MODELS_DIR, 'upstream.json'));
    for (const { name, sha256, bytes, card } of listed) {
      expect(card).toMatchObject({ name, sha256, bytes });
      const detector = new ObjectDetector({ card } as unknown as Model);
      expect(card!.input.shape).toEqual([1, 3, detector.side, detector.side]);
      const cells = [8, 16, 32].reduce((sum, stride) => sum + (detector.side / stride) ** 2, 0);
      expect(card!.outputs).toEqual([{ name: 'output', shape: [1, cells, 85] }]);
    }
  });

  it('makes a detector that is asked for by name of what it fetched', async () => {
    await using folder = await modelFolder();
    const file = redPersonBytes();
    const detector = redPersonCard(file);
    served.set('/detector', file);
    const list = join(folder.dir, 'list.json');
    const entry = { name: detector.name, url: `${base}/detector`, sha256: detector.sha256, bytes: file.length };
    await writeFile(list, JSON.stringify([{ ...entry, card: detector }]));
    const to = said();
    expect(await runModelsPull({ names: [], list, ...to, dir: folder.dir })).toBe(0);
    expect(await runModelsVerify({ names: [], ...to, dir: folder.dir })).toBe(0);
    await expect(readDetectorCard(detector.name, folder.dir)).resolves.toMatchObject({ task: 'objects' });
    await using eye = await ObjectDetector.open({ name: detector.name, dir: folder.dir });
    const paint = (colour: readonly number[]) => ({
      width: 64,
      height: 32,
      data: Uint8Array.from({ length: 64 * 32 * 3 }, (_, i) => colour[i % 3]!),
    });
    expect(await eye.detect(paint([0, 0, 255]))).toEqual([]);
    const [person, ...others] = await eye.detect(paint([255, 0, 0]));
    expect(others).toEqual([]);
    expect(person).toMatchObject({ label: 'person', box: { x: 0.25, y: 0, width: 0.5, height: 0.5 } });
  });

  it('fetches what is missing alone, and says without a network that there is none', async () => {
    await using folder = await modelFolder();
    const list = join(folder.dir, 'list.json');
    await writeFile(list, JSON.stringify([upstream('/whole')]));
    const pull = async (names: readonly string[] = []) => {
      const to = said();
      return { code: await runModelsPull({ names, list, ...to, dir: folder.dir }), ...to.out };
    };
    expect(await pull()).toMatchObject({ code: 0, stdout: expect.stringContaining('tiny: fetched') });
    expect(await pull()).toMatchObject({ code: 0, stdout: 'tiny: is here already\n' });
    expect(await pull(['huge'])).toMatchObject({ code: 1, stderr: expect.stringContaining('no address is known') });
    await rm(join(folder.dir, 'tiny'), { recursive: true });
    // Nobody listens on the port that was just given back.
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => gone.once('listening', done));
    const { port } = gone.address() as AddressInfo;
    await new Promise((done) => gone.close(done));
    await writeFile(list, JSON.stringify([upstream('', `http://127.0.0.1:${port}/`)]));
    expect(await pull()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/tiny: .*cannot be fetched.*ECONNREFUSED/),
    });
    await writeFile(list, '[{"name": "tiny"}]');
    await expect(pull()).rejects.toMatchObject({ code: 'model-card' });
  });
});

it('lists and verifies what the program carries, and points at what is damaged', async () => {
  const to = said();
  expect(await runModelsList(to)).toBe(0);
  for (const name of ['nanodet', 'nanodet-int8', 'coco-ssd', 'coco-ssd-int8', 'nsfw-mobilenet', 'place'])
    expect(to.out.stdout).toContain(`${name}  (`);

  await using folder = await modelFolder();
  await putModel(folder.dir, bytes.subarray(0, 50), card);
  const bad = said();
  expect(await runModelsVerify({ names: [], ...bad, dir: folder.dir })).toBe(1);
  expect(bad.out.stderr).toMatch(/^tiny: .*not the file of its card/);
  const { parameters } = await readCard('place');
  await putModel(folder.dir, bytes, { ...card, task: 'place', parameters, labels: ['red'] });
  const unfit = said();
  expect(await runModelsVerify({ names: [], ...unfit, dir: folder.dir })).toBe(1);
  expect(unfit.out.stderr).toBe('tiny: Model tiny has 1 labels for 2 outputs.\n');
  const none = said();
  expect(await runModelsVerify({ names: [], ...none, dir: join(folder.dir, 'nowhere') })).toBe(1);
  expect(none.out.stderr).toMatch(/no models/);
});
