import type { HeardSpeech } from '../speech/heard-speech.js';
import { SPEECH_CLASSES } from '../speech/speech-classes.js';

/** Sounds for which the tip of the tongue touches the teeth or the ridge behind them: th, t and d, n and l. */
const TIP_CLASSES = (['TH', 'DD', 'nn'] as const).map((name) => SPEECH_CLASSES.indexOf(name));
/** The tip takes about so long up and down: half the window of a running mean, seconds. */
const TRAVEL = 0.03;

/** How far the tip of the tongue is raised towards the upper teeth, 0 to 1, at the rate of what is heard. */
export const tongueRaise = ({ posteriors, frameCount, rate }: HeardSpeech): Float32Array => {
  const touching = Float32Array.from({ length: frameCount }, (_, t) =>
    TIP_CLASSES.reduce((sum, c) => sum + posteriors[t * SPEECH_CLASSES.length + c], 0),
  );
  const reach = Math.round(TRAVEL * rate);
  return touching.map((_, t) => {
    const around = touching.subarray(Math.max(0, t - reach), t + reach + 1);
    return Math.min(1, around.reduce((sum, value) => sum + value, 0) / around.length);
  });
};
