/** What leaves the gateway as a file: by two people, recorded first, in an inspection where a regulator asks. */
import type { GatewayApi } from '../control/gateway-api.js';
import { buildExport } from '../record/export/build-export.js';
import type { OpenJournal } from '../record/journal.js';
import type { People } from '../record/people/people.js';
import { humanOf, roleOf } from '../record/people/person.js';
import type { Store } from '../record/store/store.js';
import { exportsSchema, newExportSchema } from './export-schemas.js';
import { RequestError } from './failure.js';
import { readBody } from './read-request.js';
import { EXPORT, READ } from './rights.js';
import { type Route, reply } from './route.js';

export interface ExportRouteContext {
  readonly gateway: GatewayApi;
  readonly people: People;
  readonly store: Store;
  readonly journal: Pick<OpenJournal, 'append' | 'reader' | 'key'>;
  /** The site's name. */
  readonly site: string;
}

/** Exports that are listed. */
const LISTED = 500;

export const exportRoutes = (context: ExportRouteContext): Route[] => [
  {
    method: 'get',
    path: '/api/v1/exports',
    access: READ,
    summary: 'What was exported, by whom, and who agreed.',
    operationId: 'listExports',
    answers: { 200: { description: 'Newest first.', content: exportsSchema } },
    handle: async () => {
      const rows = await context.store.run((db) =>
        db.selectFrom('exports').selectAll().orderBy('at', 'desc').limit(LISTED).execute(),
      );
      const exports = rows.map(({ id, at, by, approved_by, inspection, purpose, items, digest }) => ({
        id,
        at: new Date(at).toISOString(),
        by,
        approvedBy: approved_by,
        inspection,
        purpose,
        items,
        digest,
      }));
      return reply(exportsSchema, { exports });
    },
  },
  {
    method: 'post',
    path: '/api/v1/exports',
    access: EXPORT,
    summary: 'Exports alerts, masked evidence, zone history and log proofs as one signed zip. Takes two people.',
    operationId: 'createExport',
    body: newExportSchema,
    takesApproval: true,
    answers: { 200: { description: 'The export: `veilgate export verify` checks it.', content: 'application/zip' } },
    handle: async ({ body, person, approval }) => {
      const { people, gateway, store, journal, site } = context;
      const wanted = readBody(newExportSchema, body);
      const [from, to] = [new Date(wanted.from), new Date(wanted.to)];
      if (from >= to) throw new RequestError(422, 'time-invalid', '"to" must be later than "from".');
      const { purpose } = wanted;
      const camera = wanted.camera ?? null;
      if (camera !== null) gateway.camera(camera);
      const exportedBy = humanOf(person!);
      const inspection = await people.inspections.of(exportedBy);
      if (inspection === null && roleOf(person!) === 'regulator') {
        throw new RequestError(
          409,
          'inspection-needed',
          'A regulator exports in an inspection alone (Regulation, Art. 28). Register it first.',
        );
      }
      const details = { from: wanted.from, to: wanted.to, camera, purpose };
      const summary = `${camera ?? 'All cameras'} from ${wanted.from} to ${wanted.to}, for: ${purpose}`;
      const undertaking = { action: 'export', subject: camera ?? 'all', details, summary } as const;
      const approvedBy = await people.approvals.require(undertaking, exportedBy, approval);
      const order = { from, to, camera, purpose, exportedBy, approvedBy, inspection: inspection?.id ?? null };
      const zones = (one: string | null) => zoneHistories(gateway, one);
      const built = await buildExport({ store, journal, site, now: () => new Date(), zones }, order);
      const { id, at, files } = built.manifest;
      const row = { id, at: Date.parse(at), by: exportedBy, approved_by: approvedBy, inspection: order.inspection };
      const rest = { purpose, selection: JSON.stringify(details), items: files.length, digest: built.digest };
      await store.run((db) =>
        db
          .insertInto('exports')
          .values({ ...row, ...rest })
          .execute(),
      );
      await people.inspections.enter(exportedBy, `export ${id}, manifest ${built.digest}`);
      return { type: 'application/zip', name: `veilgate-export-${id}.zip`, bytes: built.zip };
    },
  },
];

const zoneHistories = async (gateway: GatewayApi, camera: string | null): Promise<Map<string, readonly object[]>> => {
  const ids = camera === null ? gateway.cameras().map(({ id }) => id) : [camera];
  return new Map(await Promise.all(ids.map(async (id) => [id, await gateway.zoneHistory(id)] as const)));
};
