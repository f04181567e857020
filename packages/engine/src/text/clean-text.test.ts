import { describe, expect, it } from 'vitest';
import { EmptyTextError } from '../errors/empty-text-error.js';
import { cleanText } from './clean-text.js';
import { spokenParts, writtenForm } from './spoken-form.js';

describe('cleanText', () => {
  it('leaves ordinary text in any language alone, without a notice', () => {
    for (const text of [
      '君不见黄河之水天上来，奔流到海不复回。',
      'It’s 5% of $3.50 (C) ©2024',
      'Ça va?\nÖl',
    ]) {
      expect(cleanText(text)).toEqual({ text, notices: [] });
    }
  });

  it('drops emoji of every composition with one notice', () => {
    const { text, notices } = cleanText('今天😀真好👨‍👩‍👧！Go 🇨🇳 1️⃣ 👍🏽 now');
    expect(text).toBe('今天真好 ！Go now');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('👨‍👩‍👧');
  });

  it('speaks the text of SSML and HTML, not the tags', () => {
    const { text, notices } = cleanText(
      '<speak>你<break time="1s"/>好 <b>AT&amp;T</b> &#65; [[h@l]]</speak>',
    );
    expect(writtenForm(text)).toBe('你好 AT&T A h@l');
    expect(spokenParts(text)).toEqual([{ text: '你' }, { pauseSeconds: 1 }, { text: '好 AT&T A h@l' }]);
    expect(notices).toEqual(['Markup tags were left out; only their text is spoken.']);
  });

  it('keeps line breaks and removes invisible characters', () => {
    expect(cleanText('a\r\nb\u200b\u0007c\t d').text).toBe('a\nbc d');
  });

  it('refuses text with nothing to say', () => {
    for (const text of ['', '  \n', '😀👍', '……！？', '<br/>']) {
      expect(() => cleanText(text)).toThrow(EmptyTextError);
    }
  });
});
