import type { Summary } from '../measuring/statistics.js';

/** Of all plots, px. */
const WIDTH = 860;
const MARGIN = { top: 44, right: 30, bottom: 36, left: 60 } as const;
const ROW_HEIGHT = 30;
const LABEL_WIDTH = 300;

/** Readable on light and dark pages alike, and told apart by most colour-blind eyes (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;
const INK = '#444';
const FAINT = '#ccc';

export interface Bar {
  readonly label: string;
  readonly summary: Summary;
  /** The most that it may be. */
  readonly bound?: number;
}

/** One line a bar: the median, its quartiles as a whisker, its bound as a mark. */
export const barPlot = (
  title: string,
  bars: readonly Bar[],
  {
    reference,
    unit = '',
  }: { readonly reference?: { readonly at: number; readonly label: string }; readonly unit?: string } = {},
): string => {
  const most = Math.max(reference?.at ?? 0, ...bars.flatMap(({ summary, bound }) => [summary.high, bound ?? 0]));
  const ticks = ticksUpTo(most * 1.05);
  const scale = linear([0, Math.max(most * 1.1, ticks.at(-1)!)], [LABEL_WIDTH, WIDTH - MARGIN.right - 40]);
  const height = MARGIN.top + bars.length * ROW_HEIGHT + MARGIN.bottom;
  const bottom = height - MARGIN.bottom;
  const grid = ticks.map(
    (tick) =>
      line(scale(tick), MARGIN.top, scale(tick), bottom, FAINT) +
      text(scale(tick), bottom + 16, `${tick}${unit}`, 'middle', 11),
  );
  const rows = bars.map(({ label, summary, bound }, i) => {
    const y = MARGIN.top + i * ROW_HEIGHT;
    const middle = y + ROW_HEIGHT / 2;
    const { median, low, high } = summary;
    return [
      text(LABEL_WIDTH - 10, middle + 4, label, 'end', 12),
      `<rect x="${LABEL_WIDTH}" y="${y + 6}" width="${round(scale(median) - LABEL_WIDTH)}" height="${ROW_HEIGHT - 12}" fill="${COLOURS[0]}"/>`,
      line(scale(low), middle, scale(high), middle, INK, 2),
      bound === undefined ? '' : line(scale(bound), y + 2, scale(bound), y + ROW_HEIGHT - 2, COLOURS[1], 3),
      text(Math.max(scale(high), scale(bound ?? 0)) + 6, middle + 4, short(median), 'start', 12),
    ].join('');
  });
  const mark = reference
    ? line(scale(reference.at), MARGIN.top - 6, scale(reference.at), bottom, INK, 1, '4 3') +
      text(scale(reference.at), MARGIN.top - 10, reference.label, 'middle', 11)
    : '';
  const legend = bars.some(({ bound }) => bound !== undefined)
    ? text(10, height - 8, 'orange: the most that it may be; line: quartiles', 'start', 11)
    : text(10, height - 8, 'line: quartiles', 'start', 11);
  return svg(height, title, [...grid, mark, ...rows, legend]);
};

export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Lines over a common axis. */
export const linePlot = (
  title: string,
  series: readonly Series[],
  { x, y, bound }: { readonly x: string; readonly y: string; readonly bound?: number },
): string => {
  const height = 340;
  const all = series.flatMap(({ points }) => points);
  const [right, top] = [Math.max(...all.map(([px]) => px)), Math.max(bound ?? 0, ...all.map(([, py]) => py)) * 1.08];
  const scaleX = linear([0, right || 1], [MARGIN.left, WIDTH - MARGIN.right]);
  const scaleY = linear([0, top || 1], [height - MARGIN.bottom, MARGIN.top + 16]);
  const grid = [
    ...ticksUpTo(top).map(
      (tick) =>
        line(MARGIN.left, scaleY(tick), WIDTH - MARGIN.right, scaleY(tick), FAINT) +
        text(MARGIN.left - 8, scaleY(tick) + 4, String(tick), 'end', 11),
    ),
    ...ticksUpTo(right).map((tick) => text(scaleX(tick), height - MARGIN.bottom + 16, String(tick), 'middle', 11)),
  ];
  const lines = series.map(({ points }, i) => {
    const path = points.map(([px, py]) => `${round(scaleX(px))},${round(scaleY(py))}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colour(i)}" stroke-width="2"/>`;
  });
  const legend = series.map(({ label }, i) => {
    const at = MARGIN.left + 10 + i * 190;
    return (
      line(at, MARGIN.top + 2, at + 20, MARGIN.top + 2, colour(i), 3) +
      text(at + 26, MARGIN.top + 6, label, 'start', 12)
    );
  });
  const limit =
    bound === undefined
      ? ''
      : line(MARGIN.left, scaleY(bound), WIDTH - MARGIN.right, scaleY(bound), COLOURS[1], 2, '6 4');
  const axes = text(WIDTH / 2, height - 6, x, 'middle', 12) + text(10, MARGIN.top - 10, y, 'start', 12);
  return svg(height, title, [...grid, limit, ...lines, ...legend, axes]);
};

/** The shares of values at or below each value: the way to see what a percentile hides. */
export const cumulative = (values: readonly number[]): [x: number, y: number][] => {
  const sorted = [...values].sort((a, b) => a - b);
  const step = Math.max(1, Math.floor(sorted.length / 200));
  const points: [number, number][] = [];
  for (let i = 0; i < sorted.length; i += step) points.push([sorted[i]!, ((i + 1) / sorted.length) * 100]);
  if (sorted.length > 0) points.push([sorted.at(-1)!, 100]);
  return points;
};

/** Round values from 0 up to `most`, at most eight of them. */
const ticksUpTo = (most: number): number[] => {
  if (!(most > 0)) return [0];
  const raw = most / 7;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw)!;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
};

const linear =
  ([from, to]: readonly [number, number], [start, end]: readonly [number, number]) =>
  (value: number): number =>
    start + ((value - from) / (to - from)) * (end - start);

const colour = (i: number): string => COLOURS[i % COLOURS.length]!;

const round = (value: number): number => Math.round(value * 10) / 10;

const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1, dashes = ''): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"${dashes ? ` stroke-dasharray="${dashes}"` : ''}/>`;

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', size: number): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="${INK}">${escapeXml(content)}</text>`;

const escapeXml = (content: string): string =>
  content.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!);

const svg = (height: number, title: string, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(WIDTH / 2, 20, title, 'middle', 14),
    ...parts,
    '</svg>\n',
  ].join('\n');
