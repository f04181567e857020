import { EngineError } from '@chanjing-avatar/engine';
import type { Fault } from './messages.js';

/** Codes of engine errors that tell what is wrong with the material or the request: another try is useless. */
const MATERIAL = new Set([
  'empty-text',
  'face-not-found',
  'media-unreadable',
  'no-speech-track',
  'not-a-video',
  'parameter',
  'picture-too-large',
  'speech-parameter',
  'still-picture',
  'too-long',
  'transcript-mismatch',
  'unknown-voice',
  'voice-language',
]);

/** Whatever is not known to be the caller's fault is the machine's: no good upload is refused for it at once. */
export const faultOf = (error: unknown): Fault =>
  error instanceof EngineError && MATERIAL.has(error.code) ? 'input' : 'infrastructure';
