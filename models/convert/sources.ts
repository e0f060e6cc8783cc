import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Artifacts } from './tfjs.js';

const require = createRequire(import.meta.url);

interface Manifest {
  readonly modelTopology: Artifacts['modelTopology'];
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: Artifacts['weightSpecs'] & object;
  }[];
}

/** The folder of an installed package. Some packages do not let their package.json be asked for, so it is looked for. */
export function packageFolder(name: string): string {
  for (const base of require.resolve.paths(name) ?? []) {
    try {
      return dirname(require.resolve(join(base, name, 'package.json')));
    } catch {
      // Not here.
    }
  }
  throw new Error(`The package ${name} is not installed: run npm ci.`);
}

/** A graph model as files: `model.json` and its shards beside it. */
export async function readGraphModel(path: string): Promise<Artifacts> {
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  return await artifactsOf(manifest, (shard) => readFile(join(dirname(path), shard)));
}

/** A graph model as nsfwjs has it: each file a CommonJS module with the JSON, or a shard as base64. */
export async function readBundledModel(folder: string): Promise<Artifacts> {
  const manifest = require(join(folder, 'model.min.js')) as Manifest;
  return await artifactsOf(manifest, async (shard) =>
    Buffer.from(require(join(folder, `${shard}.min.js`)) as string, 'base64'),
  );
}

async function artifactsOf(manifest: Manifest, read: (shard: string) => Promise<Buffer>): Promise<Artifacts> {
  const { modelTopology, weightsManifest } = manifest;
  const shards = await Promise.all(weightsManifest.flatMap(({ paths }) => paths.map(read)));
  const bytes = Buffer.concat(shards);
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return { modelTopology, weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData };
}
