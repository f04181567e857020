/** Neighbouring output frames whose source frames follow each other. */
export type PlaybackRun = {
  /** Lowest source frame of the run. */
  readonly start: number;
  readonly count: number;
  /** True when the source frames descend. */
  readonly backwards: boolean;
};

/** Cut a playback plan into runs of ascending or descending source frames. */
export const splitIntoRuns = (plan: Int32Array): PlaybackRun[] => {
  const runs: PlaybackRun[] = [];
  for (let begin = 0; begin < plan.length; ) {
    const step = plan[begin + 1] === plan[begin] - 1 ? -1 : 1;
    let end = begin + 1;
    while (end < plan.length && plan[end] === plan[end - 1] + step) end += 1;
    runs.push({ start: Math.min(plan[begin], plan[end - 1]), count: end - begin, backwards: step < 0 });
    begin = end;
  }
  return runs;
};
