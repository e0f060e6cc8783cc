/** The typed messages between control and the vision process. Nothing here can hold a pixel. */

import type { PlaceVerdict } from './place/verdict.js';
import type { SignLook } from './sign/sign-over-time.js';
import type { WatchedCamera } from './watched-camera.js';

export type ToVisionProcess =
  | {
      readonly type: 'configure';
      /** Of the socket; its folder is private. */
      readonly path: string;
      /** What tickets are made with; hex. */
      readonly secret: string;
      /** Looks at the same time. */
      readonly cores: number;
      /** The model that finds people. */
      readonly detector: string;
      readonly cameras: readonly WatchedCamera[];
    }
  /** Replaces the list before. */
  | { readonly type: 'cameras'; readonly cameras: readonly WatchedCamera[] };

/** What was noticed. */
export type VisionReport =
  | {
      readonly type: 'place';
      readonly camera: string;
      readonly verdict: PlaceVerdict;
      /** The site file says so, whatever the picture shows. */
      readonly isDeclared: boolean;
      /** 0..1, calibrated. */
      readonly prohibited: number;
      /** What led there, in words. */
      readonly evidence: string;
    }
  | { readonly type: 'person-entered'; readonly camera: string; readonly zone: string; readonly person: number }
  | {
      readonly type: 'person-dwelling';
      readonly camera: string;
      readonly zone: string;
      readonly person: number;
      readonly seconds: number;
    }
  /** One look for a sign. */
  | { readonly type: 'sign'; readonly camera: string; readonly look: SignLook }
  /** How many are in a zone now, told when it changes. */
  | { readonly type: 'people-count'; readonly camera: string; readonly zone: string; readonly people: number };

/** Looks since the process started, of one eye. */
export interface EyeCounters {
  readonly eye: string;
  readonly looks: number;
  /** Of them, those that a motionless picture saved. */
  readonly saved: number;
  readonly failures: number;
  /** Computing, in all. */
  readonly busyMs: number;
}

export type FromVision =
  | { readonly type: 'hello' }
  /** Workers can connect. */
  | { readonly type: 'listening' }
  /** Models are being read: it may be silent for longer; or no more. */
  | { readonly type: 'loading'; readonly isLoading: boolean }
  | { readonly type: 'alive'; readonly eyes: readonly EyeCounters[] }
  /** An eye cannot see: its model is missing or damaged, or it failed on a picture. */
  | { readonly type: 'eye-failed'; readonly eye: string; readonly camera: string | null; readonly detail: string }
  | { readonly type: 'broke'; readonly detail: string }
  | VisionReport;
