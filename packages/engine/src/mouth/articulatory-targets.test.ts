import { describe, expect, it } from 'vitest';
import { articulatoryTargetsOf } from './articulatory-targets.js';

describe('articulatoryTargetsOf', () => {
  it('closes the lips for p, b, m and nothing else', () => {
    for (const ipa of ['p', 'b', 'm', 'pʰ', 'bʰ', 'mʲ', 'pf'])
      expect(articulatoryTargetsOf(ipa)[0].closed).toBeGreaterThan(0);
    for (const ipa of ['t', 'ŋ', 'w', 'f', 'β', 'u']) expect(articulatoryTargetsOf(ipa)[0].closed).toBe(0);
  });

  it('parts the lips of an aspirated p earlier, at its burst', () => {
    expect(articulatoryTargetsOf('pʰ')[0].closed).toBeLessThan(articulatoryTargetsOf('p')[0].closed);
  });

  it('reads affricates as their fricative, diphthongs as their vowels, and ignores length and nasality', () => {
    expect(articulatoryTargetsOf('tʂʰ')).toEqual(articulatoryTargetsOf('ʂ'));
    expect(articulatoryTargetsOf('dʒ')).toEqual(articulatoryTargetsOf('ʒ'));
    expect(articulatoryTargetsOf('iou').map(({ rounding }) => rounding)).toEqual([0, 0.8, 1]);
    expect(articulatoryTargetsOf('ɑ̃ː')).toEqual(articulatoryTargetsOf('ɑ'));
    expect(articulatoryTargetsOf('pf')).toHaveLength(2);
  });

  it('knows every sound that espeak reports for Mandarin and English', () => {
    const sounds =
      'ts ɿ tsʰ s tʂ ʅ tʂʰ ʂ ʐ tɕ i tɕʰ ɕ k ɤ kʰ χ t ə tʰ n l p o pʰ m f u y j yɛ yæ yə ʊŋ ər ou a ɑ ŋ uə ai ei ɑu iɑ iɛ ' +
      'iou uo uai uei w h ð ɪ b ɹ aʊ ɒ dʒ ʌ əʊ oʊ v eɪ z d ɡ ʃ iː ɛ θ ɜː ɔː ʒ tʃ əl ʔ n̩ ɔːɹ aɪɚ ʊɹ ɪɹ ɛɹ ɔɪ aɪ uː ʊ æ ɾ ɚ ɐ x';
    const unknown = articulatoryTargetsOf('¿')[0];
    for (const ipa of sounds.split(' ')) expect(articulatoryTargetsOf(ipa), ipa).not.toContain(unknown);
  });

  it('gives silence nothing to do', () => {
    expect(articulatoryTargetsOf('')).toEqual([]);
  });
});
