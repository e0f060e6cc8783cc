import { describe, expect, it } from 'vitest';
import { maskProgress } from './mask-progress.js';

const collect = (): { text: string; write(part: string): void } => ({
  text: '',
  write(part) {
    this.text += part;
  },
});

describe('progress without a terminal', () => {
  it('is a line each ten per cent, however many frames that takes', () => {
    const output = collect();
    const progress = maskProgress(output);
    for (let frame = 1; frame <= 250; frame++) progress.update(frame, frame * 40, 10_000);
    progress.stop();
    expect(output.text.split('\n').slice(0, 3)).toEqual(['10 % (25 frames)', '20 % (50 frames)', '30 % (75 frames)']);
    expect(output.text.trim().split('\n')).toHaveLength(10);
  });

  it('skips lines that one long frame has passed, and never says more than 100 %', () => {
    const output = collect();
    const progress = maskProgress(output);
    progress.update(1, 4500, 10_000);
    progress.update(2, 5100, 10_000);
    progress.update(3, 12_000, 10_000);
    progress.stop();
    expect(output.text).toBe('45 % (1 frames)\n51 % (2 frames)\n100 % (3 frames)\n');
  });

  it('says nothing where the length is not known', () => {
    const output = collect();
    const progress = maskProgress(output);
    progress.update(1000, 40_000, null);
    expect(output.text).toBe('');
  });
});
