import type { RgbPicture } from '../picture.js';
import { measureLegibility } from './legibility.js';
import { SignPhoto } from './photo/sign-photo.js';
import { type Point, project, type Quad } from './quad.js';
import { boundsOf, boxOf, type ReadOptions, type SignReader } from './read.js';
import type { KnownSign } from './sign-over-time.js';

/** A sign's reference photo: what it looks like, and what it says. */
export class SignReference {
  readonly #photo: SignPhoto | null;
  /** Corners of the line that says an expected word, px of the photo. */
  readonly #line: Quad | null;
  /** What that line says; left out: no expected word is read on the photo. */
  readonly text: string | undefined;

  private constructor(photo: SignPhoto | null, line: Quad | null, text: string | undefined) {
    this.#photo = photo;
    this.#line = line;
    this.text = text;
  }

  /** @param picture the sign alone, from the front @param options words that are read on it */
  static async of(picture: RgbPicture, reader: SignReader, { expect }: ReadOptions): Promise<SignReference> {
    const [best] = await reader.read(picture, { expect });
    return new SignReference(SignPhoto.of(picture), best?.corners ?? null, best?.text);
  }

  /** Whether the sign can be known again by it. */
  get isOfUse(): boolean {
    return this.#photo !== null;
  }

  /** The sign in a picture; null: it is not known again. */
  find(picture: RgbPicture, region: ReadOptions['region']): KnownSign | null {
    const match = this.#photo?.find(picture, boundsOf(region, picture));
    if (!match) return null;
    const { corners, map, agreement, hidden } = match;
    const line = this.#line?.map(([x, y]): Point => project(map, x, y)) as Quad | undefined;
    return {
      agreement,
      hidden,
      box: boxOf(corners, picture),
      legibility: measureLegibility(picture, line ?? corners),
    };
  }
}
