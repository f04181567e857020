import { describe, expect, it } from 'vitest';
import { splitSentences } from './sentences.js';

describe('splitSentences', () => {
  it('cuts at full stops of both writing systems and at line breaks', () => {
    expect(splitSentences('你好！“走吧。”他说。Really? Yes.\nNew line')).toEqual([
      '你好！',
      '“走吧。”',
      '他说。',
      'Really?',
      'Yes.',
      'New line',
    ]);
  });

  it('does not cut at decimal points, abbreviations and initials', () => {
    expect(splitSentences('Dr. J. Smith paid 3.50 e.g. today. Good.')).toEqual([
      'Dr. J. Smith paid 3.50 e.g. today.',
      'Good.',
    ]);
  });

  it('cuts long sentences at clauses, else at blanks, else anywhere, and loses nothing', () => {
    const clauses = '我们一起去爬山，'.repeat(100);
    const words = 'word '.repeat(200);
    const solid = 'x'.repeat(1000);
    for (const text of [clauses, words, solid]) {
      const parts = splitSentences(text, 300);
      expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(300);
      expect(parts.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
    expect(splitSentences(clauses, 300)[0].endsWith('，')).toBe(true);
  });

  it('gives no sentence without words', () => {
    expect(splitSentences('…… 你好。 …… ！')).toEqual(['你好。……！']);
  });
});
