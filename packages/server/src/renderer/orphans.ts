import { readdirSync, readFileSync } from 'node:fs';
import { JOB_MARK } from './render-program.js';

/**
 * Ends the processes of jobs whose server is gone (an ffmpeg whose render process was killed with it). They are known
 * by a mark in their environment, not by their number, which another program may have by now. Linux only; elsewhere
 * render processes end when their server disconnects. Returns how many were ended.
 */
export const endOrphans = (workDir: string): number => {
  if (process.platform !== 'linux') return 0;
  const mark = `${JOB_MARK}=${workDir}`;
  let ended = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(mark)) continue;
      process.kill(Number(entry), 'SIGKILL');
      ended += 1;
    } catch {
      // Ended meanwhile, or another user's.
    }
  }
  return ended;
};
