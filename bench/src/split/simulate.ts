import { shareSegments } from '@chanjing-avatar/engine';

/** Seconds on the clock of the pieces of one video, as measured. */
export type PieceTimes = {
  readonly plan: number;
  /** To begin a run of segments in a new process, then for each segment. */
  readonly start: number;
  readonly segments: readonly number[];
  readonly finish: number;
};

/** @param complete when each segment of one run was complete, in seconds since its process began */
export const segmentTimes = (complete: readonly number[]): Pick<PieceTimes, 'start' | 'segments'> => {
  const later = complete.slice(1).map((time, k) => time - complete[k]!);
  const usual = later.toSorted((a, b) => a - b)[later.length >> 1]!;
  return { start: Math.max(0, complete[0]! - usual), segments: [Math.min(usual, complete[0]!), ...later] };
};

/**
 * How long a video takes when so many workers, each like the measured one, share its segments as the server shares them:
 * each takes the next run when it is free. Moving files between machines is left out.
 */
export const simulate = ({ plan, start, segments, finish }: PieceTimes, workers: number): number => {
  const free = new Array<number>(workers).fill(0);
  for (const { from, end } of shareSegments(segments.length, workers)) {
    const next = free.indexOf(Math.min(...free));
    free[next]! += start + segments.slice(from, end).reduce((sum, seconds) => sum + seconds, 0);
  }
  return plan + Math.max(...free) + finish;
};
