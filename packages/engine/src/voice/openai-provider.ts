import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { readKokoroName } from './kokoro-name.js';
import { pitchOctaves } from './pitch.js';
import { readWav, type WavSound } from './read-wav.js';
import { speakBySentence } from './speak-by-sentence.js';
import { askSpeechServer, refusal, type SpeechServer } from './speech-server.js';
import { shiftPitch, stretchTime } from './time-stretch.js';
import { voiceId } from './voice-id.js';
import type { SpeakRequest, Utterance, Voice, VoiceProvider } from './voice-provider.js';

const NAME = 'openai';
/** Characters in one request; servers take 4096 or fewer tokens' worth, and short pieces give exact sentence times. */
const LIMIT = 1000;
const DEFAULT_TIMEOUT_SECONDS = 120;
const LIST_TIMEOUT_SECONDS = 10;
/** A server is asked for its voices again after so long. */
const KNOWN_MS = 60_000;

/** A voice as a server or the configuration names it. */
type ServerVoice = {
  /** What the server calls it. */
  readonly id: string;
  readonly name?: string;
  readonly gender?: Voice['gender'];
  /** BCP 47 primary language; `mul` (default) for a voice that reads any. */
  readonly language?: string;
};

export type OpenAiProviderOptions = {
  /** Address of the server with or without `/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** The model's name, default `tts-1`. */
  readonly model?: string;
  /** The voices, for servers that do not list theirs. */
  readonly voices?: readonly ServerVoice[];
  /** Further fields of the request that a server wants. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Longest wait for one sentence, default 120. */
  readonly timeoutSeconds?: number;
};

const OPENAI_MEN: readonly string[] = ['ash', 'ballad', 'cedar', 'echo', 'fable', 'onyx', 'verse'];

/** What the conventional names tell; a voice that tells nothing counts as a woman who reads any language. */
const describe = ({ id, name, gender, language }: ServerVoice): Voice => {
  const told = readKokoroName(id);
  return {
    id: voiceId(NAME, id),
    name: name ?? id,
    gender: gender ?? told?.gender ?? (OPENAI_MEN.includes(id) ? 'male' : 'female'),
    language: language ?? told?.language ?? 'mul',
    provider: NAME,
  };
};

/** The voices in an answer of any of the shapes in use: a list, or `{voices}` or `{data}`, of names or objects. */
const listedVoices = (answer: unknown): readonly ServerVoice[] => {
  const holder = answer as { voices?: unknown; data?: unknown } | null;
  const list = Array.isArray(answer) ? answer : (holder?.voices ?? holder?.data);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown): readonly ServerVoice[] => {
    if (typeof entry === 'string') return [{ id: entry }];
    const { id, voice_id: voiceId, name } = (entry ?? {}) as Record<string, unknown>;
    const key = id ?? voiceId ?? name;
    return typeof key === 'string' ? [{ id: key, ...(typeof name === 'string' && { name }) }] : [];
  });
};

/** Voices of any server with OpenAI's `POST /v1/audio/speech`. Phone times are unknown. */
export const createOpenAiProvider = (options: OpenAiProviderOptions): VoiceProvider => {
  const server: SpeechServer = {
    provider: NAME,
    baseUrl: options.baseUrl,
    timeoutSeconds: options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    ...(options.apiKey !== undefined && { apiKey: options.apiKey }),
  };
  let known: Promise<ReadonlyMap<string, { readonly voice: Voice; readonly serverId: string }>> | undefined;
  let askedAt = 0;

  const ask = async (): Promise<readonly ServerVoice[]> => {
    const patience = Math.min(LIST_TIMEOUT_SECONDS, server.timeoutSeconds);
    const listing = { ...server, timeoutSeconds: patience };
    const answer = await askSpeechServer(listing, 'audio/voices', undefined, undefined);
    // OpenAI itself and others do not list their voices.
    if (answer.status === 404 || answer.status === 405) return [];
    if (answer.status !== 200) throw refusal(server, answer);
    try {
      return listedVoices(JSON.parse(answer.body.toString()));
    } catch (error) {
      const remedy = 'Give the voices in the configuration instead.';
      throw new VoiceFailedError(NAME, 'its list of voices is not JSON', remedy, error);
    }
  };

  const catalogue = (): NonNullable<typeof known> => {
    if (performance.now() - askedAt > KNOWN_MS) known = undefined;
    if (known === undefined) askedAt = performance.now();
    known ??= (async () => {
      const voices = options.voices ?? (await ask());
      return new Map(
        voices.map((entry) => {
          const voice = describe(entry);
          return [voice.id, { voice, serverId: entry.id }];
        }),
      );
    })().catch((error: unknown) => {
      // A server that was down may be up at the next question.
      known = undefined;
      throw error;
    });
    return known;
  };

  const sound = async (
    text: string,
    serverId: string,
    signal: AbortSignal | undefined,
  ): Promise<WavSound> => {
    const body = {
      model: options.model ?? 'tts-1',
      input: text,
      voice: serverId,
      response_format: 'wav',
      ...options.extraBody,
    };
    const answer = await askSpeechServer(server, 'audio/speech', body, signal);
    if (answer.status !== 200) throw refusal(server, answer);
    try {
      return readWav(answer.body);
    } catch (error) {
      const finding = `its answer (${answer.type || 'of no type'}) is not speech: ${(error as Error).message}`;
      throw new VoiceFailedError(NAME, finding, 'The server must answer response_format "wav".', error);
    }
  };

  const speak = async (request: SpeakRequest, signal?: AbortSignal): Promise<Utterance> => {
    const serverId = (await catalogue()).get(request.voice.id)?.serverId;
    if (serverId === undefined) {
      throw new VoiceFailedError(
        NAME,
        `it has no voice ${request.voice.id}`,
        'List the voices and choose one.',
      );
    }
    const octaves = pitchOctaves(request.pitch);
    return speakBySentence({
      text: request.text,
      language: request.voice.language,
      speed: request.speed,
      limit: LIMIT,
      say: async (sentence) => {
        const { samples, sampleRate } = await sound(sentence, serverId, signal);
        const paced = stretchTime(samples, sampleRate, request.speed);
        return [{ samples: shiftPitch(paced, sampleRate, octaves), sampleRate }];
      },
    });
  };

  return {
    name: NAME,
    voices: async () => [...(await catalogue()).values()].map(({ voice }) => voice),
    speak,
    close: async () => {},
  };
};
