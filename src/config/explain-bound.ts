import type { Explanation, Path } from './issue.js';

type Bound = { readonly least: number } | { readonly most: number };

/** Explains a number, text or list that is too small, too large, too short or too long. */
export const describeBound = (path: Path, value: unknown, bound: Bound): Explanation => {
  if (Array.isArray(value)) return describeCount(path, value.length, bound);
  if (typeof value === 'string') return describeLength(bound);
  const number = value as number;
  if (isCoordinate(path)) return describeCoordinate(path, number);
  return 'least' in bound
    ? { code: 'out-of-range', message: `${number} is less than ${bound.least}.`, cure: `Write ${bound.least} or more.` }
    : { code: 'out-of-range', message: `${number} is more than ${bound.most}.`, cure: `Write ${bound.most} or less.` };
};

const describeLength = (bound: Bound): Explanation =>
  'least' in bound
    ? { code: 'empty-text', message: 'The text is empty.', cure: 'Write something, or remove the key.' }
    : { code: 'text-too-long', message: `The text has more than ${bound.most} characters.`, cure: 'Shorten it.' };

/** Tells apart the three things that people write by mistake: a negative number, percent, pixels. */
const describeCoordinate = (path: Path, number: number): Explanation => {
  const [axis, pixels] = path.at(-1) === 0 ? ['width', 1920] : ['height', 1080];
  const share = (of: number) => Number((number / of).toPrecision(4));
  let cure = `Divide pixels by the picture's ${axis} in pixels: ${number} of ${pixels} is ${share(pixels)}.`;
  if (number < 0) cure = 'Write 0 for the edge of the picture.';
  else if (number <= 2) cure = 'Write 1 for the far edge of the picture.';
  else if (number <= 100) cure = `Write a share: ${share(100)} instead of ${number} %.`;
  return {
    code: 'outside-picture',
    message: `${number} lies outside the picture, whose ${axis} runs from 0 to 1.`,
    cure,
  };
};

const describeCount = (path: Path, count: number, bound: Bound): Explanation => {
  const key = path.at(-1);
  if (typeof key === 'number') {
    return {
      code: 'bad-point',
      message: `A point has two numbers, [x, y]; this one has ${count}.`,
      cure: count > 2 ? 'Write [x, y], with decimal points (0.3, not 0,3).' : 'Write [x, y], such as [0.1, 0.25].',
    };
  }
  const entries = key === 'polygon' || key === 'region' ? 'points' : 'entries';
  return 'least' in bound
    ? {
        code: 'too-few',
        message: count === 0 ? `"${key}" is empty.` : `"${key}" has ${count} ${entries}, but needs ${bound.least}.`,
        cure: count === 0 ? `Add at least ${bound.least}.` : `Add at least ${bound.least - count} more.`,
      }
    : {
        code: 'too-many',
        message: `"${key}" has ${count} ${entries}; ${bound.most} are allowed.`,
        cure: entries === 'points' ? 'Draw it with fewer corners, and larger.' : 'Remove some.',
      };
};

const isCoordinate = (path: Path): boolean => {
  const list = path.at(-3);
  return (list === 'polygon' || list === 'region') && typeof path.at(-1) === 'number';
};
