import type { Eye } from './analyser.js';

/** Everything that is looked for. */
export const EYES: readonly Eye<unknown>[] = [];
