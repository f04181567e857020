import { VoiceFailedError } from '../errors/voice-failed-error.js';
import type { Phone } from '../speech/phone.js';
import type { SpeechPiece } from './speak-by-sentence.js';

/** What the speech workers answer: 16-bit little-endian mono samples in base64, and phones where they know them. */
type WorkerReply = { readonly sampleRate: number; readonly pcm: string; readonly phones?: readonly Phone[] };

const isReply = (reply: Partial<WorkerReply>): reply is WorkerReply =>
  typeof reply.pcm === 'string' &&
  typeof reply.sampleRate === 'number' &&
  reply.sampleRate > 0 &&
  (reply.phones === undefined || Array.isArray(reply.phones));

/**
 * The speech in a worker's answer.
 *
 * @throws VoiceFailedError when there is none.
 */
export const speechOfReply = (provider: string, reply: object, remedy: string): SpeechPiece => {
  if (!isReply(reply)) throw new VoiceFailedError(provider, 'its program answered without speech', remedy);
  const bytes = Buffer.from(reply.pcm, 'base64');
  const samples = new Float32Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i) / 32768;
  return { samples, sampleRate: reply.sampleRate, ...(reply.phones && { phones: reply.phones }) };
};
