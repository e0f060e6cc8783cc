/** What of the gateway's own doings is a finding. Pure: the rules say what follows, the alerts whether it is news. */
import type { SourceInfo } from '../camera/messages.js';
import type { StreamState } from '../camera/state.js';
import type { CameraConfig } from '../config/site.js';
import type { Finding, FindingKind } from '../rules/finding.js';
import { isProhibitedKind } from '../zones/zone.js';
import type { PendingZones } from './zone-keeper.js';

type Watched = Pick<CameraConfig, 'id' | 'place' | 'public' | 'approval'>;

const SENTENCES = {
  'view-moved': 'The camera does not look where its zones were drawn.',
  'view-covered': 'The camera is covered, or out of focus.',
  'view-lost': 'The view cannot be recognised any more.',
  'geometry-changed': 'The picture has another shape than the one that the zones were accepted on.',
  'self-test-failed': 'The mask was not found in the picture after it was burned in.',
  'analysis-stale': 'What the zones need to know of the picture is late.',
} as const satisfies Partial<Record<FindingKind, string>>;

/** Sources that end are files; the others ought to be there (Art. 22). */
const OUTAGES: readonly StreamState['reason'][] = ['source-lost', 'source-stalled', 'source-refused'];

/** What a stream's new state tells, or null where it tells nothing that somebody must decide. */
export const findInTransition = (
  { id, place }: Watched,
  { state, reason }: StreamState,
  detail: string | null,
  at: number,
): Finding | null => {
  const found = (kind: FindingKind, cause: string, sentence: string): Finding => ({
    camera: id,
    kind,
    cause,
    at,
    detail: detail === null ? sentence : `${sentence.slice(0, -1)}: ${detail}`,
  });
  if (state === 'offline') {
    if (!OUTAGES.includes(reason)) return null;
    return found('source-lost', reason, 'The camera gives no pictures.');
  }
  if (state !== 'withheld') return null;
  // Who recognises such a place in the picture reports it with what was seen.
  if (reason === 'prohibited-place')
    return isProhibitedKind(place)
      ? { ...found('prohibited-place', 'declared', `The camera is declared to look at a ${place}.`) }
      : null;
  return reason in SENTENCES
    ? found(reason as keyof typeof SENTENCES, '', SENTENCES[reason as keyof typeof SENTENCES])
    : null;
};

/** A view that is shown, and of which nothing can be learned to guard it by. */
export const findInView = ({ id }: Pick<Watched, 'id'>, at: number): Finding => ({
  camera: id,
  kind: 'view-unguarded',
  cause: 'uniform',
  at,
  detail:
    'The view is too uniform to be known again, and nobody has accepted it: whether the camera is moved is not noticed. Look at it, then run "veilgate zones accept": any change of the whole picture is withheld from then on. Or write "guard: { mode: strict }".',
});

/** Sound that a camera offers in a place where none may be taken (Art. 15). It never is. */
export const findInSource = ({ id, place }: Watched, { offersAudio }: SourceInfo, at: number): Finding | null =>
  offersAudio && isProhibitedKind(place)
    ? {
        camera: id,
        kind: 'audio-offered',
        cause: '',
        at,
        detail: `The camera offers sound of a ${place}. It is not taken.`,
      }
    : null;

/**
 * What the site file says and lacks: a prohibited place that it names no more, zones that would mask less, a public place without the
 * number of its approval (Art. 14). `declared`: the place that the file named when the camera was withheld for it; null: none.
 */
export const findInConfig = (
  { id, place, public: isPublic, approval }: Watched,
  pending: PendingZones | null,
  declared: string | null,
  at: number,
): readonly Finding[] => [
  ...(declared !== null && !isProhibitedKind(place)
    ? [
        {
          camera: id,
          kind: 'prohibited-place',
          cause: 'declared',
          at,
          detail: `The site file named a ${declared} and now names a ${place}. The stream stays withheld until two people release it.`,
        } as const,
      ]
    : []),
  ...(pending
    ? [
        {
          camera: id,
          kind: 'zones-mask-less',
          cause: '',
          at,
          detail:
            `The site file asks to mask less; what was in force stays. ${pending.losses.map(({ message }) => message).join(' ')}`.slice(
              0,
              MOST_DETAIL,
            ),
        } as const,
      ]
    : []),
  ...(isPublic && approval === null
    ? [
        {
          camera: id,
          kind: 'approval-missing',
          cause: '',
          at,
          detail: 'The site file names no approval for this camera in a public place.',
        } as const,
      ]
    : []),
];

/** A detail is a sentence or two; losses of 64 zones would be pages. */
const MOST_DETAIL = 1000;

/** Findings whose picture shows nothing that may be told: of places of Art. 15, and of people without clothes. */
const TELLS_TOO_MUCH: readonly FindingKind[] = ['prohibited-place', 'undressed-person', 'audio-offered'];
/** Findings that no picture of now shows. */
const NOTHING_TO_SEE: readonly FindingKind[] = [
  'source-lost',
  'approval-missing',
  'record-damaged',
  'safeguards-weakened',
];

/** What kind of picture may be kept of a finding. */
export const evidenceFor = ({ kind }: Pick<Finding, 'kind'>, place: string): 'none' | 'zones' | 'whole' => {
  if (NOTHING_TO_SEE.includes(kind)) return 'none';
  return TELLS_TOO_MUCH.includes(kind) || isProhibitedKind(place) ? 'whole' : 'zones';
};
