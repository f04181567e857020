import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Frame } from '../picture/frame.js';

const run = promisify(execFile);

/** Bars that carry the bits of a frame's number, lowest bit first from the left. */
const BARS = 10;
const BAR_WIDTH = 16;

const NUMBERED_WIDTH = BARS * BAR_WIDTH;
const NUMBERED_HEIGHT = 96;

/** Run ffmpeg for a fixture. */
export const makeMedia = async (...args: string[]): Promise<void> => {
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
};

/** Input arguments of a video whose frame n shows the number n as black and white bars. */
export const numberedSource = (frames: number, fps: string): string[] => {
  const bit = `mod(floor(N/pow(2\\,floor(X/${BAR_WIDTH})))\\,2)`;
  const size = `${NUMBERED_WIDTH}x${NUMBERED_HEIGHT}`;
  const lavfi = `nullsrc=s=${size}:r=${fps},geq=lum=${bit}*219+16:cb=128:cr=128,trim=end_frame=${frames}`;
  return ['-f', 'lavfi', '-i', lavfi];
};

/** Read the number back from a decoded frame of any size. */
export const readNumber = ({ data, width, height }: Frame): number => {
  let number = 0;
  for (let bar = 0; bar < BARS; bar += 1) {
    const x = Math.floor(((bar + 0.5) * width) / BARS);
    if (data[Math.floor(height / 2) * width + x] > 128) number += 2 ** bar;
  }
  return number;
};
