import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClipCanvas, clipFrames } from '../../camera/clip.js';
import { type MaskedFileSummary, maskFile } from '../../camera/offline.js';
import { VeilgateError } from '../../errors.js';
import { DEFAULT_PADDING_PX, type ZoneSet } from '../../zones/zone.js';
import type { CheckedItem } from '../dataset/check-dataset.js';
import { countLeaks, type LeakTest, type LookedAt } from '../leaks/count-leaks.js';
import { hiddenPixels } from '../leaks/hidden-pixels.js';
import type { Answer, MaskAnswer } from './answer.js';
import type { Subject } from './subject.js';

/** Of the time that a file takes: masking it, then looking at it. */
const MASKING_SHARE = 0.6;

export interface MaskSubjectOptions {
  /** For the masked file while it is looked at; never a raw picture. */
  readonly scratch: string;
  /** Zones of the camera that was named, for files that bring none of their own. */
  readonly zones: ZoneSet | null;
}

/** `veilgate mask`, file by file: what it wrote is decoded again and compared with the source, pixel by pixel. */
export class MaskSubject implements Subject {
  readonly models = [];
  readonly thresholds = [];
  readonly #options: MaskSubjectOptions;

  constructor(options: MaskSubjectOptions) {
    this.#options = options;
  }

  async measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>> {
    const zones = item.zones ?? this.#options.zones ?? zonesOfMasks(item);
    const output = join(this.#options.scratch, `masked-${item.sha256.slice(0, 16)}.mp4`);
    try {
      const summary = await maskFile({
        input: path,
        output,
        zones,
        codec: 'h264',
        bitrate: null,
        hardware: false,
        onProgress: ({ doneMs, totalMs }) => onProgress(totalMs ? MASKING_SHARE * Math.min(1, doneMs / totalMs) : 0),
      });
      return {
        mask: await compare(item, path, output, zones, summary, (share) =>
          onProgress(MASKING_SHARE + (1 - MASKING_SHARE) * share),
        ),
      };
    } catch (error) {
      if (!(error instanceof VeilgateError)) throw error;
      return { mask: nothingWritten(error.code, testFor(zones)) };
    } finally {
      await rm(output, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Holds nothing.
  }
}

/** Each polygon as a zone of the default style and padding. */
const zonesOfMasks = ({ masks }: CheckedItem): ZoneSet =>
  masks.map(({ value }, i) => ({
    id: `mask-${i + 1}`,
    kind: 'private',
    polygon: value,
    action: 'mask',
    style: 'solid',
    padding: DEFAULT_PADDING_PX,
  }));

const testFor = (zones: ZoneSet): LeakTest =>
  zones.every(({ action, style }) => action !== 'mask' || style === 'solid') ? 'black' : 'detail';

const nothingWritten = (refused: string, test: LeakTest): MaskAnswer => ({
  frames: 0,
  written: 0,
  hiddenFrames: 0,
  leakedFrames: 0,
  hiddenPixels: 0,
  leakedPixels: 0,
  worstFrame: -1,
  worstPixels: 0,
  test,
  maskedShare: 0,
  refused,
});

async function compare(
  item: CheckedItem,
  source: string,
  output: string,
  zones: ZoneSet,
  { frames, maskedShare }: MaskedFileSummary,
  onProgress: (share: number) => void,
): Promise<MaskAnswer> {
  using sourceCanvas = new ClipCanvas();
  using outputCanvas = new ClipCanvas();
  const test = testFor(zones);
  const answer = { ...nothingWritten('', test), frames, maskedShare, refused: null };
  const hiddenAt = hiddenOverTime(item);
  const outputs = clipFrames(output);
  try {
    for await (const { index, at, frame } of clipFrames(source)) {
      const next = await outputs.next();
      if (next.done) break;
      answer.written++;
      const seen = outputCanvas.load(next.value.frame);
      const { hidden, count } = hiddenAt(at, seen.width, seen.height);
      if (count === 0) continue;
      const raw: LookedAt = sourceCanvas.load(frame);
      const leaked = countLeaks(raw, seen, hidden, { test, fullRange: seen.fullRange });
      answer.hiddenFrames++;
      answer.hiddenPixels += count;
      answer.leakedPixels += leaked;
      if (leaked > 0) answer.leakedFrames++;
      if (leaked > answer.worstPixels) {
        answer.worstPixels = leaked;
        answer.worstFrame = index;
      }
      onProgress(index / frames);
    }
  } finally {
    await outputs.return();
  }
  return answer;
}

/** What must be hidden at a time of the file. Kept while it stays the same. */
function hiddenOverTime({ masks }: CheckedItem) {
  let known: { key: string; hidden: Uint8Array; count: number } | null = null;
  return (at: number, width: number, height: number): { hidden: Uint8Array; count: number } => {
    const now = masks.filter(({ from, to }) => at >= from && (to === null || at < to));
    const key = `${width}x${height} ${now.map((mask) => masks.indexOf(mask)).join()}`;
    if (known?.key !== key) {
      const polygons = now.map(({ value }) => value);
      const hidden = hiddenPixels(polygons, width, height);
      known = { key, hidden, count: hidden.reduce((sum, value) => sum + value, 0) };
    }
    return known;
  };
}
