import { createRequire } from 'node:module';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { normaliseText } from '../text/normalise.js';
import { scriptRuns } from '../text/script-runs.js';
import { splitSentences } from '../text/sentences.js';
import { spokenForm } from '../text/spoken-form.js';
import { tempoForSpeed } from './espeak-tempo.js';
import { dialectOfScript, ESPEAK_VOICES, type EspeakVoice } from './espeak-voices.js';
import { pitchOctaves } from './pitch.js';
import { atTempo, type SpeechPiece, speakBySentence } from './speak-by-sentence.js';
import { createSpeechWorker } from './speech-worker.js';
import { readableScripts } from './voice-language.js';
import { plainVoice, type SpeakRequest, type Utterance, type VoiceProvider } from './voice-provider.js';
import { speechOfReply } from './worker-reply.js';

const NAME = 'espeak';
const REMEDY =
  'Try again; if it happens again, reinstall with "npm ci" and report it together with the text.';

/** Characters of the text that the tempo is tried out on. */
const TEMPO_SAMPLE = 300;

/** A stretch of one sentence that one espeak language reads. */
type Stretch = { readonly text: string; readonly dialect: string };

export type EspeakProviderOptions = {
  /** The worker program; by default that of the installed package `@chanjing-avatar/speech-espeak`. */
  readonly program?: string;
  /** Longest wait for one sentence, default 60. */
  readonly timeoutSeconds?: number;
  /** The program is ended after so long without work, default 60. */
  readonly idleSeconds?: number;
};

/** The worker is a program of its own under another licence: its file is looked up to be run, never imported. */
const installedProgram = (): string | undefined => {
  try {
    return createRequire(import.meta.url).resolve('@chanjing-avatar/speech-espeak/worker');
  } catch {
    return undefined;
  }
};

/** Words in another script are read by espeak's language for it, Latin ones by the voice's own language. */
const stretches = (sentence: string, voice: EspeakVoice): readonly Stretch[] => {
  const own = readableScripts(voice.language);
  return scriptRuns(sentence, own).map(({ text, script }) => ({
    text,
    dialect: script === own[0] ? voice.dialect : (dialectOfScript(script) ?? voice.dialect),
  }));
};

/**
 * espeak's pitch setting (0 to 99, 50 is the voice's own) for a shift in octaves. Upwards it works evenly; downwards
 * the octaves run as 1 - (1 - x)^1.45 of the way to the lowest, as measured on three timbres.
 */
const pitchSetting = (octaves: number, { timbre }: EspeakVoice): number => {
  if (octaves >= 0) return Math.round(50 + 49 * Math.min(1, octaves / timbre.octavesUp));
  const depth = Math.min(1, -octaves / timbre.octavesDown);
  return Math.round(50 * (1 - depth) ** (1 / 1.45));
};

/** The leading sentences, enough to try out the tempo. */
const tempoSample = (text: string, voice: EspeakVoice): readonly Stretch[] => {
  const sample: Stretch[] = [];
  let length = 0;
  for (const sentence of splitSentences(text)) {
    if (length >= TEMPO_SAMPLE) break;
    sample.push(...stretches(normaliseText(spokenForm(sentence), voice.language), voice));
    length += sentence.length;
  }
  return sample;
};

/** Voices of espeak-ng, offline, with exact phone times. */
export const createEspeakProvider = (options: EspeakProviderOptions = {}): VoiceProvider => {
  const program = options.program ?? installedProgram();
  const worker =
    program === undefined
      ? undefined
      : createSpeechWorker({
          provider: NAME,
          program,
          timeoutSeconds: options.timeoutSeconds ?? 60,
          idleSeconds: options.idleSeconds ?? 60,
          remedy: REMEDY,
        });

  const speak = async (request: SpeakRequest, signal?: AbortSignal): Promise<Utterance> => {
    const voice = ESPEAK_VOICES.find(({ id }) => id === request.voice.id);
    if (worker === undefined || voice === undefined) {
      const finding = worker === undefined ? 'it is not installed' : `it has no voice ${request.voice.id}`;
      throw new VoiceFailedError(NAME, finding, 'Install it: "npm install @chanjing-avatar/speech-espeak".');
    }
    const pitch = pitchSetting(pitchOctaves(request.pitch), voice);
    const say = async ({ text, dialect }: Stretch, wpm: number): Promise<SpeechPiece> => {
      const order = { text, voice: dialect, variant: voice.timbre.variant, wpm, pitch };
      return speechOfReply(NAME, await worker.ask(order, signal), REMEDY);
    };
    const { wpm, rest } = await tempoForSpeed(request.speed, async (rate) => {
      let seconds = 0;
      for (const stretch of tempoSample(request.text, voice)) {
        const { samples, sampleRate } = await say(stretch, rate);
        seconds += samples.length / sampleRate;
      }
      return seconds;
    });
    return speakBySentence({
      text: request.text,
      language: voice.language,
      speed: request.speed,
      say: async (sentence) => {
        const pieces: SpeechPiece[] = [];
        for (const stretch of stretches(sentence, voice)) {
          const piece = await say(stretch, wpm);
          pieces.push(rest === 1 ? piece : atTempo(piece, rest));
        }
        return pieces;
      },
    });
  };

  return {
    name: NAME,
    voices: async () => (worker === undefined ? [] : ESPEAK_VOICES.map(plainVoice)),
    speak,
    close: async () => worker?.close(),
  };
};
