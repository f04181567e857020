import { describe, expect, it } from 'vitest';
import { textLanguage } from './text-language.js';

describe('textLanguage', () => {
  it.each([
    ['zh', '君不见黄河之水天上来'],
    ['zh', '我们用GPU训练very big model'],
    ['en', 'The meeting in 北京 is on Monday with the whole team'],
    ['ja', '今日は良い天気です'],
    ['ko', '안녕하세요'],
    ['ru', 'Привет, мир'],
    ['el', 'Καλημέρα'],
    ['hi', 'नमस्ते'],
    ['ar', 'مرحبا'],
    ['de', 'Das ist nicht gut, und ich weiß es.'],
    ['fr', "C'est la vie, et vous le savez."],
    ['es', '¿Dónde está la biblioteca? No es muy grande.'],
    ['it', 'Questo non è il momento di parlare della cosa.'],
    ['pt', 'Você não está em casa, e o tempo está bom.'],
    ['en', 'Five brave musicians bought umbrellas'],
    ['en', '12345'],
  ])('takes %s for %s', (language, text) => {
    expect(textLanguage(text)).toBe(language);
  });
});
