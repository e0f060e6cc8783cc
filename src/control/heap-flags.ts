import { setFlagsFromString } from 'node:v8';

/**
 * For a worker's command line. V8 takes a process with little to allocate for an idle page and collects all of it again and again,
 * to give memory back: 30-130 ms each, in which no picture passes (`--no-memory-reducer`; control has it from the first line of
 * `cli.ts`, since it counts on the command line alone). Coded pictures live outside the heap, so that it must also have room to grow
 * before their garbage counts as pressure; with more than twice the room, memory went on growing for half an hour (control 100 to 166 MB).
 */
export const WORKER_HEAP_FLAGS = ['--no-memory-reducer', '--heap-growing-percent=100'];

/** For this process, which hands every camera's pictures on. Before much is allocated. */
export function tuneControlHeap(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
