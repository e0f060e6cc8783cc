import type { z } from 'zod';
import type { Path } from './issue.js';

type Schema = z.core.$ZodType;

/** The keys that `schema` knows at `path`; empty where the path leads nowhere or to something without keys. */
export const knownKeys = (schema: Schema, path: Path): string[] => {
  let candidates = forms(schema);
  for (const part of path) candidates = candidates.flatMap((candidate) => step(candidate, part)).flatMap(forms);
  return candidates.flatMap((candidate) => Object.keys(shapeOf(candidate)));
};

/** The schemas that a value may have, without what wraps them (defaults, transforms, unions). */
const forms = (schema: Schema): Schema[] => {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      return forms(def.innerType);
    case 'pipe':
      return forms(def.in);
    case 'union':
      return def.options.flatMap(forms);
    default:
      return [schema];
  }
};

const step = (schema: Schema, part: string | number): Schema[] => {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return [def.element];
  const next = shapeOf(schema)[part];
  return next === undefined ? [] : [next];
};

const shapeOf = (schema: Schema): Record<string, Schema> => {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  return def.type === 'object' ? def.shape : {};
};
