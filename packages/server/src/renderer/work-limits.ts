import { usageOf } from './process-usage.js';

/** What a job may use, its ffmpegs included. */
export type WorkLimits = { readonly cpuSeconds: number; readonly memoryBytes: number };

/** Length in seconds and size in pixels of what is worked on. */
export type Material = { readonly seconds: number; readonly width: number; readonly height: number };

const GIGABYTE = 1024 ** 3;

// About ten times what the work takes on one slow core, estimated from the webcam sample:
// no honest file is refused, and a hostile one ends within what its length and size could explain.

/** A check looks at no more of a video than this, in seconds. */
const CHECKED_SECONDS = 60;

const millions = ({ width, height }: Material): number => (width * height) / 1e6;

/** @param material once the file was opened */
export const checkLimits = (fileBytes: number, material?: Material): WorkLimits => {
  const opening = 120 + fileBytes / 5e6;
  if (!material) return { cpuSeconds: opening, memoryBytes: 3 * GIGABYTE };
  return {
    cpuSeconds: opening + Math.min(material.seconds, CHECKED_SECONDS) * (4 + 4 * millions(material)),
    memoryBytes: 2 * GIGABYTE + material.width * material.height * 120,
  };
};

/** @param seconds longest recording that is allowed */
export const recordingLimits = (fileBytes: number, seconds: number): WorkLimits => ({
  cpuSeconds: 120 + fileBytes / 5e6 + seconds,
  memoryBytes: 2 * GIGABYTE,
});

/** @param characters of the text */
export const speechLimits = (characters: number): WorkLimits => ({
  cpuSeconds: 300 + characters * 2,
  memoryBytes: 4 * GIGABYTE,
});

/** @param source what is driven; @param output what is made of it */
export const renderLimits = (source: Omit<Material, 'seconds'>, output: Material): WorkLimits => {
  const pixels = source.width * source.height + output.width * output.height;
  return {
    cpuSeconds: 600 + output.seconds * (20 + 15 * (pixels / 1e6)),
    memoryBytes: 4 * GIGABYTE + pixels * 120 + output.seconds * 1e6,
  };
};

const LOOK_MS = 500;

/**
 * Looks twice a second at what a process and those below it use, and says once what is over its limit. Where there is
 * no /proc to look at, time on the clock stands for time of the processor. Returns how to stop.
 */
export const watchWork = (
  pid: number,
  limits: () => WorkLimits,
  onOver: (what: string) => void,
): (() => void) => {
  const begin = Date.now();
  // A process that stayed has worked before.
  const before = usageOf(pid).cpuSeconds;
  const timer = setInterval(() => {
    const { cpuSeconds, memoryBytes } = limits();
    const usage = usageOf(pid);
    const used = process.platform === 'linux' ? usage.cpuSeconds - before : (Date.now() - begin) / 1000;
    if (used > cpuSeconds) onOver(`more than ${Math.ceil(cpuSeconds)} s of computing`);
    else if (usage.memoryBytes > memoryBytes) {
      onOver(`more than ${(memoryBytes / GIGABYTE).toFixed(1)} GB of memory`);
    } else return;
    clearInterval(timer);
  }, LOOK_MS);
  return () => clearInterval(timer);
};
