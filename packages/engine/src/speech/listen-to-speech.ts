import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HEARING_RATE, type HeardSpeech } from './heard-speech.js';
import { HOP } from './log-mel.js';
import { relativeLoudness } from './relative-loudness.js';
import { type BlockAnswer, speechBlocks } from './speech-block.js';
import { SPEECH_CLASSES } from './speech-classes.js';
import { NET_LIPS, NET_MOUTH_OUTPUTS, NET_OUTPUTS, NET_PRESENCE } from './speech-net.js';
import { readSpeechWeights } from './speech-weights.js';
import type { BlockRequest } from './speech-worker.js';

/**
 * Hears what a mouth does in speech of any language, in a worker thread.
 *
 * @param samples mono, -1 to 1, 16 kHz
 * @throws SpeechNetError when the net's weights are missing or damaged
 * @throws the signal's reason when aborted
 */
export const listenToSpeech = async (samples: Float32Array, signal?: AbortSignal): Promise<HeardSpeech> => {
  signal?.throwIfAborted();
  const blocks = speechBlocks(samples.length);
  const heard = emptyFeatures(blocks.at(-1)?.last ?? 0);
  if (blocks.length === 0) return heard;
  const worker = new Worker(new URL('./speech-worker.js', import.meta.url), {
    workerData: readSpeechWeights(),
  });
  const level = new Float32Array(heard.frameCount);
  try {
    for (const block of blocks) {
      const window = samples.slice(block.windowFirst * HOP, block.windowLast * HOP);
      worker.postMessage({ block, window } satisfies BlockRequest, [window.buffer]);
      const [answer] = (await once(worker, 'message', signal ? { signal } : {})) as [BlockAnswer];
      store(heard, block.first, answer.outputs);
      level.set(answer.level, block.first);
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    await worker.terminate();
  }
  heard.loudness.set(relativeLoudness(level));
  return heard;
};

const emptyFeatures = (frameCount: number): HeardSpeech => ({
  rate: HEARING_RATE,
  frameCount,
  aperture: new Float32Array(frameCount),
  width: new Float32Array(frameCount),
  rounding: new Float32Array(frameCount),
  closure: new Float32Array(frameCount),
  labiodental: new Float32Array(frameCount),
  lips: new Float32Array(frameCount),
  presence: new Float32Array(frameCount),
  loudness: new Float32Array(frameCount),
  posteriors: new Float32Array(frameCount * SPEECH_CLASSES.length),
});

const store = (heard: HeardSpeech, first: number, outputs: Float32Array): void => {
  const rows = [heard.aperture, heard.width, heard.rounding, heard.closure, heard.labiodental];
  for (let t = 0; t < outputs.length / NET_OUTPUTS; t++) {
    const frame = outputs.subarray(t * NET_OUTPUTS, (t + 1) * NET_OUTPUTS);
    rows.forEach((row, k) => {
      row[first + t] = frame[k];
    });
    heard.posteriors.set(frame.subarray(NET_MOUTH_OUTPUTS, NET_LIPS), (first + t) * SPEECH_CLASSES.length);
    heard.lips[first + t] = frame[NET_LIPS];
    heard.presence[first + t] = frame[NET_PRESENCE];
  }
};
