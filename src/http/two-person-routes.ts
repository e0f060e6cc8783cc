/** What takes more than one person: approvals, and inspections with their register. */
import type { People } from '../record/people/people.js';
import { humanOf, type Person, roleOf } from '../record/people/person.js';
import { RequestError } from './failure.js';
import {
  approvalSchema,
  approvalsSchema,
  decisionSchema,
  inspectionDetailSchema,
  inspectionSchema,
  inspectionsSchema,
  newInspectionSchema,
} from './people-schemas.js';
import { presentApproval, presentInspection, presentItem } from './present-people.js';
import { readBody } from './read-request.js';
import { APPROVE, INSPECT, READ } from './rights.js';
import { type Route, reply } from './route.js';

export const twoPersonRoutes = ({ people }: { readonly people: People }): Route[] => [
  ...approvalRoutes(people),
  ...inspectionRoutes(people),
];

const approvalRoutes = ({ approvals }: People): Route[] => [
  {
    method: 'get',
    path: '/api/v1/approvals',
    access: READ,
    summary: 'Requests for a second person. One is made by sending what takes two.',
    operationId: 'listApprovals',
    answers: { 200: { description: 'The last ones, newest first.', content: approvalsSchema } },
    handle: async () => reply(approvalsSchema, { approvals: (await approvals.list()).map(presentApproval) }),
  },
  {
    method: 'get',
    path: '/api/v1/approvals/{approval}',
    access: READ,
    summary: 'One request for a second person.',
    operationId: 'getApproval',
    answers: { 200: { description: 'The request.', content: approvalSchema } },
    handle: async ({ param }) => reply(approvalSchema, presentApproval(await approvals.get(param('approval')))),
  },
  {
    method: 'post',
    path: '/api/v1/approvals/{approval}/decision',
    access: APPROVE,
    summary: 'Agrees or does not, as the second person: another one than who asked.',
    operationId: 'decideApproval',
    body: decisionSchema,
    answers: { 200: { description: 'Decided.', content: approvalSchema } },
    handle: async ({ param, body, person }) => {
      const { granted } = readBody(decisionSchema, body);
      const decided = await approvals.decide(param('approval'), humanOf(person!), granted);
      return reply(approvalSchema, presentApproval(decided));
    },
  },
];

const inspectionRoutes = ({ inspections, accounts }: People): Route[] => [
  {
    method: 'get',
    path: '/api/v1/inspections',
    access: READ,
    summary: 'The register of inspections.',
    operationId: 'listInspections',
    answers: { 200: { description: 'Newest first.', content: inspectionsSchema } },
    handle: async () => reply(inspectionsSchema, { inspections: (await inspections.list()).map(presentInspection) }),
  },
  {
    method: 'post',
    path: '/api/v1/inspections',
    access: INSPECT,
    summary:
      'Registers an inspection: from then on everything that its reader sees is listed (Regulation, Art. 27, 28).',
    operationId: 'openInspection',
    body: newInspectionSchema,
    answers: { 201: { description: 'Registered.', content: inspectionSchema } },
    handle: async ({ body, person }) => {
      const { reader, ...visit } = readBody(newInspectionSchema, body);
      const own = humanOf(person!);
      const reading = reader ?? own;
      if (reading !== own && (await accounts.get(reading)).role !== 'regulator') {
        throw new RequestError(409, 'reader-no-regulator', 'Officers read with a regulator’s account, or yours.');
      }
      return reply(inspectionSchema, presentInspection(await inspections.open(visit, reading, own)), 201);
    },
  },
  {
    method: 'get',
    path: '/api/v1/inspections/{inspection}',
    access: READ,
    summary: 'An inspection, and what was read and exported in it.',
    operationId: 'getInspection',
    answers: { 200: { description: 'The inspection.', content: inspectionDetailSchema } },
    handle: async ({ param }) => {
      const inspection = await inspections.get(param('inspection'));
      const items = await inspections.items(inspection.id);
      return reply(inspectionDetailSchema, {
        inspection: presentInspection(inspection),
        items: items.map(presentItem),
      });
    },
  },
  {
    method: 'post',
    path: '/api/v1/inspections/{inspection}/close',
    access: INSPECT,
    summary: 'Ends an inspection. A regulator signs with it for the list of what was read.',
    operationId: 'closeInspection',
    answers: { 200: { description: 'Over.', content: inspectionSchema } },
    handle: async ({ param, person }) => {
      const inspection = await inspections.get(param('inspection'));
      if (!mayClose(person!, inspection.reader)) {
        throw new RequestError(403, 'not-your-inspection', 'A regulator ends their own inspections.');
      }
      const isSigned = roleOf(person!) === 'regulator';
      return reply(
        inspectionSchema,
        presentInspection(await inspections.close(inspection.id, humanOf(person!), isSigned)),
      );
    },
  },
];

const mayClose = (person: Person, reader: string): boolean =>
  roleOf(person) !== 'regulator' || humanOf(person) === reader;
