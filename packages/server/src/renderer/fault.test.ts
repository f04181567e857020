import * as engine from '@chanjing-avatar/engine';
import { expect, it } from 'vitest';
import { faultOf } from './fault.js';
import type { Fault } from './messages.js';

type ErrorClass = new (...parts: never[]) => engine.EngineError;

const EXPECTED: Record<string, { fault: Fault; parts?: unknown[] }> = {
  BrokenPlanError: { fault: 'infrastructure' },
  BrokenSegmentError: { fault: 'infrastructure' },
  DiskFullError: { fault: 'infrastructure' },
  EmptyTextError: { fault: 'input' },
  FaceModelError: { fault: 'infrastructure' },
  FaceNotFoundError: { fault: 'input' },
  FfmpegFailedError: { fault: 'infrastructure' },
  FfmpegMissingError: { fault: 'infrastructure' },
  InferenceRuntimeError: { fault: 'infrastructure' },
  MissingFileError: { fault: 'infrastructure' },
  NoSpeechTrackError: { fault: 'input' },
  NotAVideoError: { fault: 'input' },
  OutputNotWritableError: { fault: 'infrastructure' },
  ParameterError: { fault: 'input' },
  SpeechModelError: { fault: 'infrastructure' },
  SpeechNetError: { fault: 'infrastructure' },
  SpeechParameterError: { fault: 'input' },
  StillPictureError: { fault: 'input' },
  TooLargeError: { fault: 'input' },
  TooLongError: { fault: 'input' },
  TranscriptMismatchError: { fault: 'input' },
  UnknownVoiceError: { fault: 'input', parts: ['nobody', []] },
  UnknownVoicePackError: { fault: 'input', parts: ['nobody', []] },
  UnreadableMediaError: { fault: 'input' },
  UnsupportedFormatError: { fault: 'input' },
  VoiceDownloadError: { fault: 'infrastructure' },
  VoiceFailedError: { fault: 'infrastructure' },
  VoiceFileError: { fault: 'infrastructure' },
  VoiceLanguageError: { fault: 'input', parts: ['text', 'xx', undefined, []] },
};

const exported = Object.entries(engine).filter(
  ([, value]) => typeof value === 'function' && value.prototype instanceof engine.EngineError,
) as unknown as [string, ErrorClass][];

it('places each error of the engine: whose fault is it', () => {
  expect(exported.map(([name]) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
});

it.each(exported)('places %s', (name, Class) => {
  const { fault, parts = ['a', 'b', 'c', 'd'] } = EXPECTED[name]!;
  expect(faultOf(new Class(...(parts as never[])))).toBe(fault);
});

it('holds the machine responsible for what it does not know', () => {
  expect([new TypeError('bug'), 'text'].map(faultOf)).toEqual(Array(2).fill('infrastructure'));
});
