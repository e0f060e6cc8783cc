import type { Confusion } from '../stats/confusion.js';
import type { Estimate } from '../stats/interval.js';
import type { Reliability } from '../stats/reliability.js';
import type { RocPoint } from '../stats/roc.js';

/** Of square plots, px. */
const SIDE = 300;
const MARGIN = 40;
const INK = '#444';
const FAINT = '#ddd';
/** Told apart by most colour-blind eyes (Okabe and Ito). */
const BLUE = '#0072b2';
const ORANGE = '#d55e00';

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!);

const x = (share: number): number => round(MARGIN + share * (SIDE - MARGIN - 10));
const y = (share: number): number => round(SIDE - MARGIN - share * (SIDE - MARGIN - 10));
const round = (value: number): number => Math.round(value * 10) / 10;

/** Axes from 0 to 1, and what is drawn on them. */
const unitPlot = (title: string, across: string, up: string, content: string): string => {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (at) =>
      `<path d="M${x(at)} ${y(0)}V${y(1)}M${x(0)} ${y(at)}H${x(1)}" stroke="${FAINT}"/>` +
      `<text x="${x(at)}" y="${SIDE - 24}" text-anchor="middle">${at}</text>` +
      `<text x="${MARGIN - 6}" y="${y(at) + 4}" text-anchor="end">${at}</text>`,
  );
  return (
    `<svg viewBox="0 0 ${SIDE} ${SIDE}" width="${SIDE}" height="${SIDE}" role="img" font-size="10" fill="${INK}">` +
    `<title>${escapeHtml(title)}</title>${ticks.join('')}` +
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="${INK}" stroke-dasharray="3 3"/>${content}` +
    `<text x="${x(0.5)}" y="${SIDE - 8}" text-anchor="middle">${escapeHtml(across)}</text>` +
    `<text transform="translate(11 ${y(0.5)}) rotate(-90)" text-anchor="middle">${escapeHtml(up)}</text></svg>`
  );
};

/** True positive rate over false positive rate. */
export const rocPlot = (points: readonly RocPoint[]): string =>
  unitPlot(
    'ROC',
    'false positive rate',
    'true positive rate',
    `<polyline points="${points.map((point) => `${x(point.falsePositiveRate)},${y(point.truePositiveRate)}`).join(' ')}" fill="none" stroke="${BLUE}" stroke-width="2"/>`,
  );

/** How often it was so, over how sure the product was. */
export const reliabilityPlot = ({ bins }: Reliability): string =>
  unitPlot(
    'Reliability',
    'probability that the product gave',
    'share that was so',
    bins
      .map(
        ({ score, observed }) =>
          `<path d="M${x(score)} ${y(observed.low!)}V${y(observed.high!)}" stroke="${ORANGE}" stroke-width="2"/>` +
          `<circle cx="${x(score)}" cy="${y(observed.value!)}" r="${round(Math.min(8, 2 + Math.sqrt(observed.n) / 3))}" fill="${BLUE}"/>`,
      )
      .join(''),
  );

/** A value and its interval on a line from 0 to 1. */
export const intervalBar = ({ value, low, high }: Estimate): string => {
  const width = 140;
  const at = (share: number): number => round(2 + share * (width - 4));
  if (value === null) return '';
  return (
    `<svg viewBox="0 0 ${width} 14" width="${width}" height="14" role="img"><path d="M2 7H${width - 2}" stroke="${FAINT}"/>` +
    `<path d="M${at(low!)} 7H${at(high!)}" stroke="${ORANGE}" stroke-width="3"/>` +
    `<circle cx="${at(value)}" cy="7" r="4" fill="${BLUE}"/></svg>`
  );
};

/** Rows are what is so, columns what was said; darker is a larger share of the row. */
export const confusionTable = ({ truths, answers, counts }: Confusion): string => {
  const head = answers.map((name) => `<th>${escapeHtml(name)}</th>`).join('');
  const rows = truths.map((truth, i) => {
    const all = counts[i]!.reduce((sum, count) => sum + count, 0);
    const cells = counts[i]!.map((count) => {
      const share = all === 0 ? 0 : count / all;
      const ink = share > 0.55 ? '#fff' : '#222';
      return `<td style="background:rgba(0,114,178,${share.toFixed(2)});color:${ink}">${count || ''}</td>`;
    });
    return `<tr><th>${escapeHtml(truth)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table class="confusion"><tr><th></th>${head}</tr>${rows.join('')}</table></div>`;
};
