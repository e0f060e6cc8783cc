import type { CameraConfig, Site } from '../../config/site.js';
import type { FindingKind } from '../../rules/finding.js';
import { PACKS } from '../../rules/packs.js';
import { applyRules } from '../../rules/rule.js';
import { isProhibitedKind } from '../../zones/zone.js';
import type { Check } from './site-report.js';

/** What is known of one camera besides its lines in the site file. */
export interface CameraFacts {
  readonly camera: CameraConfig;
  /** How many zone sets were accepted, and the last one's number of zones and who accepted it. null: none yet. */
  readonly accepted: {
    readonly revisions: number;
    readonly zones: number;
    readonly by: string;
    readonly at: string;
  } | null;
  readonly viewAccepted: boolean;
  /** The last word of a person, by a photo, that its sign hangs where no camera sees it; null: none was given. */
  readonly attested: { readonly by: string; readonly until: string; readonly counts: boolean } | null;
}

/** Of the audit log: what was verified. null: there is none yet. */
export type LogFacts = { readonly problems: readonly string[]; readonly entries: number } | null;

/** Checks by article of what the site file, the zone store and the audit log say. Pure. */
export function complianceChecks(site: Site, cameras: readonly CameraFacts[], log: LogFacts): Check[] {
  const checks: Check[] = [];
  for (const facts of cameras) checks.push(...cameraChecks(site, facts));
  if (cameras.length === 0)
    checks.push({
      article: 15,
      camera: null,
      what: ['No camera in a prohibited place', '禁止场所内没有摄像机'],
      result: 'unknown',
      detail: 'the site file lists no camera yet: nothing is watched',
      penalty: null,
    });
  const kept = (article: number, what: Check['what']): Check => ({
    ...{ article, camera: null, what, penalty: penaltyOf(site, 'record-damaged', null) },
    ...(log === null
      ? { result: 'unknown', detail: 'there is no audit log yet: the gateway begins one when it first starts' }
      : log.problems.length > 0
        ? { result: 'fails', detail: log.problems[0]! }
        : { result: 'holds', detail: `${log.entries} entries, each chained to the one before, all verified` }),
  });
  checks.push(kept(24, ['The record is whole and was not altered', '记录完整且未被篡改']));
  return checks.sort((a, b) => a.article - b.article || (a.camera ?? '').localeCompare(b.camera ?? ''));
}

export const penaltyOf = (site: Site, kind: FindingKind, camera: CameraConfig | null): Check['penalty'] =>
  applyRules(PACKS[site.site.rules], { kind }, { unit: (camera?.responsibleUnit ?? site.site.responsibleUnit).type })
    .penalty;

function cameraChecks(site: Site, { camera, accepted, viewAccepted, attested }: CameraFacts): Check[] {
  const { id, place, zones, unmasked, approval, sign, guard } = camera;
  const check = (
    article: number,
    what: Check['what'],
    [holds, detail]: readonly [boolean | null, string],
    kind: FindingKind | null,
  ): Check => ({
    ...{ article, camera: id, what, detail, penalty: kind === null ? null : penaltyOf(site, kind, camera) },
    result: holds === null ? 'unknown' : holds ? 'holds' : 'fails',
  });
  const masked = zones.filter(({ action }) => action === 'mask').length;
  const found: Check[] = [
    check(
      4,
      ['What is private is masked before anything leaves', '隐私区域在输出前已遮挡'],
      masked > 0
        ? [true, `${masked} zones are burned in`]
        : [unmasked !== null, unmasked === null ? 'no zone is masked' : `nothing is masked, by intent: ${unmasked}`],
      null,
    ),
    check(
      14,
      ['Approved, with a responsible unit', '经批准并有责任单位'],
      camera.public && approval === null && site.site.approval === null
        ? [false, 'a public place, and no approval number is named']
        : [true, `${camera.responsibleUnit.name}; approval ${approval ?? site.site.approval ?? 'not needed here'}`],
      'approval-missing',
    ),
    check(
      15,
      ['No camera in a prohibited place', '禁止场所内没有摄像机'],
      isProhibitedKind(place)
        ? [false, `declared to be in a ${place}: it is withheld, which does not make it lawful; remove it`]
        : [true, `declared to be in a ${place}`],
      'prohibited-place',
    ),
    check(
      20,
      ['Zone sets are kept, with who accepted them and when', '区域设置留存接受人和时间'],
      accepted
        ? [
            true,
            `${accepted.revisions} revisions; the last: ${accepted.zones} zones, by ${accepted.by} at ${accepted.at}`,
          ]
        : [null, 'no zone set was accepted yet: the gateway has not run'],
      null,
    ),
    check(
      24,
      ['The camera is guarded against being moved or covered', '防止摄像机被移动或遮挡'],
      guard.mode === 'off'
        ? [false, 'the view guard is off']
        : viewAccepted
          ? [true, `guard: ${guard.mode}; a view is accepted`]
          : [null, `guard: ${guard.mode}; no view is accepted yet`],
      'view-moved',
    ),
  ];
  if (camera.public)
    found.push(
      check(
        16,
        ['A sign is looked for, or attested', '查找监控提示标识，或已由人证明'],
        attested?.counts
          ? [true, `a photo of it was read, by the word of ${attested.by}, until ${attested.until}`]
          : sign
            ? [true, `one of: ${sign.expect.join(', ')}`]
            : [
                false,
                attested
                  ? `no sign is configured, and the word of ${attested.by} on it counted until ${attested.until}`
                  : `a public place, no sign is configured, and none is attested: veilgate sign attest ${id} photo.jpg --by NAME`,
              ],
        'sign-missing',
      ),
    );
  return found;
}
