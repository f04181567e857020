/** The part of the package's API that is used here; its own types are comments. */
declare module 'sherpa-onnx-node' {
  type GeneratedAudio = { readonly samples: Float32Array; readonly sampleRate: number };

  type GenerationConfig = {
    readonly sid: number;
    readonly speed: number;
    readonly numSteps?: number;
    readonly referenceAudio?: Float32Array;
    readonly referenceSampleRate?: number;
    readonly referenceText?: string;
    readonly extra?: Readonly<Record<string, string | number>>;
  };

  export class OfflineTts {
    /** Throws "Please check your config!"; what is wrong goes to stderr. */
    constructor(config: object);
    readonly numSpeakers: number;
    generate(order: {
      readonly text: string;
      /** False: the samples are copied into memory of JavaScript. */
      readonly enableExternalBuffer: boolean;
      readonly generationConfig: GenerationConfig;
    }): GeneratedAudio;
  }

  const sherpa: {
    readonly OfflineTts: typeof OfflineTts;
    readWave(path: string, enableExternalBuffer: boolean): GeneratedAudio;
  };
  export default sherpa;
}
