/**
 * What a camera's worker and the vision process say to each other. The vision process asks; the worker answers with its newest
 * picture, made small. Pixels travel here and nowhere else.
 */
import { z } from 'zod';

/** The longer side of a picture that may be asked for, px. */
export const LARGEST_SIDE = 1920;

const ask = z.int().min(0);
/** 90 kHz, as the camera's frames count. */
const pts = z.number();
const pixels = z.int().min(1).max(LARGEST_SIDE);

export const toVisionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), camera: z.string().max(64), ticket: z.string().max(128) }),
  /** The body is `[height, width, 3]` uint8 RGB. */
  z.strictObject({ type: z.literal('picture'), ask, pts, width: pixels, height: pixels }),
  /** Nothing has moved since the last picture that was sent for an ask with `ifMoved`. */
  z.strictObject({ type: z.literal('still'), ask, pts }),
  /** The camera looks elsewhere, or its source began anew. */
  z.strictObject({ type: z.literal('view-changed') }),
]);
/** From a worker. */
export type ToVision = z.infer<typeof toVisionSchema>;

const share = z.number().min(-1).max(2);

export const toTapSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ask'),
    ask,
    /** Longer side at most, px. */
    side: pixels,
    /** Send nothing but `still` where nothing has moved. */
    ifMoved: z.boolean(),
  }),
  /** Who was seen in the frame at `pts`: everybody, or nobody. */
  z.strictObject({
    type: z.literal('people'),
    pts,
    /** For how long it may be relied upon, ms. */
    validMs: z.number().min(0),
    people: z
      .array(
        z.strictObject({
          /** Stays with a person from picture to picture. */
          id: z.int(),
          /** Left, top, right, bottom as shares of the picture. */
          box: z.tuple([share, share, share, share]),
          /** How each of the four goes, shares a second. */
          velocity: z.tuple([z.number(), z.number(), z.number(), z.number()]),
        }),
      )
      .max(500),
  }),
]);
/** To a worker. */
export type ToTap = z.infer<typeof toTapSchema>;
/** A person of a `people` message. */
export type SeenPerson = Extract<ToTap, { type: 'people' }>['people'][number];
