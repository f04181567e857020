import {
  digitByDigit,
  englishDecade,
  englishNumber,
  englishOrdinal,
  englishYear,
} from './english-numerals.js';
import { carryOut, type ReadingRule, rule } from './reading-rule.js';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const MONTH = String.raw`(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?`;
const monthOf = (name: string): string => MONTHS.find((month) => month.startsWith(name.slice(0, 3))) ?? name;

/** Names of one and of several. */
const CURRENCIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  $: ['dollar', 'dollars', 'cent', 'cents'],
  US$: ['dollar', 'dollars', 'cent', 'cents'],
  '€': ['euro', 'euros', 'cent', 'cents'],
  '£': ['pound', 'pounds', 'penny', 'pence'],
  '¥': ['yuan', 'yuan', 'fen', 'fen'],
  '￥': ['yuan', 'yuan', 'fen', 'fen'],
};
const CURRENCY = String.raw`US\$|[$€£¥￥]`;
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  bn: 'billion',
  b: 'billion',
  t: 'trillion',
};

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  km: ['kilometer', 'kilometers'],
  m: ['meter', 'meters'],
  cm: ['centimeter', 'centimeters'],
  mm: ['millimeter', 'millimeters'],
  mi: ['mile', 'miles'],
  ft: ['foot', 'feet'],
  kg: ['kilogram', 'kilograms'],
  g: ['gram', 'grams'],
  mg: ['milligram', 'milligrams'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  L: ['liter', 'liters'],
  ml: ['milliliter', 'milliliters'],
  mL: ['milliliter', 'milliliters'],
  '°C': ['degree Celsius', 'degrees Celsius'],
  '℃': ['degree Celsius', 'degrees Celsius'],
  '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
  '℉': ['degree Fahrenheit', 'degrees Fahrenheit'],
  '°': ['degree', 'degrees'],
  mph: ['mile per hour', 'miles per hour'],
  kW: ['kilowatt', 'kilowatts'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  W: ['watt', 'watts'],
  Hz: ['hertz', 'hertz'],
  kHz: ['kilohertz', 'kilohertz'],
  MHz: ['megahertz', 'megahertz'],
  GHz: ['gigahertz', 'gigahertz'],
  KB: ['kilobyte', 'kilobytes'],
  MB: ['megabyte', 'megabytes'],
  GB: ['gigabyte', 'gigabytes'],
  TB: ['terabyte', 'terabytes'],
  ms: ['millisecond', 'milliseconds'],
};
const UNIT = Object.keys(UNITS)
  .toSorted((a, b) => b.length - a.length)
  .join('|');
const PER: Readonly<Record<string, string>> = { h: 'hour', s: 'second', min: 'minute', day: 'day' };

const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'plus',
  '×': 'times',
  '÷': 'divided by',
  '=': 'equals',
  '≈': 'is about',
};

const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`;
const SIGNED = String.raw`(?<![\d.\p{L})])[-−]?${NUMBER}`;

const isOne = (number: string): boolean => Number(number.replaceAll(',', '')) === 1;

const money = (sign: string, number: string): string => {
  const [one, many, oneCent, cents] = CURRENCIES[sign];
  const [whole, decimals] = number.split('.');
  const units = `${englishNumber(whole)} ${isOne(whole) ? one : many}`;
  if (decimals === undefined || Number(decimals) === 0) return units;
  if (decimals.length !== 2) return `${englishNumber(number)} ${many}`;
  const small = `${englishNumber(decimals)} ${Number(decimals) === 1 ? oneCent : cents}`;
  return Number(whole) === 0 ? small : `${units} and ${small}`;
};

const time = (hour: string, minute: string, second: string | undefined): string => {
  const [hours, minutes] = [englishNumber(String(Number(hour))), Number(minute)];
  const to = minutes === 0 ? '' : ` ${minutes < 10 ? 'oh ' : ''}${englishNumber(String(minutes))}`;
  const seconds = second === undefined ? '' : ` and ${englishNumber(String(Number(second)))} seconds`;
  return hours + to + seconds;
};
const spelled = (halfOfDay: string): string => (/^a/iu.test(halfOfDay) ? ' AM' : ' PM');

const date = (year: string, month: string, day: string): string =>
  `${MONTHS[Number(month) - 1]} ${englishOrdinal(day)}, ${englishYear(year)}`;
const M = '0?[1-9]|1[0-2]';
const D = '0?[1-9]|[12]\\d|3[01]';

const fraction = (over: string, under: string): string => {
  const part = under === '2' ? 'half' : under === '4' ? 'quarter' : englishOrdinal(under);
  const parts = over === '1' ? part : part === 'half' ? 'halves' : `${part}s`;
  return `${englishNumber(over)} ${parts}`;
};

const DATES_AND_TIMES: readonly ReadingRule[] = [
  rule(`(?<![\\d.])([12]\\d{3})-(${M})-(${D})(?![\\d-])`, (_, year, month, day) => date(year, month, day)),
  rule(`(?<![\\d./])([12]\\d{3})/(${M})/(${D})(?![\\d/])`, (_, year, month, day) => date(year, month, day)),
  rule(`(?<![\\d./])(${M})/(${D})/([12]\\d{3})(?![\\d/])`, (_, month, day, year) => date(year, month, day)),
  rule(
    `\\b(${MONTH})\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+([12]\\d{3})\\b`,
    (_, month, day, year) => `${monthOf(month)} ${englishOrdinal(day)}, ${englishYear(year)}`,
  ),
  rule(
    `\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(${MONTH}),?\\s+([12]\\d{3})\\b`,
    (_, day, month, year) => `the ${englishOrdinal(day)} of ${monthOf(month)}, ${englishYear(year)}`,
  ),
  rule(
    `\\b(${MONTH})\\s+(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:.,]*\\d)`,
    (_, month, day) => `${monthOf(month)} ${englishOrdinal(day)}`,
  ),
  rule(`\\b(${MONTH})\\s+([12]\\d{3})\\b`, (_, month, year) => `${monthOf(month)} ${englishYear(year)}`),
  rule(String.raw`(?<![\d.,])'?([12]\d)?(\d0)['’]?s\b`, (_, century = '', decade) =>
    englishDecade(century + decade),
  ),
  rule(
    String.raw`\b((?:in|since|by|until|from|before|after|year|of|to|and)\s+)((?:1[1-9]|20)\d{2})(?![\d,.%]*\d|\s*(?:%|people|${UNIT})\b)`,
    (_, word, year) => word + englishYear(year),
  ),
  rule(
    String.raw`(?<=(?:thirt|fift|ninet|eight|teen|twenty|hundred)[\w\s-]*)\s*[-–]\s*((?:1[1-9]|20)\d{2})\b`,
    (_, year) => ` to ${englishYear(year)}`,
  ),
  rule(String.raw`(?<![\d.])(?:©\s*)((?:19|20)\d{2})(?!\d)`, (_, year) => `copyright ${englishYear(year)}`),
  rule(
    String.raw`(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?\s*([ap]\.?m\b\.?)?(?![\d:])`,
    (_, hour, minute, second, half) => {
      if (minute === '00' && second === undefined && half === undefined && Number(hour) <= 12)
        return `${englishNumber(String(Number(hour)))} o'clock`;
      return time(hour, minute, second) + (half === undefined ? '' : spelled(half));
    },
  ),
  rule(
    String.raw`(?<![\d:.])(1[0-2]|\d)\s*([ap])\.?m\b\.?`,
    (_, hour, half) => englishNumber(hour) + spelled(half),
  ),
  rule(
    String.raw`(?<![\d.])(\d{1,3}):(\d{1,3})(?![\d:])`,
    (_, a, b) => `${englishNumber(a)} to ${englishNumber(b)}`,
  ),
];

const CODES: readonly ReadingRule[] = [
  rule(
    String.raw`(?<![\d.])(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|\+\d{1,3}(?:[- ]\d{2,4}){2,4}(?!\d)|(?<![\d-])\d{3}-\d{4}(?![\d-])`,
    (number) =>
      `${number.startsWith('+') ? 'plus ' : ''}${number.split(/\D+/u).filter(Boolean).map(digitByDigit).join(', ')}`,
  ),
  rule(String.raw`(?<!\d)24/7(?!\d)`, () => 'twenty-four seven'),
  rule(String.raw`(?<!\d)\d{1,3}(?:\.\d{1,3}){2,}(?!\d)`, (version) =>
    version
      .split('.')
      .map((part) => (part.length > 2 ? digitByDigit(part) : englishNumber(part)))
      .join(' point '),
  ),
  rule(String.raw`(?<=\p{Lu})-(\d+(?:\.\d+)?)(?![\d-])`, (_, number) => ` ${number}`),
];

const AMOUNTS: readonly ReadingRule[] = [
  rule(
    `(${CURRENCY})\\s*(${NUMBER})\\s*[-–—~]\\s*(?:${CURRENCY})?\\s*(${NUMBER})`,
    (_, sign, from, to) => `${englishNumber(from)} to ${money(sign, to)}`,
  ),
  rule(
    `([-−]?)(${CURRENCY})\\s*(${NUMBER})\\s*(?:(k|m|bn|b|t|K|M|B|T)\\b|(thousand|million|billion|trillion)\\b)`,
    (_, minus, sign, number, letter, scale) =>
      `${minus === '' ? '' : 'minus '}${englishNumber(number)} ${scale ?? SCALES[letter.toLowerCase()]} ${CURRENCIES[sign][1]}`,
  ),
  rule(
    `([-−]?)(${CURRENCY})\\s*(${NUMBER})`,
    (_, minus, sign, number) => (minus === '' ? '' : 'minus ') + money(sign, number),
  ),
  rule(
    `(${SIGNED})\\s*(?:%|${UNIT})?\\s*[-–—~]\\s*(${NUMBER})(?=\\s*(?:%|${UNIT})(?![A-Za-z]))`,
    (_, from, to) => `${englishNumber(from)} to ${to}`,
  ),
  rule(
    `(?<![\\d.,/-])(${NUMBER})\\s*[–—~-]\\s*(${NUMBER})(?![\\d/-])`,
    (_, from, to) => `${englishNumber(from)} to ${englishNumber(to)}`,
  ),
  rule(`(${SIGNED})\\s*%`, (_, number) => `${englishNumber(number)} percent`),
  rule(
    `(${SIGNED})\\s*(${UNIT})/(h|s|min|day)(?![A-Za-z])`,
    (_, number, unit, per) =>
      `${englishNumber(number)} ${UNITS[unit][isOne(number) ? 0 : 1]} per ${PER[per]}`,
  ),
  rule(
    `(${SIGNED})\\s*(${UNIT})(?![A-Za-z])`,
    (_, number, unit) => `${englishNumber(number)} ${UNITS[unit][isOne(number) ? 0 : 1]}`,
  ),
  rule(String.raw`(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/])`, (whole, over, under) =>
    Number(under) > 1 ? fraction(over, under) : whole,
  ),
  rule(String.raw`(?<![\d,.])(\d+)(?:st|nd|rd|th)\b`, (_, digits) => englishOrdinal(digits)),
  rule(String.raw`(?<=\d)\s*([+×÷=≈])\s*(?=[-−]?\d)`, (_, operator) => ` ${OPERATORS[operator]} `),
  rule(String.raw`±\s*(?=\d)`, () => 'plus or minus '),
  rule(String.raw`(?:#|№|\bNo\.\s?)(?=\d)`, () => 'number '),
  rule(`(${NUMBER})\\+(?!\\d)`, (_, number) => `${englishNumber(number)} plus`),
  rule(`(${NUMBER})x\\b`, (_, number) => `${englishNumber(number)} times`),
];

const PLAIN: readonly ReadingRule[] = [
  rule(String.raw`(?<=\p{L})(?=\d)`, () => ' '),
  rule(String.raw`(?<![\d.,])(?:0\d+|\d{10,})(?![\d.,]*\d)`, digitByDigit),
  rule(SIGNED, (number) => englishNumber(number)),
  rule(NUMBER, (number) => englishNumber(number)),
  rule(String.raw`\s*&\s*`, () => ' and '),
];

const RULES: readonly ReadingRule[] = [...DATES_AND_TIMES, ...CODES, ...AMOUNTS, ...PLAIN];

/**
 * Writes out as an English speaker reads it what is written in digits and signs: dates, years, times of day, money, ordinals,
 * telephone numbers, units, scores, ranges, fractions, sums, models, numbers.
 */
export const normaliseEnglish = (text: string): string => carryOut(RULES, text);
