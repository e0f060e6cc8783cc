/** From what the record knows of people to what the API tells: field by field, so that no secret shows up unasked. */
import type { z } from 'zod';
import type { Account } from '../record/people/account.js';
import type { Approval } from '../record/people/approval.js';
import type { Inspection, InspectionItem } from '../record/people/inspection.js';
import type { ApiToken } from '../record/people/tokens.js';
import type {
  accountSchema,
  approvalSchema,
  inspectionDetailSchema,
  inspectionSchema,
  tokenSchema,
} from './people-schemas.js';
import type { Frozen } from './schemas.js';

const text = (moment: Date | null): string | null => moment?.toISOString() ?? null;

export const presentAccount = (account: Account): Frozen<z.output<typeof accountSchema>> => ({
  name: account.name,
  displayName: account.displayName,
  role: account.role,
  createdAt: account.createdAt.toISOString(),
  disabledAt: text(account.disabledAt),
  passwordAt: text(account.passwordAt),
  lastLoginAt: text(account.lastLoginAt),
});

export const presentToken = (token: ApiToken): Frozen<z.output<typeof tokenSchema>> => ({
  id: token.id,
  account: token.account,
  name: token.name,
  scopes: token.scopes,
  createdAt: token.createdAt.toISOString(),
  expiresAt: token.expiresAt.toISOString(),
  lastUsedAt: text(token.lastUsedAt),
  revokedAt: text(token.revokedAt),
});

export const presentApproval = (approval: Approval): Frozen<z.output<typeof approvalSchema>> => ({
  id: approval.id,
  action: approval.action,
  subject: approval.subject,
  summary: approval.summary,
  askedBy: approval.askedBy,
  askedAt: approval.askedAt.toISOString(),
  expiresAt: approval.expiresAt.toISOString(),
  state: approval.state,
  decidedBy: approval.decidedBy,
  decidedAt: text(approval.decidedAt),
  usedAt: text(approval.usedAt),
});

export const presentInspection = (inspection: Inspection): Frozen<z.output<typeof inspectionSchema>> => ({
  id: inspection.id,
  reader: inspection.reader,
  openedBy: inspection.openedBy,
  openedAt: inspection.openedAt.toISOString(),
  letter: inspection.letter,
  officers: inspection.officers.map(({ name, unit, certificate }) => ({ name, unit, certificate })),
  purpose: inspection.purpose,
  closedAt: text(inspection.closedAt),
  closedBy: inspection.closedBy,
  signedDigest: inspection.signedDigest,
});

export const presentItem = (
  item: InspectionItem,
): Frozen<z.output<typeof inspectionDetailSchema>>['items'][number] => ({
  what: item.what,
  firstAt: item.firstAt.toISOString(),
  lastAt: item.lastAt.toISOString(),
  times: item.times,
});
