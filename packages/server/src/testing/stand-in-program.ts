// A render program without an engine, for tests of everything around it: ffmpeg makes a short video from the driving
// video. Words in the text make it misbehave: "crash", "hang", "slow", "refuse", "break", "stumble".
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EXAMPLE_VOICE_ID } from '@chanjing-avatar/protocol';
import type { ProgramJob, ProgramMessage, ProgramOrder, ProgramResults } from '../renderer/messages.js';

const run = promisify(execFile);
const send = (message: ProgramMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send!(message, () => resolve());
  });

class Refusal extends Error {}

const probe = async (path: string, kind: 'v' | 'a', maxSeconds: number): Promise<{ seconds: number }> => {
  const beginning = (await readFile(path)).subarray(0, 5).toString();
  if (beginning === 'crash') process.kill(process.pid, 'SIGKILL');
  if (beginning === 'hangs') await sleep(600_000);
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-protocol_whitelist', 'file', '-select_streams', kind],
    ...['-show_entries', 'stream=codec_type:format=duration', '-of', 'json', path],
  ]).catch(() => ({ stdout: '{}' }));
  const { streams = [], format } = JSON.parse(stdout) as {
    streams?: unknown[];
    format?: { duration?: string };
  };
  if (streams.length === 0)
    throw new Refusal('The file is not media. Expected a video or audio. Upload another.');
  const seconds = Number(format?.duration ?? 0);
  if (seconds > maxSeconds) throw new Refusal(`The file is too long. Expected ${maxSeconds} s. Cut it.`);
  return { seconds };
};

/** What every check finds. */
const PICTURE = {
  width: 160,
  height: 120,
  face: { width: 40, height: 50 },
  faces: [{ x: 60, y: 30, width: 40, height: 50 }],
};

const misbehave = async (text: string): Promise<void> => {
  if (text.includes('crash')) process.kill(process.pid, 'SIGKILL');
  if (text.includes('break')) throw new Error('EACCES: permission denied, open /srv/face-tracks/x.face');
  if (text.includes('refuse')) throw new Refusal('The text was refused. Expected other words. Change it.');
  if (text.includes('hang')) await sleep(600_000);
  while (text.includes('burn')) Math.random();
  for (const hoard = []; text.includes('hoard'); await sleep(10)) hoard.push(Buffer.alloc(20_000_000, 1));
  if (!text.includes('slow')) return;
  for (let step = 1; step <= 12; step += 1) {
    await send({ type: 'progress', stage: 'render', fraction: step / 12 });
    await sleep(150);
  }
};

const sine = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=440:duration=${seconds}`];

const render = async (job: Extract<ProgramJob, { kind: 'render' }>): Promise<ProgramResults['render']> => {
  await misbehave('text' in job.speech ? job.speech.text : (job.speech.transcript ?? ''));
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-t', '0.4', '-i', job.video, ...sine(0.4)],
    ...['-map', '0:v', '-map', '1:a', '-vf', `scale=${job.width}:${job.height}`, '-threads', '1'],
    ...['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-shortest', '-movflags', '+faststart', job.output],
  ]);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', job.output, '-frames:v', '1', job.cover]);
  await writeFile(job.report, JSON.stringify({ fps: 25, frames: 10, durationSeconds: 0.4, notices: [] }));
  return { seconds: 0.4, frames: 10, notices: [], hasSubtitles: false };
};

/** Long videos: four segments of the driving video, slowly where the plan says so. */
const plan = async (job: Extract<ProgramJob, { kind: 'plan' }>): Promise<ProgramResults['plan']> => {
  const text = 'text' in job.speech ? job.speech.text : '';
  await misbehave(text.replace('slow', ''));
  await writeFile(`${job.directory}/segment.plan`, text);
  await writeFile(`${job.directory}/end.plan`, text);
  return { segments: 4, frames: 40, fps: 25, notices: [], timings: { plan: 0.1 } };
};

const piece = (input: string, output: string): Promise<unknown> =>
  run('ffmpeg', [
    ...['-v', 'error', '-y', '-t', '0.4', '-i', input, ...sine(0.4), '-map', '0:v', '-map', '1:a'],
    ...['-threads', '1', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-shortest', output],
  ]);

const segments = async (job: Extract<ProgramJob, { kind: 'segments' }>): Promise<Record<string, never>> => {
  const text = (await readFile(job.plan)).toString();
  for (const [k, output] of job.outputs.entries()) {
    await send({ type: 'progress', stage: 'render', fraction: k / job.outputs.length });
    if (text.includes('slow')) await sleep(1500);
    // Once: the directory is named by the attempt.
    if (text.includes('stumble') && job.from + k === 2 && output.includes('-0/')) throw new Error('stumbled');
    await piece(job.video, output);
    if (job.from + k === 0)
      await run('ffmpeg', ['-v', 'error', '-y', '-i', output, '-frames:v', '1', job.cover]);
    await send({ type: 'segment', segment: job.from + k });
  }
  return {};
};

const finish = async (job: Extract<ProgramJob, { kind: 'finish' }>): Promise<ProgramResults['finish']> => {
  for (const segment of job.segments) await readFile(segment);
  await piece(job.segments[0]!, job.output);
  const { notices, timings } = job;
  await writeFile(
    job.report,
    JSON.stringify({ fps: 25, frames: 40, durationSeconds: 1.6, notices, timings }),
  );
  return { seconds: 1.6, frames: 40, hasSubtitles: false };
};

const doJob = async (job: ProgramJob): Promise<ProgramResults[ProgramJob['kind']]> => {
  switch (job.kind) {
    case 'voices':
      return [
        { id: EXAMPLE_VOICE_ID, name: 'Example', gender: 'female', language: 'zh' },
        { id: 'en-1', name: 'English', gender: 'male', language: 'en' },
      ];
    case 'inspect-video':
      await mkdir(job.faceTracks, { recursive: true });
      await writeFile(path.join(job.faceTracks, `${'0'.repeat(40)}.face`), 'the face');
      return { ...(await probe(job.path, 'v', job.maxSeconds)), ...PICTURE };
    case 'inspect-audio':
      return probe(job.path, 'a', job.maxSeconds);
    case 'speak':
      // What a render says misbehaves in the render.
      if (job.as !== 'spoken') await misbehave(job.text ?? '');
      await run('ffmpeg', ['-v', 'error', '-y', ...sine(1), '-f', 'wav', job.output]);
      return { seconds: 1, subtitles: [{ key: '1', start_time: 0, end_time: 1, subtitle: job.text ?? '' }] };
    case 'plan':
      return plan(job);
    case 'segments':
      return segments(job);
    case 'finish':
      return finish(job);
    case 'render':
      return render(job);
  }
};

process.on('SIGTERM', () => process.exit(1));
process.on('disconnect', () => process.exit(1));
process.on('message', async ({ job, stays }: ProgramOrder) => {
  try {
    await send({ type: 'done', result: await doJob(job) });
  } catch (error) {
    const fault = error instanceof Refusal ? 'input' : 'infrastructure';
    await send({ type: 'failed', fault, code: 'stand-in', message: (error as Error).message });
  }
  if (!stays) process.exit(0);
});
