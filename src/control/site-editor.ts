import { readFile, realpath, stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { cameraEntry, type NewCamera, withCamera } from '../config/add-camera.js';
import type { Environment } from '../config/interpolate.js';
import { parseSite } from '../config/load.js';
import { type Problem, SiteFileError } from '../config/problem.js';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Journal } from '../record/journal.js';
import { replaceFile } from '../replace-file.js';

/**
 * `site-file-invalid`: the file cannot be used as it is, and nothing is added to it. `site-file-unwritable`: it cannot be changed from
 * here. `camera-invalid`: what was to be added, with its problems.
 */
export class SiteEditError extends VeilgateError {
  constructor(
    code: 'site-file-invalid' | 'site-file-unwritable' | 'camera-invalid',
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(code, message);
  }
}

export interface AddedCamera {
  readonly file: string;
  /** Line where its entry begins. */
  readonly line: number;
}

/** Adds cameras to the site file, on a person's word, one after the other. The gateway then reads the file like after any edit. */
export class SiteEditor {
  readonly #path: string;
  readonly #env: Environment;
  readonly #journal: Journal;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, env: Environment, journal: Journal) {
    this.#path = path;
    this.#env = env;
    this.#journal = journal;
  }

  /** @throws SiteEditError, and what the journal throws: what cannot be recorded is not added. */
  add(camera: NewCamera, by: string): Promise<AddedCamera> {
    const mine = this.#turn.catch(() => undefined).then(() => this.#add(camera, by));
    this.#turn = mine;
    return mine;
  }

  async #add(camera: NewCamera, by: string): Promise<AddedCamera> {
    // The file itself, and not a link to it, which would be replaced.
    const path = await realpath(this.#path);
    const before = await readFile(path, 'utf8');
    const old = this.#parse(before);
    const after = withCamera(before, camera);
    const { site } = this.#parseNew(after, old.cameras.length);
    const others = { ...site, cameras: site.cameras.slice(0, -1) };
    if (site.cameras.length !== old.cameras.length + 1 || !isDeepStrictEqual(plain(others), plain(old)))
      throw new SiteEditError(
        'site-file-unwritable',
        `The site file is written in a way that nothing can be added to from here. Add this by hand:\n${cameraEntry(camera)}`,
      );
    const { source, place } = site.cameras.at(-1)!;
    await this.#journal.record({
      kind: 'camera-added',
      actor: by,
      camera: camera.id,
      data: { place, source: source.display },
    });
    if ((await readFile(path, 'utf8')) !== before)
      throw new SiteEditError('site-file-unwritable', 'Somebody else changed the site file just now. Try again.');
    await this.#write(path, after, camera);
    return { file: path, line: after.slice(0, firstDifference(before, after)).split('\n').length };
  }

  #parse(text: string): Site {
    try {
      return parseSite(text, this.#path, this.#env).site;
    } catch (error) {
      if (!(error instanceof SiteFileError)) throw error;
      throw new SiteEditError(
        'site-file-invalid',
        'The site file has problems, and what runs is of before. Correct it first ("veilgate check" names them).',
      );
    }
  }

  /** @param index of the new camera */
  #parseNew(text: string, index: number): ReturnType<typeof parseSite> {
    try {
      return parseSite(text, this.#path, this.#env);
    } catch (error) {
      if (!(error instanceof SiteFileError)) throw error;
      const problems = error.problems.map((problem) => ({
        ...problem,
        path: problem.path[0] === 'cameras' && problem.path[1] === index ? problem.path.slice(2) : problem.path,
      }));
      throw new SiteEditError('camera-invalid', problems.map(({ message }) => message).join(' '), problems);
    }
  }

  async #write(path: string, text: string, camera: NewCamera): Promise<void> {
    try {
      const { mode } = await stat(path);
      await replaceFile(path, text, mode & 0o777);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new SiteEditError(
        'site-file-unwritable',
        `The site file cannot be changed from here (${code}). Add this by hand:\n${cameraEntry(camera)}`,
      );
    }
  }
}

/** Secrets and functions compared by what they show. */
const plain = (site: Site): unknown => JSON.parse(JSON.stringify(site));

const firstDifference = (a: string, b: string): number => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
};
