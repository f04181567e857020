import { readdirSync, readFileSync } from 'node:fs';

/** Environment variables that mark the processes of jobs, ffmpeg included: whose server's they are, … */
export const JOB_MARK = 'CHANJING_AVATAR_JOB_OF';
/** … and which run of the render program's. */
export const RUN_MARK = 'CHANJING_AVATAR_RUN';

/**
 * Ends the processes that what started them left behind when it was killed. They are known by a mark in their
 * environment, not by their number, which another program may have by now. Linux only; elsewhere an ffmpeg ends when it
 * finds its pipes broken, and render processes when their server disconnects. Returns how many were ended.
 */
export const endMarked = (mark: string, value: string): number => {
  if (process.platform !== 'linux') return 0;
  let ended = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(`${mark}=${value}`)) continue;
      process.kill(Number(entry), 'SIGKILL');
      ended += 1;
    } catch {
      // Ended meanwhile, or another user's.
    }
  }
  return ended;
};
