import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputMaker } from '../../src/vision/input-maker.js';
import { decodePicture } from '../../src/vision/picture.js';
import type { ObjectScores } from '../../src/vision/place/evidence.js';
import { type Substance, SubstanceMeter } from '../../src/vision/place/substance.js';
import type { Model } from '../../src/vision/runtime.js';

/** One labelled picture, and what the model says of it on the product's own way. */
export interface Scored {
  readonly file: string;
  readonly set: string;
  readonly kind: string;
  readonly logits: Float32Array;
  readonly substance: Substance;
  /** Left out where `objects.ts` has not looked yet. */
  readonly objects?: ObjectScores;
}

interface Listed {
  readonly file: string;
  readonly set: string;
  readonly kind: string;
}

/** The pictures that training held out, as `pictures.py` wrote them down. */
export function heldOut(data: string, work: string): Listed[] {
  const index = JSON.parse(readFileSync(join(work, 'index.json'), 'utf8')) as {
    classes: string[];
    label: number[];
    set: string[];
    part: string[];
    file: string[];
  };
  return index.part.flatMap((part, at) =>
    part === 'held-out'
      ? [{ file: join(data, index.file[at]!), set: index.set[at]!, kind: index.classes[index.label[at]!]! }]
      : [],
  );
}

/** The pictures to measure on: never to choose anything by. */
export function evaluation(data: string): Listed[] {
  return ['scenes', 'places'].flatMap((set) =>
    readdirSync(join(data, set, 'eval'))
      .sort()
      .flatMap((kind) =>
        readdirSync(join(data, set, 'eval', kind))
          .sort()
          .map((name) => ({ file: join(data, set, 'eval', kind, name), set, kind })),
      ),
  );
}

/** What `objects.ts` found in each picture, by its path in the data folder. */
export type FoundObjects = Record<string, ObjectScores>;

export const objectsFile = (work: string): string => join(work, 'objects.json');

/** @param milliseconds receives what each picture took after decoding, objects aside */
export async function score(
  model: Model,
  { data, work }: { data: string; work: string },
  pictures: readonly Listed[],
  milliseconds?: number[],
): Promise<Scored[]> {
  const found = JSON.parse(readFileSync(objectsFile(work), 'utf8')) as FoundObjects;
  const input = new InputMaker(model.card.input);
  const meter = new SubstanceMeter(input.width, input.height);
  const scored: Scored[] = [];
  for (const listed of pictures) {
    const picture = await decodePicture(listed.file);
    const began = performance.now();
    input.fill(picture);
    const answer = await model.run(input.tensor, [1, 3, input.height, input.width]);
    milliseconds?.push(performance.now() - began);
    const substance = meter.measure(input.tensor, model.card.input.std[0]);
    const objects = found[relative(data, listed.file)];
    scored.push({
      ...listed,
      ...(objects && { objects }),
      logits: Float32Array.from(answer[model.card.outputs[0]!.name]!),
      substance,
    });
  }
  return scored;
}
