/// <reference path="./mpeg1muxer.d.ts" />
import Mpeg1Muxer from 'node-rtsp-stream/mpeg1muxer.js';
import { Fragmenter } from '../live/fragmenter.js';
import type { Logger } from '../rtsp/logger.js';
import { PublishFeed } from '../rtsp/publish-feed.js';
import type { PublishedStream, VideoCodec } from '../rtsp/published-stream.js';

/** Bytes that may wait for ffmpeg; beyond them it goes on with the next keyframe. 2 s of a 4 Mb/s stream. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

/**
 * No wider than 640 px, which a script decodes on an old telephone. MPEG-1 knows few frame rates: pictures are counted off at 25 a second, one for
 * one, and the player shows each as it comes. A keyframe a second is how long whoever joins waits for.
 */
const OUTPUT = {
  '-an': '',
  '-vf': "settb=1/25,setpts=N,scale=w='min(640,iw)':h=-2",
  '-r': '25',
  '-b:v': '1500k',
  '-maxrate': '3000k',
  '-bufsize': '1500k',
  '-bf': '0',
  '-g': '25',
  '-flush_packets': '1',
  '-muxdelay': '0',
  '-muxpreload': '0',
  '-nostats': '',
  '-loglevel': 'error',
} as const;

/** What comes of a stream in MPEG-1. */
export interface Mpeg1Listener {
  /** MPEG-TS. */
  data(bytes: Buffer): void;
  /** Pictures that may not be shown any more are still in ffmpeg, and nobody can tell which: another stream has to take over. */
  stale(): void;
  /** ffmpeg is gone, and it was not {@link Mpeg1Stream.close} that ended it. */
  ended(): void;
}

/**
 * One masked stream as MPEG-1 in MPEG-TS, by node-rtsp-stream's ffmpeg. Its pictures are those that RTSP clients get, slates included; they are
 * written to ffmpeg's standard input, so that no address and no password stands in a list of processes, and ffmpeg ends with the gateway.
 */
export class Mpeg1Stream {
  readonly #muxer: Mpeg1Muxer;
  readonly #feed: PublishFeed;
  #closed = false;

  constructor(stream: PublishedStream, codec: VideoCodec, ffmpeg: string, logger: Logger, listener: Mpeg1Listener) {
    this.#muxer = new Mpeg1Muxer({ url: 'pipe:0', ffmpegPath: ffmpeg, ffmpegOptions: OUTPUT });
    const child = this.#muxer.stream;
    let complaint = '';
    this.#muxer.on('mpeg1data', (bytes: Buffer) => {
      if (!this.#closed) listener.data(bytes);
    });
    this.#muxer.on('ffmpegStderr', (said: Buffer) => {
      complaint = said.toString().trim().slice(-500);
    });
    let isOver = false;
    const ended = (): void => {
      if (isOver) return;
      isOver = true;
      this.#feed.close();
      if (this.#closed) return;
      logger.warn({ camera: stream.id, complaint }, 'ffmpeg of the preview ended');
      listener.ended();
    };
    child.once('error', (error) => {
      complaint = String(error);
      ended();
    });
    child.once('exit', ended);
    child.stdin.on('error', () => child.kill('SIGKILL')); // it takes no more: its end is told by itself
    // Of a bare stream ffmpeg looks at five seconds before it begins, of one with timestamps at twenty pictures.
    const fragmenter = new Fragmenter(codec, () => stream.description!, 'inside');
    let isBegun = false;
    this.#feed = new PublishFeed(
      stream,
      {
        get unsentBytes() {
          return child.stdin.writableLength;
        },
        send(unit) {
          const track = fragmenter.trackOf(unit);
          if (track && !isBegun) child.stdin.write(track.init);
          isBegun ||= track !== null;
          if (!isBegun) return;
          const { head, sample } = fragmenter.segment(unit);
          child.stdin.write(head);
          child.stdin.write(sample);
        },
        flush: (done) => {
          if (!this.#closed) listener.stale();
          done();
        },
        end: () => child.kill('SIGKILL'),
      },
      MAX_BACKLOG_BYTES,
    );
    this.#feed.start();
  }

  /** Ends ffmpeg. It has nothing worth waiting for. */
  close(): void {
    this.#closed = true;
    this.#feed.close();
    this.#muxer.stream.kill('SIGKILL');
  }
}
