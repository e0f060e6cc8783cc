import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from './assignment.js';

/** Every way tried. */
function cheapest(costs: number[][], row = 0, taken = 0): number {
  if (row === costs.length) return 0;
  let best = Number.POSITIVE_INFINITY;
  costs[row]!.forEach((cost, column) => {
    if (!(taken & (1 << column))) best = Math.min(best, cost + cheapest(costs, row + 1, taken | (1 << column)));
  });
  return best;
}

test('an assignment is as cheap as the cheapest of all, and gives no column twice', () => {
  const matrix = fc.integer({ min: 1, max: 5 }).chain((rows) =>
    fc.integer({ min: rows, max: 6 }).chain((columns) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    ),
  );
  fc.assert(
    fc.property(matrix, (costs) => {
      const columns = assign(costs);
      expect(new Set(columns).size).toBe(columns.length);
      expect(columns.reduce((sum, column, row) => sum + costs[row]![column]!, 0)).toBe(cheapest(costs));
    }),
  );
});

test('with more rows than columns some rows get none', () => {
  expect(assign([[5], [1], [9]])).toEqual([-1, 0, -1]);
  expect(assign([])).toEqual([]);
  expect(assign([[], []])).toEqual([-1, -1]);
});
