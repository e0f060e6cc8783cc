/** A request for a second person, as the API tells it. */
export interface Approval {
  readonly id: string;
  readonly action: 'release-prohibited-place' | 'accept-zones' | 'export' | 'weaken-safeguards';
  readonly summary: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly state: 'asked' | 'granted' | 'refused' | 'used' | 'expired';
  readonly decidedBy: string | null;
}
