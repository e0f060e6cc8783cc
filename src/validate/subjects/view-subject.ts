import { clipFrames } from '../../camera/clip.js';
import { VIEW_REASONS, ViewWatch } from '../../camera/view-watch.js';
import type { Zone, ZoneSet } from '../../zones/zone.js';
import type { CheckedItem } from '../dataset/check-dataset.js';
import { VIEW_STATES, type ViewState } from '../dataset/item.js';
import type { Alarm, Answer } from './answer.js';
import type { Subject } from './subject.js';

/** For clips that bring no zone: the guard asks what a movement would do to the zones, so it needs one. */
const MIDDLE: Zone = {
  id: 'middle',
  kind: 'private',
  polygon: [
    [0.4, 0.4],
    [0.6, 0.4],
    [0.6, 0.6],
    [0.4, 0.6],
  ],
  action: 'mask',
  style: 'solid',
  padding: 0,
};

/** The view guard at every frame, as a worker shows them to it, by the clip's own clock. */
export class ViewSubject implements Subject {
  readonly models = [];
  readonly thresholds = [];
  readonly #zones: ZoneSet | null;

  /** @param zones of the camera that was named */
  constructor(zones: ZoneSet | null) {
    this.#zones = zones;
  }

  async measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>> {
    let learned = false;
    const zones = item.zones ?? this.#zones ?? [MIDDLE];
    using watch = new ViewWatch({ mode: 'withhold', view: null, mayLearn: true }, zones, {
      learned: () => {
        learned = true;
      },
      drifted: () => undefined,
      unlearnable: () => undefined,
      unreadable: () => undefined,
    });
    const alarms: Alarm<ViewState>[] = [];
    let on = null as { kind: ViewState; from: number } | null;
    for await (const { at, frame } of clipFrames(path)) {
      const { reason } = watch.look(frame, null, at * 1000);
      const kind = VIEW_STATES.find((state) => VIEW_REASONS[state] === reason) ?? null;
      if (kind === (on?.kind ?? null)) continue;
      if (on) alarms.push({ ...on, to: at });
      on = kind === null ? null : { kind, from: at };
      onProgress(at / item.seconds);
    }
    if (on) alarms.push({ ...on, to: null });
    return { view: { alarms, seconds: item.seconds, learned } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Holds nothing between clips.
  }
}
