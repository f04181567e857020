import { stat } from 'node:fs/promises';
import type { VoicePage } from '@chanjing-avatar/protocol';
import { parameterError } from '../errors/contract-error.js';
import type { ProgramVoice } from '../renderer/messages.js';
import type { RenderProgram } from '../renderer/render-program.js';

/** The voices that texts can be read with. */
export type VoiceCatalogue = {
  list(): Promise<readonly ProgramVoice[]>;
  /** Throws {@link ContractError} naming near voices when there is none of this id. */
  require(field: string, id: string): Promise<ProgramVoice>;
};

/** Names a few voices that the caller may have meant. */
const nearest = (voices: readonly ProgramVoice[], wanted: string): string => {
  const start = wanted.slice(0, 3).toLowerCase();
  const alike = voices.filter((voice) => voice.id.toLowerCase().startsWith(start));
  return (alike.length > 0 ? alike : voices)
    .slice(0, 4)
    .map((voice) => `${voice.id} (${voice.name})`)
    .join(', ');
};

/** A speech server may come up, go down or change its voices meanwhile. */
const FRESH_MS = 300_000;

/**
 * Asks the engine, and again after five minutes or when a voice was installed or removed; after a failure at the next
 * need, with the earlier answer until then.
 *
 * @param directory of installed voices, which gets a new time with each that comes or goes; empty for none
 */
export const voiceCatalogue = (program: RenderProgram, directory: string): VoiceCatalogue => {
  let known: readonly ProgramVoice[] | undefined;
  let loading: Promise<readonly ProgramVoice[]> | undefined;
  let askedAt = 0;
  let seen: number | undefined;
  const ask = async (): Promise<readonly ProgramVoice[]> => {
    try {
      known = await program.run({ kind: 'voices' });
      return known;
    } catch (error) {
      loading = undefined;
      if (known) return known;
      throw error;
    }
  };
  const list: VoiceCatalogue['list'] = async () => {
    const changedAt = directory ? (await stat(directory).catch(() => undefined))?.mtimeMs : undefined;
    if (!loading || changedAt !== seen || Date.now() - askedAt > FRESH_MS) {
      askedAt = Date.now();
      seen = changedAt;
      loading = ask();
    }
    return loading;
  };
  return {
    list,
    require: async (field, id) => {
      const voices = await list();
      const voice = voices.find((candidate) => candidate.id === id);
      if (voice) return voice;
      throw parameterError(
        field,
        id,
        `the id of a voice of list_common_audio, for example ${nearest(voices, id)}`,
      );
    },
  };
};

const GENDERS: Record<string, string> = { female: 'Female', male: 'Male' };

/** One page of the catalogue as the API shows it. */
export const voicePage = (
  voices: readonly ProgramVoice[],
  page: number,
  size: number,
  auditionUrl: (voiceId: string) => string,
): VoicePage => ({
  list: voices.slice((page - 1) * size, page * size).map((voice) => ({
    id: voice.id,
    grade: 1,
    name: voice.name,
    gender: GENDERS[voice.gender] ?? voice.gender,
    lang: voice.language,
    desc: '',
    speed: 1,
    pitch: 1,
    audition: auditionUrl(voice.id),
  })),
  page_info: { page, size, total_count: voices.length, total_page: Math.ceil(voices.length / size) },
});
