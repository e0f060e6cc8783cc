import type { ApprovalAction, ApprovalState } from '../../record/people/approval.js';

/** A request for a second person, as the API tells it. */
export interface Approval {
  readonly id: string;
  readonly action: ApprovalAction;
  readonly summary: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly state: ApprovalState;
  readonly decidedBy: string | null;
}
