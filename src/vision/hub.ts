/**
 * Whom to look at, and when. All cameras share one hub: it asks for a picture only when it is about to have time for it, so that
 * what it looks at is new, and no picture ever queues behind others of its camera.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Analyser, Eye, Voice, Watch } from './analyser.js';
import type { ToTap, ToVision } from './link/messages.js';
import type { EyeCounters, VisionReport } from './messages.js';
import { Schedule } from './schedule.js';
import type { WatchedCamera } from './watched-camera.js';

/** Pictures that are asked for ahead, so that there is always one to look at: a frame takes up to 40 ms to come. */
const AHEAD = 1;

/** An ask that a worker has not answered for so long, ms, is not waited for any more: others get their turn. */
const ASK_PATIENCE_MS = 200;

export interface HubEvents {
  report(report: VisionReport): void;
  /** Models are read from now on, or are there: meanwhile nothing may be heard for seconds. */
  loading(isLoading: boolean): void;
  /** @param camera null: it could not be loaded */
  eyeFailed(eye: string, camera: string | null, detail: string): void;
}

/** One thing to look at, over and over: an eye's watch of a camera. */
interface Task {
  readonly member: Member;
  readonly eye: LoadedEye;
  readonly watch: Watch<unknown>;
  /** Of the picture that was asked for last. */
  ask: number;
}

interface Picture {
  readonly task: Task;
  readonly pts: number;
  readonly at: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A camera whose worker is connected. */
export interface Member {
  readonly camera: string;
  /** @param body of a `picture` */
  heard(message: ToVision, body: Uint8Array): void;
  leave(): void;
}

interface LoadedEye {
  readonly eye: Eye<unknown>;
  analyser: Analyser<unknown> | null;
  loading: boolean;
  looks: number;
  saved: number;
  failures: number;
  busyMs: number;
}

export class VisionHub {
  readonly #eyes: readonly LoadedEye[];
  readonly #cores: number;
  readonly #events: HubEvents;
  readonly #now: () => number;
  #cameras = new Map<string, WatchedCamera>();
  readonly #members = new Map<string, { member: Member; voice: Voice; tasks: Task[] }>();
  readonly #schedule = new Schedule<Task>();
  /** By ask. */
  readonly #asked = new Map<number, { task: Task; at: number }>();
  readonly #ready: Picture[] = [];
  #running = 0;
  /** Eyes whose models are being read. */
  #loads = 0;
  #nextAsk = 1;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param now ms of a clock that only rises */
  constructor(eyes: readonly Eye<unknown>[], cores: number, events: HubEvents, now = () => performance.now()) {
    this.#eyes = eyes.map((eye) => ({
      eye,
      analyser: null,
      loading: false,
      looks: 0,
      saved: 0,
      failures: 0,
      busyMs: 0,
    }));
    this.#cores = cores;
    this.#events = events;
    this.#now = now;
  }

  get counters(): EyeCounters[] {
    return this.#eyes.map(({ eye, looks, saved, failures, busyMs }) => ({
      eye: eye.name,
      looks,
      saved,
      failures,
      busyMs,
    }));
  }

  knows(camera: string): boolean {
    return this.#cameras.has(camera);
  }

  useCameras(cameras: readonly WatchedCamera[]): void {
    const before = this.#cameras;
    this.#cameras = new Map(cameras.map((camera) => [camera.id, camera]));
    for (const [id, { member }] of [...this.#members]) {
      const camera = this.#cameras.get(id);
      if (!camera) member.leave();
      else if (!isDeepStrictEqual(camera, before.get(id))) this.#watch(id);
    }
    this.#pump();
  }

  /** A worker has come, in the place of an earlier one of its camera. Throws nothing; an unknown camera is watched by no eye. */
  join(camera: string, tell: (message: ToTap) => void): Member {
    this.#members.get(camera)?.member.leave();
    const member: Member = {
      camera,
      heard: (message, body) => this.#heard(member, message, body),
      leave: () => this.#leave(member),
    };
    this.#members.set(camera, { member, voice: { tell, report: (report) => this.#events.report(report) }, tasks: [] });
    this.#watch(camera);
    this.#pump();
    return member;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const { member } of [...this.#members.values()]) member.leave();
  }

  /** Makes a camera's watches anew: what was known of it is forgotten. */
  #watch(id: string): void {
    const known = this.#members.get(id)!;
    this.#drop(known.tasks);
    const camera = this.#cameras.get(id);
    known.tasks = camera
      ? this.#eyes.flatMap((eye) => {
          const watch = eye.eye.watch(camera, known.voice);
          return watch ? [{ member: known.member, eye, watch, ask: 0 }] : [];
        })
      : [];
    for (const task of known.tasks) {
      if (task.eye.analyser) this.#schedule.set(task, task.watch.periodMs, this.#now());
      else void this.#load(task.eye);
    }
  }

  #leave(member: Member): void {
    const known = this.#members.get(member.camera);
    if (known?.member !== member) return;
    this.#drop(known.tasks);
    this.#members.delete(member.camera);
    this.#pump();
  }

  #drop(tasks: readonly Task[]): void {
    for (const task of tasks) {
      this.#schedule.remove(task);
      this.#asked.delete(task.ask);
    }
    for (let i = this.#ready.length - 1; i >= 0; i--)
      if (tasks.includes(this.#ready[i]!.task)) this.#ready.splice(i, 1);
  }

  async #load(eye: LoadedEye): Promise<void> {
    if (eye.loading) return;
    eye.loading = true;
    if (this.#loads++ === 0) this.#events.loading(true);
    // What is told of it must be out before reading a model holds everything up.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      eye.analyser = await eye.eye.load();
      for (const { tasks } of this.#members.values())
        for (const task of tasks) if (task.eye === eye) this.#schedule.set(task, task.watch.periodMs, this.#now());
    } catch (error) {
      // Not tried again in this life: a model does not mend itself.
      this.#events.eyeFailed(eye.eye.name, null, messageOf(error));
    }
    if (--this.#loads === 0) this.#events.loading(false);
    this.#pump();
  }

  #heard(member: Member, message: ToVision, body: Uint8Array): void {
    const known = this.#members.get(member.camera);
    if (known?.member !== member) return;
    if (message.type === 'view-changed') {
      for (const task of known.tasks) {
        task.watch.viewChanged?.();
        this.#schedule.hurry(task, this.#now());
      }
      return this.#pump();
    }
    if (message.type === 'hello') return;
    const asked = this.#asked.get(message.ask);
    if (!asked || asked.task.member !== member) return;
    this.#asked.delete(message.ask);
    const { task } = asked;
    const look = { pts: message.pts, at: this.#now() };
    if (message.type === 'still') {
      task.eye.saved++;
      this.#schedule.back(task);
      task.watch.still(look);
    } else {
      const { width, height } = message;
      this.#ready.push({ task, ...look, width, height, data: body });
    }
    this.#pump();
  }

  /** Asks for as many pictures as it can look at next, and looks at those that have come. */
  #pump(): void {
    if (this.#closed) return;
    const now = this.#now();
    while (this.#running < this.#cores && this.#ready.length > 0) void this.#look(this.#ready.shift()!);
    let coming = this.#running + this.#ready.length;
    for (const { at } of this.#asked.values()) if (now - at < ASK_PATIENCE_MS) coming++;
    while (coming < this.#cores + AHEAD) {
      const task = this.#schedule.take(now);
      if (!task) break;
      this.#ask(task, now);
      coming++;
    }
    this.#wakeAgain(now, coming);
  }

  #ask(task: Task, now: number): void {
    task.ask = this.#nextAsk++;
    this.#asked.set(task.ask, { task, at: now });
    const { voice } = this.#members.get(task.member.camera)!;
    voice.tell({ type: 'ask', ask: task.ask, side: task.eye.analyser!.side, ifMoved: task.watch.ifMoved });
  }

  #wakeAgain(now: number, coming: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    let wait = Number.POSITIVE_INFINITY;
    if (coming < this.#cores + AHEAD) wait = this.#schedule.wait(now);
    else
      for (const { at } of this.#asked.values())
        if (now - at < ASK_PATIENCE_MS) wait = Math.min(wait, at + ASK_PATIENCE_MS - now);
    if (wait !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#pump(), Math.ceil(wait));
  }

  async #look({ task, width, height, data, pts, at }: Picture): Promise<void> {
    const { eye } = task;
    const camera = this.#cameras.get(task.member.camera);
    if (!camera) return;
    this.#running++;
    const started = this.#now();
    try {
      const what = await eye.analyser!.analyse({ width, height, data }, camera);
      eye.looks++;
      // The camera may have gone, or be watched anew, meanwhile.
      if (this.#members.get(task.member.camera)?.tasks.includes(task)) {
        task.watch.seen(what, { pts, at });
        this.#schedule.set(task, task.watch.periodMs, started);
      }
    } catch (error) {
      eye.failures++;
      this.#events.eyeFailed(eye.eye.name, task.member.camera, messageOf(error));
    }
    eye.busyMs += this.#now() - started;
    this.#running--;
    this.#schedule.back(task);
    this.#pump();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
