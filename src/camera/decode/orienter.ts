import { AV_FRAME_DATA_DISPLAYMATRIX, type AVColorRange, type AVColorSpace } from 'node-av/constants';
import { Filter, type FilterContext, FilterGraph, Frame } from 'node-av/lib';
import { AvError, check } from '../av-error.js';
import { type Orientation, orientationOf } from './display-matrix.js';

/** FFmpeg filters that bring a picture upright. */
const FILTERS: Record<Exclude<Orientation, 'upright'>, readonly (readonly [name: string, args: string])[]> = {
  mirror: [['hflip', '']],
  flip: [['vflip', '']],
  'half-turn': [
    ['hflip', ''],
    ['vflip', ''],
  ],
  'turn-right': [['transpose', 'dir=clock']],
  'turn-left': [['transpose', 'dir=cclock']],
  transpose: [['transpose', 'dir=cclock_flip']],
  transverse: [['transpose', 'dir=clock_flip']],
};

/** A filter chain, and what frames it was made for. */
interface Chain {
  readonly orientation: Orientation;
  readonly width: number;
  readonly height: number;
  readonly format: number;
  readonly range: AVColorRange;
  readonly space: AVColorSpace;
  readonly graph: FilterGraph;
  readonly source: FilterContext;
  readonly sink: FilterContext;
}

/** Turns frames upright, so that zones drawn on the displayed picture fit, and since no rotation metadata leaves the gateway. */
export class Orienter implements Disposable {
  readonly #out = new Frame();
  #orientation: Orientation = 'upright';
  #chain: Chain | null = null;

  constructor() {
    this.#out.alloc();
  }

  /**
   * The frame as it is to be displayed: itself, or a turned one that is valid until the next call (`frame` is empty then). How it lies
   * is on the frame, wherever the source says it: on each one, where the container does; on a keyframe for all until the next one, where
   * the stream itself does (H.264, D.2.27; H.265, D.3.17).
   *
   * @throws AvError `orient-unsupported` where it is to be shown at an angle, `orient-failed`
   */
  upright(frame: Frame): Frame {
    const matrix = frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
    if (matrix) this.#orientation = orientationFor(matrix);
    else if (frame.keyFrame) this.#orientation = 'upright';
    return this.#orientation === 'upright' ? frame : this.#turn(frame, this.#orientation);
  }

  #turn(frame: Frame, orientation: Exclude<Orientation, 'upright'>): Frame {
    const { source, sink } = this.#chainFor(frame, orientation);
    this.#out.unref();
    check(source.buffersrcAddFrameSync(frame), 'orient-failed', 'a frame could not be turned');
    check(sink.buffersinkGetFrameSync(this.#out), 'orient-failed', 'a frame could not be turned');
    return this.#out;
  }

  #chainFor(frame: Frame, orientation: Exclude<Orientation, 'upright'>): Chain {
    const chain = this.#chain;
    if (
      chain?.orientation === orientation &&
      chain.width === frame.width &&
      chain.height === frame.height &&
      chain.format === frame.format &&
      chain.range === frame.colorRange &&
      chain.space === frame.colorSpace
    )
      return chain;
    chain?.graph.free();
    this.#chain = null;
    this.#chain = makeChain(frame, orientation);
    return this.#chain;
  }

  [Symbol.dispose](): void {
    this.#chain?.graph.free();
    this.#chain = null;
    this.#out.free();
  }
}

function orientationFor(matrix: Buffer): Orientation {
  const orientation = orientationOf(matrix);
  if (orientation) return orientation;
  throw new AvError(
    'orient-unsupported',
    'the picture is to be displayed at an angle that is no quarter turn: zones cannot be placed on it',
  );
}

function makeChain(frame: Frame, orientation: Exclude<Orientation, 'upright'>): Chain {
  const graph = new FilterGraph();
  graph.alloc();
  try {
    const make = (name: string, label: string, args: string): FilterContext => {
      const filter = Filter.getByName(name as Parameters<typeof Filter.getByName>[0]);
      const context = filter && graph.createFilter(filter, label, args);
      if (!context) throw new AvError('orient-failed', `the video engine has no filter ${name}`);
      return context;
    };
    const { width, height, format, colorRange, colorSpace } = frame;
    const { num, den } = frame.sampleAspectRatio;
    const source = make(
      'buffer',
      'in',
      `video_size=${width}x${height}:pix_fmt=${format}:time_base=1/90000:range=${colorRange}:colorspace=${colorSpace}:` +
        `pixel_aspect=${num > 0 && den > 0 ? `${num}/${den}` : '0/1'}`,
    );
    let last = source;
    for (const [name, args] of FILTERS[orientation]) {
      const next = make(name, name, args);
      check(last.link(0, next, 0), 'orient-failed', `filter ${name} could not be linked`);
      last = next;
    }
    const sink = make('buffersink', 'out', '');
    check(last.link(0, sink, 0), 'orient-failed', 'the filter chain could not be closed');
    check(graph.configSync(), 'orient-failed', 'the filter chain was refused');
    return { orientation, width, height, format, range: colorRange, space: colorSpace, graph, source, sink };
  } catch (error) {
    graph.free();
    throw error;
  }
}
