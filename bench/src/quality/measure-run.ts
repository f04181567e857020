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
  type MouthObservations,
  observeMouth,
  prepareLipSync,
  readPlayback,
  renderToFile,
  trackFaces,
} from '#engine/internals';
import { unexplainedChange } from './flicker.js';
import { changes, flatOpenings, teethSteadiness } from './inside-stability.js';
import { mouthBox, openShare, outsideError, sharpness } from './mouth-box.js';
import { type MouthView, viewMouth } from './mouth-view.js';
import { bestLag, correlation, deviation, mean, regression } from './statistics.js';

/** Figures of one clip driven by one speech; see docs/quality.md. */
export type Figures = {
  readonly iod: number;
  readonly mode: string;
  /** Aperture, commanded against re-tracked: correlation, lag in frames, mean absolute error in IOD. */
  readonly aperture: number;
  readonly lag: number;
  readonly apertureError: number;
  /** The same correlation judged by colour alone; of silence the leak, as `articulation` is. */
  readonly colour: number;
  readonly width: number;
  /** Share of commanded closures in which the mouth is seen closed. */
  readonly closures: number;
  /** Spread of the output's aperture over that of the source, or of a usual talker where the source does not talk. */
  readonly articulation: number;
  readonly sharpness: number;
  /** Change from frame to frame that motion does not explain, over that of the source at equal motion, and as it is. */
  readonly flicker: number;
  readonly change: number;
  /** PSNR outside the mask, minus that of the untouched source encoded the same way, dB. */
  readonly outside: number;
  /** Frames whose opening is one flat tone. */
  readonly bars: number;
  /** Spread of the upper teeth's width (share) and height (IOD) in head space. */
  readonly teethWidth: number;
  readonly teethHeight: number;
  /** 95th percentile of the change from frame to frame, over that of the clip's own talking or a usual talker's. */
  readonly lipJumps: number;
  readonly insideJumps: number;
};

const CLOSED = 0.015;

/** Of people who talk (HDTF, VoxCeleb2, GRID): what drivers who do not are held against. IOD, Lab, skin luma. */
const USUAL = { apertureSpread: 0.048, lipChange: 2.6, insideChange: 0.3 };
/** Least spread of the aperture, in IOD, in a clip whose person talks. */
const TALKING_SPREAD = 0.026;

const isTalking = (apertures: readonly number[]): boolean => deviation(apertures) >= TALKING_SPREAD;

const ownApertures = (track: FaceTrack, seen: MouthObservations): number[] =>
  Array.from(track.usable.keys())
    .filter((f) => track.usable[f])
    .map((f) => seen.aperture[f]);

const retrack = (path: string, job: LipSyncJob): Promise<FaceTrack> => {
  const { working } = job.source.fit;
  const size = { ...working, fps: job.source.fps };
  return trackFaces(() => decodeVideo(path, size), { ...size, quality: 'fine' });
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

/** How far a mouth moves between two frames: aperture and half the width, IOD. */
const motion = (seen: MouthObservations, a: number, b: number): number =>
  Math.abs(seen.aperture[a] - seen.aperture[b]) + 0.5 * Math.abs(seen.width[a] - seen.width[b]);

/** Change between neighbouring frames that warping does not explain, with the motion of the mouth between them. */
class Flicker {
  readonly #motion: number[] = [];
  readonly #change: number[] = [];

  add(motion: number, change: number): void {
    this.#motion.push(motion);
    this.#change.push(change);
  }

  /** This over the other, had the other moved as this does: fast lips show and hide more, in any video. */
  over(other: Flicker): number {
    const expected = regression(other.#motion, other.#change);
    return mean(this.#change) / mean(this.#motion.map(expected));
  }

  get change(): number {
    return mean(this.#change);
  }
}

/** Mean sharpness of the driving video's mouth per 0.03 IOD of aperture: an open mouth has more edges. */
const sharpnessByAperture = (pairs: readonly (readonly [aperture: number, sharpness: number])[]) => {
  const bin = (aperture: number) => Math.floor(aperture / 0.03);
  return (aperture: number): number =>
    mean(pairs.filter(([a]) => bin(a) === bin(aperture)).map(([, value]) => value));
};

const pictureFigures = async (path: string, plain: string, job: LipSyncJob, again: FaceTrack) => {
  const { source, playback, track, plan } = job;
  const size = { ...source.fit.working, fps: source.fps };
  const originals = readPlayback(source.path, playback, { ...size, probe: source.media });
  const outputs = decodeVideo(path, size);
  const plains = decodeVideo(plain, size);
  const [seenOwn, seenOurs] = [observeMouth(track), observeMouth(again)];
  const own: [number, number][] = [];
  const ours: [number, number][] = [];
  const open: number[] = [];
  const ownOpen: number[] = [];
  const views: { ours: (MouthView | undefined)[]; own: (MouthView | undefined)[] } = { ours: [], own: [] };
  const flickerOwn = new Flicker();
  const flickerOurs = new Flicker();
  const noise = { ours: 0, plain: 0, pixels: 0 };
  let before: { original: Frame; output: Frame } | undefined;
  for (let t = 0; t < plan.frameCount; t++) {
    const [original, output, untouched] = await Promise.all(
      [originals, outputs, plains].map(async (frames) => (await frames.next()).value as Frame),
    );
    const box = mouthBox(track, playback[t]);
    open.push(plan.strength[t] > 0 ? openShare(output, box) : Number.NaN);
    ownOpen.push(openShare(original, box));
    const judged = plan.strength[t] === 1 && again.usable[t] === 1;
    const shown = t > 0 && playback[t] === playback[t - 1];
    views.ours.push(judged ? viewMouth(output, again, t) : undefined);
    views.own.push(judged && !shown ? viewMouth(original, track, playback[t]) : undefined);
    if (judged) {
      own.push([seenOwn.aperture[playback[t]], sharpness(original, box)]);
      ours.push([seenOurs.aperture[t], sharpness(output, box)]);
      const [f, g] = [playback[t - 1], playback[t]];
      // A frame shown twice, as by a change of rate, says nothing about flicker.
      const comparable =
        Math.abs(g - f) === 1 && !sameLuma(original, before?.original) && again.usable[t - 1];
      if (before && comparable && plan.strength[t - 1] === 1) {
        flickerOwn.add(motion(seenOwn, f, g), unexplainedChange(before.original, f, original, g, track, box));
        flickerOurs.add(
          motion(seenOurs, t - 1, t),
          unexplainedChange(before.output, t - 1, output, t, again, box),
        );
      }
    }
    const a = outsideError(output, original, box);
    noise.ours += a.squares;
    noise.plain += outsideError(untouched, original, box).squares;
    noise.pixels += a.pixels;
    const keep = ({ width, height, data }: Frame): Frame => ({ width, height, data: data.slice() });
    before = { original: keep(original), output: keep(output) };
  }
  const real = sharpnessByAperture(own);
  const ratios = ours.map(([aperture, value]) => value / real(aperture)).filter(Number.isFinite);
  return {
    open,
    ownOpen,
    sharpness: mean(ratios),
    flicker: flickerOurs.over(flickerOwn),
    change: flickerOurs.change / flickerOwn.change,
    ...insideFigures(views, isTalking(ownApertures(track, seenOwn))),
    outside: noise.pixels === 0 ? 0 : 10 * Math.log10(noise.plain / noise.ours),
  };
};

const insideFigures = (
  views: {
    ours: readonly (MouthView | undefined)[];
    own: readonly (MouthView | undefined)[];
  },
  talks: boolean,
) => {
  const present = (list: readonly (MouthView | undefined)[]) => list.filter((view) => view !== undefined);
  const teeth = teethSteadiness(present(views.ours));
  const now = changes(views.ours);
  const own = changes(views.own);
  return {
    bars: flatOpenings(present(views.ours), present(views.own)),
    teethWidth: teeth.width,
    teethHeight: teeth.height,
    lipJumps: now.lips / (talks ? own.lips : USUAL.lipChange),
    insideJumps: now.inside / (talks ? own.inside : USUAL.insideChange),
  };
};

const sameLuma = (a: Frame, b: Frame | undefined): boolean =>
  b !== undefined &&
  Buffer.compare(a.data.subarray(0, a.width * a.height), b.data.subarray(0, a.width * a.height)) === 0;

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
    const own = ownApertures(job.track, source);
    const box = mouthBox(job.track, job.track.usable.indexOf(1));
    return {
      iod: box.width,
      mode: plan.donor.some((d) => d >= 0) ? 'donor' : 'own',
      aperture: correlation(commanded, found),
      lag: bestLag(commanded, found),
      apertureError: mean(commanded.map((a, i) => Math.abs(a - found[i]))),
      // With nothing commanded there is nothing to correlate: how much the colours move, over how much they do in the source.
      colour:
        deviation(commanded) > 0
          ? correlation(commanded, at(picture.open))
          : deviation(at(picture.open)) / deviation(at(picture.ownOpen)),
      width: correlation(at(plan.width), at(seen.width)),
      closures: runs.length === 0 ? Number.NaN : closed.length / runs.length,
      articulation: deviation(found) / (isTalking(own) ? deviation(own) : USUAL.apertureSpread),
      sharpness: picture.sharpness,
      flicker: picture.flicker,
      change: picture.change,
      outside: picture.outside,
      bars: picture.bars,
      teethWidth: picture.teethWidth,
      teethHeight: picture.teethHeight,
      lipJumps: picture.lipJumps,
      insideJumps: picture.insideJumps,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
