import type { TaskRow } from './task-reads.js';

export type ResultKeys = {
  readonly videoKey: string;
  readonly coverKey: string;
  readonly reportKey: string;
  readonly subtitlesKey: string;
};

/** Storage keys of what one start of a task's render makes; no other start can replace them. */
export const resultKeys = (taskId: string, start: number): ResultKeys => ({
  videoKey: `lip-sync/${start}/${taskId}.mp4`,
  coverKey: `lip-sync/${start}/${taskId}.jpg`,
  reportKey: `lip-sync/${start}/${taskId}.json`,
  subtitlesKey: `lip-sync/${start}/${taskId}.srt`,
});

/** Keys of everything that the starts of a task may have published so far, but for one result. */
export const otherResults = ({ id, starts }: Pick<TaskRow, 'id' | 'starts'>, kept?: ResultKeys): string[] =>
  Array.from({ length: starts }, (_, index) => Object.values(resultKeys(id, index + 1)))
    .flat()
    .filter((key) => !kept || !Object.values(kept).includes(key));
