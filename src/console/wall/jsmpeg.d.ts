/** What is used of JSMpeg, as @cycjimmy/jsmpeg-player 6.1.2 carries it. */
declare module '@cycjimmy/jsmpeg-player' {
  /** Takes what a source brings. */
  interface Destination {
    write(bytes: ArrayBuffer): void;
  }

  /** Where a player's bytes come from. The player reads `established` before each picture: until then it shows `progress`, 0 to 1. */
  interface Source {
    readonly streaming: true;
    readonly established: boolean;
    readonly progress: number;
    connect(destination: Destination): void;
    start(): void;
    resume(headroom: number): void;
    destroy(): void;
  }

  interface Options {
    readonly canvas: HTMLCanvasElement;
    readonly source: new () => Source;
    readonly audio: false;
    readonly autoplay: true;
    readonly disableGl: true;
    readonly disableWebAssembly: true;
    readonly pauseWhenHidden: false;
    onVideoDecode(): void;
  }

  class Player {
    constructor(url: string, options: Options);
    destroy(): void;
  }

  const JSMpeg: { readonly Player: typeof Player };

  export type { Destination, Source };
  export default JSMpeg;
}
