import type { Fault } from './messages.js';

const INSTALLATION = 'the server lacks a part of its installation.';

/** What callers may know of a failure of the machine, by its code. The message names paths and internal addresses. */
const REASONS: Readonly<Record<string, string>> = {
  'disk-full': "the server's disk was full.",
  'face-model': INSTALLATION,
  'ffmpeg-failed': 'ffmpeg did not finish its work.',
  'ffmpeg-missing': INSTALLATION,
  'inference-runtime': INSTALLATION,
  'process-died': 'the render process died.',
  'speech-model': INSTALLATION,
  'speech-net': INSTALLATION,
  'voice-failed': 'the voice did not speak.',
};

/** A job of the render program failed. */
export class ProgramFailure extends Error {
  readonly fault: Fault;
  readonly code: string;

  constructor(fault: Fault, code: string, message: string) {
    super(message);
    this.name = 'ProgramFailure';
    this.fault = fault;
    this.code = code;
  }
}

/** Why work was given up, as its owner may read it; what the machine is at fault for is told in general only. */
export const publicReason = (failure: unknown): string => {
  if (!(failure instanceof ProgramFailure)) return 'the result could not be kept.';
  return REASONS[failure.code] ?? 'the server could not do its work.';
};
