import { describe, expect, it } from 'vitest';
import { type KeyframeFeedback, KeyframeRequests, REQUEST_SPACING_MS } from './client-keyframes.js';

const WHOLE = { keyframe: false, corrupt: false };
const KEYFRAME = { keyframe: true, corrupt: false };

const make = (feedback: KeyframeFeedback = 'pli') => {
  const requests = new KeyframeRequests(feedback);
  return { requests, at: (nowMs: number) => requests.due(1, 2, nowMs) };
};

describe('requests for a keyframe', () => {
  it('are made after a loss, now and then until one comes', () => {
    const { requests, at } = make();
    requests.picture(KEYFRAME);
    requests.picture(WHOLE);
    expect(at(0)).toBeNull();
    requests.lost();
    expect(at(0)).toEqual({ type: 'picture-loss', ssrc: 1, source: 2 });
    requests.picture(WHOLE);
    expect(at(REQUEST_SPACING_MS - 1)).toBeNull();
    expect(at(REQUEST_SPACING_MS)).not.toBeNull();
    requests.picture({ keyframe: true, corrupt: true });
    expect(at(2 * REQUEST_SPACING_MS)).not.toBeNull();
    requests.picture(KEYFRAME);
    requests.picture(WHOLE);
    expect(at(10 * REQUEST_SPACING_MS)).toBeNull();
  });

  it('are made of a source that begins without one', () => {
    const { requests, at } = make();
    expect(at(0)).toBeNull();
    requests.picture(WHOLE);
    expect(at(0)).not.toBeNull();
  });

  it('are numbered where they are full intra requests, the same while none came', () => {
    const { requests, at } = make('fir');
    const sequences = [];
    for (let ms = 0; ms < 4 * REQUEST_SPACING_MS; ms += REQUEST_SPACING_MS) {
      requests.lost();
      sequences.push(at(ms));
      if (ms > 0) requests.picture(KEYFRAME);
    }
    expect(sequences).toMatchObject([{ sequence: 0 }, { sequence: 0 }, { sequence: 1 }, { sequence: 2 }]);
  });
});
