import { join } from 'node:path';
import type { Report } from '../validate/report/report.js';
import type { EventScore } from '../validate/score/score-events.js';
import type { Estimate } from '../validate/stats/interval.js';

/** What a person reads at the end of a run: one line a question. */
export function summarise(report: Report, out: string): string {
  const { places, placeEvents, masks, view, people, objects, signs } = report.results;
  const { used, skipped } = report.dataset;
  const lines = [`${used} files measured${skipped > 0 ? `, ${skipped} skipped` : ''}`];
  if (places) {
    const { recall, precision, f2 } = places.prohibited;
    lines.push(
      `prohibited places: recall ${show(recall)}, precision ${show(precision)}, F2 ${show(f2)}, unsure ${show(places.unsure)}, AUC ${show(places.auc)}`,
    );
  }
  if (placeEvents) lines.push(`prohibited places in clips: ${events(placeEvents)}`);
  if (masks) {
    const refused = Object.values(masks.refused).reduce((sum, count) => sum + count, 0);
    lines.push(
      `masks: ${masks.leakedFrames} of ${masks.frames} frames leaked (${masks.leakedPixels} of ${masks.hiddenPixels} pixels)` +
        `${masks.rarerThan === null ? '' : `; rarer than ${percent(masks.rarerThan)} at 95 % confidence`}` +
        `${refused > 0 ? `; nothing was written of ${refused} files` : ''}`,
    );
  }
  if (view) lines.push(`view moved or covered: ${events(view)}`);
  if (people) lines.push(`people in zones: ${events(people)}`);
  for (const [label, score] of Object.entries(objects?.perClass ?? {}))
    lines.push(`${label}: recall ${show(score.recall)}, precision ${show(score.precision)}`);
  if (signs)
    lines.push(
      `signs missing or degraded: recall ${show(signs.missingOrDegraded.recall)}, precision ${show(signs.missingOrDegraded.precision)}`,
    );
  for (const { what, why } of report.unavailable) lines.push(`not measured: ${what}: ${why}`);
  for (const { file, why } of report.failures) lines.push(`failed: ${file}: ${why}`);
  for (const { about, have, need, enough } of report.conclusions)
    if (!enough) lines.push(`too few to conclude: ${about}: ${have}, and ${need} are needed`);
  const { fingerprint, pinned } = report.signer;
  lines.push(
    `result ${report.resultDigest}`,
    pinned === 'site'
      ? `signed with the site's key ${fingerprint}`
      : `signed with a key of this run alone, ${fingerprint}: the signer is not pinned`,
    ...['report.json', ...Object.keys(report.files)].map((name) => join(out, name)),
  );
  return `${lines.join('\n')}\n`;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;

const show = ({ value, low, high, n }: Estimate): string =>
  value === null ? 'unknown' : `${percent(value)} (${percent(low!)} to ${percent(high!)}, n = ${n})`;

const events = ({ found, events: all, falseAlarms, falseAlarmsPerHour, delay }: EventScore): string =>
  `${found} of ${all} found${delay ? `, after ${delay.median.toFixed(1)} s (p95 ${delay.p95.toFixed(1)} s)` : ''}, ${falseAlarms} false alarms` +
  (falseAlarmsPerHour === null ? '' : ` (${falseAlarmsPerHour.toFixed(1)} an hour)`);
