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
    ['en', "Let's go!"],
    ['en', "Men's shoes"],
    ['en', '1990s'],
    ['en', 'Visit example.com now'],
    ['en', 'No problem'],
    ['en', 'OK'],
    ['en', 'Deja vu'],
    ['en', 'Los Angeles'],
    ['en', 'Email me at bob@beispiel.de today'],
    ['en', 'Check https://www.le-monde.fr/les/une for details'],
    ['en', "Rock 'n' roll"],
    ['en', 'iPhone 15 Pro'],
    ['zh', '请访问 https://www.example.com/the/very/long/address/that/is/english'],
    ['zh', '联系 support@example.com 我们'],
    ['yue', '我哋今晚去打邊爐啦'],
    ['yue', '你食咗飯未呀'],
    ['zh', '他们今晚去打边炉了'],
    ['de', 'Guten Morgen'],
    ['de', 'Vielen Dank für Ihre Hilfe'],
    ['fr', 'Bonjour à tous'],
    ['fr', "L'eau est froide"],
    ['es', 'Me llamo Juan'],
    ['it', 'I bambini giocano nel giardino'],
    ['pt', 'Bom dia a todos'],
    ['nl', 'De kinderen spelen in de tuin'],
    ['sv', 'Jag heter Erik'],
    ['fi', 'Minun nimeni on Aino'],
    ['tr', 'Benim adım Emre'],
    ['hr', 'Hvala vam puno na pomoći'],
    ['vi', 'Cảm ơn bạn rất nhiều'],
    ['uk', 'Мене звати Тарас'],
  ])('takes %s for %s', async (language, text) => {
    expect(await textLanguage(text)).toBe(language);
  });

  it('chooses among the languages there are', async () => {
    expect(await textLanguage('Vielen Dank für Ihre Hilfe', ['en', 'zh'])).toBe('en');
    expect(await textLanguage('我哋今晚去打邊爐啦', ['en', 'zh'])).toBe('zh');
  });
});
