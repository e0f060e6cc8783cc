import { z } from 'zod';

/** A line of text. Half characters and control characters could not be recorded. */
export const line = (most: number, description: string) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'This must be one line of text.')
    .describe(description);

/** A line of text that holds more than blanks: why something is done. */
export const reasonLine = (description: string) =>
  z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^\p{Cc}\p{Cs}]*[^\p{Cc}\p{Cs}\s][^\p{Cc}\p{Cs}]*$/u, 'This must be one line of text.')
    .describe(description);
