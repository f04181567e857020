import type { VoiceSettings } from '@chanjing-avatar/engine';
import { UsageError } from '../command/usage-error.js';
import { voicesDirectory } from './voices-directory.js';

/**
 * Voices beside those that come along, from the environment; the variables that `serve` knows too.
 *
 * @throws UsageError for an address that is none
 */
export const voiceSettings = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): VoiceSettings => {
  const { SPEECH_URL, SPEECH_API_KEY, SPEECH_MODEL, SPEECH_VOICES, SHERPA_MODEL } = environment;
  if (SPEECH_URL && !/^https?:\/\/[^/]/u.test(SPEECH_URL))
    throw new UsageError({
      en: `SPEECH_URL is "${SPEECH_URL}", but must be the http or https address of a speech server.`,
      zh: `SPEECH_URL 为 "${SPEECH_URL}",应为语音服务器的 http 或 https 地址。`,
    });
  return {
    speechUrl: SPEECH_URL || undefined,
    speechApiKey: SPEECH_API_KEY || undefined,
    speechModel: SPEECH_MODEL || undefined,
    speechVoices: SPEECH_VOICES?.split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    sherpaModel: SHERPA_MODEL || undefined,
    voicesDirectory: voicesDirectory(environment),
  };
};
