import type { CheckedDataset } from '../dataset/check-dataset.js';
import type { Timed } from '../dataset/item.js';
import { sideOf } from '../dataset/place-label.js';
import type { Answered } from '../score/by-condition.js';
import { type EventScore, type Stretch, scoreEvents } from '../score/score-events.js';
import { scoreMasks } from '../score/score-masks.js';
import { scoreObjects } from '../score/score-objects.js';
import { scorePeople } from '../score/score-people.js';
import { scorePlaces } from '../score/score-places.js';
import { scoreSigns } from '../score/score-signs.js';
import { itemsForMargin, itemsForNone, judgeSample } from '../stats/sample-size.js';
import type { Answer, PlaceAnswer } from '../subjects/answer.js';
import type { Conclusion, Findings, ReportItem } from './report.js';

/** What the findings are made of. */
export interface FindInput
  extends Pick<Findings, 'product' | 'seed' | 'config' | 'models' | 'thresholds' | 'unavailable'> {
  readonly dataset: CheckedDataset;
  readonly answers: readonly Answer[];
  /** Kinds that the place model knows. */
  readonly kinds: readonly string[];
}

/** From answers to findings: pure, so that equal answers give equal reports. */
export function findings({ dataset, answers, kinds, ...rest }: FindInput): Findings {
  const { items, problems, labels } = dataset;
  const byFile = new Map(answers.map((answer) => [answer.file, answer]));
  const answered = items.map((item): Answered => ({ item, answer: byFile.get(item.file)! }));
  const clips = items.filter(({ kind }) => kind === 'clip');
  const results: Findings['results'] = {
    places: scorePlaces(answered, { labels, kinds, seed: rest.seed }),
    placeEvents: scorePlaceEvents(answered, labels),
    masks: scoreMasks(answered),
    view: scoreEvents(
      answered.flatMap(({ item: { kind, view, seconds }, answer }) =>
        kind === 'clip' && view && answer.view ? [{ events: view, alarms: answer.view.alarms, seconds }] : [],
      ),
    ),
    people: scorePeople(answered),
    objects: scoreObjects(answered, rest.seed),
    signs: scoreSigns(answered, rest.seed),
  };
  return {
    format: 'veilgate-validation/1',
    ...rest,
    dataset: {
      name: dataset.name,
      format: dataset.format,
      digest: dataset.digest,
      named: dataset.named,
      used: items.length,
      skipped: dataset.named - items.length,
      stills: items.length - clips.length,
      clips: clips.length,
      clipSeconds: clips.reduce((sum, { seconds }) => sum + seconds, 0),
      bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
      problems,
    },
    results,
    conclusions: conclude(results),
    failures: answers.flatMap(({ file, failure }) => (failure === undefined ? [] : [{ file, why: failure }])),
    items: answered.map(({ item, answer }): ReportItem => {
      const label = item.kind === 'still' ? (item.place[0]?.value ?? null) : null;
      return {
        ...answer,
        kind: item.kind,
        label,
        side: label === null ? null : sideOf(label, labels),
        tags: item.tags,
      };
    }),
  };
}

/** Times at which a clip shows a prohibited place, beside those at which the fused verdict said so. */
function scorePlaceEvents(answered: readonly Answered[], labels: CheckedDataset['labels']): EventScore | null {
  const prohibited = ({ value }: Timed<string>): boolean => sideOf(value, labels) === 'prohibited';
  return scoreEvents(
    answered.flatMap(({ item, answer }) =>
      item.kind === 'clip' && answer.place && item.place.every(({ value }) => sideOf(value, labels) !== 'ambiguous')
        ? [{ events: item.place.filter(prohibited), alarms: alarmsOfPlace(answer.place), seconds: item.seconds }]
        : [],
    ),
  );
}

function alarmsOfPlace(answers: readonly PlaceAnswer[]): Stretch[] {
  const alarms: Stretch[] = [];
  let since: number | null = null;
  for (const { at, fused } of answers) {
    if (fused === 'prohibited') since ??= at;
    else if (since !== null) {
      alarms.push({ from: since, to: at });
      since = null;
    }
  }
  return since === null ? alarms : [...alarms, { from: since, to: null }];
}

/** Whether there is enough of each thing to conclude from. */
function conclude({ places, placeEvents, masks, view, people, objects, signs }: Findings['results']): Conclusion[] {
  const found: Conclusion[] = [];
  const add = (about: string, have: number, need = itemsForMargin()): void =>
    void found.push({ about, ...judgeSample(have, need) });
  if (places) {
    const { truePositives, falseNegatives, falsePositives, trueNegatives } = places.prohibited;
    add('places: pictures of prohibited places (recall)', truePositives + falseNegatives);
    add('places: pictures of allowed places (false alarms)', falsePositives + trueNegatives);
  }
  if (masks) add('masks: frames with something to hide (leaks)', masks.frames, itemsForNone());
  for (const [name, score] of Object.entries({ 'places in clips': placeEvents, view, people }))
    if (score) add(`${name}: events (recall)`, score.events);
  for (const [label, score] of Object.entries(objects?.perClass ?? {})) add(`objects: ${label} (recall)`, score.truths);
  if (signs)
    add(
      'signs: missing or degraded ones (recall)',
      signs.missingOrDegraded.truePositives + signs.missingOrDegraded.falseNegatives,
    );
  return found;
}
