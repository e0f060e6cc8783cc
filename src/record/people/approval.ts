/** What takes two people: the life of one request, as pure rules. */

/** What a second, different person must agree to. */
export const APPROVAL_ACTIONS = ['release-prohibited-place', 'accept-zones', 'export', 'weaken-safeguards'] as const;
export type ApprovalAction = (typeof APPROVAL_ACTIONS)[number];

/** From the first person's request to its use: long enough to fetch a colleague, too short to be forgotten about. */
export const APPROVAL_TIME_BOX_MS = 15 * 60_000;

export const APPROVAL_STATES = ['asked', 'granted', 'refused', 'used', 'expired'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** Exactly what is asked for. */
export interface Undertaking {
  readonly action: ApprovalAction;
  /** What it is about: a camera's id, an export. */
  readonly subject: string;
  /** SHA-256 of the details: another set of zones is another matter. */
  readonly digest: string;
}

/** A request and what became of it. Persons are named as `humanOf` names them. */
export interface Approval extends Undertaking {
  readonly id: string;
  /** What the second person reads. */
  readonly summary: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly state: ApprovalState;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly usedAt: Date | null;
}

/** What happens to a request. */
export type ApprovalEvent =
  | { readonly kind: 'decide'; readonly by: string; readonly granted: boolean }
  | { readonly kind: 'use'; readonly by: string; readonly what: Undertaking };

/** Why it does not happen; codes of PeopleError. */
export type ApprovalRefusal =
  | 'approval-over'
  | 'approval-same-person'
  | 'approval-not-granted'
  | 'approval-of-another'
  | 'approval-for-another-matter';

/** The next state, or why there is none. Total: every event in every state has an answer. */
export const stepApproval = (
  approval: Approval,
  event: ApprovalEvent,
  now: Date,
): { readonly approval: Approval } | { readonly refusal: ApprovalRefusal } => {
  const { state } = expireApproval(approval, now);
  if (event.kind === 'decide') {
    if (state !== 'asked') return { refusal: 'approval-over' };
    if (event.by === approval.askedBy) return { refusal: 'approval-same-person' };
    const decided = event.granted ? 'granted' : 'refused';
    return { approval: { ...approval, state: decided, decidedBy: event.by, decidedAt: now } };
  }
  if (event.by !== approval.askedBy) return { refusal: 'approval-of-another' };
  if (!isSame(approval, event.what)) return { refusal: 'approval-for-another-matter' };
  if (state === 'asked') return { refusal: 'approval-not-granted' };
  if (state !== 'granted') return { refusal: 'approval-over' };
  return { approval: { ...approval, state: 'used', usedAt: now } };
};

/** The request as it is now: what was not used within its time box is over. */
export const expireApproval = (approval: Approval, now: Date): Approval =>
  now >= approval.expiresAt && (approval.state === 'asked' || approval.state === 'granted')
    ? { ...approval, state: 'expired' }
    : approval;

export const isSame = (a: Undertaking, b: Undertaking): boolean =>
  a.action === b.action && a.subject === b.subject && a.digest === b.digest;
