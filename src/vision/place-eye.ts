import type { Eye, Look, Voice, Watch } from './analyser.js';
import {
  addSample,
  beginPlace,
  type PlaceEvidence,
  type PlaceHistory,
  SAMPLE_EVERY_MS,
  viewChanged,
} from './place/fuse.js';
import type { PlaceReading } from './place/verdict.js';
import { PlaceReader } from './place-reader.js';
import type { WatchedCamera } from './watched-camera.js';

/** What kind of place a camera shows. Told when the verdict changes, and with the first one. */
export const placeEye: Eye<PlaceReading> = {
  name: 'place',
  async load() {
    const reader = await PlaceReader.open();
    return { side: reader.detector.side, analyse: (picture) => reader.read(picture) };
  },
  watch: (camera, voice) => new PlaceWatch(camera, voice),
};

/** So often, ms, once a place is settled: it does not become another while the view stays. */
const SETTLED_EVERY_MS = 6000;
/** So many looks that agree one after the other settle an ordinary place: twelve seconds. */
const SETTLING = 6;

class PlaceWatch implements Watch<PlaceReading> {
  /** A place is as certain as the samples are many: also of a motionless picture. */
  readonly ifMoved = false;
  readonly #camera: string;
  readonly #voice: Voice;
  #history: PlaceHistory;
  #told: string | null = null;

  constructor({ id, place }: WatchedCamera, voice: Voice) {
    this.#camera = id;
    this.#voice = voice;
    this.#history = beginPlace(place);
  }

  /** Every other second while there is anything to find out. */
  get periodMs(): number {
    return this.#isSettled ? SETTLED_EVERY_MS : SAMPLE_EVERY_MS;
  }

  /** The place is known for an ordinary one, and none of the last looks was in doubt. */
  get #isSettled(): boolean {
    const { opinion, samples } = this.#history;
    const last = samples.slice(-SETTLING);
    return (
      opinion.verdict === 'allowed' && last.length === SETTLING && last.every(({ verdict }) => verdict === 'allowed')
    );
  }

  seen(reading: PlaceReading, { at }: Look): void {
    this.#history = addSample(this.#history, { at, ...reading });
    const { verdict, basis, evidence } = this.#history.opinion;
    const telling = `${verdict} ${basis}`;
    if (basis === 'few' || telling === this.#told) return;
    this.#told = telling;
    this.#voice.report({
      type: 'place',
      camera: this.#camera,
      verdict,
      isDeclared: basis === 'declared',
      prohibited: evidence.prohibited,
      evidence: inWords(evidence),
    });
  }

  still(): void {}

  viewChanged(): void {
    this.#history = viewChanged(this.#history);
  }
}

/** `bathroom 84 %, shower 9 %; 5 of 6 looks say prohibited; toilet` */
function inWords({ classes, shares, samples, objects }: PlaceEvidence): string {
  const kinds = classes.map(([kind, probability]) => `${kind.replaceAll('_', ' ')} ${Math.round(probability * 100)} %`);
  const found = Object.keys(objects);
  const looks = `${Math.round(shares.prohibited * samples)} of ${samples} looks say prohibited`;
  return [kinds.join(', '), looks, ...(found.length > 0 ? [found.join(', ')] : [])].join('; ');
}
