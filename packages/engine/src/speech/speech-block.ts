import { HOP, logMel, MEL_BANDS, normaliseSpectrum } from './log-mel.js';
import { NET_LIPS, NET_MOUTH_OUTPUTS, NET_OUTPUTS, NET_PRESENCE, type SpeechNet } from './speech-net.js';

/** A stretch of speech that is heard in one go: frames `first` to `last`, judged by the sound of a wider window. */
export type SpeechBlock = {
  readonly first: number;
  readonly last: number;
  readonly windowFirst: number;
  readonly windowLast: number;
};

/** What the net says of a block's frames. */
export type BlockAnswer = {
  /** `frames × 22`: mouth parameters in their ranges, class probabilities, opening of real lips, presence of speech. */
  readonly outputs: Float32Array<ArrayBuffer>;
  /** Power of each frame in decibels, 60 to 7600 Hz. */
  readonly level: Float32Array<ArrayBuffer>;
};

/** Up to this much is heard as one; the sound's own average is what the net compares with. */
const WHOLE_FRAMES = 6000;
const BLOCK_FRAMES = 3000;
const MARGIN_FRAMES = 1500;

/** Cuts long speech into blocks, so that memory stays flat and another speaker or room is adapted to. */
export const speechBlocks = (sampleCount: number): SpeechBlock[] => {
  const frames = Math.floor(sampleCount / HOP);
  if (frames <= WHOLE_FRAMES) {
    return frames === 0 ? [] : [{ first: 0, last: frames, windowFirst: 0, windowLast: frames }];
  }
  return Array.from({ length: Math.ceil(frames / BLOCK_FRAMES) }, (_, k) => {
    const first = k * BLOCK_FRAMES;
    const last = Math.min(frames, first + BLOCK_FRAMES);
    const windowFirst = Math.max(0, first - MARGIN_FRAMES);
    return { first, last, windowFirst, windowLast: Math.min(frames, last + MARGIN_FRAMES) };
  });
};

/**
 * @param window the samples of the block's window
 */
export const hearBlock = (net: SpeechNet, block: SpeechBlock, window: Float32Array): BlockAnswer => {
  const spectrum = logMel(window);
  const lead = block.first - block.windowFirst;
  const frames = block.last - block.first;
  const level = frameLevels(spectrum.subarray(lead * MEL_BANDS, (lead + frames) * MEL_BANDS));
  normaliseSpectrum(spectrum);
  const before = Math.min(lead, net.context);
  const after = Math.min(block.windowLast - block.last, net.context);
  const seen = spectrum.subarray((lead - before) * MEL_BANDS, (lead + frames + after) * MEL_BANDS);
  const outputs = net.answer(seen).slice(before * NET_OUTPUTS, (before + frames) * NET_OUTPUTS);
  for (let t = 0; t < frames; t++) squash(outputs.subarray(t * NET_OUTPUTS, (t + 1) * NET_OUTPUTS));
  return { outputs, level };
};

const frameLevels = (spectrum: Float32Array): Float32Array<ArrayBuffer> => {
  const level = new Float32Array(spectrum.length / MEL_BANDS);
  for (let t = 0; t < level.length; t++) {
    let power = 0;
    for (let band = 0; band < MEL_BANDS; band++) power += Math.exp(spectrum[t * MEL_BANDS + band]);
    level[t] = 10 * Math.log10(power);
  }
  return level;
};

const WIDTH = 1;

/** Brings one frame's raw outputs into their ranges: logistic, for the width tanh, for the classes softmax; lips are cut off. */
const squash = (frame: Float32Array): void => {
  for (let k = 0; k < NET_MOUTH_OUTPUTS; k++) {
    frame[k] = k === WIDTH ? Math.tanh(frame[k]) : 1 / (1 + Math.exp(-frame[k]));
  }
  frame[NET_LIPS] = Math.min(1, Math.max(0, frame[NET_LIPS]));
  frame[NET_PRESENCE] = 1 / (1 + Math.exp(-frame[NET_PRESENCE]));
  const classes = frame.subarray(NET_MOUTH_OUTPUTS, NET_LIPS);
  const largest = classes.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (let k = 0; k < classes.length; k++) {
    classes[k] = Math.exp(classes[k] - largest);
    sum += classes[k];
  }
  for (let k = 0; k < classes.length; k++) classes[k] /= sum;
};
