import { describe, expect, test } from 'vitest';
import type { VisionReport } from '../vision/messages.js';
import { visionFinding } from './vision-findings.js';

const place = (change: Partial<Extract<VisionReport, { type: 'place' }>>): VisionReport => ({
  type: 'place',
  camera: 'cam',
  verdict: 'prohibited',
  isDeclared: false,
  prohibited: 0.9,
  evidence: 'bathroom 84 %',
  ...change,
});

describe('what the vision process reports', () => {
  test('is a finding where a place is recognised as prohibited, and not where it was declared so or is none', () => {
    expect(visionFinding(place({}), 1)).toMatchObject({
      kind: 'prohibited-place',
      camera: 'cam',
      cause: 'seen',
      at: 1,
    });
    expect(visionFinding(place({ isDeclared: true }), 1)).toBeNull();
    for (const verdict of ['allowed', 'unsure'] as const) expect(visionFinding(place({ verdict }), 1)).toBeNull();
  });

  test('is one matter a zone where somebody enters or stays, and says nothing of who it was', () => {
    const entered = visionFinding({ type: 'person-entered', camera: 'cam', zone: 'till', person: 7 }, 1);
    expect(entered).toEqual({
      camera: 'cam',
      kind: 'person-entered',
      cause: 'till',
      zone: 'till',
      at: 1,
      detail: 'Somebody has entered zone till.',
    });
    const stays = visionFinding({ type: 'person-dwelling', camera: 'cam', zone: 'till', person: 7, seconds: 12 }, 1);
    expect(stays).toMatchObject({ kind: 'person-dwelling', cause: 'till', detail: expect.stringContaining('12 s') });
  });

  test('is nothing to hear of where people are only counted', () => {
    expect(visionFinding({ type: 'people-count', camera: 'cam', zone: 'till', people: 3 }, 1)).toBeNull();
  });
});
