import { Filter, type FilterContext, FilterGraph, Frame } from 'node-av/lib';
import { AvError, check } from '../av-error.js';
import type { Rotation } from '../ingest/source.js';

/** FFmpeg filters for each clockwise turn. */
const FILTERS: Record<Exclude<Rotation, 0>, readonly (readonly [name: string, args: string])[]> = {
  90: [['transpose', 'dir=clock']],
  180: [
    ['hflip', ''],
    ['vflip', ''],
  ],
  270: [['transpose', 'dir=cclock']],
};

/** Turns frames upright, so that zones drawn on the displayed picture fit, and since no rotation metadata leaves the gateway. */
export class Orienter implements Disposable {
  readonly rotation: Exclude<Rotation, 0>;
  readonly #out = new Frame();
  #graph: { graph: FilterGraph; source: FilterContext; sink: FilterContext; key: string } | null = null;

  constructor(rotation: Exclude<Rotation, 0>) {
    this.rotation = rotation;
    this.#out.alloc();
  }

  /** The frame turned; valid until the next call. Throws AvError `orient-failed`. */
  turn(frame: Frame): Frame {
    const { source, sink } = this.#graphFor(frame);
    this.#out.unref();
    check(source.buffersrcAddFrameSync(frame), 'orient-failed', 'a frame could not be turned');
    check(sink.buffersinkGetFrameSync(this.#out), 'orient-failed', 'a frame could not be turned');
    return this.#out;
  }

  #graphFor(frame: Frame): { source: FilterContext; sink: FilterContext } {
    const key = `${frame.width}x${frame.height}:${frame.format}`;
    if (this.#graph?.key === key) return this.#graph;
    this.#graph?.graph.free();
    const graph = new FilterGraph();
    graph.alloc();
    const make = (name: string, label: string, args: string): FilterContext => {
      const filter = Filter.getByName(name as Parameters<typeof Filter.getByName>[0]);
      const context = filter && graph.createFilter(filter, label, args);
      if (!context) throw new AvError('orient-failed', `the video engine has no filter ${name}`);
      return context;
    };
    const size = `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}`;
    const { num, den } = frame.sampleAspectRatio;
    const source = make(
      'buffer',
      'in',
      `${size}:time_base=1/90000:pixel_aspect=${num > 0 ? num : 1}/${den > 0 ? den : 1}`,
    );
    let last = source;
    for (const [name, args] of FILTERS[this.rotation]) {
      const next = make(name, name, args);
      check(last.link(0, next, 0), 'orient-failed', `filter ${name} could not be linked`);
      last = next;
    }
    const sink = make('buffersink', 'out', '');
    check(last.link(0, sink, 0), 'orient-failed', 'the filter chain could not be closed');
    check(graph.configSync(), 'orient-failed', 'the filter chain was refused');
    this.#graph = { graph, source, sink, key };
    return this.#graph;
  }

  [Symbol.dispose](): void {
    this.#graph?.graph.free();
    this.#out.free();
  }
}
