import type { LeakTrialResult } from '../../camera/leak-trial.js';
import type { CameraConfig, Site } from '../../config/site.js';
import { percentile } from '../stats/bootstrap.js';
import { boundForNone } from '../stats/sample-size.js';
import { penaltyOf } from './compliance.js';
import type { Check } from './site-report.js';

/** What the trial of one camera came to. */
export interface TrialFacts {
  readonly trial: LeakTrialResult;
  readonly leakedFrames: number;
  readonly leakedPixels: number;
  readonly hiddenPixels: number;
  /** What was read of the sign; null: it was not looked for, or there is none to be read. */
  readonly sign: { readonly text: string; readonly score: number } | null;
  readonly signWanted: boolean;
}

/** Latency of one camera, ms, from the last byte of a picture to its packet. */
export const latencyOf = (latencies: readonly number[]) => {
  const sorted = Float64Array.from(latencies).sort();
  const at = (p: number): number | null => (sorted.length === 0 ? null : percentile(sorted, p));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

/** What Art. 19 wants to see before a camera is put into use, as it was measured on the spot. Pure. */
export function commissionChecks(site: Site, camera: CameraConfig, facts: TrialFacts): Check[] {
  const { trial, leakedFrames, leakedPixels, hiddenPixels, sign, signWanted } = facts;
  const { p50, p95, p99 } = latencyOf(trial.latencies);
  const check = (
    article: number,
    what: Check['what'],
    result: Check['result'],
    detail: string,
    penalty: Check['penalty'] = null,
  ): Check => ({ article, camera: camera.id, what, result, detail, penalty });
  const masks = hiddenPixels > 0;
  const ms = (value: number | null): string => value?.toFixed(1) ?? '?';
  return [
    check(
      19,
      ['Leak test on the spot', '现场泄漏测试'],
      !masks ? 'unknown' : leakedFrames === 0 && trial.compared > 0 ? 'holds' : 'fails',
      masks
        ? `${leakedFrames} of ${trial.compared} frames leaked (${leakedPixels} of ${hiddenPixels} pixels)` +
            (leakedFrames === 0
              ? `; rarer than ${(boundForNone(trial.compared) * 100).toFixed(2)} % at 95 % confidence`
              : '')
        : 'no zone is masked, so that nothing can leak from one',
    ),
    check(
      19,
      ['Self-test of every frame', '逐帧自检'],
      'holds',
      `${trial.frames} self-tests and ${trial.decodeBacks} decode-backs passed`,
    ),
    check(
      19,
      ['Latency', '延迟'],
      'holds',
      `from the last byte of a picture to its packet: p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)} ms, by ${trial.encoder}`,
    ),
    check(
      15,
      ['No sound is offered', '不提供音频'],
      trial.offersAudio ? 'unknown' : 'holds',
      trial.offersAudio
        ? 'the camera offers sound; it is never set up, and prohibited in a place of Art. 15'
        : 'video alone',
      penaltyOf(site, 'audio-offered', camera),
    ),
    check(
      24,
      ['A view reference can be learned', '可建立视角基准'],
      trial.view === null ? 'unknown' : 'holds',
      trial.view === null
        ? 'the view did not stand still for long enough, or is too uniform: it is not guarded until a person accepts it'
        : 'learned in the trial',
      penaltyOf(site, 'view-moved', camera),
    ),
    ...(signWanted
      ? [
          check(
            16,
            ['The sign is read in the picture', '画面中可读到提示标识'],
            sign ? 'holds' : 'fails',
            sign ? `"${sign.text}" (${sign.score.toFixed(2)})` : 'none was found; attest one outside of the picture',
            penaltyOf(site, 'sign-missing', camera),
          ),
        ]
      : []),
  ];
}
