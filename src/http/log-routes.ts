/** The audit log over the API: its head, its entries, and proofs that a client checks itself. */
import type { z } from 'zod';
import type { OpenJournal, ReadableJournal } from '../record/journal.js';
import type { LogReader, PlacedEntry } from '../record/log/log-reader.js';
import { fingerprint, formatVerifierKey } from '../record/log/note/verifier-key.js';
import { checkDigests, validationEntry } from '../record/log/validation-entry.js';
import { RequestError } from './failure.js';
import {
  consistencyProofSchema,
  consistencyQuery,
  inclusionProofSchema,
  inclusionQuery,
  logEntriesQuery,
  logEntriesSchema,
  logEntrySchema,
  loggedSchema,
  logSchema,
  validationEntrySchema,
} from './log-schemas.js';
import { CONFIGURE, READ } from './rights.js';
import { type Route, type RouteRequest, reply } from './route.js';
import type { Frozen } from './schemas.js';

const NUMBER = /^(0|[1-9]\d{0,15})$/;

export const logRoutes = ({
  journal,
}: {
  readonly journal: ReadableJournal & Pick<OpenJournal, 'append'>;
}): Route[] => [
  {
    method: 'get',
    path: '/api/v1/log',
    access: READ,
    summary: 'The head of the audit log, signed, and the key that signed it.',
    operationId: 'getLog',
    answers: { 200: { description: 'As it is now.', content: logSchema } },
    handle: () => {
      const { size, checkpoint } = journal.reader();
      const { key } = journal;
      return reply(logSchema, { size, checkpoint, verifierKey: formatVerifierKey(key), fingerprint: fingerprint(key) });
    },
  },
  {
    method: 'get',
    path: '/api/v1/log/checkpoint',
    access: READ,
    summary: 'The signed head alone, for tools (C2SP tlog-checkpoint).',
    operationId: 'getLogCheckpoint',
    answers: { 200: { description: 'A signed note.', content: 'text/plain' } },
    handle: () => ({ type: 'text', mediaType: 'text/plain', text: journal.reader().checkpoint }),
  },
  {
    method: 'get',
    path: '/api/v1/log/entries',
    access: READ,
    summary: 'Entries of the audit log.',
    operationId: 'listLogEntries',
    query: logEntriesQuery,
    answers: { 200: { description: 'In their order.', content: logEntriesSchema } },
    handle: async ({ query }) => {
      const reader = journal.reader();
      const { size } = reader;
      const { start, limit } = query as z.output<typeof logEntriesQuery>;
      const from = Math.min(start ?? Math.max(0, size - limit), size);
      const entries: EntryAnswer[] = [];
      for await (const entry of reader.entries(from, Math.min(from + limit, size))) entries.push(presentEntry(entry));
      return reply(logEntriesSchema, { size, entries });
    },
  },
  {
    method: 'get',
    path: '/api/v1/log/entries/{entry}',
    access: READ,
    summary: 'One entry of the audit log.',
    operationId: 'getLogEntry',
    answers: { 200: { description: 'The entry.', content: logEntrySchema } },
    handle: async (request) => {
      const reader = journal.reader();
      return reply(logEntrySchema, presentEntry(await reader.entry(indexOf(request, reader.size))));
    },
  },
  {
    method: 'get',
    path: '/api/v1/log/entries/{entry}/proof',
    access: READ,
    summary: 'Proof that an entry is in the log, as hashes.',
    operationId: 'getInclusionProof',
    query: inclusionQuery,
    answers: { 200: { description: 'The proof.', content: inclusionProofSchema } },
    handle: async (request) => {
      const reader = journal.reader();
      const size = treeSize(reader, (request.query as z.output<typeof inclusionQuery>).size);
      const index = indexOf(request, size);
      const [{ leafHash, path }, root] = await Promise.all([reader.inclusionProof(index, size), reader.root(size)]);
      return reply(inclusionProofSchema, {
        index,
        size,
        leafHash: text(leafHash),
        path: path.map(text),
        root: text(root),
      });
    },
  },
  {
    method: 'get',
    path: '/api/v1/log/entries/{entry}/proof.tlog-proof',
    access: READ,
    summary:
      'Proof that an entry is in the log, with the signed head: a file that is checked offline (C2SP tlog-proof).',
    operationId: 'getInclusionNote',
    answers: { 200: { description: 'The proof.', content: 'text/plain' } },
    handle: async (request) => {
      const reader = journal.reader();
      const note = await reader.inclusionNote(indexOf(request, reader.size));
      return { type: 'text', mediaType: 'text/plain', text: note };
    },
  },
  {
    method: 'get',
    path: '/api/v1/log/consistency',
    access: READ,
    summary: 'Proof that the log only grew, from one size to another.',
    operationId: 'getConsistencyProof',
    query: consistencyQuery,
    answers: { 200: { description: 'The proof.', content: consistencyProofSchema } },
    handle: async ({ query }) => {
      const reader = journal.reader();
      const wanted = query as z.output<typeof consistencyQuery>;
      const second = treeSize(reader, wanted.second);
      const first = wanted.first;
      if (first > second) throw notThere(`The log of ${second} entries never had ${first}.`);
      const [firstRoot, secondRoot, path] = await Promise.all([
        reader.root(first),
        reader.root(second),
        reader.consistencyProof(first, second),
      ]);
      return reply(consistencyProofSchema, {
        first,
        second,
        firstRoot: text(firstRoot),
        secondRoot: text(secondRoot),
        path: path.map(text),
      });
    },
  },
  {
    method: 'post',
    path: '/api/v1/log/validations',
    access: CONFIGURE,
    summary:
      'Enters a validation report in the audit log, which only the gateway can write while it runs. Its signature is checked before.',
    operationId: 'enterValidation',
    body: validationEntrySchema,
    answers: { 200: { description: 'Entered, and durable.', content: loggedSchema } },
    handle: async ({ body, actor }) => {
      const parsed = validationEntrySchema.safeParse(body);
      if (!parsed.success) {
        const cure = 'Run "veilgate validate --site", which sends the digests of its report.';
        throw new RequestError(422, 'validation-invalid', `The body does not describe a report. ${cure}`);
      }
      const { key, signature, ...digests } = parsed.data;
      const signer = checkDigests(digests, key, signature);
      if (typeof signer === 'string') {
        throw new RequestError(422, 'validation-not-signed', `${signer} Nothing was entered.`);
      }
      const data = validationEntry(digests, signer, journal.key);
      const { index } = await journal.append({ kind: 'validation', actor, data });
      return reply(loggedSchema, { index });
    },
  },
];

type EntryAnswer = Frozen<z.output<typeof logEntrySchema>>;

const presentEntry = ({ index, bytes, entry }: PlacedEntry): EntryAnswer => ({
  index,
  time: entry?.time ?? null,
  kind: entry?.kind ?? null,
  actor: entry?.actor ?? null,
  camera: entry?.camera ?? null,
  data: entry?.data ?? null,
  bytes: text(bytes),
});

const indexOf = ({ param }: RouteRequest, size: number): number => {
  const name = param('entry');
  const index = NUMBER.test(name) ? Number(name) : Number.NaN;
  if (index < size) return index;
  throw notThere(`There is no such entry: the log has ${size}, from 0.`);
};

const treeSize = ({ size }: LogReader, wanted = size): number => {
  if (wanted <= size) return wanted;
  throw notThere(`The log has ${size} entries, not ${wanted}.`);
};

const notThere = (message: string): RequestError => new RequestError(404, 'no-such-entry', message);

const text = (bytes: Buffer): string => bytes.toString('base64');
