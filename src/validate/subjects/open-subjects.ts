import { VeilgateError } from '../../errors.js';
import type { ZoneSet } from '../../zones/zone.js';
import type { CheckedDataset } from '../dataset/check-dataset.js';
import { MaskSubject } from './mask-subject.js';
import { ObjectSubject } from './object-subject.js';
import { PeopleSubject } from './people-subject.js';
import { PlaceSubject } from './place-subject.js';
import { SignSubject } from './sign-subject.js';
import { asks, QUESTIONS, type Question, type Subject } from './subject.js';
import { ViewSubject } from './view-subject.js';

export interface OpenSubjects extends AsyncDisposable {
  readonly subjects: ReadonlyMap<Question, Subject>;
  /** What is asked and cannot be answered here. */
  readonly unavailable: readonly { readonly what: Question; readonly why: string }[];
  /** Kinds that the place model knows. */
  readonly kinds: readonly string[];
}

/** Opens what a dataset asks for, and nothing else. What cannot be opened is named, and the rest is measured. */
export async function openSubjects(
  { items }: CheckedDataset,
  {
    scratch,
    zones,
    peopleRate,
    detector,
  }: {
    readonly scratch: string;
    readonly zones: ZoneSet | null;
    readonly peopleRate: number | null;
    readonly detector: string;
  },
): Promise<OpenSubjects> {
  const open: Record<Question, () => Promise<Subject>> = {
    place: () => PlaceSubject.open(),
    mask: async () => new MaskSubject({ scratch, zones }),
    view: async () => new ViewSubject(zones),
    people: () => PeopleSubject.open({ zones, rate: peopleRate, detector }),
    objects: () => ObjectSubject.open(detector),
    sign: () => SignSubject.open(),
  };
  const subjects = new Map<Question, Subject>();
  const unavailable: { what: Question; why: string }[] = [];
  for (const what of QUESTIONS) {
    if (!items.some(asks[what])) continue;
    try {
      subjects.set(what, await open[what]());
    } catch (error) {
      if (!(error instanceof VeilgateError)) throw error;
      unavailable.push({ what, why: error.message });
    }
  }
  const place = subjects.get('place');
  return {
    subjects,
    unavailable,
    kinds: place instanceof PlaceSubject ? place.kinds : [],
    async [Symbol.asyncDispose]() {
      for (const subject of subjects.values()) await subject[Symbol.asyncDispose]();
    },
  };
}
