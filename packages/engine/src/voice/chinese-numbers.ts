const DIGITS = '零一二三四五六七八九';

const digitByDigit = (digits: string): string => digits.replace(/\d/gu, (digit) => DIGITS[Number(digit)]);

const CURRENCIES: Readonly<Record<string, string>> = {
  '¥': '元',
  '￥': '元',
  $: '美元',
  '€': '欧元',
  '£': '英镑',
};

const UNITS: Readonly<Record<string, string>> = {
  km: '公里',
  m: '米',
  cm: '厘米',
  mm: '毫米',
  kg: '公斤',
  g: '克',
  '℃': '摄氏度',
  '°C': '摄氏度',
};

const OPERATORS: Readonly<Record<string, string>> = { '+': '加', '×': '乘以', '÷': '除以', '=': '等于' };

/** From longer patterns to shorter ones that would match within them. */
const RULES: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/(\d),(?=\d{3}(?!\d))/gu, (_, digit) => digit],
  [
    /(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/gu,
    (_, year, month, day) => `${digitByDigit(year)}年${Number(month)}月${Number(day)}日`,
  ],
  [/(?<!\d)(\d{4})(?=年)/gu, (_, year) => digitByDigit(year)],
  [
    /(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?![\d:：])/gu,
    (_, hour, minute) => `${Number(hour)}点${minute === '00' ? '整' : `${minute}分`}`,
  ],
  [/(\d+(?:\.\d+)?)\s*[%％]/gu, (_, number) => `百分之${number}`],
  [/(\d+(?:\.\d+)?)\s*‰/gu, (_, number) => `千分之${number}`],
  [/([¥￥$€£])\s*(\d+(?:\.\d+)?)/gu, (_, sign, number) => number + CURRENCIES[sign]],
  [/(?<![\d\p{L}])[-−](?=\d)/gu, () => '负'],
  [
    /(\d)\s*(km|cm|mm|kg|[mg]|℃|°C)(?![a-z])/giu,
    (whole, digit, unit) => (UNITS[unit] ? digit + UNITS[unit] : whole),
  ],
  [/(?<=\d)\s*([+×÷=])\s*(?=\d)/gu, (_, operator) => OPERATORS[operator]],
  [/(?<![\d.-])(\d{1,7})\s*[~～–-]\s*(?=\d{1,7}(?![\d-]))/gu, (_, number) => `${number}到`],
  [/(?<![\d.])(?:\d{8,}|0\d+)(?![.\d])/gu, (digits) => digitByDigit(digits)],
];

/**
 * Writes out in Chinese what espeak does not read as a Chinese speaker would: years and long numbers digit by digit,
 * dates, times of day, percentages, amounts of money, units, ranges, signs between numbers.
 */
export const spellChineseNumbers = (text: string): string =>
  RULES.reduce((spelt, [pattern, spell]) => spelt.replace(pattern, spell), text);
