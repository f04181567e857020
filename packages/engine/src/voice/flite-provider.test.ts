import { afterAll, describe, expect, it } from 'vitest';
import { createFliteProvider } from './flite-provider.js';
import { createVoiceCatalogue, type VoicedSpeech } from './voice-catalogue.js';

const catalogue = createVoiceCatalogue([createFliteProvider()]);

afterAll(() => catalogue.close());

const TEXT =
  'Five brave musicians from Brazil bought a huge “purple” umbrella. Nobody saw them leave the café.';

const seconds = ({ samples, sampleRate }: VoicedSpeech): number => samples.length / sampleRate;

describe('the flite voices', () => {
  it('speak with phones that fill the sound', async () => {
    for (const { id, name } of await catalogue.voices()) {
      const speech = await catalogue.speak({ text: TEXT, voice: id });
      expect(seconds(speech), name).toBeGreaterThan(4);
      expect(seconds(speech), name).toBeLessThan(8);
      expect(speech.sentences).toHaveLength(2);
      if (name === 'Kevin') continue;
      const phones = speech.phones ?? [];
      expect(phones.map(({ ipa }) => ipa).join(''), name).toMatch(/^faɪvbɹeɪv.*ʌmbɹɛlʌ|əmbɹɛlə/u);
      phones.forEach((phone, index) => {
        expect(phone.start).toBeCloseTo(phones[index - 1]?.end ?? 0, 6);
      });
      expect(phones.at(-1)?.end).toBeCloseTo(seconds(speech), 2);
      expect(Math.max(...speech.samples), name).toBeLessThanOrEqual(0.9);
    }
  });

  it.each([0.5, 1.4, 2])('are exactly as fast as asked: %f', async (speed) => {
    const own = seconds(await catalogue.speak({ text: TEXT }));
    const other = seconds(await catalogue.speak({ text: TEXT, speed }));
    expect(own / other / speed).toBeGreaterThan(0.97);
    expect(own / other / speed).toBeLessThan(1.03);
  });

  it('keep their length when the pitch changes', async () => {
    const own = seconds(await catalogue.speak({ text: TEXT }));
    const raised = seconds(await catalogue.speak({ text: TEXT, pitch: 1.3 }));
    // Where silence begins is judged in steps of 5 ms.
    expect(Math.abs(raised - own)).toBeLessThan(0.012);
  });
});
