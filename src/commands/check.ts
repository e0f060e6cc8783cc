import type { Environment } from '../config/interpolate.js';
import { type LoadedSite, loadSite } from '../config/load.js';
import { SiteFileError } from '../config/problem.js';
import type { Site } from '../config/site.js';
import { readDetectorCard } from '../vision/read-cards.js';
import { ModelError } from '../vision/vision-error.js';

/** Of a detector that is not here. */
const CURE = 'Name one of these, or fetch another one: `veilgate models pull`.';

/** Where a command writes to. */
export interface Output {
  write(text: string): unknown;
}

export interface CheckOptions {
  /** Values of the file's `${VAR}`s. */
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * `veilgate check <site.yaml>`: reads a site file and changes nothing. Says in one line what was understood (0), or names every
 * problem with its place and its cure on stderr (1).
 */
export const runCheck = async (path: string, { env, stdout, stderr }: CheckOptions): Promise<0 | 1> => {
  try {
    const loaded = await loadSite(path, env);
    await checkDetector(loaded);
    const { site } = loaded;
    stdout.write(`${path}: ${summarise(site)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    const { length } = error.problems;
    stderr.write(`${error.message}\n${length} ${length === 1 ? 'problem' : 'problems'} in ${path}\n`);
    return 1;
  }
};

/** What finds people is a model that is here. @throws SiteFileError */
async function checkDetector({ site, problemAt }: LoadedSite): Promise<void> {
  try {
    await readDetectorCard(site.vision.detector);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { code, message } = error;
    throw new SiteFileError([problemAt(['vision', 'detector'], { code, message, cure: CURE })]);
  }
}

/** One line: the site, its cameras and zones, and what is special about them. */
const summarise = ({ site, cameras }: Site): string => {
  const zones = cameras.reduce((sum, camera) => sum + camera.zones.length, 0);
  const unmasked = cameras.filter((camera) => camera.unmasked !== null).map(({ id }) => id);
  const note = unmasked.length === 0 ? '' : `, unmasked by intent: ${unmasked.join(', ')}`;
  const hint =
    cameras.length === 0 ? ' Nothing is watched yet: the console adds the first camera, or "cameras" does.' : '';
  return `${site.name}: ${count(cameras.length, 'camera')}, ${count(zones, 'zone')}, rules ${site.rules}${note}. Valid.${hint}`;
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
