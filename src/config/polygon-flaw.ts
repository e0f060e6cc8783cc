import type { PolygonFlaw } from '../masking/polygon.js';
import type { Explanation } from './issue.js';

/** Says what keeps a polygon from being simple, with corners and sides numbered from 1 as one counts them in the file. */
export const describeFlaw = (flaw: PolygonFlaw): Explanation => {
  const nth = (index: number) => `point ${index + 1}`;
  const inOrder = 'List the corners in the order in which one walks around the area.';
  switch (flaw.flaw) {
    case 'crossing':
      return {
        code: 'polygon-crosses-itself',
        message: `The polygon crosses itself: the side after ${nth(flaw.edges[0])} crosses the side after ${nth(flaw.edges[1])}.`,
        cure: inOrder,
      };
    case 'touching':
      return {
        code: 'polygon-touches-itself',
        message: `The polygon touches itself: ${nth(flaw.point)} lies on the side after ${nth(flaw.edge)}.`,
        cure: `${inOrder} Draw two zones where two areas meet in a point.`,
      };
    case 'folded':
      return {
        code: 'polygon-folds-back',
        message: `The polygon runs back over itself at ${nth(flaw.point)}.`,
        cure: `Remove ${nth(flaw.point)}.`,
      };
    case 'repeated-point':
      return {
        code: 'polygon-repeats-point',
        message: `Points ${flaw.points[0] + 1} and ${flaw.points[1] + 1} of the polygon are the same.`,
        cure: `Remove ${nth(flaw.points[1])}; the polygon closes by itself.`,
      };
    case 'no-area':
      return {
        code: 'polygon-without-area',
        message: 'The polygon encloses nothing: all its points lie on one line.',
        cure: 'Draw it around the whole area that is to be hidden.',
      };
    case 'too-few-points':
    case 'not-finite':
      return { code: 'polygon-malformed', message: 'This is not a polygon.', cure: 'Give three or more points.' };
  }
};
