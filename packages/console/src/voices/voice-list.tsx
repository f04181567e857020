import type { VoiceEntry } from '@chanjing-avatar/client';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { languageName } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';
import { useAudition } from './audition.js';

type VoiceListProps = {
  voices: readonly VoiceEntry[];
  /** BCP 47 primary language that is shown first, '' for all. */
  firstLanguage: string;
  /** What can be done with a voice. */
  children: (voice: VoiceEntry) => ComponentChildren;
};

const primary = (tag: string): string => tag.split('-')[0]!.toLowerCase();

const fits = (voice: VoiceEntry, language: string, words: string): boolean =>
  (language === '' || primary(voice.lang) === language) &&
  `${voice.name} ${voice.id} ${voice.lang}`.toLowerCase().includes(words.toLowerCase());

/** Voices to look through by language and name, and to listen to. */
export const VoiceList = ({ voices, firstLanguage, children }: VoiceListProps) => {
  const t = useText();
  const language = useLanguage();
  const audition = useAudition();
  const [chosen, setChosen] = useState<string>();
  const [words, setWords] = useState('');
  const languages = [...new Set(voices.map((voice) => primary(voice.lang)))].sort((a, b) =>
    languageName(language, a).localeCompare(languageName(language, b)),
  );
  const wanted = chosen ?? (languages.includes(firstLanguage) ? firstLanguage : '');
  const shown = voices.filter((voice) => fits(voice, wanted, words));
  const genders: Record<string, string> = { male: t.male, female: t.female };
  return (
    <div class="stack">
      <div class="row fields">
        <label class="field">
          <span>{t.voiceLanguage}</span>
          <select value={wanted} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">{t.allLanguages}</option>
            {languages.map((tag) => (
              <option key={tag} value={tag}>
                {languageName(language, tag)}
              </option>
            ))}
          </select>
        </label>
        <label class="field grow">
          <span>{t.voiceSearch}</span>
          <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        </label>
      </div>
      <p class="hint" role="status">
        {t.voiceCount(shown.length)}
      </p>
      <ul class="voices">
        {shown.map((voice) => {
          const isPlaying = audition.playing === voice.id;
          const about = [languageName(language, voice.lang), genders[voice.gender.toLowerCase()]].filter(
            Boolean,
          );
          return (
            <li key={voice.id} class="voice">
              <button
                type="button"
                class="round"
                aria-pressed={isPlaying}
                aria-label={isPlaying ? t.stopListening(voice.name) : t.listen(voice.name)}
                onClick={() => audition.toggle(voice.id, voice.audition)}
              >
                {isPlaying ? '■' : '▶'}
              </button>
              <span class="grow">
                <strong>{voice.name}</strong>
                <span class="hint"> {about.join(' · ')}</span>
              </span>
              {children(voice)}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
