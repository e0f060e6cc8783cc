import { expect, it } from 'vitest';
import { addedLatencies } from './pairing.js';

const seen = (...sightings: [at: number, number: number][]) => sightings.map(([at, number]) => ({ at, number }));

it('takes for each picture behind the gateway how long ago it was seen at the camera', () => {
  expect(addedLatencies(seen([0, 7], [40, 8], [80, 9]), seen([12, 7], [55, 8], [90, 9]), 1000)).toEqual([12, 15, 10]);
});

it('leaves out slates and pictures that were never seen at the camera', () => {
  expect(addedLatencies(seen([0, 7], [40, -1]), seen([12, 7], [50, -1], [60, 8]), 1000)).toEqual([12]);
});

it('tells a number from the same one of the next time round', () => {
  const near = seen([0, 7], [10_000, 7]);
  expect(addedLatencies(near, seen([10_020, 7]), 5000)).toEqual([20]);
  expect(addedLatencies(near.slice(0, 1), seen([10_020, 7]), 5000)).toEqual([]);
});

it("allows for the two clients' own jitter", () => {
  expect(addedLatencies(seen([30, 7]), seen([10, 7]), 1000)).toEqual([-20]);
  expect(addedLatencies(seen([100, 7]), seen([10, 7]), 1000)).toEqual([]);
});

it('takes the latest sighting of a picture that the camera showed twice', () => {
  expect(addedLatencies(seen([0, 7], [100, 7]), seen([120, 7]), 1000)).toEqual([20]);
});
