/** What is kept about people. Times are milliseconds since 1970 UTC; lists are JSON. */

export interface AccountRow {
  readonly name: string;
  readonly display_name: string;
  readonly role: string;
  /** PHC string; null until an invitation was followed. */
  readonly password: string | null;
  readonly created_at: number;
  readonly disabled_at: number | null;
  readonly password_at: number | null;
  readonly last_login_at: number | null;
}

/** The one-time link by which a person sets a password; one at a time for an account. */
export interface InvitationRow {
  readonly account: string;
  readonly digest: string;
  readonly expires_at: number;
}

export interface SessionRow {
  readonly digest: string;
  readonly account: string;
  readonly created_at: number;
  readonly seen_at: number;
}

export interface TokenRow {
  readonly id: string;
  readonly digest: string;
  readonly account: string;
  readonly name: string;
  readonly scopes: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

export interface ApprovalRow {
  readonly id: string;
  readonly action: string;
  /** What it is about: a camera's id, an export. */
  readonly subject: string;
  /** SHA-256 of exactly what is asked for. */
  readonly digest: string;
  readonly summary: string;
  readonly asked_by: string;
  readonly asked_at: number;
  readonly expires_at: number;
  readonly state: string;
  readonly decided_by: string | null;
  readonly decided_at: number | null;
  readonly used_at: number | null;
}

export interface InspectionRow {
  readonly id: string;
  readonly reader: string;
  readonly opened_by: string;
  readonly opened_at: number;
  readonly letter: string;
  readonly officers: string;
  readonly purpose: string;
  readonly closed_at: number | null;
  readonly closed_by: string | null;
  /** SHA-256 of the list that was signed for; null where nobody signed. */
  readonly signed_digest: string | null;
}

export interface InspectionItemRow {
  readonly inspection: string;
  readonly what: string;
  readonly first_at: number;
  readonly last_at: number;
  readonly times: number;
}

export interface ExportRow {
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly approved_by: string;
  readonly inspection: string | null;
  readonly purpose: string;
  readonly selection: string;
  readonly items: number;
  /** SHA-256 of its manifest, as the log has it. */
  readonly digest: string;
}

/** Wrong passwords for a name or from a client, and until when they count. */
export interface WrongPasswordsRow {
  readonly subject: string;
  readonly tries: number;
  readonly until: number;
}

export interface PeopleTables {
  readonly accounts: AccountRow;
  readonly invitations: InvitationRow;
  readonly sessions: SessionRow;
  readonly api_tokens: TokenRow;
  readonly approvals: ApprovalRow;
  readonly inspections: InspectionRow;
  readonly inspection_items: InspectionItemRow;
  readonly exports: ExportRow;
  readonly wrong_passwords: WrongPasswordsRow;
}
