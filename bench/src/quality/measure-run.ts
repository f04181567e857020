import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LipSyncOptions } from '@chanjing-avatar/engine';
import {
  decodeVideo,
  encodeVideo,
  type FaceTrack,
  type Frame,
  type LipSyncJob,
  observeMouth,
  prepareLipSync,
  readPlayback,
  renderToFile,
  trackFaces,
} from '@chanjing-avatar/engine/internals';
import { unexplainedChange } from './flicker.js';
import { mouthBox, openShare, outsideError, sharpness } from './mouth-box.js';
import { bestLag, correlation, deviation, mean } from './statistics.js';

/** Figures of one clip driven by one speech; see docs/quality.md. */
export type Figures = {
  readonly iod: number;
  readonly mode: string;
  /** Aperture, commanded against re-tracked: correlation, lag in frames, mean absolute error in IOD. */
  readonly aperture: number;
  readonly lag: number;
  readonly apertureError: number;
  /** The same correlation judged by colour alone. */
  readonly colour: number;
  readonly width: number;
  /** Share of commanded closures in which the mouth is seen closed. */
  readonly closures: number;
  /** Spread of the output's aperture over that of the source. */
  readonly articulation: number;
  readonly sharpness: number;
  readonly flicker: number;
  /** PSNR outside the mask, minus that of the untouched source encoded the same way, dB. */
  readonly outside: number;
};

const CLOSED = 0.015;

const retrack = (path: string, job: LipSyncJob): Promise<FaceTrack> => {
  const { working } = job.source.fit;
  const size = { ...working, fps: job.source.fps };
  return trackFaces(decodeVideo(path, size), { ...size, quality: 'fine' });
};

/** Runs of frames that the speech wants closed: each is a p, b or m, or several in a row. */
const closureRuns = (job: LipSyncJob): { start: number; end: number }[] => {
  const runs: { start: number; end: number }[] = [];
  job.mouth.closure.forEach((closure, t) => {
    if (closure < 0.9 || job.plan.strength[t] < 1) return;
    const last = runs.at(-1);
    if (last?.end === t) last.end = t + 1;
    else runs.push({ start: t, end: t + 1 });
  });
  return runs;
};

const pictureFigures = async (path: string, plain: string, job: LipSyncJob, again: FaceTrack) => {
  const { source, playback, track, plan } = job;
  const size = { ...source.fit.working, fps: source.fps };
  const originals = readPlayback(source.path, playback, { ...size, probe: source.media });
  const outputs = decodeVideo(path, size);
  const plains = decodeVideo(plain, size);
  const own: number[] = [];
  const ours: number[] = [];
  const open: number[] = [];
  const flickerOwn: number[] = [];
  const flickerOurs: number[] = [];
  const noise = { ours: 0, plain: 0, pixels: 0 };
  let before: { original: Frame; output: Frame } | undefined;
  for (let t = 0; t < plan.frameCount; t++) {
    const [original, output, untouched] = await Promise.all(
      [originals, outputs, plains].map(async (frames) => (await frames.next()).value as Frame),
    );
    const box = mouthBox(track, playback[t]);
    open.push(plan.strength[t] > 0 ? openShare(output, box) : Number.NaN);
    if (plan.strength[t] === 1) {
      own.push(sharpness(original, box));
      ours.push(sharpness(output, box));
      const continuous =
        t > 0 && Math.abs(playback[t] - playback[t - 1]) === 1 && again.usable[t] && again.usable[t - 1];
      if (before && continuous && plan.strength[t - 1] === 1) {
        const [f, g] = [playback[t - 1], playback[t]];
        flickerOwn.push(unexplainedChange(before.original, f, original, g, track, box));
        flickerOurs.push(unexplainedChange(before.output, t - 1, output, t, again, box));
      }
    }
    const a = outsideError(output, original, box);
    noise.ours += a.squares;
    noise.plain += outsideError(untouched, original, box).squares;
    noise.pixels += a.pixels;
    const keep = ({ width, height, data }: Frame): Frame => ({ width, height, data: data.slice() });
    before = { original: keep(original), output: keep(output) };
  }
  return {
    open,
    sharpness: mean(ours) / mean(own),
    flicker: mean(flickerOurs) / mean(flickerOwn),
    outside: noise.pixels === 0 ? 0 : 10 * Math.log10(noise.plain / noise.ours),
  };
};

/** The source in playback order, untouched, through the same encoder: what the encoder alone does to a picture. */
const encodePlain = async (path: string, job: LipSyncJob): Promise<void> => {
  const { source, playback, plan } = job;
  const size = { ...source.fit.working, fps: source.fps };
  const encoder = await encodeVideo(path, {
    working: source.fit.working,
    output: source.fit.working,
    fps: source.fps,
    frameCount: plan.frameCount,
    quality: 'fast',
  });
  for await (const frame of readPlayback(source.path, playback, { ...size, probe: source.media })) {
    await encoder.write(frame);
  }
  await encoder.finish();
};

/** Makes a video of the clip, tracks it again and measures it. */
export const measureRun = async (
  options: Omit<LipSyncOptions, 'output'>,
  keep?: string,
): Promise<Figures> => {
  const directory = await mkdtemp(join(tmpdir(), 'quality-'));
  try {
    const output = keep ?? join(directory, 'out.mp4');
    const plain = join(directory, 'plain.mp4');
    const full = { ...options, output };
    const job = await prepareLipSync(full);
    await renderToFile(job, full);
    await encodePlain(plain, job);
    const again = await retrack(output, job);
    const seen = observeMouth(again);
    const source = observeMouth(job.track);
    const picture = await pictureFigures(output, plain, job, again);
    const { plan } = job;
    const judged = Array.from(plan.strength.keys()).filter(
      (t) => plan.strength[t] === 1 && again.usable[t] === 1,
    );
    const at = (values: ArrayLike<number>) => judged.map((t) => values[t]);
    const commanded = at(plan.aperture);
    const found = at(seen.aperture);
    const runs = closureRuns(job);
    const closed = runs.filter(({ start, end }) => {
      for (let t = start; t < end; t++) if (again.usable[t] && seen.aperture[t] < CLOSED) return true;
      return false;
    });
    const own = Array.from(job.track.usable.keys())
      .filter((f) => job.track.usable[f])
      .map((f) => source.aperture[f]);
    const box = mouthBox(job.track, job.track.usable.indexOf(1));
    return {
      iod: box.width,
      mode: plan.donor.some((d) => d >= 0) ? 'donor' : 'painted',
      aperture: correlation(commanded, found),
      lag: bestLag(commanded, found),
      apertureError: mean(commanded.map((a, i) => Math.abs(a - found[i]))),
      colour: correlation(commanded, at(picture.open)),
      width: correlation(at(plan.width), at(seen.width)),
      closures: runs.length === 0 ? Number.NaN : closed.length / runs.length,
      articulation: deviation(found) / deviation(own),
      sharpness: picture.sharpness,
      flicker: picture.flicker,
      outside: picture.outside,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
