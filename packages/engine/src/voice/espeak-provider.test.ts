import { afterAll, describe, expect, it } from 'vitest';
import { EmptyTextError } from '../errors/empty-text-error.js';
import { SpeechParameterError } from '../errors/speech-parameter-error.js';
import { UnknownVoiceError } from '../errors/unknown-voice-error.js';
import { VoiceLanguageError } from '../errors/voice-language-error.js';
import { createEspeakProvider } from './espeak-provider.js';
import { ESPEAK_VOICES } from './espeak-voices.js';
import { createVoiceCatalogue, type VoicedSpeech } from './voice-catalogue.js';

const catalogue = createVoiceCatalogue([createEspeakProvider()]);

afterAll(() => catalogue.close());

const seconds = ({ samples, sampleRate }: VoicedSpeech): number => samples.length / sampleRate;

const ipa = ({ phones }: VoicedSpeech): string => (phones ?? []).map((phone) => phone.ipa).join('');

const peak = ({ samples }: VoicedSpeech): number =>
  samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Median fundamental frequency in Hz by autocorrelation over loud 46 ms pieces. */
const medianPitch = ({ samples, sampleRate }: VoicedSpeech): number => {
  const length = 1024;
  const found: number[] = [];
  for (let from = 0; from + 2 * length < samples.length; from += length) {
    const piece = samples.subarray(from, from + length);
    const power = piece.reduce((sum, value) => sum + value * value, 0);
    if (power / length < 0.01) continue;
    const likeness: number[] = [];
    for (let lag = 0; lag < sampleRate / 55; lag++) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += piece[i] * samples[from + i + lag];
      likeness.push(sum / power);
    }
    const first = Math.round(sampleRate / 450);
    const best = Math.max(...likeness.slice(first));
    const lag = likeness.findIndex(
      (value, at) =>
        at > first && value > 0.9 * best && value >= likeness[at - 1] && value >= (likeness[at + 1] ?? 0),
    );
    if (lag > 0) found.push(sampleRate / lag);
  }
  return found.toSorted((a, b) => a - b)[found.length >> 1];
};

const ZH = '君不见黄河之水天上来，奔流到海不复回。';
const EN = 'Five brave musicians from Brazil bought a huge umbrella. Nobody saw them leave.';

describe('the espeak voices', () => {
  it('have unique ids and names, eight each for Mandarin and English, two for every other language', () => {
    expect(new Set(ESPEAK_VOICES.map(({ id }) => id)).size).toBe(ESPEAK_VOICES.length);
    expect(new Set(ESPEAK_VOICES.map(({ name }) => name)).size).toBe(ESPEAK_VOICES.length);
    for (const { id } of ESPEAK_VOICES) expect(id).toMatch(/^C-[0-9a-f]{32}$/);
    for (const language of new Set(ESPEAK_VOICES.map((voice) => voice.language))) {
      const voices = ESPEAK_VOICES.filter((voice) => voice.language === language);
      expect(voices.length).toBe(language === 'zh' || language === 'en' ? 8 : 2);
      expect(voices[0].gender).toBe('female');
      expect(voices.some(({ gender }) => gender === 'male')).toBe(true);
    }
  });

  it('keep their ids for ever', () => {
    expect(ESPEAK_VOICES[0]).toMatchObject({ id: 'C-f2429d07554749839849497589199916', language: 'zh' });
    expect(ESPEAK_VOICES.find(({ name }) => name === 'Emma')?.id).toBe('C-ca142ab3a2c665ba585af1d42d576a54');
  });

  it('all exist in espeak and speak without clipping', async () => {
    for (const voice of ESPEAK_VOICES) {
      const speech = await catalogue.speak({ text: '1 2 3', voice: voice.id });
      expect(seconds(speech), voice.name).toBeGreaterThan(0.5);
      expect(peak(speech), voice.name).toBeLessThan(0.9);
      expect(peak(speech), voice.name).toBeGreaterThan(0.25);
    }
  });
});

describe('speech', () => {
  it('chooses the default voice by the language of the text', async () => {
    expect((await catalogue.speak({ text: ZH })).voice.id).toBe('C-f2429d07554749839849497589199916');
    expect((await catalogue.speak({ text: EN })).voice.name).toBe('Emma');
    expect((await catalogue.speak({ text: 'Guten Tag, das ist nicht schlecht.' })).voice.language).toBe('de');
    expect((await catalogue.speak({ text: 'Привет, мир!' })).voice.language).toBe('ru');
  });

  it('has gapless phones and sentence times to the end of the sound', async () => {
    const speech = await catalogue.speak({ text: `${ZH}\n爸爸跑步。` });
    expect(speech.sentences.map(({ text }) => text)).toEqual([ZH, '爸爸跑步。']);
    expect(speech.sentences[1].start).toBeGreaterThan(speech.sentences[0].end + 0.2);
    expect(speech.sentences[1].end).toBeCloseTo(seconds(speech), 2);
    const phones = speech.phones ?? [];
    expect(phones.length).toBeGreaterThan(40);
    phones.forEach((phone, index) => {
      expect(phone.start).toBeCloseTo(phones[index - 1]?.end ?? 0, 6);
    });
    expect(phones.at(-1)?.end).toBeCloseTo(seconds(speech), 2);
  });

  it.each([
    [ZH, 0.5],
    [ZH, 0.8],
    [ZH, 1.25],
    [ZH, 2],
    [EN, 0.5],
    [EN, 1.5],
    [EN, 2],
  ])('is exactly as fast as asked: %s at %f', async (text, speed) => {
    const own = seconds(await catalogue.speak({ text }));
    const fast = seconds(await catalogue.speak({ text, speed }));
    expect(own / fast / speed).toBeGreaterThan(0.97);
    expect(own / fast / speed).toBeLessThan(1.03);
  });

  it.each([
    ['晓岚', ZH],
    ['云深', ZH],
    ['Claire', EN],
  ])('moves the pitch of %s by the factor near 1 and stays human far from it', async (voice, text) => {
    const f0 = async (pitch: number): Promise<number> =>
      medianPitch(await catalogue.speak({ text, voice, pitch }));
    const own = await f0(1);
    expect((await f0(1.2)) / own).toBeCloseTo(1.18, 1);
    expect((await f0(0.85)) / own).toBeCloseTo(0.86, 1);
    const high = (await f0(3)) / own;
    const low = (await f0(0.1)) / own;
    expect(high).toBeGreaterThan(1.35);
    expect(high).toBeLessThan(1.7);
    expect(low).toBeLessThan(0.82);
    expect(low).toBeGreaterThan(0.6);
  });

  it('reads words of another script in their own language', async () => {
    expect(ipa(await catalogue.speak({ text: '我们用 very good 的模型。' }))).toContain('vɛɹi');
    expect(ipa(await catalogue.speak({ text: 'Welcome to 北京, my dear friends of the city.' }))).toContain(
      'peitɕiŋ',
    );
    expect(ipa(await catalogue.speak({ text: '他用俄语说 привет 然后走了。' }))).toContain('pr');
  });

  it('reads 4000 characters with digits, line breaks and junk', async () => {
    const text = `第1段：${'今天天气很好，我们去公园玩吧。'.repeat(280)}\n\n<b>[[x]] 3.14 & 50%</b>😀`;
    const speech = await catalogue.speak({ text });
    expect(speech.sentences.length).toBeGreaterThan(280);
    expect(speech.notices.length).toBe(2);
    expect(seconds(speech)).toBeGreaterThan(600);
  });

  it('pauses where the text says so, in sound, phones and sentences alike', async () => {
    const speech = await catalogue.speak({ text: '你好。<break time="2s"/>再见。' });
    const plain = await catalogue.speak({ text: '你好。再见。' });
    expect(seconds(speech) - seconds(plain)).toBeCloseTo(2, 1);
    const [first, second] = speech.sentences;
    expect(second.start - first.end).toBeGreaterThan(2);
    expect(speech.phones?.find(({ ipa, start, end }) => ipa === '' && end - start > 2)).toBeDefined();
  });

  it('reads a character as its pinyin says and shows it as it was written', async () => {
    const speech = await catalogue.speak({ text: '<phoneme alphabet="py" ph="shan4">单</phoneme>' });
    expect(speech.phones?.map(({ ipa }) => ipa).join('')).toContain('ʂ');
    expect(speech.sentences[0].text).toBe('单');
  });

  it('reads Cantonese with a Cantonese voice', async () => {
    const speech = await catalogue.speak({ text: '我哋今晚去打邊爐啦' });
    expect(speech.voice.language).toBe('yue');
    expect(speech.phones?.find(({ ipa }) => ipa !== '')?.ipa).toBe('ŋ');
  });

  it('says clearly what it cannot read', async () => {
    await expect(catalogue.speak({ text: '😀' })).rejects.toThrow(EmptyTextError);
    await expect(catalogue.speak({ text: '你好', voice: 'Emma' })).rejects.toThrow(/Voices that fit: 晓岚/);
    await expect(catalogue.speak({ text: 'привет', voice: '晓岚' })).rejects.toThrow(VoiceLanguageError);
    await expect(catalogue.speak({ text: '今日は良い天気です' })).rejects.toThrow(/no installed voice reads/);
    await expect(catalogue.speak({ text: 'hi', speed: 2.1 })).rejects.toThrow(SpeechParameterError);
    await expect(catalogue.speak({ text: 'hi', pitch: Number.NaN })).rejects.toThrow(SpeechParameterError);
    await expect(catalogue.speak({ text: 'hi', voice: 'Ema' })).rejects.toThrow(/Did you mean: Emma/);
    await expect(catalogue.speak({ text: 'hi', voice: 'C-00' })).rejects.toThrow(UnknownVoiceError);
  });

  it('stops when aborted', async () => {
    const abort = new AbortController();
    const speaking = catalogue.speak({ text: ZH.repeat(50) }, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await expect(speaking).rejects.toThrow('enough');
  });

  it('offers no voices where the program is missing', async () => {
    const absent = createEspeakProvider({ program: '/nowhere/worker.js' });
    const speaking = absent.speak({ text: 'hi', voice: ESPEAK_VOICES[8], speed: 1, pitch: 1 });
    await expect(speaking).rejects.toThrow(/voice provider "espeak" failed/);
  });
});
