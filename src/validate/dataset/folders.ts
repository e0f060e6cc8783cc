import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { always, bareItem, type DatasetProblem, type Imported, type Item, kindOf } from './item.js';

/** Beside pictures without being meant: ignored, never a problem. */
const LITTER = /^(\.|thumbs\.db$|desktop\.ini$|readme|license|labels\.ya?ml$)/i;

/**
 * One folder a class: `<root>/<label>/**`. What lies in folders below a class gets their path as the tag `folder`.
 *
 * @throws what the file system throws for the root
 */
export async function importFolders(root: string): Promise<Imported> {
  const items: Item[] = [];
  const problems: DatasetProblem[] = [];
  const note = (path: string, code: string, message: string, skippable = true): void =>
    void problems.push({ path, line: null, code, message, skippable });
  const entries = (await readdir(root, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const isFolder = (entry: (typeof entries)[number]): boolean => entry.isDirectory() || entry.isSymbolicLink();
  for (const entry of entries) {
    if (LITTER.test(entry.name)) continue;
    if (!isFolder(entry)) {
      if (kindOf(entry.name)) note(entry.name, 'no-label', 'lies in no class folder, so that it has no label');
      continue;
    }
    const files = await filesBelow(join(root, entry.name));
    let found = 0;
    for (const file of files) {
      const path = `${entry.name}/${file}`;
      const kind = kindOf(file);
      if (kind === null) {
        note(path, 'unknown-format', 'is neither a picture nor a clip');
        continue;
      }
      found++;
      const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : null;
      items.push({ ...bareItem(path, kind), place: [always(entry.name)], tags: folder ? { folder } : {} });
    }
    if (found === 0) note(entry.name, 'empty', 'holds no picture and no clip');
  }
  if (items.length === 0)
    note(root, 'empty', 'holds no class folders with pictures: expected <dataset>/<label>/<picture>', false);
  return { name: basename(root), items, labels: {}, problems };
}

/** Paths below a folder with `/`, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      if (LITTER.test(entry.name)) continue;
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) await walk(path);
      else found.push(path);
    }
  };
  await walk('');
  return found.sort();
}
