import { toCardinal, toOrdinal } from 'n2words/en-US';

const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');

/** `911` as "nine one one". */
export const digitByDigit = (digits: string): string =>
  [...digits.replace(/\D/gu, '')].map((digit) => DIGITS[Number(digit)]).join(' ');

/** A number as it is written, with a sign or a decimal point or not: `-3.14` as "minus three point one four". */
export const englishNumber = (number: string): string => {
  const [, sign, whole, decimals] = /^([-−]?)(\d*)(?:\.(\d+))?$/u.exec(number.replaceAll(',', '')) ?? [];
  if (whole === undefined) return number;
  const fraction = decimals === undefined ? '' : ` point ${digitByDigit(decimals)}`;
  return (sign === '' ? '' : 'minus ') + toCardinal(BigInt(whole === '' ? '0' : whole)) + fraction;
};

/** `21` as "twenty-first". */
export const englishOrdinal = (digits: string): string =>
  Number(digits) === 0 ? 'zeroth' : toOrdinal(BigInt(digits));

/** `1999` as "nineteen ninety-nine", `2005` as "two thousand five", `1905` as "nineteen oh five". */
export const englishYear = (year: string): string => {
  const [century, rest] = [Number(year.slice(0, -2)), Number(year.slice(-2))];
  if (century % 10 === 0 && rest < 10) return toCardinal(Number(year));
  if (rest === 0) return `${toCardinal(century)} hundred`;
  return `${toCardinal(century)} ${rest < 10 ? 'oh ' : ''}${toCardinal(rest)}`;
};

/** `1990` as "nineteen nineties". */
export const englishDecade = (year: string): string => {
  const words = year.length === 4 ? englishYear(year) : toCardinal(Number(year));
  return words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`;
};
