/**
 * npm run bench:media -- DIRECTORY_OR_FILE… [--speech AUDIO…]
 * Drives every clip with text in two languages and with recordings, through the command line as a user would, and checks that
 * each run ends in a valid video or in a clear error: never a stack trace, a hang or a broken file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { LipSyncReport } from '@chanjing-avatar/engine';

const CLI = 'packages/cli/dist/main.js';
/** A run that takes longer hangs. */
const TIMEOUT_SECONDS = 300;

type Outcome = { readonly ok: boolean; readonly text: string };

const run = (args: readonly string[], cache: string): Promise<{ code: number | null; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn('node', [CLI, 'lipsync', '--quiet', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, XDG_CACHE_HOME: cache },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_SECONDS * 1000);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stderr });
    });
  });

/** Whether the video decodes without a complaint and is what the report says. */
const validate = (video: string, report: LipSyncReport): Outcome => {
  const probe = spawnSync('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', video]);
  const { streams } = JSON.parse(probe.stdout.toString());
  const picture = streams.find((stream: { codec_type: string }) => stream.codec_type === 'video');
  const sound = streams.find((stream: { codec_type: string }) => stream.codec_type === 'audio');
  const decode = spawnSync('ffmpeg', ['-v', 'error', '-xerror', '-i', video, '-f', 'null', '-']);
  const problems = [
    decode.status === 0 && decode.stderr.length === 0 ? '' : 'does not decode cleanly',
    Number(picture?.nb_frames) === report.frames ? '' : 'wrong number of frames',
    Math.abs(Number(sound?.duration) - report.durationSeconds) < 0.06 ? '' : 'sound of another length',
    picture?.width === report.width && picture?.height === report.height ? '' : 'wrong size',
  ].filter(Boolean);
  const mouth = report.sync.donorFrames > 0 ? 'donor' : 'own';
  const face = report.framesWithoutFace > 0 ? `, ${report.framesWithoutFace} without face` : '';
  return problems.length > 0
    ? { ok: false, text: problems.join(', ') }
    : { ok: true, text: `${report.frames} frames, ${mouth}${face}` };
};

const judge = async (clip: string, speech: readonly string[], directory: string): Promise<Outcome> => {
  const output = join(directory, 'out.mp4');
  const reportPath = join(directory, 'report.json');
  for (const path of [output, reportPath]) rmSync(path, { force: true });
  const args = ['--video', clip, ...speech, '-o', output, '--report', reportPath];
  const { code, stderr } = await run(args, directory);
  const leftover = readdirSync(directory).find((name) => name.endsWith('.part'));
  if (code === 0) return validate(output, JSON.parse(readFileSync(reportPath, 'utf8')) as LipSyncReport);
  const message = stderr.trim();
  const clear = code === 1 && message.length > 20 && !/\n\s+at /.test(message) && leftover === undefined;
  return { ok: clear, text: `${clear ? 'error' : `BAD exit ${code}`}: ${message.replaceAll('\n', ' ')}` };
};

const filesOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : [path];

const args = process.argv.slice(2);
const split = args.indexOf('--speech');
const clips = (split < 0 ? args : args.slice(0, split)).flatMap(filesOf);
const speeches: [name: string, args: string[]][] = [
  ['text zh', ['--text', '君不见黄河之水天上来，奔流到海不复回。']],
  ['text en', ['--text', 'Maybe Bob bought a big pumpkin pie.']],
  ...(split < 0 ? [] : args.slice(split + 1)).map((path): [string, string[]] => [
    basename(path),
    ['--audio', path],
  ]),
];

const directory = mkdtempSync(join(tmpdir(), 'media-matrix-'));
let bad = 0;
try {
  for (const clip of clips) {
    for (const [name, speech] of speeches) {
      const { ok, text } = await judge(clip, speech, directory);
      if (!ok) bad++;
      console.log(
        `${ok ? 'ok ' : 'BAD'} ${basename(clip).padEnd(32)} ${name.padEnd(24)} ${text.slice(0, 160)}`,
      );
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${clips.length * speeches.length} runs, ${bad} bad`);
process.exitCode = bad === 0 ? 0 : 1;
