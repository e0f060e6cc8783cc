import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SIGN_WORDS } from '../../config/schema.js';
import { allowedErrors, matchWords, normalised } from './match-words.js';

describe('matching what was read with expected words', () => {
  it.each([
    ['您已进入视频监控区域', '视频监控', 1],
    ['24小时视頻监控', '视频监控', 0.75],
    ['公共安全视频图像采集区域', '图像采集', 1],
    ['CCTV in operation', 'CCTV', 1],
    ['CcTV', 'CCTV', 1],
    ['ＣＣＴＶ', 'CCTV', 1],
    ['24HourVideoSurveiilance', 'video surveillance', 1],
    ['V1DE0 SURVEILLANCE', 'video surveillance', 1],
    ['Vldeo Survelliance', 'video surveillance', 0.94],
  ])('finds a word in %j', (text, word, likeness) => {
    const match = matchWords(text, DEFAULT_SIGN_WORDS);
    expect(match?.word).toBe(word);
    expect(match?.likeness).toBeGreaterThanOrEqual(likeness - 0.07);
  });

  it.each([
    '安全出口',
    '禁止吸烟',
    '视频会议室',
    '电子商务中心',
    '办公区域',
    '图像处理中心',
    '中央控制室',
    'CATV',
    'CCTC',
    'CCT',
    'EXIT',
    'video games',
    'TV and Video Store',
    '',
  ])('finds none in %j', (text) => {
    expect(matchWords(text, DEFAULT_SIGN_WORDS)).toBeNull();
  });

  it('says where in the text the word stands', () => {
    expect(matchWords('您已进入视频监控区域', ['视频监控'])).toMatchObject({ from: 4, to: 8 });
  });

  it('finds every word in itself, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DEFAULT_SIGN_WORDS), fc.string(), fc.string(), (word, before, after) => {
        expect(matchWords(`${before} ${word} ${after}`, [word])?.likeness).toBe(1);
      }),
    );
  });

  it('never allows more other characters than a quarter of the word', () => {
    for (const word of DEFAULT_SIGN_WORDS) {
      const characters = normalised(word);
      expect(allowedErrors(characters) / characters.length).toBeLessThanOrEqual(0.27);
    }
  });
});
