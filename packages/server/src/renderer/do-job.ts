import * as engine from '@chanjing-avatar/engine';
import type { ProgramJob, ProgramResults } from './messages.js';

export const doJob = async (
  job: ProgramJob,
  _signal: AbortSignal,
  _onProgress: (fraction: number) => void,
): Promise<ProgramResults[ProgramJob['kind']]> => {
  throw new Error(`not there yet: ${job.kind} ${Object.keys(engine).length}`);
};
