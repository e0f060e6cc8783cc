import type { MaskedPacket, WorkerCounters } from '../camera/messages.js';
import type { StreamState } from '../camera/state.js';
import type { CameraMetrics } from './camera-metrics.js';
import { type LatencySummary, LatencyWindow } from './latency-window.js';
import { MinuteHistory } from './minute-history.js';

/** Observations that wait at most: what a second brings at 60 fps. */
const MOST_PENDING = 64;

/** Numbers that one picture leaves: decode, mask, encode, total, all ms. */
const FIELDS = 4;

/** More pictures a second than any camera has. */
const FASTEST_FPS = 240;

/**
 * Counts one camera's work into the metrics. What every picture leaves is written down as plain numbers and brought into the
 * histograms a second's worth at a time: with labels to look up, each picture would cost ten times as much.
 */
export class CameraMeter {
  readonly #camera: string;
  readonly #metrics: CameraMetrics;
  readonly #latency = new LatencyWindow();
  /** Of the last day. */
  readonly history = new MinuteHistory();
  readonly #pending = new Float64Array(MOST_PENDING * FIELDS);
  #pendingCount = 0;
  #pendingBytes = 0;
  #recent: number[] = [];
  #counters: WorkerCounters | null = null;
  #stateSince = performance.now();

  constructor(camera: string, metrics: CameraMetrics) {
    this.#camera = camera;
    this.#metrics = metrics;
  }

  /** Pictures handed on in the last second. */
  get fps(): number {
    const now = performance.now();
    this.#recent = this.#recent.filter((at) => now - at < 1000);
    return this.#recent.length;
  }

  get latency(): LatencySummary | null {
    return this.#latency.summary();
  }

  /** A picture was handed to viewers. */
  countPicture(packet: MaskedPacket): void {
    const totalMs = Number(process.hrtime.bigint() - packet.receivedAt) / 1e6;
    this.#latency.add(totalMs);
    this.history.add(totalMs);
    const now = performance.now();
    this.#recent.push(now);
    if (this.#recent.length > FASTEST_FPS) this.#recent = this.#recent.filter((at) => now - at < 1000);
    if (this.#pendingCount === MOST_PENDING) this.flush();
    const at = this.#pendingCount++ * FIELDS;
    this.#pending[at] = packet.decodeMs;
    this.#pending[at + 1] = packet.maskMs;
    this.#pending[at + 2] = packet.encodeMs;
    this.#pending[at + 3] = totalMs;
    this.#pendingBytes += packet.data.length;
  }

  /** The fence held a packet back. */
  countFenced(): void {
    this.#metrics.framesDropped.inc({ camera: this.#camera, why: 'fence' });
  }

  /** Brings what was written down into the metrics. */
  flush(): void {
    if (this.#pendingCount === 0) return;
    const camera = { camera: this.#camera };
    const { framesOut, bytesOut, decode, mask, encode, total } = this.#metrics;
    framesOut.inc(camera, this.#pendingCount);
    bytesOut.inc(camera, this.#pendingBytes);
    for (let i = 0; i < this.#pendingCount; i++) {
      const at = i * FIELDS;
      decode.observe(camera, this.#pending[at]!);
      mask.observe(camera, this.#pending[at + 1]!);
      encode.observe(camera, this.#pending[at + 2]!);
      total.observe(camera, this.#pending[at + 3]!);
    }
    this.#pendingCount = 0;
    this.#pendingBytes = 0;
  }

  /** What a worker says of itself; metrics refuse to count backwards, and what a worker says must not end control. */
  countWork(now: WorkerCounters): void {
    const camera = this.#camera;
    const before = this.#counters;
    const since = (key: keyof WorkerCounters): number => Math.max(0, now[key] - (before?.[key] ?? 0));
    const metrics = this.#metrics;
    metrics.framesIn.inc({ camera }, since('received'));
    metrics.bytesIn.inc({ camera }, since('bytesIn'));
    metrics.decodeErrors.inc({ camera }, since('decodeErrors'));
    metrics.framesDropped.inc({ camera, why: 'late' }, since('dropped'));
    metrics.selfTests.inc({ camera }, since('selfTests'));
    metrics.decodeBacks.inc({ camera }, since('decodeBacks'));
    this.#counters = now;
    this.flush();
  }

  /** A new worker counts from zero. */
  newWorker(): void {
    this.#counters = null;
  }

  /** Time goes on in a state: withheld seconds are counted as they pass. */
  countTime(state: StreamState): void {
    const now = performance.now();
    if (state.state === 'withheld')
      this.#metrics.withheldSeconds.inc(
        { camera: this.#camera, reason: state.reason },
        (now - this.#stateSince) / 1000,
      );
    this.#stateSince = now;
  }

  /** The stream is in another state. @param before null at the start */
  countState(before: StreamState | null, state: StreamState): void {
    if (before) {
      this.countTime(before);
      this.#metrics.state.remove({ camera: this.#camera, state: before.state, reason: before.reason ?? '' });
    }
    const labels = { camera: this.#camera, state: state.state, reason: state.reason ?? '' };
    this.#metrics.state.set(labels, 1);
    this.#metrics.transitions.inc(labels);
    if (state.state !== 'masked') this.#latency.clear();
  }
}
