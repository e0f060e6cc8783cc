import { describe, expect, it } from 'vitest';
import type { CameraConfig, Site } from '../../config/site.js';
import { checkSignature, parseNote } from '../../record/log/note/signed-note.js';
import { makeRunKey } from '../report/sign.js';
import { commissionChecks } from './commission.js';
import { type CameraFacts, complianceChecks } from './compliance.js';
import { renderSiteReport, signSiteReport } from './site-report.js';

const unit = { name: 'Bureau', type: 'state-organ' } as const;
const zone = { id: 'door', kind: 'private', polygon: [], action: 'mask', style: 'solid', padding: 16 };
const camera = (change: object = {}) =>
  ({
    ...{ id: 'cam', place: 'lobby', public: false, approval: null, responsibleUnit: unit, zones: [zone] },
    ...{ unmasked: null, sign: null, guard: { mode: 'withhold', accept: 'auto' } },
    ...change,
  }) as unknown as CameraConfig;
const site = { site: { name: 'S', responsibleUnit: unit, rules: 'cn-2012', approval: null } } as Site;
const results = (
  change: object,
  log: Parameters<typeof complianceChecks>[2] = { problems: [], entries: 3 },
  attested: CameraFacts['attested'] = null,
) =>
  Object.fromEntries(
    complianceChecks(site, [{ camera: camera(change), accepted: null, viewAccepted: true, attested }], log).map(
      (check) => [`${check.article}${check.camera ? '' : ' site'}`, check],
    ),
  );

describe('a compliance report', () => {
  it('holds for an ordinary camera', () => {
    const checks = results({});
    expect(Object.values(checks).filter(({ result }) => result === 'fails')).toEqual([]);
    expect(checks['24 site']).toMatchObject({ result: 'holds' });
    expect(checks['16']).toBeUndefined();
  });

  it.each([
    ['14', { public: true }, 37],
    ['15', { place: 'restroom' }, 38],
    ['16', { public: true }, 42],
    ['24', { guard: { mode: 'off' } }, 39],
    ['4', { zones: [] }, undefined],
  ])('fails by Art. %s where it should, with the penalty of the Regulation', (article, change, penalty) => {
    expect(results(change)[article]).toMatchObject({ result: 'fails' });
    expect(results(change)[article]!.penalty?.article).toBe(penalty);
  });

  it('holds nothing of a site without cameras but its record', () => {
    const found = complianceChecks(site, [], { problems: [], entries: 3 });
    expect(found.map(({ article, result }) => [article, result])).toEqual([
      [15, 'unknown'],
      [24, 'holds'],
    ]);
  });

  it('takes a person’s word for a sign that no camera sees, as long as it counts', () => {
    const word = { by: 'Li Wei', until: '2027-05-28', counts: true };
    const of = (attested: CameraFacts['attested']) => results({ public: true }, undefined, attested)['16'];
    expect(of(word)).toMatchObject({ result: 'holds', detail: expect.stringContaining('Li Wei, until 2027-05-28') });
    expect(of({ ...word, counts: false })).toMatchObject({
      result: 'fails',
      detail: expect.stringContaining('counted'),
    });
    expect(of(null)).toMatchObject({ result: 'fails', detail: expect.stringContaining('veilgate sign attest cam') });
  });

  it('fails where the record was altered, and knows nothing where there is none', () => {
    expect(results({}, { problems: ['entry 3'], entries: 9 })['24 site']).toMatchObject({
      result: 'fails',
      detail: 'entry 3',
    });
    expect(results({}, null)['24 site']).toMatchObject({ result: 'unknown' });
  });
});

describe('a commissioning report', () => {
  const facts = (change: object = {}) => ({
    trial: {
      frames: 50,
      compared: 50,
      decodeBacks: 1,
      latencies: [1, 2, 3],
      encoder: 'x',
      offersAudio: false,
      view: 'v',
    } as never,
    ...{ leakedFrames: 0, leakedPixels: 0, hiddenPixels: 1000, sign: null, signWanted: false },
    ...change,
  });
  const leakTest = (change: object) => commissionChecks(site, camera(), facts(change))[0]!;

  it('fails where one frame leaked, and concludes nothing where nothing had to be hidden', () => {
    expect(leakTest({})).toMatchObject({ article: 19, result: 'holds' });
    expect(leakTest({}).detail).toMatch(/rarer than 5\.82 %/);
    expect(leakTest({ leakedFrames: 1, leakedPixels: 3 })).toMatchObject({ result: 'fails' });
    expect(leakTest({ hiddenPixels: 0 })).toMatchObject({ result: 'unknown' });
    expect(commissionChecks(site, camera(), facts({ signWanted: true })).at(-1)).toMatchObject({
      article: 16,
      result: 'fails',
    });
  });

  it('is signed, and shows nothing as markup that was said', () => {
    const key = makeRunKey();
    const report = signSiteReport(
      {
        format: 'veilgate-site-report/1',
        ...{
          kind: 'commission',
          site: '<b>S</b>',
          camera: 'cam',
          rules: 'cn-2012',
          madeAt: 'now',
          facts: {},
          sample: null,
        },
        product: { version: '1', commit: null },
        checks: commissionChecks(site, camera(), facts()),
      },
      key,
    );
    expect(checkSignature(parseNote(Buffer.from(report.signature))!, key)).toBe('signed');
    expect(renderSiteReport(report)).not.toContain('<b>S</b>');
  });
});
