import type { ProgramJob } from './messages.js';

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
    case 'render':
      return [
        [job.video, 'The video'],
        ...('audio' in job.speech ? ([[job.speech.audio, 'The audio']] as [string, string][]) : []),
        [job.output, 'The result'],
        [job.cover, 'The cover'],
      ];
  }
};

/** The engine names files by their path; callers of the API must not see where the server keeps them. */
export const publicMessage = (message: string, job: ProgramJob): string =>
  namedFiles(job).reduce(
    (text, [path, name]) => text.replaceAll(JSON.stringify(path), name).replaceAll(path, name),
    message,
  );
