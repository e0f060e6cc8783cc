import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';

/** Where `npm run build` puts the console. */
const ROOT = fileURLToPath(new URL('../../dist/console/', import.meta.url));

/** Files whose name changes with what is in them. */
const NAMED_BY_CONTENT = /^assets\//;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the console, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer;
  /** It never changes under this path. */
  readonly lasting: boolean;
}

let known: ReadonlyMap<string, PageFile> | null = null;

/**
 * The console's files by the path that they are served under: read once, and a list, so that nothing else of a disk can be asked for.
 * Empty where the console was not built.
 */
export const pageFiles = (): ReadonlyMap<string, PageFile> => {
  known ??= new Map(
    namesIn(ROOT).flatMap((name): [string, PageFile][] => {
      const type = MEDIA_TYPES[extname(name)];
      if (type === undefined) return [];
      const bytes = readFileSync(join(ROOT, name));
      const zipped = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
      return [
        [name === 'index.html' ? '/' : `/${name}`, { type, bytes, zipped, lasting: NAMED_BY_CONTENT.test(name) }],
      ];
    }),
  );
  return known;
};

/** Sends one file of the console. It holds nothing secret: what it shows, it asks for with the token that it is given. */
export const sendPageFile =
  ({ type, bytes, zipped, lasting }: PageFile): RequestHandler =>
  (request, response) => {
    // What keeps its name is asked for again each time, so that a new version of the gateway never runs an old page.
    response.set('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    response.set({ 'Content-Type': type, Vary: 'Accept-Encoding' });
    if (request.acceptsEncodings('gzip') === false) response.send(bytes);
    else response.set('Content-Encoding', 'gzip').send(zipped);
  };

const namesIn = (folder: string): string[] => {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
  } catch {
    return [];
  }
};
