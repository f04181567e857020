import type { Speaker } from './voice-manifest.js';
import type { VoicePack } from './voice-pack.js';

const SHERPA = 'https://github.com/k2-fsa/sherpa-onnx/releases/download';
const SANOTTS =
  'https://raw.githubusercontent.com/Ampixa/sanoTTS/e4c3ad7d8bb3b94ae68f80e7deec102ee153ca4b/web/voices';

const MB = 1_000_000;

/** The speakers of Kokoro 1.1 in the model's order: two Americans, a Briton, then women and men of China by number. */
const kokoroSpeakers = (): readonly Speaker[] => {
  const women =
    '1 2 3 4 5 6 7 8 17 18 19 21 22 23 24 26 27 28 32 36 38 39 40 42 43 44 46 47 48 49 51 59 60 67 70 71 72 73 74 75 76 77 78 79 83 84 85 86 87 88 90 92 93 94 99';
  const men =
    '9 10 11 12 13 14 15 16 20 25 29 30 31 33 34 35 37 41 45 50 52 53 54 55 56 57 58 61 62 63 64 65 66 68 69 80 81 82 89 91 95 96 97 98 100';
  const numbered = (prefix: string, numbers: string): readonly string[] =>
    numbers.split(' ').map((number) => `${prefix}_${number.padStart(3, '0')}`);
  const names = ['af_maple', 'af_sol', 'bf_vale', ...numbered('zf', women), ...numbered('zm', men)];
  return names.map((name, id) => ({
    id,
    name,
    gender: name[1] === 'f' ? 'female' : 'male',
    language: name[0] === 'z' ? 'zh' : 'en',
  }));
};

/** Five women and five men, each of whom reads every language of the model. */
const supertonicSpeakers = (): readonly Speaker[] =>
  ['F1', 'F2', 'F3', 'F4', 'F5', 'M1', 'M2', 'M3', 'M4', 'M5'].map((name, id) => ({
    id,
    name: `Supertonic ${name}`,
    gender: name[0] === 'F' ? 'female' : 'male',
    language: 'en',
  }));

/** Rules write out telephone numbers and dates first: what is left are plain numbers. */
const RULES_ZH = ['phone-zh.fst', 'date-zh.fst', 'number-zh.fst'];

/** What Supertonic reads, the best first. */
export const SUPERTONIC_LANGUAGES: readonly string[] =
  'en de fr es it pt nl sv da fi pl cs sk hr sl ro hu tr el bg ru uk et lv lt ar hi id vi ja ko'.split(' ');

/** The voices that `voices install` knows, the preferred first. */
export const VOICE_PACKS: readonly VoicePack[] = [
  {
    name: 'matcha-zh-en',
    about: 'A woman who reads Chinese and English, also in one sentence.',
    languages: ['zh', 'en'],
    licence: 'Apache-2.0 by its publisher; where the recordings come from is not said',
    commercial: 'unclear',
    speakers: [{ id: 0, name: 'Matcha', gender: 'female', language: 'zh' }],
    model: {
      engine: 'sherpa',
      family: 'matcha',
      files: {
        acousticModel: 'model-steps-3.onnx',
        vocoder: 'vocos-16khz-univ.onnx',
        tokens: 'tokens.txt',
        lexicon: 'lexicon.txt',
        dataDir: 'espeak-ng-data',
      },
      numbers: { noiseScale: 0.667, lengthScale: 1 },
      ruleFsts: RULES_ZH,
    },
    parts: [
      {
        file: 'matcha-icefall-zh-en.tar.bz2',
        url: `${SHERPA}/tts-models/matcha-icefall-zh-en.tar.bz2`,
        bytes: 79_033_838,
        sha256: '271b804af570400d3bcdcb53bf6e53cc9f75180ee763b9f13eb5eaf2b0d086ef',
        put: { unpack: 'tar.bz2', unpackedBytes: 250 * MB },
      },
      {
        file: 'vocos-16khz-univ.onnx',
        url: `${SHERPA}/vocoder-models/vocos-16khz-univ.onnx`,
        bytes: 53_882_848,
        sha256: 'b599142a1fb8ff03de3e84ac35ff537c619e56f4267a6fe894851a42844acf9e',
        put: { as: 'vocos-16khz-univ.onnx' },
      },
    ],
  },
  {
    name: 'supertonic-3',
    about: 'Five women and five men who read 31 languages, Chinese not among them.',
    languages: SUPERTONIC_LANGUAGES,
    licence: 'OpenRAIL-M: free, but its use restrictions bind you and must be passed on',
    commercial: 'with conditions',
    speakers: supertonicSpeakers(),
    model: {
      engine: 'sherpa',
      family: 'supertonic',
      files: {
        durationPredictor: 'duration_predictor.int8.onnx',
        textEncoder: 'text_encoder.int8.onnx',
        vectorEstimator: 'vector_estimator.int8.onnx',
        vocoder: 'vocoder.int8.onnx',
        ttsJson: 'tts.json',
        unicodeIndexer: 'unicode_indexer.bin',
        voiceStyle: 'voice.bin',
      },
      generation: { speed: 1.05, numSteps: 8, tellLanguage: true },
    },
    parts: [
      {
        file: 'sherpa-onnx-supertonic-3-tts-int8-2026-05-11.tar.bz2',
        url: `${SHERPA}/tts-models/sherpa-onnx-supertonic-3-tts-int8-2026-05-11.tar.bz2`,
        bytes: 128_774_318,
        sha256: '82fa96f91c4ef8abaae3a14a3f4153facf88bed821d1f7331cec2700f432c427',
        put: { unpack: 'tar.bz2', unpackedBytes: 400 * MB },
      },
    ],
  },
  {
    name: 'kokoro-1.1',
    about: 'A hundred Chinese and three English speakers; slow on small machines.',
    languages: ['zh', 'en'],
    licence: 'Apache-2.0',
    commercial: 'yes',
    speakers: kokoroSpeakers(),
    model: {
      engine: 'sherpa',
      family: 'kokoro',
      files: {
        model: 'model.onnx',
        voices: 'voices.bin',
        tokens: 'tokens.txt',
        dataDir: 'espeak-ng-data',
        lexicon: ['lexicon-us-en.txt', 'lexicon-zh.txt'],
      },
      ruleFsts: RULES_ZH,
    },
    parts: [
      {
        file: 'kokoro-multi-lang-v1_1.tar.bz2',
        url: `${SHERPA}/tts-models/kokoro-multi-lang-v1_1.tar.bz2`,
        bytes: 364_816_464,
        sha256: 'a3f4c73d043860e3fd2e5b06f36795eb81de0fc8e8de6df703245edddd87dbad',
        put: { unpack: 'tar.bz2', unpackedBytes: 900 * MB },
      },
    ],
  },
  {
    name: 'melo-zh-en',
    about: 'A woman who reads Chinese, and English with an accent.',
    languages: ['zh', 'en'],
    licence: 'MIT',
    commercial: 'yes',
    speakers: [{ id: 0, name: 'Melo', gender: 'female', language: 'zh' }],
    model: {
      engine: 'sherpa',
      family: 'vits',
      files: { model: 'model.onnx', tokens: 'tokens.txt', lexicon: 'lexicon.txt' },
      numbers: { noiseScale: 0.667, noiseScaleW: 0.8, lengthScale: 1 },
      ruleFsts: ['phone.fst', 'date.fst', 'number.fst'],
    },
    parts: [
      {
        file: 'vits-melo-tts-zh_en.tar.bz2',
        url: `${SHERPA}/tts-models/vits-melo-tts-zh_en.tar.bz2`,
        bytes: 167_006_755,
        sha256: 'e58351ed7149f290a54534538badd4077cdbe6fddc964b24d0bee870415d1514',
        put: { unpack: 'tar.bz2', unpackedBytes: 450 * MB },
      },
    ],
  },
  {
    name: 'kristin',
    about: 'A woman who reads English; small and quick.',
    languages: ['en'],
    licence: 'GPL-3.0 weights, made from public-domain recordings; what is spoken is free',
    commercial: 'yes',
    speakers: [{ id: 0, name: 'Kristin', gender: 'female', language: 'en' }],
    model: {
      engine: 'sanotts',
      files: { front: 'front_f32.bin', decoder: 'dec_f32.bin' },
      espeakVoice: 'en',
      lengthScale: 1.08,
    },
    parts: [
      {
        file: 'kristin-front_f32.bin',
        url: `${SANOTTS}/kristin/front_f32.bin`,
        bytes: 1_581_712,
        sha256: 'b1b099ae95e9e30c04559023dd92027780ef937179d317e974beaf17526beab6',
        put: { as: 'front_f32.bin' },
      },
      {
        file: 'kristin-dec_f32.bin',
        url: `${SANOTTS}/kristin/dec_f32.bin`,
        bytes: 4_003_988,
        sha256: '87e061c82b467cd2c6729d292298614189e45dc7a3c2777c0aa30ecf812242a3',
        put: { as: 'dec_f32.bin' },
      },
    ],
  },
];
