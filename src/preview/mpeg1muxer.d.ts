/** What is used of node-rtsp-stream 0.0.9: the class that runs ffmpeg, without the WebSocket server beside it, which asks nobody who they are. */
declare module 'node-rtsp-stream/mpeg1muxer.js' {
  import type { ChildProcessWithoutNullStreams } from 'node:child_process';
  import type { EventEmitter } from 'node:events';

  /** Emits `mpeg1data` (MPEG-TS) and `ffmpegStderr`. */
  export default class Mpeg1Muxer extends EventEmitter {
    constructor(options: {
      /** What ffmpeg reads: whatever it takes after `-i`. */
      readonly url: string;
      readonly ffmpegPath: string;
      /** Output options; an empty value stands for an option that takes none. */
      readonly ffmpegOptions: Readonly<Record<string, string>>;
    });
    readonly stream: ChildProcessWithoutNullStreams;
  }
}
