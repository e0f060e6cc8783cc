import type { Eye, Look, Voice, Watch } from './analyser.js';
import { ObjectDetector } from './objects/detect.js';
import { type Detection, type Track, Tracker } from './tracking/tracker.js';
import { ZoneWatch } from './tracking/zone-watch.js';
import type { WatchedCamera } from './watched-camera.js';

/** Less sure than this is nobody. What is unsure is masked, and never counted. */
export const LEAST_SCORE = 0.25;

/** Ticks of a frame's clock. */
const CLOCK_HZ = 90_000;

/** Beside two periods: a look takes its time, and another camera may come first; ms. */
const PATIENCE_MS = 500;

/**
 * Where people are, who comes into zones, and who stays there.
 *
 * @param model name of the detector
 */
export const peopleEye = (model: string): Eye<readonly Detection[]> => ({
  name: 'people',
  async load() {
    const detector = await ObjectDetector.open({ name: model });
    return {
      side: detector.side,
      async analyse(picture) {
        const found = await detector.detect(picture, { least: LEAST_SCORE });
        return found
          .filter(({ label }) => label === 'person')
          .map(({ score, box: { x, y, width, height } }) => ({ score, box: [x, y, x + width, y + height] as const }));
      },
    };
  },
  watch: (camera, voice) => (camera.peopleRate === null ? null : new PeopleWatch(camera, camera.peopleRate, voice)),
});

export class PeopleWatch implements Watch<readonly Detection[]> {
  readonly periodMs: number;
  readonly ifMoved = true;
  readonly #voice: Voice;
  readonly #tracker = new Tracker();
  readonly #zones: readonly ZoneWatch[];
  /** Unsure detections of the last picture: masked with the others. */
  #unsure: readonly Detection[] = [];
  #nextUnsure = -1;

  constructor({ id: camera, peopleZones }: WatchedCamera, rate: number, voice: Voice) {
    this.periodMs = 1000 / rate;
    this.#voice = voice;
    this.#zones = peopleZones.map(({ id: zone, polygon, dwell, onPerson }) => {
      const alerts = onPerson === 'alert';
      return new ZoneWatch(polygon, alerts ? dwell : null, {
        entered: (person) => void (alerts && voice.report({ type: 'person-entered', camera, zone, person })),
        dwelling: (person, seconds) => voice.report({ type: 'person-dwelling', camera, zone, person, seconds }),
        count: (people) => voice.report({ type: 'people-count', camera, zone, people }),
      });
    });
  }

  seen(detections: readonly Detection[], { pts, at }: Look): void {
    // Names are for those who are sure; masks are for everybody.
    const tracks = this.#tracker.update(detections, pts / CLOCK_HZ);
    this.#unsure = detections.filter(({ box }) => !tracks.some((track) => isWithin(box, track.box)));
    this.#tell(tracks, pts, at);
  }

  still({ pts, at }: Look): void {
    this.#tell(this.#tracker.still(pts / CLOCK_HZ), pts, at);
  }

  viewChanged(): void {
    this.#tracker.clear();
    this.#unsure = [];
  }

  #tell(tracks: readonly Track[], pts: number, at: number): void {
    const people = [
      ...tracks.map(({ id, box, velocity }) => ({ id, box: [...box], velocity: [...velocity] }) as const),
      ...this.#unsure.map(({ box }) => ({ id: this.#nextUnsure--, box: [...box], velocity: [0, 0, 0, 0] }) as const),
    ];
    this.#voice.tell({
      type: 'people',
      pts,
      validMs: 2 * this.periodMs + PATIENCE_MS,
      people: people.map(({ id, box, velocity }) => ({
        id,
        box: clipped(box),
        velocity: velocity as [number, number, number, number],
      })),
    });
    for (const zone of this.#zones) zone.update(tracks, at / 1000);
  }
}

const clipped = (box: readonly number[]): [number, number, number, number] =>
  box.map((edge) => Math.min(2, Math.max(-1, edge))) as [number, number, number, number];

/** Whether a box adds nothing to another one, a twentieth of its size aside: less than the room around boxes. */
function isWithin(inner: readonly number[], outer: readonly number[]): boolean {
  const [slackX, slackY] = [(outer[2]! - outer[0]!) / 20, (outer[3]! - outer[1]!) / 20];
  return (
    inner[0]! >= outer[0]! - slackX &&
    inner[1]! >= outer[1]! - slackY &&
    inner[2]! <= outer[2]! + slackX &&
    inner[3]! <= outer[3]! + slackY
  );
}
