import type { Eye } from './analyser.js';
import { peopleEye } from './people-eye.js';
import { placeEye } from './place-eye.js';
import { SIGN_EYE } from './sign/sign-eye.js';

/**
 * Everything that is looked for.
 *
 * @param detector what finds people; what stands in a place is always found by the one that the place model's weights were fitted with
 */
export const eyes = (detector: string): readonly Eye<unknown>[] => [peopleEye(detector), placeEye, SIGN_EYE];
