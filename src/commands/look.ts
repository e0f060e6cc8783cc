import { availableParallelism } from 'node:os';
import { createRedactor } from '../config/redact.js';
import { DEFAULT_SIGN_WORDS } from '../config/schema.js';
import { displayUrl, secretsOfUrl } from '../config/source.js';
import { sampleSource } from '../control/sample-source.js';
import { VeilgateError } from '../errors.js';
import { createLogger } from '../log.js';
import type { Logger } from '../rtsp/logger.js';
import { Looker, type LookFor, type Sight } from '../vision/looker.js';
import { decodePicture, type RgbPicture } from '../vision/picture.js';
import type { Output } from './check.js';
import { expandInput, type LookInput } from './look-inputs.js';

export interface LookOptions {
  /** Pictures, clips, folders of them, `rtsp(s)://` addresses, `demo:NAME`. */
  readonly inputs: readonly string[];
  /** One JSON object a picture, and nothing else on stdout. */
  readonly json: boolean;
  readonly only: readonly LookFor[];
  /** The model that finds objects. */
  readonly detector?: string;
  /** Of clips and addresses: seconds from picture to picture. */
  readonly every: number;
  /** Of clips and addresses: pictures at most. */
  readonly most: number;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** One look, as it is printed. `at`: seconds into a clip or an address. */
interface Line extends Sight {
  readonly file: string;
  readonly at?: number;
}

/** Pictures are decoded ahead, while the one before is looked at. */
const AHEAD = 4;

/** The longer side of what is taken of a clip, px: no eye looks at more. */
const SIDE = 1280;

/**
 * `veilgate look`: what the gateway sees in pictures, clips and addresses. Models are opened once for all of them.
 *
 * @returns 1 where something could not be read, or a model not opened: everything else was looked at all the same
 */
export async function runLook(options: LookOptions): Promise<0 | 1> {
  const { stdout, stderr, json, inputs, only, detector, env } = options;
  let failed = false;
  const complain = (what: string, error: unknown): void => {
    if (!(error instanceof VeilgateError)) throw error;
    failed = true;
    stderr.write(what === '' ? `${error.message}\n` : `${what}: ${error.message}\n`);
  };
  await using looker = await Looker.open(only, {
    threads: availableParallelism(),
    ...(detector === undefined ? {} : { detector }),
  });
  for (const failure of looker.failures) complain('', failure);
  const logger = createLogger(createRedactor([]), { VEILGATE_LOG: 'error', ...env });
  for await (const { file, at, picture, error } of picturesOf(inputs, options, logger)) {
    if (!picture) {
      complain(file, error);
      continue;
    }
    try {
      const sight = await looker.look(picture, DEFAULT_SIGN_WORDS);
      const line: Line = { file, ...(at === undefined ? {} : { at }), ...sight };
      stdout.write(json ? `${JSON.stringify(rounded(line))}\n` : describe(line, only));
    } catch (error) {
      complain(file, error);
    }
  }
  return failed ? 1 : 0;
}

interface Seen {
  readonly file: string;
  readonly at?: number;
  readonly picture?: RgbPicture;
  readonly error?: unknown;
}

/** Every picture there is, in order; what cannot be read comes as an error in its place. */
async function* picturesOf(inputs: readonly string[], options: LookOptions, logger: Logger): AsyncGenerator<Seen> {
  const ahead: Promise<Seen>[] = [];
  for await (const input of expanded(inputs)) {
    if ('error' in input) {
      while (ahead.length > 0) yield await ahead.shift()!;
      yield input;
    } else if (input.kind === 'picture') {
      ahead.push(readPicture(input.path));
      if (ahead.length > AHEAD) yield await ahead.shift()!;
    } else {
      while (ahead.length > 0) yield await ahead.shift()!;
      yield* samplesOf(input, options, logger);
    }
  }
  while (ahead.length > 0) yield await ahead.shift()!;
}

async function* expanded(inputs: readonly string[]): AsyncGenerator<LookInput | { file: string; error: unknown }> {
  for (const argument of inputs) {
    try {
      yield* await expandInput(argument);
    } catch (error) {
      yield { file: shown(argument), error };
    }
  }
}

const readPicture = (file: string): Promise<Seen> =>
  decodePicture(file).then(
    (picture) => ({ file, picture }),
    (error: unknown) => ({ file, error }),
  );

async function* samplesOf(
  input: Exclude<LookInput, { kind: 'picture' }>,
  { every, most }: LookOptions,
  logger: Logger,
): AsyncGenerator<Seen> {
  const url = input.kind === 'live' ? input.url : input.path;
  const file = shown(url);
  const source = { url, transport: 'auto', tls: { verify: true, ca: null }, loop: false } as const;
  const order = { source, live: input.kind === 'live', everyMs: every * 1000, most, side: SIDE };
  try {
    for await (const { at, ...picture } of sampleSource(order, logger)) yield { file, at, picture };
  } catch (error) {
    if (!(error instanceof VeilgateError)) throw error;
    const redactor = createRedactor(input.kind === 'live' && url.startsWith('rtsp') ? secretsOfUrl(url) : []);
    yield { file, error: new VeilgateError(error.code, redactor.text(error.message)) };
  }
}

/** As it may be shown: without a password. */
const shown = (argument: string): string => (/^rtsps?:/i.test(argument) ? displayUrl(argument) : argument);

/** Four digits are more than any model knows. */
const rounded = (line: Line): unknown =>
  JSON.parse(JSON.stringify(line, (_, value) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value)));

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function describe({ file, at, place, objects, signs }: Line, only: readonly LookFor[]): string {
  const classes = Object.entries(place.classes)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([kind, share]) => `${kind} ${percent(share)}`);
  const kinds = classes.length > 0 ? `: ${classes.join(', ')}` : '';
  const what = [
    ...(only.includes('place') ? [`place ${place.verdict} (prohibited ${percent(place.prohibited)}${kinds})`] : []),
    ...objects.map(({ label, score }) => `${label} ${percent(score)}`),
    ...signs.map(({ text, score }) => `sign "${text}" ${percent(score)}`),
  ];
  return `${file}${at === undefined ? '' : ` at ${at.toFixed(1)} s`}: ${what.join('; ') || 'nothing found'}\n`;
}
