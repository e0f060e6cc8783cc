import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';

/** The folder of the page's files: beside this one, in `src` and in `dist`. */
const ROOT = fileURLToPath(new URL('./page/', import.meta.url));

/** The status page's files, by the path that they are served under. A list, so that nothing else of a disk can be. */
export const PAGE_FILES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/page.css': 'page.css',
  '/page.js': 'page.js',
  '/api.js': 'api.js',
  '/card.js': 'card.js',
  '/words.js': 'words.js',
  '/icon.svg': 'icon.svg',
};

/** Sends one file of the page. It holds nothing secret: what it shows, it asks for with the token that it is given. */
export const sendPageFile =
  (name: string): RequestHandler =>
  (_request, response, next) => {
    // Asked for again each time, so that a new version of the gateway never runs an old page.
    response.set('Cache-Control', 'no-cache');
    response.sendFile(name, { root: ROOT, cacheControl: false }, (error) => {
      if (error) next(error);
    });
  };
