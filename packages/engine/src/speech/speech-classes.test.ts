import { describe, expect, it } from 'vitest';
import { phoneClasses, SPEECH_CLASSES } from './speech-classes.js';

const names = (ipa: string): string[] => phoneClasses(ipa).map((k) => SPEECH_CLASSES[k]);

describe('phoneClasses', () => {
  it('knows the lips of single sounds, whatever their marks', () => {
    expect(names('p')).toEqual(['PP']);
    expect(names('pʰ')).toEqual(['PP']);
    expect(names('mʲ')).toEqual(['PP']);
    expect(names('ɑː')).toEqual(['aa']);
    expect(names('ã')).toEqual(['aa']);
    expect(names('ç')).toEqual(['SS']);
  });

  it('takes an affricate for its fricative and an aspirated stop for the stop', () => {
    expect(names('tʃ')).toEqual(['CH']);
    expect(names('tɕʰ')).toEqual(['SS']);
    expect(names('tʂ')).toEqual(['CH']);
    expect(names('kh')).toEqual(['kk']);
  });

  it('passes through both parts of a diphthong', () => {
    expect(names('aɪ')).toEqual(['aa', 'I']);
    expect(names('iou')).toEqual(['I', 'O', 'U']);
  });

  it('holds the consonant for the vowels of Mandarin zi and zhi', () => {
    expect(names('ɿ')).toEqual(['SS']);
    expect(names('ʅ')).toEqual(['CH']);
  });

  it('has nothing for silence and signs that are no sounds', () => {
    expect(names('')).toEqual([]);
    expect(names('??')).toEqual([]);
  });
});
