import { expect, it } from 'vitest';
import { textLanguage } from '../text/text-language.js';
import { auditionText } from './audition.js';
import { openVoices } from './open-voices.js';

it('has something to say in the language of every voice', async () => {
  const catalogue = openVoices();
  const languages = [...new Set((await catalogue.voices()).map(({ language }) => language))];
  await catalogue.close();
  expect(languages.length).toBeGreaterThan(20);
  const texts = languages.map(auditionText);
  expect(new Set(texts).size).toBe(languages.length);
  for (const language of languages) expect(await textLanguage(auditionText(language))).toBe(language);
  expect(auditionText('mul')).toBe(auditionText('en'));
});
