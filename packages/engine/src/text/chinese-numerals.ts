import { toCardinal } from 'n2words/zh-Hans-CN';

const DIGITS = '零一二三四五六七八九';

/** `2024` as 二零二四. */
export const digitByDigit = (digits: string): string =>
  digits.replace(/\d/gu, (digit) => DIGITS[Number(digit)]);

/** `12000` as 一万二千, `12` as 十二, `2000` as 两千. */
const wholeNumber = (digits: string): string =>
  toCardinal(BigInt(digits), { formal: false })
    .replace(/^一十/u, '十')
    .replace(/^二(?=[千万亿])/u, '两');

/** A number as it is written, with a sign or a decimal point or not: `-3.20` as 负三点二零. */
export const chineseNumber = (number: string): string => {
  const [, sign, whole, decimals] = /^([-−]?)(\d+)(?:\.(\d+))?$/u.exec(number) ?? [];
  if (whole === undefined) return number;
  const fraction = decimals === undefined ? '' : `点${digitByDigit(decimals)}`;
  return (sign === '' ? '' : '负') + wholeNumber(whole) + fraction;
};

/** A number of things: `2` as 两, else as {@link chineseNumber}. */
export const chineseCount = (number: string): string => (number === '2' ? '两' : chineseNumber(number));
