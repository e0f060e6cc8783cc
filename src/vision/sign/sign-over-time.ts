import type { Legibility } from './legibility.js';
import { normalised } from './match-words.js';
import type { SignBox } from './read.js';

/** Writing under this height, px, is not conspicuous in the picture, and soon not legible. */
export const SMALL_PX = 16;
/** Sharpness under this: the writing runs together. Between a blur of 2 and 3 px at the usual size, on the benchmark's training scenes. */
export const BLURRED = 0.28;
/** Difference of writing and ground, of all levels. */
export const FAINT = 0.2;
/** Of the sign's usual text the share that may be unread before it counts as hidden. */
export const HIDDEN = 0.2;
/** Mean light, 0 to 1, under which a sign cannot be asked for: it is night. */
export const NIGHT = 0.16;
/** A fault of the sign is told again so often, ms, as long as it lasts. */
const AGAIN_MS = 24 * 3_600_000;
/** Two looks further apart, in periods, say nothing of the time between them. */
const LONGEST_GAP = 2.5;

/** A sign as one look saw it. */
export interface SeenSign {
  readonly text: string;
  readonly word: string;
  /** 0 to 1. */
  readonly score: number;
  readonly box: SignBox;
  readonly legibility: Legibility;
}

/** A sign that was known again by its reference photo, whether it can be read or not. */
export interface KnownSign {
  /** Share of what the photo shows that is there, 0 to 1. */
  readonly agreement: number;
  /** Share of the sign that something else is seen in place of, 0 to 1. */
  readonly hidden: number;
  readonly box: SignBox;
  /** Of its writing, where that is read on the photo; else of the whole sign. */
  readonly legibility: Legibility;
}

/** What one look at a camera's picture gave. */
export type SignLook =
  | {
      readonly kind: 'looked';
      /** Mean luma, 0 to 1. */
      readonly light: number;
      /** What was read. */
      readonly sign: SeenSign | null;
      /** The sign as its reference photo shows it, null: it was not known again; left out: there is no photo that can be used. */
      readonly known?: KnownSign | null;
      /** What the sign's reference photo says, where there is one: what of it is not read is hidden. */
      readonly expected?: string;
      /** Why the reference photo that the site file names is of no use. */
      readonly photoFault?: string;
    }
  /** There was no picture to judge by: withheld, moved, offline. */
  | { readonly kind: 'unable'; readonly why: string };

type Looked = Extract<SignLook, { kind: 'looked' }>;

export type Fault =
  | { readonly kind: 'small'; readonly height: number }
  | { readonly kind: 'blurred'; readonly sharpness: number }
  | { readonly kind: 'faint'; readonly contrast: number }
  /** `share` of the sign, 0 to 1: of the text that should be there, or of what its photo shows. */
  | { readonly kind: 'hidden'; readonly share: number; readonly by: 'text' | 'photo' };

/** What shows that the sign is there: what was read of it, or its photo. */
interface Evidence {
  readonly sign: SeenSign | null;
  readonly known: KnownSign | null;
  readonly photoFault?: string;
}

/** What is known of a camera's sign now. */
export type SignState =
  | ({ readonly kind: 'visible' } & Evidence)
  | ({ readonly kind: 'degraded'; readonly faults: readonly Fault[] } & Evidence)
  | { readonly kind: 'missing'; readonly photoFault?: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** What is to be reported: once when it has lasted too long, and again each day that it lasts. */
export interface SignFinding {
  readonly kind: 'sign-missing' | 'sign-degraded';
  readonly detail: string;
}

export interface SignOptions {
  /** Between looks, ms. */
  readonly periodMs: number;
  /** Daylight, ms, for which a sign may be missing, or hard to read, before it is a finding. */
  readonly patienceMs: number;
}

/**
 * Puts single looks together. A sign is missing at the first look that does not find it by daylight, and a finding when that has lasted
 * for `patienceMs` of daylight: nights, and times without a picture, neither count nor clear.
 */
export class SignOverTime {
  readonly #options: SignOptions;
  #state: SignState = { kind: 'unknown', why: 'not looked yet' };
  /** When the look before was taken, if daylight and a picture were there; else null. */
  #before: number | null = null;
  /** Daylight without the sign, and with a sign that is hard to read, ms, without a good look in between. */
  #missingMs = 0;
  #degradedMs = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** The longest text that this sign was read as. */
  #usual: readonly string[] = [];

  constructor(options: SignOptions) {
    this.#options = options;
  }

  get state(): SignState {
    return this.#state;
  }

  /** Daylight, ms, for which it has not been seen. */
  get missingMs(): number {
    return this.#missingMs;
  }

  /** @param now ms, on any clock that rises */
  observe(look: SignLook, now: number): SignFinding | null {
    if (look.kind === 'unable') return this.#cannotTell(look.why);
    if (look.sign === null && !look.known && look.light < NIGHT) return this.#cannotTell('too dark to see a sign');
    const passed = this.#before === null ? 0 : now - this.#before;
    const counts = passed <= LONGEST_GAP * this.#options.periodMs ? passed : 0;
    this.#before = look.light < NIGHT ? null : now;
    const { sign, known = null, photoFault } = look;
    const evidence: Evidence = { sign, known, ...(photoFault === undefined ? {} : { photoFault }) };
    if (sign === null && known === null) return this.#isMissing(look, counts, now);
    const faults = this.#faultsOf(look);
    if (faults.length === 0) return this.#isWell(evidence);
    this.#missingMs = 0;
    this.#degradedMs += counts;
    this.#state = { kind: 'degraded', faults, ...evidence };
    const detail = `the surveillance sign is hard to make out: ${signText(this.#state)}`;
    return this.#tell(this.#degradedMs, now, { kind: 'sign-degraded', detail });
  }

  #cannotTell(why: string): null {
    this.#before = null;
    this.#state = { kind: 'unknown', why };
    return null;
  }

  #isWell(evidence: Evidence): null {
    this.#missingMs = 0;
    this.#degradedMs = 0;
    this.#toldAt = Number.NEGATIVE_INFINITY;
    this.#state = { kind: 'visible', ...evidence };
    return null;
  }

  #isMissing({ known, photoFault }: Looked, counts: number, now: number): SignFinding | null {
    this.#missingMs += counts;
    this.#state = { kind: 'missing', ...(photoFault === undefined ? {} : { photoFault }) };
    const minutes = Math.round(this.#missingMs / 60_000);
    const how = known === null ? 'read in the picture, or known again by its reference photo,' : 'read in the picture';
    return this.#tell(this.#missingMs, now, {
      kind: 'sign-missing',
      detail: `no surveillance sign was ${how} for ${minutes} minutes of daylight${ofPhoto(photoFault)}`,
    });
  }

  #tell(lasted: number, now: number, finding: SignFinding): SignFinding | null {
    if (lasted < this.#options.patienceMs || now - this.#toldAt < AGAIN_MS) return null;
    this.#toldAt = now;
    return finding;
  }

  #faultsOf({ sign, known, expected }: Looked): Fault[] {
    const faults: Fault[] = [];
    const legibility = known?.legibility ?? sign?.legibility;
    if (legibility) {
      const { height, sharpness, contrast } = legibility;
      if (height < SMALL_PX) faults.push({ kind: 'small', height });
      if (sharpness < BLURRED) faults.push({ kind: 'blurred', sharpness });
      if (contrast < FAINT) faults.push({ kind: 'faint', contrast });
    }
    const share = known ? known.hidden : sign ? this.#unread(sign.text, expected) : 0;
    if (share >= HIDDEN) faults.push({ kind: 'hidden', share, by: known ? 'photo' : 'text' });
    return faults;
  }

  /** Of the usual text, the share that is not there. */
  #unread(text: string, expected: string | undefined): number {
    const characters = normalised(text);
    if (expected !== undefined && this.#usual.length === 0) this.#usual = normalised(expected);
    if (characters.length >= this.#usual.length) this.#usual = characters;
    return 1 - commonLength(characters, this.#usual) / Math.max(1, this.#usual.length);
  }
}

/** Length of the longest sequence of characters that both texts have in this order. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const character of a) {
    const next = [0];
    for (let i = 1; i <= b.length; i++)
      next.push(b[i - 1] === character ? row[i - 1]! + 1 : Math.max(row[i]!, next[i - 1]!));
    row = next;
  }
  return row[b.length]!;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** One fault in words. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'small':
      return `its writing is ${Math.round(fault.height)} px high, under ${SMALL_PX}`;
    case 'blurred':
      return `it is blurred (sharpness ${fault.sharpness.toFixed(2)}, under ${BLURRED})`;
    case 'faint':
      return `its contrast is ${percent(fault.contrast)}, under ${percent(FAINT)}`;
    case 'hidden':
      return fault.by === 'photo'
        ? `${percent(fault.share)} of it is hidden, compared with its reference photo`
        : `${percent(fault.share)} of it is hidden: of its text so much is not read`;
  }
}

/** What is known in a sentence; null where there is nothing to say. */
export function signText(state: SignState): string | null {
  switch (state.kind) {
    case 'visible':
      return evidenceText(state);
    case 'degraded':
      return `${state.faults.map(faultText).join('; ')} (${evidenceText(state)})`;
    case 'missing':
      return ofPhoto(state.photoFault).slice(2) || null;
    case 'unknown':
      return state.why;
  }
}

/** What shows that the sign is there. */
function evidenceText({ sign, known, photoFault }: Evidence): string {
  const seen = known
    ? `known again by its reference photo, of which ${percent(known.agreement)} is there`
    : `"${sign?.text}" was read`;
  return `${seen}${ofPhoto(photoFault)}`;
}

const ofPhoto = (fault: string | undefined): string =>
  fault === undefined ? '' : `; its reference photo is of no use: ${fault}`;
