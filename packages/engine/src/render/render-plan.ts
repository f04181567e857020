import type { MouthInside } from '../mouth-inside/mouth-inside.js';
import type { PersonMouth } from '../mouth-space/person-mouth.js';
import type { UsualLook } from '../occlusion/usual-look.js';
import type { LipLook } from './lip-look.js';

/**
 * Everything that is decided about a video before its first pixel is drawn: one value per output frame. Arrays lie in
 * shared memory, so that render threads read them without copies. With the plan made, frames are independent of each other.
 */
export type RenderPlan = {
  readonly frameCount: number;
  /** Source frame under each output frame. */
  readonly source: Int32Array;
  /** How much of the new mouth shows: 0 leaves the frame untouched, 1 is the full effect. */
  readonly strength: Float32Array;
  /** Commanded mouth, IOD; labiodental 0 to 1. */
  readonly aperture: Float32Array;
  readonly width: Float32Array;
  readonly labiodental: Float32Array;
  /** How far the tip of the tongue is raised, 0 to 1. */
  readonly tongue: Float32Array;
  /** Low-passed aperture for the chin: commanded, and the base frame's own. */
  readonly jaw: Float32Array;
  readonly baseJaw: Float32Array;
  /** Index of the donor of lips and skin, -1 for the base frame's own; a second one is faded in around jumps. */
  readonly donor: Int32Array;
  readonly secondDonor: Int32Array;
  /** Weight of the second donor, 0 to 0.5. */
  readonly secondWeight: Float32Array;
  /** LIP_OFFSET_FLOATS per frame. */
  readonly lipOffset: Float32Array;
  /** LIP_TONE_FLOATS per frame: tone of the lips, whichever donor they come from. */
  readonly lipTone: Float32Array;
  /** Per donor of the library: its lips, undefined where they are not known or not used, and how much they are sharpened. */
  readonly lipLooks: readonly (LipLook | undefined)[];
  readonly sharpening: Float32Array;
  /** Index into {@link RenderPlan.persons}. */
  readonly person: Int32Array;
  readonly persons: readonly PersonMouth[];
  /** Per source frame: 1 where something may be before the mouth. */
  readonly guarded: Uint8Array;
  /** How each person's lower face looks with nothing before it; undefined where that is not known. */
  readonly looks: readonly (UsualLook | undefined)[];
  /** What each person has between the lips; undefined where no picture of them was kept. */
  readonly insides: readonly (MouthInside | undefined)[];
};
