import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lipSync, renderToFile } from './lip-sync.js';
import { finishLipSync, planLipSync, renderSegments, shareSegments } from './lip-sync-in-segments.js';
import { cutEvery, wholeSpan } from './media/segment-spans.js';
import { ffmpeg, WEBCAM_CLIP } from './media/webcam-clip.test.fixture.js';
import { type LipSyncJob, prepareLipSync } from './prepare-lip-sync.js';
import { writePlan } from './segment-plan.js';

/** Read in about 50 seconds. */
const TEXT = 'Mama bought a big pumpkin pie, and everybody came to eat it. '.repeat(14);
/** Much shorter than usual, so that a short video has several. */
const SEGMENT_SECONDS = 8;

let directory: string;
const file = (name: string) => join(directory, name);
const ask = (program: string, ...args: string[]) =>
  execFileSync(program, args, { maxBuffer: 2 ** 26 }).toString();

/** A line per decoded frame: time, length, size, MD5. */
const framesOf = (path: string, stream: 'v' | 'a') =>
  ask('ffmpeg', '-v', 'error', '-i', path, '-map', `0:${stream}`, '-f', 'framemd5', '-')
    .split('\n')
    .filter((line) => !line.startsWith('#'));

const packetsOf = (path: string): { pts: number; dts: number; key: boolean }[] =>
  ask(
    'ffprobe',
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts,dts,flags',
    '-of',
    'csv=p=0',
    path,
  )
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .map(([pts, dts, flags]) => ({ pts: Number(pts), dts: Number(dts), key: flags.startsWith('K') }));

const streamsOf = (path: string) => {
  const { streams } = JSON.parse(ask('ffprobe', '-v', 'error', '-show_streams', '-of', 'json', path));
  // What differs with the size of the file says nothing about how it is played.
  return streams.map(({ bit_rate: _, ...stream }: Record<string, unknown>) => stream);
};

/** The clip runs forwards and backwards, so that segments begin and end within both. */
const options = () => ({ video: file('clip.mp4'), speech: { text: TEXT }, backway: 2, volume: 80 }) as const;
let job: LipSyncJob;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'segments-test-'));
  ffmpeg('-ss', '2', '-i', WEBCAM_CLIP, '-t', '7', '-an', '-crf', '12', '-g', '40', file('clip.mp4'));
  job = await prepareLipSync(options());
  job = { ...job, segments: cutEvery(SEGMENT_SECONDS, job.plan.frameCount, job.source.fps) };
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('segments made apart, in any order, give the pictures and the sound of the video made at once', async () => {
  const plan = file('plan');
  mkdirSync(plan);
  await writePlan(plan, job, options());
  // Elsewhere the files have other names.
  ffmpeg('-i', file('clip.mp4'), '-c', 'copy', file('downloaded.mp4'));
  const segments = job.segments.map((_, k) => file(`segment-${k}.mp4`));
  expect(segments.length).toBeGreaterThan(5);
  const cover = file('cover.jpg');
  const done: number[] = [];
  for (const [from, to] of [
    [5, segments.length],
    [1, 4],
    [0, 1],
    [4, 5],
  ]) {
    const outputs = segments.slice(from, to);
    const onSegment = (segment: number) => {
      done.push(segment);
      if (segment === 0) expect(existsSync(cover)).toBe(true);
    };
    await renderSegments({
      plan: join(plan, 'segment.plan'),
      video: file('downloaded.mp4'),
      from,
      outputs,
      cover,
      onSegment,
    });
  }
  expect(done.slice(-5)).toEqual([1, 2, 3, 0, 4]);
  const report = await finishLipSync({
    plan: join(plan, 'end.plan'),
    segments,
    output: file('split.mp4'),
  });
  expect(report).toMatchObject({ frames: job.plan.frameCount, fps: 25 });

  const output = file('at-once.mp4');
  await renderToFile(job, { ...options(), output, cover: file('at-once.jpg') });
  expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
  for (const stream of ['v', 'a'] as const)
    expect(framesOf(file('split.mp4'), stream)).toEqual(framesOf(output, stream));
  expect(packetsOf(file('split.mp4'))).toEqual(packetsOf(output));
  expect(readFileSync(file('cover.jpg'))).toEqual(readFileSync(file('at-once.jpg')));
}, 300_000);

test('the joints do not show in the file: even times, and the sound and streams of a video in one piece', async () => {
  const whole = file('whole.mp4');
  await renderToFile({ ...job, segments: [wholeSpan(job.plan.frameCount)] }, { ...options(), output: whole });
  const [split, once] = [packetsOf(file('split.mp4')), packetsOf(whole)];
  const pts = split.map((packet) => packet.pts).sort((a, b) => a - b);
  expect(pts).toEqual(once.map((packet) => packet.pts).sort((a, b) => a - b));
  expect(split.map((packet) => packet.dts)).toEqual(once.map((packet) => packet.dts));
  const keys = new Set(split.filter(({ key }) => key).map((packet) => packet.pts));
  for (const { start } of job.segments) expect(keys).toContain(pts[start]);
  expect(framesOf(file('split.mp4'), 'a')).toEqual(framesOf(whole, 'a'));
  expect(streamsOf(file('split.mp4'))).toEqual(streamsOf(whole));
}, 300_000);

test('a segment that is damaged, short or missing is not joined', async () => {
  const segments = job.segments.map((_, k) => file(`segment-${k}.mp4`));
  const finish = (files: readonly string[]) =>
    finishLipSync({
      plan: join(file('plan'), 'end.plan'),
      segments: files,
      output: file('never.mp4'),
    });
  writeFileSync(file('damaged.mp4'), readFileSync(segments[1]).subarray(0, 5000));
  await expect(finish(segments.with(1, file('damaged.mp4')))).rejects.toMatchObject({
    code: 'broken-segment',
  });
  await expect(finish(segments.with(1, segments.at(-1)!))).rejects.toMatchObject({ code: 'broken-segment' });
  await expect(finish(segments.with(1, file('nowhere.mp4')))).rejects.toMatchObject({
    code: 'broken-segment',
  });
  await expect(finish(segments.slice(1))).rejects.toMatchObject({ code: 'parameter' });
  ffmpeg('-i', segments[1], '-x264-params', 'bframes=0', file('other-encoder.mp4'));
  await expect(finish(segments.with(1, file('other-encoder.mp4')))).rejects.toThrow('another encoder');
  expect(readdirSync(directory).filter((name) => name.startsWith('never'))).toEqual([]);
});

test('a short video has one segment, and is as lipSync makes it', async () => {
  const plan = file('short-plan');
  mkdirSync(plan);
  ffmpeg('-i', file('split.mp4'), '-t', '1', file('short.wav'));
  const short = { ...options(), speech: { audio: file('short.wav') } };
  expect(await planLipSync(plan, short)).toMatchObject({ segments: 1, frames: 25, fps: 25 });
  const segment = file('short-segment.mp4');
  await renderSegments({ plan: join(plan, 'segment.plan'), video: short.video, from: 0, outputs: [segment] });
  await finishLipSync({
    plan: join(plan, 'end.plan'),
    segments: [segment],
    recording: file('short.wav'),
    output: file('a.mp4'),
  });
  await lipSync({ ...short, output: file('b.mp4') });
  expect(framesOf(file('a.mp4'), 'v')).toEqual(framesOf(file('b.mp4'), 'v'));
  expect(framesOf(file('a.mp4'), 'a')).toEqual(framesOf(file('b.mp4'), 'a'));
});

test('a plan of another version, or none, is refused', async () => {
  const nowhere = { plan: file('nowhere'), segments: [], output: file('never.mp4') };
  await expect(finishLipSync(nowhere)).rejects.toMatchObject({ code: 'broken-plan' });
  mkdirSync(file('old-plan'));
  const bytes = readFileSync(join(file('plan'), 'segment.plan'));
  bytes.write('CJSEGMENT99', 'latin1');
  writeFileSync(join(file('old-plan'), 'segment.plan'), bytes);
  const old = {
    plan: join(file('old-plan'), 'segment.plan'),
    video: file('clip.mp4'),
    from: 0,
    outputs: [file('never.mp4')],
  };
  await expect(renderSegments(old)).rejects.toMatchObject({ code: 'broken-plan' });
});

test('segments are shared without gaps, in runs of about the same length', () => {
  expect(shareSegments(15, 1)).toEqual([{ from: 0, end: 15 }]);
  expect(shareSegments(15, 2).map(({ from, end }) => end - from)).toEqual([4, 4, 3, 4]);
  expect(shareSegments(15, 32)).toHaveLength(15);
  for (const processes of [2, 3, 5, 7]) {
    const runs = shareSegments(15, processes);
    expect(runs.flatMap(({ from, end }) => Array.from({ length: end - from }, (_, k) => from + k))).toEqual([
      ...Array(15).keys(),
    ]);
  }
});
