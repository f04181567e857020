import { describe, expect, it } from 'vitest';
import { spellChineseNumbers } from './chinese-numbers.js';

describe('spellChineseNumbers', () => {
  it.each([
    ['2024年3月15日', '二零二四年3月15日'],
    ['2024-03-15开会', '二零二四年3月15日开会'],
    ['上午10:30，下午8：00', '上午10点30分，下午8点整'],
    ['涨了12.5%', '涨了百分之12.5'],
    ['￥12.50和$1,000', '12.50元和1000美元'],
    ['-5℃到3 km', '负5摄氏度到3公里'],
    ['3-5天，3～5个', '3到5天，3到5个'],
    ['电话13812345678', '电话一三八一二三四五六七八'],
    ['007号', '零零七号'],
    ['1+2=3', '1加2等于3'],
    ['版本2.5和GPT-4，0.05', '版本2.5和GPT-4，0.05'],
    ['1234567人', '1234567人'],
  ])('writes %s as %s', (text, spelt) => {
    expect(spellChineseNumbers(text)).toBe(spelt);
  });
});
