import { type Convolution, convolve, packConvolution } from './convolution.js';
import { MEL_BANDS } from './log-mel.js';
import { SPEECH_CLASSES } from './speech-classes.js';
import { readTensor, type SpeechWeights } from './speech-weights.js';

/** Mouth parameters (aperture, width, rounding, closure, labiodental), then class scores, then what was fitted afterwards. */
export const NET_MOUTH_OUTPUTS = 5;
const NET_TRAINED: number = NET_MOUTH_OUTPUTS + SPEECH_CLASSES.length;
/** The opening of real lips. */
export const NET_LIPS: number = NET_TRAINED;
/** Whether somebody speaks. */
export const NET_PRESENCE: number = NET_TRAINED + 1;
export const NET_OUTPUTS: number = NET_TRAINED + 2;

export type SpeechNet = {
  /** Frames on either side of a frame that its answer depends on. */
  readonly context: number;
  /**
   * @param spectrum normalised log-mel spectrum, `frames × 40`
   * @returns raw outputs, `frames × 22`, before any squashing
   */
  answer(spectrum: Float32Array): Float32Array;
};

/**
 * Builds the temporal convolutional network: an input convolution, then residual blocks of a dilated convolution and
 * a 1×1 one, then a 1×1 output, and two rows beside it that were fitted afterwards: to filmed lips, and to tell speech from music and noise. About 0.007 of real time on one core.
 */
export const createSpeechNet = (weights: SpeechWeights): SpeechNet => {
  const { channels, dilations, inputKernel, kernel } = weights.net;
  const layer = (
    name: string,
    inputs: number,
    outputs: number,
    taps: number,
    dilation: number,
  ): Convolution =>
    packConvolution(readTensor(weights, `${name}.weight`), readTensor(weights, `${name}.bias`), {
      inputs,
      outputs,
      kernel: taps,
      dilation,
    });
  const input = layer('input', MEL_BANDS, channels, inputKernel, 1);
  const blocks = dilations.map((dilation, k) => ({
    dilated: layer(`dilated.${k}`, channels, channels, kernel, dilation),
    mix: layer(`mix.${k}`, channels, channels, 1, 1),
  }));
  const output = layer('output', channels, NET_TRAINED, 1, 1);
  const fitted = ['lips', 'presence'].map((name) => ({
    weight: readTensor(weights, `${name}.weight`),
    bias: readTensor(weights, `${name}.bias`)[0],
  }));

  const answer = (spectrum: Float32Array): Float32Array => {
    const frames = spectrum.length / MEL_BANDS;
    const hidden = new Float32Array(frames * channels);
    const widened = new Float32Array(frames * channels);
    const change = new Float32Array(frames * channels);
    convolve(input, spectrum, frames, hidden);
    rectify(hidden);
    for (const { dilated, mix } of blocks) {
      convolve(dilated, hidden, frames, widened);
      rectify(widened);
      convolve(mix, widened, frames, change);
      for (let i = 0; i < hidden.length; i++) hidden[i] += change[i];
    }
    rectify(hidden);
    const trained = new Float32Array(frames * NET_TRAINED);
    convolve(output, hidden, frames, trained);
    const answers = new Float32Array(frames * NET_OUTPUTS);
    for (let t = 0; t < frames; t++) {
      answers.set(trained.subarray(t * NET_TRAINED, (t + 1) * NET_TRAINED), t * NET_OUTPUTS);
      fitted.forEach(({ weight, bias }, k) => {
        let sum = bias;
        for (let c = 0; c < channels; c++) sum += weight[c] * hidden[t * channels + c];
        answers[t * NET_OUTPUTS + NET_TRAINED + k] = sum;
      });
    }
    return answers;
  };

  const reach = (taps: number, dilation: number): number => ((taps - 1) / 2) * dilation;
  const context = dilations.reduce((sum, dilation) => sum + reach(kernel, dilation), reach(inputKernel, 1));
  return { context, answer };
};

const rectify = (values: Float32Array): void => {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
};
