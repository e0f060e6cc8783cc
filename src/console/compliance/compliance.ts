/** What the gateway can tell of each article, from what its API says. Pure. */
import { isProhibitedKind } from '../../zones/zone.js';
import { type Alert, isOpen } from '../alerts/alert.js';
import type { Camera, ZoneRevision } from '../api/types.js';
import type { Words } from '../words/en.js';
import type { Formats } from '../words/formats.js';

/** Art. 27 stands for 28 too. */
export const ARTICLES = [15, 16, 20, 21, 24, 25, 27, 29] as const;
export type Article = (typeof ARTICLES)[number];

export type Verdict = 'holds' | 'fails' | 'unsure';

export interface Standing {
  readonly article: Article;
  readonly verdict: Verdict;
  /** Since when it does not hold; null where it does, or where that is not known. */
  readonly since: string | null;
  readonly evidence: readonly string[];
}

/** What is known; null where the gateway does not tell of it. */
export interface Known {
  readonly cameras: readonly Camera[];
  readonly alerts: readonly Alert[] | null;
  readonly revisions: readonly ZoneRevision[] | null;
  readonly log: { readonly size: number; readonly fingerprint: string } | null;
}

const VIEW_REASONS: ReadonlySet<string | null> = new Set([
  'view-moved',
  'view-covered',
  'view-lost',
  'geometry-changed',
]);

/** Shown, and nothing tells whether it was moved: nobody accepted a view that is too uniform to be known again. */
const isUnguarded = ({ state, view }: Camera): boolean =>
  state === 'masked' && view.standing === 'uniform' && view.acceptedBy === null;

/** These ask something of cameras: without any, they neither hold nor fail. */
const OF_CAMERAS: ReadonlySet<Article> = new Set([15, 16, 20]);

export const standingsOf = (known: Known, say: Words, format: Formats): readonly Standing[] =>
  ARTICLES.map((article) => standingOf(article, known, say, format));

const standingOf = (article: Article, known: Known, say: Words, format: Formats): Standing => {
  const { cameras, alerts, revisions, log } = known;
  const words = say.compliance;
  const open = alerts?.filter((alert) => alert.article === article && isOpen(alert)) ?? null;
  const failures: { readonly why: string; readonly since: string | null }[] = [];
  const proofs: string[] = [];
  let checked = open !== null;
  if (open && open.length > 0) {
    const since = open.map(({ openedAt }) => openedAt).sort()[0]!;
    failures.push({ why: words.openAlerts(open.length), since });
  } else if (open) proofs.push(words.noAlerts);
  if (cameras.length === 0 && OF_CAMERAS.has(article) && failures.length === 0)
    return { article, verdict: 'unsure', since: null, evidence: [words.noCameras] };
  switch (article) {
    case 15: {
      const prohibited = cameras.filter(({ place }) => isProhibitedKind(place));
      for (const { id, place, since } of prohibited) {
        failures.push({ why: words.prohibited(id, say.places[place] ?? place), since });
      }
      if (prohibited.length === 0) proofs.push(words.cleanPlaces(cameras.length));
      proofs.push(words.zonesOn(cameras.filter(({ maskedArea }) => maskedArea > 0).length));
      checked = true;
      break;
    }
    case 20:
      if (revisions) {
        proofs.push(words.revisions(revisions.length, new Set(revisions.map(({ camera }) => camera)).size));
        checked = true;
      }
      break;
    case 21: {
      const overdue = alerts?.filter((alert) => isOpen(alert) && alert.overdueAt !== null) ?? [];
      if (overdue.length > 0) failures.push({ why: words.overdue(overdue.length), since: overdue[0]!.overdueAt });
      break;
    }
    case 24: {
      const moved = cameras.filter(({ reason }) => VIEW_REASONS.has(reason));
      for (const { id, since } of moved) failures.push({ why: words.moved(id), since });
      for (const { id } of cameras.filter(isUnguarded)) failures.push({ why: words.unguarded(id), since: null });
      if (moved.length === 0 && !cameras.some(isUnguarded))
        proofs.push(cameras.length === 0 ? words.noCameras : words.guarded);
      proofs.push(log ? words.logHead(format.number(log.size), log.fingerprint) : words.noLog);
      checked = log !== null && cameras.length > 0;
      break;
    }
    case 25:
      proofs.push(words.noRecorder);
      checked = false;
      break;
    case 27:
    case 29:
      if (log) proofs.push(words.logHead(format.number(log.size), log.fingerprint));
      else proofs.push(words.notHere);
      checked = false;
      break;
  }
  if (proofs.length + failures.length === 0) proofs.push(words.notHere);
  const verdict: Verdict = failures.length > 0 ? 'fails' : checked ? 'holds' : 'unsure';
  const times = failures.flatMap(({ since }) => since ?? []).sort();
  return { article, verdict, since: times[0] ?? null, evidence: [...failures.map(({ why }) => why), ...proofs] };
};
