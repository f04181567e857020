import { parentPort, workerData } from 'node:worker_threads';
import { type BlockAnswer, hearBlock, type SpeechBlock } from './speech-block.js';
import { createSpeechNet } from './speech-net.js';
import type { SpeechWeights } from './speech-weights.js';

/** Sent to the thread, which is started with the weights; it answers each with a `BlockAnswer`. */
export type BlockRequest = { readonly block: SpeechBlock; readonly window: Float32Array<ArrayBuffer> };

const port = parentPort;
if (!port) throw new Error('speech-worker runs as a worker thread');
const net = createSpeechNet(workerData as SpeechWeights);

port.on('message', ({ block, window }: BlockRequest) => {
  const answer: BlockAnswer = hearBlock(net, block, window);
  port.postMessage(answer, [answer.outputs.buffer, answer.level.buffer]);
});
