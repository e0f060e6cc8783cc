import { describe, expect, it } from 'vitest';
import { measureLegibility } from './legibility.js';
import { rectangle } from './quad.js';

const [WIDTH, HEIGHT] = [200, 60];

/** Bars like letters, `high` px, from row 20 on, dark on light, their edges as ramps `soft` px long. */
function writing(high: number, dark: number, light: number, soft = 0) {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const phase = x % 16;
      const edge = Math.min(phase, 16 - phase) - 4;
      const ink =
        y >= 20 && y < 20 + high ? Math.max(0, Math.min(1, soft === 0 ? (edge > 0 ? 1 : 0) : edge / soft + 0.5)) : 0;
      data.fill(light + (dark - light) * ink, (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

describe('how legible writing is', () => {
  it.each([12, 20, 30])('is told by the height of its characters: %d px in a box of 40', (high) => {
    const { height } = measureLegibility(writing(high, 0, 255), rectangle(10, 15, 160, 40));
    expect(Math.abs(height - high)).toBeLessThanOrEqual(3);
  });

  it('is told by its contrast', () => {
    expect(measureLegibility(writing(20, 100, 151), rectangle(10, 15, 160, 30)).contrast).toBeCloseTo(0.2, 2);
  });

  it('falls as its edges grow soft, whatever the contrast', () => {
    const of = (soft: number, dark: number) =>
      measureLegibility(writing(20, dark, 200, soft), rectangle(10, 15, 160, 30)).sharpness;
    expect(of(0, 0)).toBeGreaterThan(0.7);
    expect(of(7, 0)).toBeLessThan(of(3, 0));
    expect(of(7, 120)).toBeCloseTo(of(7, 0), 1);
  });

  it('is nothing on an even ground', () => {
    expect(measureLegibility(writing(20, 90, 90), rectangle(10, 15, 160, 30))).toMatchObject({
      contrast: 0,
      sharpness: 0,
    });
  });
});
