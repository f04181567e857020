import { chooseDonors } from '../donor/choose-donors.js';
import type { Donor, DonorLibrary } from '../donor/donor-library.js';
import { LIP_OFFSET_FLOATS, lipOffsets } from '../donor/donor-lips.js';
import type { FaceTrack } from '../face/face-track.js';
import type { MouthTrack } from '../mouth/mouth-track.js';
import { commandMouth } from '../mouth-space/command-mouth.js';
import { gaussianSmooth } from '../mouth-space/gaussian-smooth.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import type { PersonMouth } from '../mouth-space/person-mouth.js';
import { JAW_SIGMA, type LearntMouths } from './learn-mouths.js';
import { LIP_TONE_FLOATS, lipSharpenings, steadyTones } from './lip-look.js';
import type { RenderPlan } from './render-plan.js';
import { type Run, usableRuns } from './usable-runs.js';

/** Seconds of smoothing of the donors' lip shapes, which jump when the donor does. */
const LIP_SIGMA = 0.048;
/** Seconds over which the effect fades in and out beside frames without a usable face. */
const FADE = 0.16;
/** Degrees of yaw between which the effect fades out: beyond, the far half of the mouth is out of sight. */
const YAW_FADE: readonly [number, number] = [36, 48];
/** Share of the other side's donor in the frames next to a jump, and on from there; each costs a second drawing of the lips. */
const JUMP_FADE = [0.36];
/** Fewer pictures of a mouth than this are not worth choosing from. */
const FEWEST_DONORS = 12;

export type PlanRenderInput = {
  readonly track: FaceTrack;
  readonly learnt: LearntMouths;
  readonly mouth: MouthTrack;
  /** Source frame of each output frame, see planPlayback. */
  readonly playback: Int32Array;
  readonly library: DonorLibrary;
};

const shared = (count: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * count));
const sharedInts = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * count));

/** Decides for each output frame how the mouth stands and whose lips it gets. */
export const planRender = (input: PlanRenderInput): RenderPlan => {
  const { track, learnt, mouth, playback } = input;
  const { seen, shots, persons, ownJaw, guarded, lipLooks, looks, insides } = learnt;
  const n = playback.length;
  const plan: RenderPlan = {
    frameCount: n,
    source: sharedInts(n),
    strength: shared(n),
    aperture: shared(n),
    width: shared(n),
    labiodental: shared(n),
    tongue: shared(n),
    jaw: shared(n),
    baseJaw: shared(n),
    donor: sharedInts(n).fill(-1),
    secondDonor: sharedInts(n).fill(-1),
    secondWeight: shared(n),
    lipOffset: shared(n * LIP_OFFSET_FLOATS),
    lipTone: shared(n * LIP_TONE_FLOATS),
    lipLooks,
    sharpening: shared(input.library.donors.length),
    person: sharedInts(n),
    persons,
    guarded,
    looks,
    insides,
  };
  plan.source.set(playback);
  plan.tongue.set(mouth.tongue);
  fillStrength(plan, track, seen);
  fillCommands(plan, track, mouth, shots);
  for (const run of usableRuns(track, playback)) {
    for (let t = run.start; t < run.end; t++) plan.baseJaw[t] = ownJaw[plan.source[t]];
    plan.jaw.set(plan.aperture.subarray(run.start, run.end), run.start);
    gaussianSmooth(plan.jaw, 1, run.start, run.end, JAW_SIGMA * track.fps);
    planDonors(plan, input, run, persons[shots.indexOf(run.shot)]);
  }
  return plan;
};

/** Distance to the nearest unusable frame of the same shot, in frames; cuts need no fade. */
const fillStrength = (plan: RenderPlan, track: FaceTrack, seen: MouthObservations): void => {
  const n = plan.frameCount;
  const reach = Math.max(1, Math.round(FADE * track.fps));
  const distance = new Float32Array(n).fill(reach);
  const pass = (from: number, to: number, step: number) => {
    for (let t = from; t !== to; t += step) {
      if (!track.usable[plan.source[t]]) distance[t] = 0;
      else if (t !== from && track.shot[plan.source[t]] === track.shot[plan.source[t - step]]) {
        distance[t] = Math.min(distance[t], distance[t - step] + 1);
      }
    }
  };
  pass(0, n, 1);
  pass(n - 1, -1, -1);
  for (let t = 0; t < n; t++) {
    const turned = (Math.abs(seen.yaw[plan.source[t]]) - YAW_FADE[0]) / (YAW_FADE[1] - YAW_FADE[0]);
    plan.strength[t] = Math.min(distance[t] / reach, 1 - Math.max(0, Math.min(1, turned)));
  }
};

const fillCommands = (
  plan: RenderPlan,
  track: FaceTrack,
  mouth: MouthTrack,
  shots: readonly number[],
): void => {
  const commands = plan.persons.map((person) => commandMouth(mouth, person));
  for (let t = 0; t < plan.frameCount; t++) {
    const person = shots.indexOf(track.shot[plan.source[t]]);
    plan.person[t] = person;
    plan.aperture[t] = commands[person].aperture[t];
    plan.width[t] = commands[person].width[t];
    plan.labiodental[t] = commands[person].labiodental[t];
  }
};

const planDonors = (plan: RenderPlan, input: PlanRenderInput, run: Run, person: PersonMouth): void => {
  const { track, library } = input;
  const { seen, clear, lipLooks } = input.learnt;
  const indices = library.donors.flatMap((donor, d) =>
    track.shot[donor.frame] === run.shot && clear[donor.frame] ? [d] : [],
  );
  if (!person.articulates || indices.length < FEWEST_DONORS) return;
  const donors = indices.map((d) => library.donors[d]);
  const source = plan.source.subarray(run.start, run.end);
  const { choice } = chooseDonors(donors, seen, {
    fps: track.fps,
    source,
    aperture: plan.aperture.subarray(run.start, run.end),
    width: plan.width.subarray(run.start, run.end),
  });
  for (let t = 0; t < choice.length; t++) plan.donor[run.start + t] = indices[choice[t]];
  const frames = choice.map((d) => donors[d].frame);
  const offsets = plan.lipOffset.subarray(run.start * LIP_OFFSET_FLOATS, run.end * LIP_OFFSET_FLOATS);
  lipOffsets(track, seen, person.basis, source, frames, offsets);
  gaussianSmooth(offsets, LIP_OFFSET_FLOATS, 0, choice.length, LIP_SIGMA * track.fps);
  softenJumps(plan, run, choice, donors, (d) => indices[d]);
  const looks = indices.map((d) => lipLooks[d]);
  const tones = plan.lipTone.subarray(run.start * LIP_TONE_FLOATS, run.end * LIP_TONE_FLOATS);
  steadyTones(looks, choice, track.fps, tones);
  lipSharpenings(looks, choice).forEach((share, k) => {
    plan.sharpening[indices[k]] = share;
  });
};

/**
 * Around a jump the donors of both sides fade into each other, each moving on as its own clip did. Both are warped to the
 * same lips before they mix, and what is between the lips comes from neither: no ghost can show.
 */
const softenJumps = (
  plan: RenderPlan,
  run: Run,
  choice: Int32Array,
  donors: readonly Donor[],
  libraryIndex: (d: number) => number,
): void => {
  const moved = (d: number, frames: number): number => {
    let at = d;
    for (let step = 0; step < Math.abs(frames); step++) {
      const next = at + Math.sign(frames);
      if (donors[next]?.frame !== donors[at].frame + Math.sign(frames)) break;
      at = next;
    }
    return at;
  };
  const add = (t: number, d: number, weight: number) => {
    if (t < 0 || t >= choice.length || plan.secondWeight[run.start + t] >= weight || choice[t] === d) return;
    plan.secondDonor[run.start + t] = libraryIndex(d);
    plan.secondWeight[run.start + t] = weight;
  };
  const isJump = (t: number) =>
    choice[t] !== choice[t - 1] && donors[choice[t]].frame !== donors[choice[t - 1]].frame + 1;
  for (let t = 1; t < choice.length; t++) {
    if (!isJump(t)) continue;
    JUMP_FADE.forEach((weight, k) => {
      add(t - 1 - k, moved(choice[t], -1 - k), weight);
      add(t + k, moved(choice[t - 1], 1 + k), weight);
    });
  }
};
