/** Variance of one measurement of an edge, in shares of the box's own size, squared: boxes of a detector jump by some 5 %. */
const MEASUREMENT = 0.05 ** 2;
/** How much a person's speed may change within a second, in box sizes a second, squared. */
const ACCELERATION = 1.5 ** 2;
/** Before two measurements: people run by at up to three of their widths a second. */
const FIRST_SPEED = 2 ** 2;

/**
 * A Kalman filter of one edge of a box: place and speed, constant speed between measurements. Four of them are the box's filter, as
 * in SORT (Bewley 2016), but on the edges themselves: a box that grows has edges of different speeds.
 */
export class EdgeFilter {
  place: number;
  /** A second. */
  speed = 0;
  #placeVariance: number;
  #covariance = 0;
  #speedVariance: number;

  /** @param size of the box on this axis, in the unit of `place` */
  constructor(place: number, size: number) {
    this.place = place;
    this.#placeVariance = MEASUREMENT * size * size;
    this.#speedVariance = FIRST_SPEED * size * size;
  }

  /** @param seconds passed */
  predict(seconds: number, size: number): void {
    const noise = ACCELERATION * size * size;
    this.place += this.speed * seconds;
    this.#placeVariance +=
      2 * seconds * this.#covariance + seconds ** 2 * this.#speedVariance + (noise * seconds ** 3) / 3;
    this.#covariance += seconds * this.#speedVariance + (noise * seconds ** 2) / 2;
    this.#speedVariance += noise * seconds;
  }

  correct(measured: number, size: number): void {
    const variance = this.#placeVariance + MEASUREMENT * size * size;
    const placeGain = this.#placeVariance / variance;
    const speedGain = this.#covariance / variance;
    const off = measured - this.place;
    this.place += placeGain * off;
    this.speed += speedGain * off;
    this.#speedVariance -= speedGain * this.#covariance;
    this.#covariance *= 1 - placeGain;
    this.#placeVariance *= 1 - placeGain;
  }

  /** It stands still. */
  stop(): void {
    this.speed = 0;
  }
}
