import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text.js';
import { spokenForm, spokenParts, writtenForm } from './spoken-form.js';

describe('SSML', () => {
  it.each([
    ['<break time="3s"/>', 3],
    ["<break time='250ms' />", 0.25],
    ['<break/>', 0.4],
    ['<break strength="x-strong"></break>', 1.2],
    ['<break time="1h"/>', 0.4],
    ['<break time="100s"/>', 10],
  ])('pauses at %s for %s seconds', (tag, pauseSeconds) => {
    const { text, notices } = cleanText(`one ${tag} two`);
    expect(spokenParts(text)).toEqual([{ text: 'one' }, { pauseSeconds }, { text: 'two' }]);
    expect(notices).toEqual([]);
  });

  it.each([
    ['我姓<phoneme alphabet="py" ph="shan4">单</phoneme>', '我姓善', '我姓单'],
    ['<phoneme alphabet="pinyin" ph="chóng qìng">重庆</phoneme>', '崇庆', '重庆'],
    ['<phoneme alphabet="py" ph="chong2qing4">重庆</phoneme>', '崇庆', '重庆'],
    ['<phoneme alphabet="py" ph="lü4">率</phoneme>', '律', '率'],
    ['<sub alias="World Wide Web">WWW</sub> now', 'World Wide Web now', 'WWW now'],
    ['<sub alias="AT&amp;T">x</sub>', 'AT&T', 'x'],
    ['<say-as interpret-as="digits">2024</say-as>', '2 0 2 4', '2024'],
    ['<say-as interpret-as="telephone">400-820</say-as>', '4 0 0 8 2 0', '400-820'],
    ['<say-as interpret-as="spell-out">CIA</say-as>', 'C I A', 'CIA'],
    ['<say-as interpret-as="cardinal">12,345</say-as>', '12345', '12,345'],
  ])('reads %s as %s and shows %s', (raw, spoken, written) => {
    const { text, notices } = cleanText(raw);
    expect(spokenForm(text)).toBe(spoken);
    expect(writtenForm(text)).toBe(written);
    expect(notices).toEqual([]);
  });

  it('says which reading it did not understand, and reads the text as usual', () => {
    for (const raw of [
      '<phoneme alphabet="ipa" ph="ʂan">单</phoneme>',
      '<phoneme alphabet="py" ph="xyz9">单</phoneme>',
    ]) {
      const { text, notices } = cleanText(raw);
      expect(text).toBe('单');
      expect(notices[0]).toContain('A reading was not understood');
    }
  });

  it('takes paragraphs and sentences without a notice, and leaves other tags out with one', () => {
    expect(cleanText('<speak><p><s>One</s><s>Two</s></p></speak>')).toEqual({
      text: 'One\nTwo',
      notices: [],
    });
    expect(cleanText('<prosody rate="fast">One</prosody>').notices).toHaveLength(1);
  });

  it('does not take characters of the text for its own marks', () => {
    expect(cleanText('a\uE0023000\uE003b\uE000x\uE001y\uE003').text).toBe('a3000bxy');
  });
});
