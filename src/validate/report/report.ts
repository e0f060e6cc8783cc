import { createHash } from 'node:crypto';
import { z } from 'zod';
import { VeilgateError } from '../../errors.js';
import { canonicalJson, type Json } from '../../record/log/canonical-json.js';
import type { DatasetProblem } from '../dataset/item.js';
import type { EventScore } from '../score/score-events.js';
import type { MaskScore } from '../score/score-masks.js';
import type { ObjectScore } from '../score/score-objects.js';
import type { PlaceScore } from '../score/score-places.js';
import type { SignScore } from '../score/score-signs.js';
import type { SampleVerdict } from '../stats/sample-size.js';
import type { Answer } from '../subjects/answer.js';
import type { Question, UsedModel, UsedThreshold } from '../subjects/subject.js';

/** What this file is; another number where a reader must know it. */
export const REPORT_FORMAT = 'veilgate-validation/1';

/** One file of the dataset in the report: what is true, and what was said. Comparisons of two reports go by these. */
export interface ReportItem extends Answer {
  readonly kind: 'still' | 'clip';
  /** The label of a still picture. */
  readonly label: string | null;
  readonly side: 'prohibited' | 'allowed' | 'ambiguous' | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a reader must weigh before believing a number. */
export interface Conclusion extends SampleVerdict {
  readonly about: string;
}

/** What was found, and from what: the same input gives the same, to the last digit. */
export interface Findings {
  readonly format: typeof REPORT_FORMAT;
  readonly product: { readonly name: 'veilgate'; readonly version: string; readonly commit: string | null };
  readonly seed: number;
  readonly config: { readonly digest: string; readonly values: Json };
  readonly models: readonly UsedModel[];
  readonly thresholds: readonly UsedThreshold[];
  readonly dataset: {
    readonly name: string;
    readonly format: string;
    /** SHA-256 over the content and labels of every file that was used. */
    readonly digest: string;
    readonly named: number;
    readonly used: number;
    readonly skipped: number;
    readonly stills: number;
    readonly clips: number;
    readonly clipSeconds: number;
    readonly bytes: number;
    readonly problems: readonly DatasetProblem[];
  };
  readonly results: {
    readonly places: PlaceScore | null;
    /** Prohibited places in clips: events by the verdict over time. */
    readonly placeEvents: EventScore | null;
    readonly masks: MaskScore | null;
    /** Cameras that were moved or covered. */
    readonly view: EventScore | null;
    readonly people: EventScore | null;
    readonly objects: ObjectScore | null;
    readonly signs: SignScore | null;
  };
  /** What the dataset asks and could not be measured. */
  readonly unavailable: readonly { readonly what: Question; readonly why: string }[];
  readonly conclusions: readonly Conclusion[];
  /** Files that failed while they were measured. */
  readonly failures: readonly { readonly file: string; readonly why: string }[];
  readonly items: readonly ReportItem[];
}

/** When and where. Differs from run to run. */
export interface RunFacts {
  readonly startedAt: string;
  readonly seconds: number;
  /** Files whose answers an interrupted run had left. */
  readonly resumed: number;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly os: string;
    readonly node: string;
  };
}

/** Who signed. `pinned: 'none'`: a key made for this run; it proves that nothing was changed since, not who ran it. */
export interface Signer {
  readonly key: string;
  readonly fingerprint: string;
  readonly pinned: 'site' | 'none';
  readonly site: string | null;
}

export interface Report extends Findings {
  /** SHA-256 of the findings in canonical JSON: equal for equal runs. */
  readonly resultDigest: string;
  readonly run: RunFacts;
  readonly signer: Signer;
  /** SHA-256 of the files beside this one. */
  readonly files: Readonly<Record<string, string>>;
  /** A signed note (C2SP signed-note) over the digest of all the rest. */
  readonly signature: string;
}

export const digestOf = (value: Json): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** Of findings: what two runs are compared by. */
export const resultDigest = (findings: Findings): string => digestOf(findings as unknown as Json);

/** The least that makes a report one; what the rest holds is vouched for by the signature. */
const shape = z.looseObject({
  format: z.literal(REPORT_FORMAT),
  resultDigest: z.string(),
  signer: z.object({
    key: z.string(),
    fingerprint: z.string(),
    pinned: z.enum(['site', 'none']),
    site: z.string().nullable(),
  }),
  files: z.record(z.string(), z.string()),
  signature: z.string(),
  items: z.array(z.looseObject({ file: z.string() })),
});

/** @throws VeilgateError `no-report` where the text is no report of this kind */
export function parseReport(text: string, path: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new VeilgateError('no-report', `${path} is no JSON: give the report.json of the report.`, { cause });
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return value as Report;
  const [issue] = parsed.error.issues;
  throw new VeilgateError(
    'no-report',
    `${path} is no report of a validation (${REPORT_FORMAT}): ${issue!.path.join('.') || 'all of it'}: ${issue!.message}`,
  );
}
