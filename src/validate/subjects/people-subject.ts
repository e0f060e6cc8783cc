import { clipFrames } from '../../camera/clip.js';
import { SmallPictures } from '../../camera/small-pictures.js';
import { watchedCamera } from '../../control/watched-camera.js';
import { CLOCK_HZ } from '../../rtsp/published-stream.js';
import type { Analyser, Eye } from '../../vision/analyser.js';
import { LEAST_SCORE, peopleEye } from '../../vision/people-eye.js';
import { readCard } from '../../vision/runtime.js';
import type { Detection } from '../../vision/tracking/tracker.js';
import type { ZoneSet } from '../../zones/zone.js';
import type { CheckedItem } from '../dataset/check-dataset.js';
import type { Alarm, Answer } from './answer.js';
import { every } from './pictures-of.js';
import type { Subject, UsedModel, UsedThreshold } from './subject.js';

/** Looks at a clip as a gateway does: so often a second, by its own clock, at a small picture where something has moved. */
export interface PeopleSubjectOptions {
  /** Of the camera that was named, for clips that bring no zones. */
  readonly zones: ZoneSet | null;
  /** Looks a second; null: the product's own choice. */
  readonly rate: number | null;
  /** The model that finds people. */
  readonly detector: string;
}

/**
 * Who enters zones, by the vision process' own eye: detector, tracker and zones' `onPerson`. An alarm's time is that of the frame that showed it; what the
 * machine takes to look at it (some tens of ms) comes on top.
 */
export class PeopleSubject implements Subject {
  readonly models: readonly UsedModel[];
  readonly thresholds: readonly UsedThreshold[];
  readonly #eye: Eye<readonly Detection[]>;
  readonly #analyser: Analyser<readonly Detection[]>;
  readonly #options: PeopleSubjectOptions;

  private constructor(
    eye: Eye<readonly Detection[]>,
    analyser: Analyser<readonly Detection[]>,
    { name, task, sha256 }: UsedModel,
    options: PeopleSubjectOptions,
  ) {
    this.#eye = eye;
    this.#analyser = analyser;
    this.#options = options;
    this.models = [{ name, task, sha256 }];
    const from = 'set by the product, none of this dataset';
    this.thresholds = [{ what: 'somebody is seen from this score on', value: LEAST_SCORE, from }];
  }

  /** @throws ModelError */
  static async open(options: PeopleSubjectOptions): Promise<PeopleSubject> {
    const card = await readCard(options.detector);
    const eye = peopleEye(options.detector);
    return new PeopleSubject(eye, await eye.load(), card, options);
  }

  async measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>> {
    const { rate, zones } = this.#options;
    const camera = watchedCamera(
      { id: item.file, place: 'other', people: { rate }, sign: null },
      item.zones ?? zones ?? [],
    );
    const alarms: Alarm<string>[] = [];
    let now = 0;
    const watch = this.#eye.watch(camera, {
      tell: () => undefined,
      report: (report) => {
        if (report.type === 'person-entered') alarms.push({ kind: report.zone, from: now, to: now });
      },
    });
    if (!watch) return { people: [] };
    using pictures = new SmallPictures();
    const isDue = every(watch.periodMs / 1000);
    for await (const { at, frame } of clipFrames(path)) {
      if (!isDue(at)) continue;
      now = at;
      const look = { pts: Math.round(at * CLOCK_HZ), at: at * 1000 };
      const picture = pictures.take(frame, this.#analyser.side, watch.ifMoved);
      if (picture) watch.seen(await this.#analyser.analyse(picture, camera), look);
      else watch.still(look);
      onProgress(at / item.seconds);
    }
    return { people: alarms };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The eye keeps its model for as long as its process lives.
  }
}
