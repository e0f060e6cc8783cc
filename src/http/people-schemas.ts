/** What the API takes and tells of people: accounts, sessions, tokens, approvals, inspections. */
import { z } from 'zod';
import { APPROVAL_ACTIONS, APPROVAL_STATES } from '../record/people/approval.js';
import { MAX_OFFICERS, MIN_OFFICERS } from '../record/people/inspection.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../record/people/password.js';
import { ROLES, SCOPES, TOKEN_SCOPES } from '../record/people/role.js';
import { DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS } from '../record/people/tokens.js';
import { line } from './line.js';

const accountName = line(64, 'Name of the account.');
const instant = (description: string) => z.iso.datetime().describe(description);
const moment = (description: string) => instant(description).nullable();
/** Looked at by the rules for passwords; here only kept from being a burden. */
const password = z
  .string()
  .max(1024)
  .regex(/^\P{Cs}*$/u, 'This holds half a character.')
  .meta({ format: 'password' });
const newPassword = password.describe(
  `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, and not easily guessed.`,
);

export const loginSchema = z
  .strictObject({ name: line(64, 'Name of the account.'), password: password.describe('Its password.') })
  .describe('Who wants in.');

export const setupSchema = z
  .strictObject({
    secret: line(200, 'What stands behind the # of the link.'),
    name: accountName.optional().describe('Name of the first admin; for the setup link alone.'),
    displayName: line(100, 'As people read it; for the setup link alone.').optional(),
    password: newPassword,
  })
  .describe('The answer to a one-time link: of the first start, or an invitation.');

export const accountSchema = z
  .strictObject({
    name: z.string().describe('Its name for good.'),
    displayName: z.string().describe('As people read it.'),
    role: z.enum(ROLES),
    createdAt: instant('When it was made.'),
    disabledAt: moment('Since when it may not log in; null: it may.'),
    passwordAt: moment('Since when it has its password; null while the invitation waits.'),
    lastLoginAt: moment('When it logged in last.'),
  })
  .describe('An account. Records refer to its name, so that it is disabled and never deleted.');

export const accountsSchema = z.strictObject({ accounts: z.array(accountSchema) }).describe('All accounts, by name.');

export const newAccountSchema = z
  .strictObject({ name: accountName, displayName: line(100, 'As people read it.').optional(), role: z.enum(ROLES) })
  .describe('An account to make. Its person sets the password by the invitation that is answered.');

export const accountChangeSchema = z
  .strictObject({
    role: z.enum(ROLES).optional(),
    disabled: z.boolean().optional().describe('true: may not log in, and is logged out.'),
  })
  .describe('What is to be changed of an account.');

export const invitationSchema = z
  .strictObject({
    account: z.string(),
    secret: z.string().describe('Shown this once. Goes behind the # of the link.'),
    path: z.string().describe('The link from the root of this gateway on.'),
    expiresAt: instant('Until when it can be used, once.'),
  })
  .describe('A one-time link by which a person sets a password.');

export const sessionSchema = z
  .strictObject({
    kind: z.enum(['account', 'token', 'admin-token']),
    name: z.string().describe('As records name this person.'),
    role: z.enum(ROLES),
    scopes: z.array(z.enum(SCOPES)).describe('What may be done.'),
    csrfToken: z
      .string()
      .nullable()
      .describe('To send as X-CSRF-Token with every change; null for tokens, which need none.'),
    inspection: z.string().nullable().describe('The open inspection that this person reads in.'),
  })
  .describe('Who asks.');

export const tokenSchema = z
  .strictObject({
    id: z.string(),
    account: z.string().describe('For whom it acts.'),
    name: z.string().describe('What it is for.'),
    scopes: z.array(z.enum(TOKEN_SCOPES)),
    createdAt: instant('When it was made.'),
    expiresAt: instant('Until when it can be used.'),
    lastUsedAt: moment('When it was used last, give or take a minute.'),
    revokedAt: moment('Since when it is worthless.'),
  })
  .describe('An API token, without its secret.');

export const tokensSchema = z.strictObject({ tokens: z.array(tokenSchema) }).describe('API tokens, oldest first.');

export const newTokenSchema = z
  .strictObject({
    name: line(100, 'What it is for.'),
    scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).max(TOKEN_SCOPES.length).describe('What it may do.'),
    days: z.int().min(1).max(MAX_TOKEN_DAYS).default(DEFAULT_TOKEN_DAYS).describe('How long it lasts.'),
  })
  .describe('An API token to make.');

export const madeTokenSchema = z
  .strictObject({ token: tokenSchema, secret: z.string().describe('Shown this once.') })
  .describe('An API token that was made.');

export const approvalSchema = z
  .strictObject({
    id: z.string(),
    action: z.enum(APPROVAL_ACTIONS),
    subject: z.string().describe('What it is about: a camera, an export.'),
    summary: z.string().describe('What would be done.'),
    askedBy: z.string(),
    askedAt: instant('When it was asked for.'),
    expiresAt: instant('Until when it can be agreed to and used.'),
    state: z.enum(APPROVAL_STATES),
    decidedBy: z.string().nullable().describe('The second person.'),
    decidedAt: moment('When they decided.'),
    usedAt: moment('When it was done.'),
  })
  .describe('A request for a second person.');

export const approvalsSchema = z
  .strictObject({ approvals: z.array(approvalSchema) })
  .describe('The last requests, newest first.');

export const decisionSchema = z
  .strictObject({ granted: z.boolean().describe('Whether this person agrees.') })
  .describe('The word of the second person.');

const officerSchema = z
  .strictObject({
    name: line(100, 'Name of the officer.'),
    unit: line(200, 'The authority that the officer is of.'),
    certificate: line(100, "Number of the officer's identification."),
  })
  .describe('Who inspects.');

export const newInspectionSchema = z
  .strictObject({
    officers: z
      .array(officerSchema)
      .min(MIN_OFFICERS)
      .max(MAX_OFFICERS)
      .describe('At least two different people (Regulation, Art. 28).'),
    letter: line(100, 'Number of the certificate by which their authority sends them.'),
    purpose: line(500, 'What the visit is for.'),
    reader: accountName
      .optional()
      .describe(
        "The regulator's account that they read with. Default: the account that asks; the admin token must name one.",
      ),
  })
  .describe('An inspection to register (Regulation, Art. 27, 28).');

export const inspectionSchema = z
  .strictObject({
    id: z.string(),
    reader: z.string().describe('The account that they read with.'),
    openedBy: z.string(),
    openedAt: instant('When it was registered.'),
    letter: z.string(),
    officers: z.array(officerSchema),
    purpose: z.string(),
    closedAt: moment('When it ended.'),
    closedBy: z.string().nullable(),
    signedDigest: z
      .string()
      .nullable()
      .describe('SHA-256 of the list of what was read, where a regulator signed for it.'),
  })
  .describe('An entry of the register of inspections.');

export const inspectionsSchema = z
  .strictObject({ inspections: z.array(inspectionSchema) })
  .describe('The register, newest first.');

export const inspectionDetailSchema = z
  .strictObject({
    inspection: inspectionSchema,
    items: z.array(
      z.strictObject({
        what: z.string(),
        firstAt: instant('When it was read first.'),
        lastAt: instant('When it was read last.'),
        times: z.int().min(1),
      }),
    ),
  })
  .describe('An inspection with everything that was read and exported in it.');

export const PEOPLE_REQUESTS = {
  Login: loginSchema,
  Setup: setupSchema,
  NewAccount: newAccountSchema,
  AccountChange: accountChangeSchema,
  NewToken: newTokenSchema,
  Decision: decisionSchema,
  NewInspection: newInspectionSchema,
};

export const PEOPLE_ANSWERS = {
  Account: accountSchema,
  Accounts: accountsSchema,
  Invitation: invitationSchema,
  Session: sessionSchema,
  Token: tokenSchema,
  Tokens: tokensSchema,
  MadeToken: madeTokenSchema,
  Approval: approvalSchema,
  Approvals: approvalsSchema,
  Inspection: inspectionSchema,
  Inspections: inspectionsSchema,
  InspectionDetail: inspectionDetailSchema,
};
