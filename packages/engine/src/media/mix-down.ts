/** Below this share of the louder channel's power, mixing has cancelled the sound instead of adding it. */
const CANCELLED = 1 / 8;
/** Correlation of left and right below which one of them was recorded the wrong way round. */
const OPPOSITE = -0.6;

export type MixDown = {
  readonly samples: Float32Array<ArrayBuffer>;
  /** Left and right are each other's opposites: one loudspeaker alone, which plays their sum, would be silent. */
  readonly opposed: boolean;
};

/** Mixes left and right, interleaved, to mono; where they cancel each other out, the louder one alone is taken. */
export const mixDown = (stereo: Float32Array): MixDown => {
  let [left, right, both] = [0, 0, 0];
  for (let k = 0; k < stereo.length; k += 2) {
    left += stereo[k] * stereo[k];
    right += stereo[k + 1] * stereo[k + 1];
    both += stereo[k] * stereo[k + 1];
  }
  const mixed = (left + right + 2 * both) / 4;
  const cancelled = mixed < Math.max(left, right) * CANCELLED;
  const [l, r] = cancelled ? (left >= right ? [1, 0] : [0, 1]) : [0.5, 0.5];
  const samples = new Float32Array(stereo.length >> 1);
  for (let k = 0; k < samples.length; k++) samples[k] = l * stereo[2 * k] + r * stereo[2 * k + 1];
  return { samples, opposed: both < OPPOSITE * Math.sqrt(left * right) };
};
