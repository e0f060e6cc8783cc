import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeOnnx } from '../../../models/convert/onnx-file.js';
import { InputMaker } from '../../../src/vision/input-maker.js';
import { openModel } from '../../../src/vision/runtime.js';
import { modelFolder, putModel, tinyBytes, tinyCard, tinyGraph } from './tiny-model.js';

const red = { width: 8, height: 8, data: Uint8Array.from({ length: 192 }, (_, i) => (i % 3 === 0 ? 255 : 0)) };

const reasonNotToOpen = async (bytes: Uint8Array, card: unknown = tinyCard(bytes)): Promise<string> => {
  await using folder = await modelFolder();
  await putModel(folder.dir, bytes, card);
  return openModel('tiny', folder).then(
    () => 'opened',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
};

describe('opening a model', () => {
  it('runs what its card describes', async () => {
    await using folder = await modelFolder();
    await putModel(folder.dir, tinyBytes());
    await using model = await openModel('tiny', folder);
    const maker = new InputMaker(model.card.input);
    maker.fill(red);
    const { scores } = await model.run(maker.tensor);
    expect([...scores!]).toEqual([1, 0]);
  });

  it('says that there is none', async () => {
    await using folder = await modelFolder();
    await expect(openModel('tiny', folder)).rejects.toThrow(/There is no model "tiny"/);
    await putModel(folder.dir, tinyBytes());
    await rm(join(folder.dir, 'tiny/model.onnx'));
    await expect(openModel('tiny', folder)).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('refuses a card that is none, and names the field', async () => {
    expect(await reasonNotToOpen(tinyBytes(), '{')).toMatch(/^model-card: .*is not JSON/);
    const { sha256: _, ...incomplete } = tinyCard(tinyBytes());
    expect(await reasonNotToOpen(tinyBytes(), incomplete)).toMatch(/^model-card: .*sha256/);
  });

  it('refuses a file that is another one than its card names', async () => {
    expect(await reasonNotToOpen(tinyBytes([1, 0, 0, 0, 0, 2]), tinyCard(tinyBytes()))).toMatch(/^model-hash: /);
  });

  it('refuses a file that is cut short, with a card that knows it and one that does not', async () => {
    const whole = tinyBytes();
    for (const length of [0, 1, whole.length >> 1, whole.length - 1]) {
      const cut = whole.slice(0, length);
      expect(await reasonNotToOpen(cut, tinyCard(whole))).toMatch(/^model-hash: .*bytes instead of/);
      const card = { ...tinyCard(cut), bytes: Math.max(1, length) };
      expect(await reasonNotToOpen(cut, card)).toMatch(/^model-(unreadable|shape): /);
    }
  });

  it('refuses a model of another shape, and one that names its values otherwise', async () => {
    const bytes = tinyBytes();
    const { input } = tinyCard(bytes);
    const wider = tinyCard(bytes, { input: { ...input, shape: [1, 3, 16, 16] } });
    expect(await reasonNotToOpen(bytes, wider)).toMatch(/^model-shape: .*\[1, 3, 8, 8\].*\[1, 3, 16, 16\]/);
    const renamed = tinyCard(bytes, { outputs: [{ name: 'logits', shape: [1, 2] }] });
    expect(await reasonNotToOpen(bytes, renamed)).toMatch(/^model-shape: .*"logits"/);
    const longer = tinyCard(bytes, { outputs: [{ name: 'scores', shape: [1, 3] }] });
    expect(await reasonNotToOpen(bytes, longer)).toMatch(/^model-shape: /);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses weights of %d, which an activation would hide',
    async (bad) => {
      const bytes = tinyBytes([1, 0, 0, bad, 0, 1]);
      expect(await reasonNotToOpen(bytes)).toMatch(/^model-weights: .*"weights"/);
    },
  );

  it('refuses a file that is no model at all', async () => {
    expect(await reasonNotToOpen(Buffer.from('<html>404</html>'))).toMatch(/^model-unreadable: /);
  });
});

describe('running a model', () => {
  it('refuses an input of another size', async () => {
    await using folder = await modelFolder();
    await putModel(folder.dir, tinyBytes());
    await using model = await openModel('tiny', folder);
    await expect(model.run(new Float32Array(3 * 4 * 4), [1, 3, 4, 4])).rejects.toMatchObject({ code: 'model-shape' });
    await expect(model.run(new Float32Array(7))).rejects.toMatchObject({ code: 'model-shape' });
  });

  it('refuses an answer that is no number', async () => {
    await using folder = await modelFolder();
    const graph = tinyGraph();
    const [mean, flat, classes] = graph.nodes;
    // 0 / 0 for a black picture.
    const divide = { op: 'Div', name: 'divide', inputs: ['raw', 'raw'], outputs: ['scores'] };
    await putModel(folder.dir, writeOnnx({ ...graph, nodes: [mean!, flat!, classes!, divide] }));
    await using model = await openModel('tiny', folder);
    await expect(model.run(new Float32Array(192))).rejects.toMatchObject({ code: 'model-output' });
  });
});

it('a folder of models that holds other things is no reason to fail', async () => {
  await using folder = await modelFolder();
  await writeFile(join(folder.dir, 'README.md'), '');
  await putModel(folder.dir, tinyBytes());
  await using model = await openModel('tiny', folder);
  expect(model.card.labels).toEqual(['red', 'blue']);
});
