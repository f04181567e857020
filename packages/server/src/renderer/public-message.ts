import { EngineError } from '@chanjing-avatar/engine';
import type { ProgramJob, RenderSpeech } from './messages.js';

const recordingOf = (speech: RenderSpeech): [path: string, name: string][] =>
  'audio' in speech ? [[speech.audio, 'The audio']] : [];

/** Files of a job by the words that a caller knows them by. */
const namedFiles = (job: ProgramJob): [path: string, name: string][] => {
  switch (job.kind) {
    case 'voices':
      return [];
    case 'inspect-video':
    case 'inspect-audio':
      return [[job.path, 'The file']];
    case 'speak':
      return [[job.output, 'The speech']];
    case 'plan':
      return [[job.video, 'The video'], ...recordingOf(job.speech)];
    case 'segments':
      return [[job.video, 'The video']];
    case 'finish':
      return [
        ...(job.recording ? ([[job.recording, 'The audio']] as [string, string][]) : []),
        [job.output, 'The result'],
      ];
    case 'render':
      return [
        [job.video, 'The video'],
        ...recordingOf(job.speech),
        [job.output, 'The result'],
        [job.cover, 'The cover'],
      ];
  }
};

/** The engine takes still pictures and more kinds of files than the API does. */
const OF_THE_API: Readonly<Record<string, { expected?: string; remedy?: string }>> = {
  'not-a-video': { expected: 'Expected a video (mp4, mov, webm).' },
  'face-not-found': { remedy: 'Use another video, or cut this one to where such a face is seen.' },
};

const messageOf = (error: unknown): string => {
  if (!(error instanceof EngineError)) return (error as Error).message ?? String(error);
  const { wrong, expected, remedy } = { ...error.parts, ...OF_THE_API[error.code] };
  return `${wrong} ${expected} ${remedy}`;
};

/**
 * What a caller of the API may read of a failure. The engine names files by their path; callers must not see where the
 * server keeps them.
 */
export const publicMessage = (error: unknown, job: ProgramJob): string =>
  namedFiles(job).reduce(
    (text, [path, name]) => text.replaceAll(JSON.stringify(path), name).replaceAll(path, name),
    messageOf(error),
  );
