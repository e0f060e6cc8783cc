import type { Eye } from './analyser.js';
import { peopleEye } from './people-eye.js';
import { placeEye } from './place-eye.js';
import { SIGN_EYE } from './sign/sign-eye.js';

/** Everything that is looked for. */
export const EYES: readonly Eye<unknown>[] = [peopleEye, placeEye, SIGN_EYE];
