import { describe, expect, test } from 'vitest';
import { type ToTap, toTapSchema } from './link/messages.js';
import type { VisionReport } from './messages.js';
import { PeopleWatch } from './people-eye.js';
import type { Detection } from './tracking/tracker.js';
import type { WatchedCamera } from './watched-camera.js';

const CAMERA: WatchedCamera = {
  id: 'cam',
  place: 'lobby',
  peopleRate: 2,
  sign: null,
  peopleZones: [
    {
      id: 'till',
      polygon: [
        [0.4, 0],
        [1, 0],
        [1, 1],
        [0.4, 1],
      ],
      onPerson: 'alert',
      dwell: 3,
    },
    {
      id: 'hall',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      onPerson: 'count',
      dwell: null,
    },
  ],
};

const person = (x: number, score = 0.8): Detection => ({ box: [x, 0.3, x + 0.1, 0.7], score });

function watch() {
  const told: Extract<ToTap, { type: 'people' }>[] = [];
  const reports: VisionReport[] = [];
  const people = new PeopleWatch(CAMERA, 2, {
    tell: (message) => void (message.type === 'people' && told.push(message)),
    report: (report) => void reports.push(report),
  });
  const see = (i: number, ...detections: Detection[]) => people.seen(detections, { pts: i * 45_000, at: i * 500 });
  return { people, see, told, reports };
}

describe('watching people', () => {
  test('tells the worker of everybody, also of those of whom it is not sure', () => {
    const { see, told } = watch();
    see(0, person(0.1), person(0.8, 0.3));
    expect(toTapSchema.parse(told[0])).toEqual(told[0]);
    expect(told[0]!.people.map(({ box }) => box[0])).toEqual([0.1, 0.8]);
    expect(told[0]).toMatchObject({ pts: 0, validMs: 1500 });
  });

  test('masks where the detector saw somebody, however sluggish his track', () => {
    const { see, told } = watch();
    for (let i = 0; i < 6; i++) see(i, person(0.1));
    see(6, person(0.16));
    const covered = told.at(-1)!.people.some(({ box }) => box[0] <= 0.165 && box[2] >= 0.255);
    expect(covered).toBe(true);
  });

  test('reports somebody who enters and stays, once, and counts without a report', () => {
    const { people, see, reports } = watch();
    for (let i = 0; i <= 6; i++) see(i, person(0.1 + 0.06 * i));
    for (let i = 7; i < 20; i++) people.still({ pts: i * 45_000, at: i * 500 });
    expect(reports).toEqual([
      { type: 'people-count', camera: 'cam', zone: 'hall', people: 1 },
      { type: 'person-entered', camera: 'cam', zone: 'till', person: 1 },
      { type: 'people-count', camera: 'cam', zone: 'till', people: 1 },
      { type: 'person-dwelling', camera: 'cam', zone: 'till', person: 1, seconds: 3 },
    ]);
  });

  test('of a motionless picture tells that everybody is still there', () => {
    const { people, see, told } = watch();
    see(0, person(0.5), person(0.2, 0.3));
    people.still({ pts: 45_000, at: 500 });
    expect(told[1]).toMatchObject({ pts: 45_000 });
    expect(told[1]!.people.map(({ box }) => box[0])).toEqual([0.5, 0.2]);
  });
});
