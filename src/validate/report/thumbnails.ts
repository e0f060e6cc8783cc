import sharp from 'sharp';
import { ClipRgb, clipFrames } from '../../camera/clip.js';
import { absolutePath, type CheckedDataset, type CheckedItem } from '../dataset/check-dataset.js';
import type { Findings, ReportItem } from './report.js';
import type { Word } from './words.js';

/** A bad case, so coarse that nobody is recognised on it: what the picture was stays with whoever has the dataset. */
export interface Thumbnail {
  readonly why: Word;
  readonly file: string;
  readonly detail: string;
  /** Base64. */
  readonly png: string;
}

/** Cells across: a face that fills a third of the picture is 6 cells wide. */
const CELLS = 18;

/** Of each kind of bad case. */
const MOST = 8;

/** The worst cases of a run, pixelated as a whole; what must be hidden is black. */
export async function worstCases(found: Findings, dataset: CheckedDataset): Promise<Thumbnail[]> {
  const items = new Map(dataset.items.map((item) => [item.file, item]));
  const thumbnails: Thumbnail[] = [];
  for (const { item, why, detail } of chooseWorst(found.items)) {
    const own = items.get(item.file)!;
    const png = await coarse(own, absolutePath(dataset.root, own), item.mask?.worstFrame ?? 0);
    if (png) thumbnails.push({ why, file: item.file, detail, png });
  }
  return thumbnails;
}

interface BadCase {
  readonly item: ReportItem;
  readonly why: Word;
  readonly detail: string;
}

/** Missed ones that looked the most allowed, false alarms that looked the most prohibited, and leaks of the most pixels. */
export function chooseWorst(items: readonly ReportItem[]): BadCase[] {
  const seen = (side: string, wrong: (verdict: string) => boolean): ReportItem[] =>
    items.filter(
      (item) => item.kind === 'still' && item.side === side && item.place?.[0] && wrong(item.place[0].verdict),
    );
  const score = ({ place }: ReportItem): number => place![0]!.prohibited;
  const detail = ({ label, place }: ReportItem): string =>
    `${label}: ${place![0]!.verdict} (${place![0]!.prohibited.toFixed(2)}, ${place![0]!.kind})`;
  return [
    ...seen('prohibited', (verdict) => verdict !== 'prohibited')
      .sort((a, b) => score(a) - score(b))
      .slice(0, MOST)
      .map((item): BadCase => ({ item, why: 'missed', detail: detail(item) })),
    ...seen('allowed', (verdict) => verdict === 'prohibited')
      .sort((a, b) => score(b) - score(a))
      .slice(0, MOST)
      .map((item): BadCase => ({ item, why: 'falseAlarm', detail: detail(item) })),
    ...items
      .filter(({ mask }) => (mask?.leakedPixels ?? 0) > 0)
      .sort((a, b) => b.mask!.worstPixels - a.mask!.worstPixels)
      .slice(0, MOST)
      .map(
        (item): BadCase => ({ item, why: 'leak', detail: `${item.mask!.worstPixels} px, #${item.mask!.worstFrame}` }),
      ),
  ];
}

async function coarse(item: CheckedItem, path: string, frameNumber: number): Promise<string | null> {
  const raw = item.kind === 'still' ? sharp(path).rotate() : await frameOf(path, frameNumber);
  if (!raw) return null;
  const rows = Math.max(1, Math.round((CELLS * item.height) / item.width));
  const cells = await raw.resize(CELLS, rows, { fit: 'fill', kernel: 'cubic' }).removeAlpha().png().toBuffer();
  const corners = item.masks.map(
    ({ value }) => `<polygon points="${value.map(([x, y]) => `${x * CELLS},${y * rows}`).join(' ')}"/>`,
  );
  const black = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CELLS}" height="${rows}">${corners.join('')}</svg>`,
  );
  const image = corners.length > 0 ? sharp(cells).composite([{ input: black }]) : sharp(cells);
  return (await image.png({ palette: false }).toBuffer()).toString('base64');
}

async function frameOf(path: string, wanted: number): Promise<sharp.Sharp | null> {
  using rgb = new ClipRgb();
  for await (const { index, frame } of clipFrames(path)) {
    if (index < wanted) continue;
    const { width, height, data } = rgb.convert(frame);
    return sharp(data, { raw: { width, height, channels: 3 } });
  }
  return null;
}
