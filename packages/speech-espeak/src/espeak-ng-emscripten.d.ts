/** The part of the package's API that is used here; it ships no types of its own. */
declare module '@echogarden/espeak-ng-emscripten' {
  type EspeakEvent = {
    readonly type:
      | 'phoneme'
      | 'word'
      | 'sentence'
      | 'end'
      | 'samplerate'
      | 'mark'
      | 'play'
      | 'msg_terminated';
    /** Milliseconds from the start of the speech. */
    readonly audio_position: number;
    readonly id?: string | number;
    /** Of a word: its first character in the text, counted from 1. */
    readonly text_position: number;
  };

  type EspeakWorker = {
    readonly samplerate: number;
    /** 0 when the voice exists. */
    set_voice(name: string): number;
    set_rate(wordsPerMinute: number): void;
    set_pitch(pitch: number): void;
    set_range(range: number): void;
    set_volume(percent: number): void;
    /** Where in memory the phonemes of the whole text stand, ending with 0; in IPA when `ipa` is 1. */
    text_to_phonemes(text: string, ipa: 0 | 1): { readonly ptr: number };
    /** Calls back with pieces of audio; a callback that returns true stops the synthesis. */
    synthesize(text: string, callback: (audio: Int16Array | null, events: EspeakEvent[]) => boolean): void;
  };

  type EspeakModule = {
    readonly HEAP8: Int8Array;
    readonly FS: { analyzePath(path: string): { readonly exists: boolean } };
    readonly eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker>;
  };

  const load: () => Promise<EspeakModule>;
  export default load;
  export type { EspeakEvent, EspeakModule, EspeakWorker };
}
