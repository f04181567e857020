import { readdirSync, readFileSync } from 'node:fs';

/** What a process and those below it have used and hold. */
export type ProcessUsage = { readonly cpuSeconds: number; readonly memoryBytes: number };

/** Linux counts processor time in hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

const childrenOf = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};

/** utime, stime, and those of children that have ended: fields 14 to 17 of proc_pid_stat(5), behind the name. */
const cpuSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
};

/** What is in memory of its own, without files and programs that others may share. */
const memoryOf = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
};

/** Zero for processes that have ended, and where there is no /proc. */
export const usageOf = (pid: number): ProcessUsage => {
  let cpuSeconds = 0;
  let memoryBytes = 0;
  const pids = [pid];
  for (let member = pids.pop(); member !== undefined; member = pids.pop()) {
    try {
      cpuSeconds += cpuSecondsOf(member);
      memoryBytes += memoryOf(member);
    } catch {
      // Ended meanwhile; what it used is counted with its parent.
    }
    pids.push(...childrenOf(member));
  }
  return { cpuSeconds, memoryBytes };
};
