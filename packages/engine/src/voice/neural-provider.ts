import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { splitSentences } from '../text/sentences.js';
import { textLanguage } from '../text/text-language.js';
import type { Speaker } from '../voice-store/voice-manifest.js';
import type { InstalledVoice } from '../voice-store/voice-store.js';
import { sanottsOrder, sherpaOrder } from './neural-order.js';
import { pitchOctaves } from './pitch.js';
import { atTempo, speakBySentence } from './speak-by-sentence.js';
import { createSpeechWorker, type SpeechWorker } from './speech-worker.js';
import { shiftPitch } from './time-stretch.js';
import { voiceId } from './voice-id.js';
import type { SpeakRequest, Utterance, Voice, VoiceProvider } from './voice-provider.js';
import { speechOfReply } from './worker-reply.js';

/** Neural voices on an old processor are slower than real time. */
const TIMEOUT_SECONDS = 300;
/** A program without work gives its memory back. */
const IDLE_SECONDS = 300;
/** So many models stay loaded, such as a Chinese and an English one: a large one takes 2 GB. */
const MOST_LOADED = 2;

/** The programs are under another licence: their files are looked up to be run, never imported. */
const PROGRAMS = {
  sherpa: '@chanjing-avatar/speech-sherpa/worker',
  sanotts: '@chanjing-avatar/speech-espeak/sanotts-worker',
} as const;

type Engine = keyof typeof PROGRAMS;

const programOf = (provider: string, engine: Engine): string => {
  try {
    return createRequire(import.meta.url).resolve(PROGRAMS[engine]);
  } catch (error) {
    const name = PROGRAMS[engine].split('/', 2).join('/');
    throw new VoiceFailedError(
      provider,
      `${name} is not installed`,
      `Install it: "npm install ${name}".`,
      error,
    );
  }
};

/** Ids stay what they were: of a user's own model by its directory's name, of an installed one by its own. */
const voiceOf = (
  { directory, manifest }: InstalledVoice,
  { id, name, gender, language }: Speaker,
  provider: string,
): Voice => ({
  id: voiceId(
    manifest.model.engine,
    `${manifest.licence === '' ? basename(directory) : manifest.name}/${id}`,
  ),
  name,
  gender,
  language,
  ...(manifest.languages.length > 1 && {
    languages: [language, ...manifest.languages.filter((other) => other !== language)],
  }),
  provider,
});

type Chosen = { readonly home: InstalledVoice; readonly speaker: Speaker };

/**
 * Voices of neural models on this machine, each model in a program of its own: what crashes or grows there does so there.
 * A program keeps its model loaded, serves all requests sentence by sentence, and ends when idle. Phone times are known for
 * models of the engine `sanotts`.
 *
 * @param name of the provider
 * @param models the models that are there now, asked for again at each question
 */
export const createNeuralProvider = (
  name: string,
  models: () => Promise<readonly InstalledVoice[]>,
): VoiceProvider => {
  /** The one that spoke last is the last. */
  const workers = new Map<string, SpeechWorker>();

  const workerOf = ({ directory, manifest }: InstalledVoice): SpeechWorker => {
    const worker =
      workers.get(directory) ??
      createSpeechWorker({
        provider: name,
        program: programOf(name, manifest.model.engine),
        timeoutSeconds: TIMEOUT_SECONDS,
        idleSeconds: IDLE_SECONDS,
        remedy:
          manifest.licence === ''
            ? `Check the files in ${directory}, or write its voice.json; another voice may speak meanwhile.`
            : `Remove the voice "${manifest.name}" and install it again; another voice may speak meanwhile.`,
      });
    workers.delete(directory);
    workers.set(directory, worker);
    return worker;
  };

  /** Ends the programs of models that others have taken the place of, as far as they have nothing to do. */
  const makeRoom = async (): Promise<void> => {
    const idle = [...workers].slice(0, -MOST_LOADED).filter(([, worker]) => !worker.busy);
    for (const [directory] of idle) workers.delete(directory);
    await Promise.all(idle.map(([, worker]) => worker.close()));
  };

  const find = async (id: string): Promise<Chosen> => {
    for (const home of await models()) {
      const speaker = home.manifest.speakers.find((entry) => voiceOf(home, entry, name).id === id);
      if (speaker) return { home, speaker };
    }
    throw new VoiceFailedError(name, `it has no voice ${id} any more`, 'List the voices and choose one.');
  };

  const speak = async (request: SpeakRequest, signal?: AbortSignal): Promise<Utterance> => {
    const { home, speaker } = await find(request.voice.id);
    const { directory, manifest } = home;
    const worker = workerOf(home);
    await makeRoom();
    const octaves = pitchOctaves(request.pitch);
    const language = await languageOf(request);
    const order =
      manifest.model.engine === 'sherpa'
        ? { ...sherpaOrder(directory, manifest.model, language), speaker: speaker.id }
        : sanottsOrder(directory, manifest.model);
    return speakBySentence({
      text: request.text,
      language,
      speed: request.speed,
      say: async (text) => {
        const reply = await worker.ask({ ...order, text }, signal);
        const piece = atTempo(speechOfReply(name, reply, 'Choose another voice.'), request.speed);
        return [{ ...piece, samples: shiftPitch(piece.samples, piece.sampleRate, octaves) }];
      },
    });
  };

  return {
    name,
    voices: async () =>
      (await models()).flatMap((home) =>
        home.manifest.speakers.map((speaker) => voiceOf(home, speaker, name)),
      ),
    speak,
    close: async () => {
      await Promise.all([...workers.values()].map((worker) => worker.close()));
      workers.clear();
    },
  };
};

/** The language of the text among those that the voice reads. */
const languageOf = async ({ text, voice }: SpeakRequest): Promise<string> =>
  voice.languages === undefined
    ? voice.language
    : textLanguage(splitSentences(text).join(' '), voice.languages);
