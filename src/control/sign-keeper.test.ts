import { describe, expect, it } from 'vitest';
import type { CameraConfig, UnitType } from '../config/site.js';
import type { Attestation } from '../record/sign-attestations.js';
import { type Logger, SILENT_LOGGER } from '../rtsp/logger.js';
import type { Finding } from '../rules/finding.js';
import type { SignLook } from '../vision/sign/sign-over-time.js';
import { SignKeeper } from './sign-keeper.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-03-01T08:00:00Z');

const camera = (over: { public?: boolean; sign?: boolean; unit?: UnitType } = {}): CameraConfig =>
  ({
    id: 'lobby',
    public: over.public ?? true,
    responsibleUnit: { name: 'Riverside Hotel', type: over.unit ?? 'company' },
    sign:
      over.sign === false ? null : { expect: ['CCTV'], within: 600, missingAfter: 3600, region: null, reference: null },
  }) as unknown as CameraConfig;

const ATTESTATION: Attestation = {
  by: 'Li Wei',
  at: '2026-03-01T08:00:00.000Z',
  photo: 'a'.repeat(64),
  text: '您已进入视频监控区域',
  word: '视频监控',
  score: 0.99,
};

const NOT_SEEN: SignLook = { kind: 'looked', light: 0.5, sign: null };

function keeping(config: CameraConfig, attested: Attestation | null = null) {
  const clock = { now: START };
  const found: Finding[] = [];
  const said: object[] = [];
  const logger: Logger = {
    ...SILENT_LOGGER,
    info: (fields: object) => void said.push(fields),
    warn: (fields: object) => void said.push(fields),
  };
  const keeper = new SignKeeper({ accept: (finding) => found.push(finding) }, () => clock.now, logger);
  keeper.use(config, attested);
  /** Looks every ten minutes for so many hours. */
  const lookFor = (hours: number, look = NOT_SEEN, withheld: string | null = null) => {
    for (let i = 0; i <= hours * 6; i++, clock.now += HOUR / 6) keeper.looked('lobby', look, withheld);
  };
  return { keeper, clock, found, said, lookFor };
}

describe('a sign that is looked for', () => {
  it('has the log say once why its photo is of no use, and once that it is used again', () => {
    const { said, lookFor } = keeping(camera());
    lookFor(1);
    lookFor(1, { ...NOT_SEEN, photoFault: 'sign.png is broken' });
    lookFor(1, { kind: 'unable', why: 'offline' });
    lookFor(1);
    expect(said).toEqual([{ camera: 'lobby', detail: 'sign.png is broken' }, { camera: 'lobby' }]);
  });

  it('is a finding when a public place shows none for an hour', () => {
    const { found, lookFor } = keeping(camera());
    lookFor(1);
    expect(found).toMatchObject([{ camera: 'lobby', kind: 'sign-missing', cause: 'picture', at: START + HOUR }]);
    expect(found[0]!.detail).toContain('60 minutes of daylight');
  });

  it('names the penalty for state organs, and says that there is none for others', () => {
    const company = keeping(camera());
    company.lookFor(1);
    expect(company.found[0]!.detail).toContain('names no penalty for others than state organs');
    const organ = keeping(camera({ unit: 'state-organ' }));
    organ.lookFor(1);
    expect(organ.found[0]!.detail).toContain('Art. 42(7)');
  });

  it('is none on private grounds, nor while the picture is withheld', () => {
    const grounds = keeping(camera({ public: false }));
    grounds.lookFor(3);
    expect(grounds.found).toEqual([]);
    const withheld = keeping(camera());
    withheld.lookFor(3, NOT_SEEN, 'view-moved');
    expect(withheld.found).toEqual([]);
    expect(withheld.keeper.status('lobby')!.seen).toEqual({ kind: 'unknown', why: 'view-moved' });
  });

  it('is not missing where a person attested one that hangs elsewhere', () => {
    const { found, lookFor } = keeping(camera(), ATTESTATION);
    lookFor(2);
    expect(found).toEqual([]);
  });

  it('keeps what it saw when the site file changes elsewhere', () => {
    const { keeper, lookFor } = keeping(camera());
    lookFor(0);
    keeper.use(camera({ unit: 'state-organ' }), null);
    expect(keeper.status('lobby')!.seen).toEqual({ kind: 'missing' });
  });
});

describe('a sign that no camera sees', () => {
  it('is asked for each day until somebody attests it', () => {
    const { keeper, clock, found } = keeping(camera({ sign: false }));
    for (let hour = 0; hour < 47; hour++, clock.now += HOUR) keeper.review();
    expect(found.map(({ at }) => (at - START) / DAY)).toEqual([0, 1]);
    expect(found[0]).toMatchObject({ kind: 'sign-missing', cause: 'attestation' });
    expect(found[0]!.detail).toContain('veilgate sign attest lobby');
    keeper.attest('lobby', { ...ATTESTATION, at: new Date(clock.now).toISOString() });
    clock.now += 2 * DAY;
    keeper.review();
    expect(found).toHaveLength(2);
  });

  it('is asked for again 180 days after it was attested', () => {
    const { keeper, clock, found } = keeping(camera({ sign: false }), ATTESTATION);
    clock.now = START + 180 * DAY - 1;
    keeper.review();
    expect(found).toEqual([]);
    expect(keeper.status('lobby')).toMatchObject({ seen: null, isAttested: true });
    clock.now = START + 180 * DAY;
    keeper.review();
    expect(found).toHaveLength(1);
    expect(found[0]!.detail).toContain('Li Wei of 2026-03-01');
  });

  it('is not asked for on private grounds', () => {
    const { keeper, found } = keeping(camera({ sign: false, public: false }));
    keeper.review();
    expect(found).toEqual([]);
  });
});
