/** The program in which sherpa-onnx speaks: orders `{id, text, speaker, config}`, see `serveOrders`. */
import { createRequire } from 'node:module';
import { serveOrders } from './line-service.js';
import type { SherpaConfig } from './sherpa-model.js';

type SherpaSpeech = { readonly samples: Float32Array; readonly sampleRate: number };

type SherpaVoice = {
  readonly numSpeakers: number;
  generate(order: { text: string; sid: number; speed: number; enableExternalBuffer: boolean }): SherpaSpeech;
};

type Sherpa = { readonly OfflineTts: new (config: object) => SherpaVoice };

const loadSherpa = (): Sherpa => {
  try {
    return createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  } catch (error) {
    throw new Error(
      `sherpa-onnx-node does not load, "npm install sherpa-onnx-node" (${(error as Error).message})`,
    );
  }
};

let voice: SherpaVoice | undefined;

const loadVoice = ({ model, ruleFsts }: SherpaConfig): SherpaVoice => {
  const { OfflineTts } = loadSherpa();
  const network = { ...model, numThreads: 1, provider: 'cpu', debug: false };
  return new OfflineTts({ model: network, ruleFsts, maxNumSentences: 1 });
};

await serveOrders(({ text, speaker, config }) => {
  voice ??= loadVoice(config as SherpaConfig);
  const sid = Number(speaker);
  if (sid >= voice.numSpeakers)
    throw new Error(`the model has no speaker ${sid}, only 0 to ${voice.numSpeakers - 1}`);
  const speech = voice.generate({ text: String(text), sid, speed: 1, enableExternalBuffer: false });
  const pcm = Int16Array.from(speech.samples, (value) =>
    Math.round(32767 * Math.max(-1, Math.min(1, value))),
  );
  return { sampleRate: speech.sampleRate, pcm: Buffer.from(pcm.buffer).toString('base64') };
});
