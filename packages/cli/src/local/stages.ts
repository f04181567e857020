import type { Progress as EngineProgress, Stage } from '@chanjing-avatar/engine';
import type { Io } from '../command/io.js';
import type { Progress, WorkStage } from '../command/progress.js';
import { progressOn } from '../command/progress.js';

const STAGES: Readonly<Record<Stage, WorkStage>> = {
  speech: { name: 'speech', en: 'speech', zh: '语音' },
  face: { name: 'face', en: 'finding the face', zh: '寻找人脸' },
  plan: { name: 'plan', en: 'planning', zh: '规划' },
  render: { name: 'render', en: 'rendering', zh: '渲染' },
  finish: { name: 'finish', en: 'finishing', zh: '收尾' },
};

export type Watching = {
  readonly progress: Progress;
  /** For the engine. */
  readonly told: { onProgress(progress: EngineProgress): void; onNotice(text: string): void };
};

/** Shows on standard error how far the engine is, and what it notices. */
export const watchEngine = (io: Io): Watching => {
  const progress = progressOn(io, 'nothing');
  return {
    progress,
    told: {
      onProgress: ({ stage, fraction }) => progress.show(STAGES[stage], fraction),
      onNotice: (text) => {
        progress.end();
        io.note(text);
      },
    },
  };
};
