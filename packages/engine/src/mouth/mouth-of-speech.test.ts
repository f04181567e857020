import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TranscriptMismatchError } from '../errors/transcript-mismatch-error.js';
import type { LipSyncOptions } from '../lip-sync-options.js';
import { openVoices } from '../voice/open-voices.js';
import { takeSpeech } from '../voice/take-speech.js';
import type { VoicedSpeech } from '../voice/voice-catalogue.js';
import { waveFile } from '../voice/wave-file.js';
import { type MouthOfSpeech, mouthOfSpeech } from './mouth-of-speech.js';

const TEXTS = {
  en: 'Papa bought my mother a big purple umbrella. Five brave musicians may help Bob.',
  zh: '爸爸妈妈跑步，朋友买票。君不见黄河之水天上来。',
};

let directory: string;
const spoken = new Map<string, VoicedSpeech>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mouth-of-speech-'));
  const voices = openVoices();
  for (const [language, text] of Object.entries(TEXTS)) {
    const speech = await voices.speak({ text, ...(language === 'en' ? { voice: 'Richard' } : {}) });
    spoken.set(language, speech);
    await writeFile(recording(language), waveFile(speech.samples, speech.sampleRate));
  }
  await voices.close();
});

afterAll(() => rm(directory, { recursive: true }));

const recording = (language: string): string => join(directory, `${language}.wav`);

const mouthOf = async (
  speech: LipSyncOptions['speech'],
  more: Partial<LipSyncOptions> = {},
): Promise<MouthOfSpeech> => {
  const options = { video: '', output: '', ...more, speech };
  return mouthOfSpeech(await takeSpeech(options), options);
};

it.each(['en', 'zh'] as const)(
  'finds every closure of a recording whose words are known (%s)',
  async (language) => {
    const { phones, sentences } = spoken.get(language)!;
    const mouth = await mouthOf({ audio: recording(language), transcript: TEXTS[language] });
    expect(mouth.drivenBy).toBe('aligned-phones');
    const bilabials = phones!.filter(({ ipa }) => /^[pbm]/u.test(ipa));
    const found = bilabials.filter(({ start, end }) =>
      mouth.movement.closures.some((closure) => closure.start < end + 0.03 && closure.end > start - 0.03),
    );
    expect(bilabials.length).toBeGreaterThan(6);
    expect(found.length).toBe(bilabials.length);
    expect(mouth.sentences!.map(({ text }) => text)).toEqual(sentences.map(({ text }) => text));
    mouth.sentences!.forEach(({ start, end }, k) => {
      expect(Math.abs(start - sentences[k].start)).toBeLessThan(0.25);
      expect(Math.abs(end - sentences[k].end)).toBeLessThan(0.25);
    });
  },
);

it('goes by the sound alone when the words are not what is said, and says so', async () => {
  const notices: string[] = [];
  const onNotice = (text: string): number => notices.push(text);
  const mouth = await mouthOf({ audio: recording('en'), transcript: TEXTS.zh }, { onNotice });
  expect(mouth.drivenBy).toBe('sound');
  expect(mouth.sentences).toBeUndefined();
  expect(notices).toEqual([expect.stringContaining('the words are not what is said')]);
});

it('finds the words that a voice read, and notices one that reads something else', async () => {
  const { phones: _, voice, ...heard } = spoken.get('en')!;
  const untimed = { ...heard, voice: { ...voice, languages: ['en', 'zh'] } };
  expect((await mouthOf({ spoken: untimed })).drivenBy).toBe('aligned-phones');
  expect((await mouthOf({ spoken: { ...untimed, text: TEXTS.zh } })).drivenBy).toBe('sound');
});

it.each([
  ['♪', 'the words cannot be read'],
  ['ฉันรักคุณ', 'no voice here pronounces the language of the words'],
  [TEXTS.en.repeat(20), 'they are too many'],
])('does without words that are of no use (%s)', async (transcript, finding) => {
  const notices: string[] = [];
  const onNotice = (text: string): number => notices.push(text);
  const mouth = await mouthOf({ audio: recording('en'), transcript }, { onNotice });
  expect(mouth.drivenBy).toBe('sound');
  expect(notices).toEqual([expect.stringContaining(finding)]);
});

it('gives no subtitles for words that are not found', async () => {
  const subtitles = join(directory, 'out.srt');
  const work = mouthOf({ audio: recording('en'), transcript: TEXTS.zh }, { subtitles });
  await expect(work).rejects.toThrow(TranscriptMismatchError);
});

it('moves the mouth for a voice that tells no phones by aligning the text with its sound', async () => {
  const mouth = await mouthOf({ text: TEXTS.en, voice: 'Kevin' });
  expect(mouth.drivenBy).toBe('aligned-phones');
  expect(mouth.movement.closures.length).toBeGreaterThan(6);
  expect(Math.max(...mouth.movement.curves.aperture)).toBeGreaterThan(0.5);
  expect(mouth.sentences).toHaveLength(2);
});

it('goes by the phones of a voice that tells them, and by sound without words', async () => {
  expect((await mouthOf({ text: TEXTS.zh })).drivenBy).toBe('phones');
  const heard = await mouthOf({ audio: recording('zh') });
  expect(heard.drivenBy).toBe('sound');
  expect(Math.max(...heard.movement.curves.aperture)).toBeGreaterThan(0.4);
});
