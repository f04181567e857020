import { EngineError } from './engine-error.js';

/** The text is in a language that the chosen voice, or every voice, lacks. */
export class VoiceLanguageError extends EngineError {
  readonly code = 'voice-language';
  readonly fault = 'input';

  constructor(text: string, language: string, chosen: string | undefined, fitting: readonly string[]) {
    const reader = chosen === undefined ? 'no installed voice reads' : `the voice ${chosen} does not read`;
    super({
      wrong: `The text "${text.slice(0, 30)}${text.length > 30 ? '…' : ''}" is in a language (${language}) that ${reader}.`,
      expected: 'Expected text in the language of the voice.',
      remedy:
        fitting.length > 0
          ? `Voices that fit: ${fitting.join('; ')}.`
          : 'Set up a speech server or model that speaks it, or give recorded speech instead of text.',
    });
  }
}
