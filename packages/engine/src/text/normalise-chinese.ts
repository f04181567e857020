import { chineseCount, chineseNumber, digitByDigit } from './chinese-numerals.js';
import { carryOut, type ReadingRule, rule } from './reading-rule.js';

const CURRENCIES: Readonly<Record<string, string>> = {
  '¥': '元',
  '￥': '元',
  $: '美元',
  US$: '美元',
  HK$: '港元',
  '€': '欧元',
  '£': '英镑',
};

const UNITS: Readonly<Record<string, string>> = {
  km: '公里',
  m: '米',
  cm: '厘米',
  mm: '毫米',
  'km²': '平方公里',
  'm²': '平方米',
  '㎡': '平方米',
  'm³': '立方米',
  kg: '公斤',
  g: '克',
  mg: '毫克',
  t: '吨',
  L: '升',
  l: '升',
  mL: '毫升',
  ml: '毫升',
  '℃': '摄氏度',
  '°C': '摄氏度',
  '℉': '华氏度',
  '°F': '华氏度',
  '°': '度',
  kW: '千瓦',
  kWh: '千瓦时',
  W: '瓦',
  V: '伏',
  mAh: '毫安时',
  Hz: '赫兹',
  kHz: '千赫兹',
  MHz: '兆赫兹',
  GHz: '吉赫兹',
  KB: 'KB',
  MB: '兆',
  GB: 'G',
  TB: 'T',
  h: '小时',
  min: '分钟',
  s: '秒',
  ms: '毫秒',
};
const UNIT = Object.keys(UNITS)
  .toSorted((a, b) => b.length - a.length)
  .join('|');
/** Units of time that something happens per. */
const PER: Readonly<Record<string, string>> = { h: '每小时', s: '每秒', min: '每分钟', d: '每天' };

const OPERATORS: Readonly<Record<string, string>> = {
  '+': '加',
  '×': '乘以',
  '*': '乘以',
  '÷': '除以',
  '=': '等于',
  '≈': '约等于',
  '>': '大于',
  '<': '小于',
  '≥': '大于等于',
  '≤': '小于等于',
};

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const TO = String.raw`\s*(?:[~～–—-]|至)\s*`;
/** No digit, letter or point before: the sign belongs to this number. */
const SIGNED = String.raw`(?<![\d.\p{Script=Latin}）)])[-−]?${NUMBER}`;

const range = (from: string, to: string): string => `${chineseNumber(from)}到${chineseNumber(to)}`;
const time = (hour: string, minute: string, second: string | undefined): string => {
  const minutes =
    minute === '00'
      ? '整'
      : `${minute.startsWith('0') ? '零' : ''}${chineseNumber(String(Number(minute)))}分`;
  const seconds = second === undefined ? '' : `${chineseNumber(String(Number(second)))}秒`;
  return `${chineseCount(String(Number(hour)))}点${second !== undefined && minute === '00' ? '零分' : minutes}${seconds}`;
};
const date = (year: string, month: string, day: string): string =>
  `${digitByDigit(year)}年${chineseNumber(String(Number(month)))}月${chineseNumber(String(Number(day)))}日`;
/** `3.20` yuan are 三点二 yuan. */
const amount = (number: string): string =>
  chineseCount(number.replace(/(\.\d*?)0+$/u, '$1').replace(/\.$/u, ''));

const FULL_WIDTH: ReadingRule = [
  /[０-９Ａ-Ｚａ-ｚ．％＋－／：＝＄]/gu,
  (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
];

/** Numbers that are no amounts: dates, times, telephone numbers, scores, codes. */
const NAMES_AND_PLACES_IN_TIME: readonly ReadingRule[] = [
  rule(
    String.raw`(?<![\d.])(\d{4})\s*([-/.])(\d{1,2})\2(\d{1,2})(?![\d.]|\2)`,
    (_, year, _sign, month, day) => date(year, month, day),
  ),
  rule(String.raw`(?<!\d)(\d{4}|\d{2}(?=年[代级底初]))(?=\s*年)`, (whole, year) =>
    year.length === 4 ? digitByDigit(year) : chineseNumber(whole),
  ),
  rule(String.raw`(\d{4})${TO}(?=[零一二三四五六七八九]{4}年)`, (_, year) => `${digitByDigit(year)}到`),
  rule(
    String.raw`(比分|以|[胜负平])\s*(\d{1,3})\s*[:：比-]\s*(\d{1,3})(?!\d)`,
    (_, word, a, b) => `${word}${chineseNumber(a)}比${chineseNumber(b)}`,
  ),
  rule(
    String.raw`(?<![\d:：.])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?${TO}([01]?\d|2[0-4])[:：]([0-5]\d)(?![\d:：])`,
    (_, hour, minute, second, toHour, toMinute) =>
      `${time(hour, minute, second)}到${time(toHour, toMinute, undefined)}`,
  ),
  rule(String.raw`(?<![\d:：.])(?:16[:：]9|9[:：]16|4[:：]3|21[:：]9)(?![\d:：])`, (whole) =>
    whole.split(/[:：]/u).map(chineseNumber).join('比'),
  ),
  rule(
    String.raw`(?<![\d:：.])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?![\d:：])`,
    (_, hour, minute, second) => time(hour, minute, second),
  ),
  rule(
    String.raw`(?<![\d.])(\d+)\s*[:：]\s*(\d+)(?![\d:：])`,
    (_, a, b) => `${chineseNumber(a)}比${chineseNumber(b)}`,
  ),
  rule(
    String.raw`(?<![\d.])(?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- ]\d{7,8}|[48]00-\d{3,4}-\d{3,4}|1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)`,
    (number) => digitByDigit(number.replace('+', '加').replace(/[^\d加]/gu, '')),
  ),
  rule(String.raw`(?<!\d)\d{1,3}(?:\.\d{1,3}){2,}(?!\d)`, (version) =>
    version
      .split('.')
      .map((part) => digitByDigit(part))
      .join('点'),
  ),
  rule(
    String.raw`((?:电话|手机|热线|号码|邮编|验证码|密码|尾号|房间|编号|工号|账号|卡号|单号|学号|车牌|QQ|拨打)[号是为：:\s]{0,3})(\d[\d-]{1,})`,
    (_, word, digits) => word + digitByDigit(digits.replaceAll('-', '')),
  ),
  rule(String.raw`(?<!\d)24/7(?!\d)`, () => '二十四小时'),
];

/** Latin letters with a number: models, sizes, generations. */
const MODELS: readonly ReadingRule[] = [
  rule(String.raw`(?<=\p{Script=Latin})[-\s]?(\d+)(\.\d+)?(?![\d.]*\d)`, (whole, digits, decimals = '') => {
    const isLong = digits.length > 2 || digits.startsWith('0');
    return `${/^\s/u.test(whole) ? ' ' : ''}${isLong ? digitByDigit(digits) : chineseNumber(digits)}${decimals.replace('.', '点').replace(/\d/gu, digitByDigit)}`;
  }),
];

const AMOUNTS: readonly ReadingRule[] = [
  rule(String.raw`(\d),(?=\d{3}(?!\d))`, (_, digit) => digit),
  // Ranges first: they share one unit.
  rule(
    `(${SIGNED})\\s*[%％]${TO}(-?${NUMBER})\\s*[%％]`,
    (_, from, to) => `百分之${chineseNumber(from)}到百分之${chineseNumber(to)}`,
  ),
  rule(`(${SIGNED})${TO}(-?${NUMBER})\\s*[%％]`, (_, from, to) => `百分之${range(from, to)}`),
  rule(
    `(${SIGNED})\\s*(?:${UNIT})?${TO}(-?${NUMBER})\\s*(${UNIT})(?![A-Za-z])`,
    (_, from, to, unit) => range(from, to) + UNITS[unit],
  ),
  rule(
    `(US\\$|HK\\$|[¥￥$€£])\\s*(${NUMBER})${TO}(?:US\\$|HK\\$|[¥￥$€£])?\\s*(${NUMBER})([万亿]?)`,
    (_, sign, from, to, scale) => range(from, to) + scale + CURRENCIES[sign],
  ),
  rule(`(${SIGNED})[~～–—](-?${NUMBER})`, (_, from, to) => range(from, to)),
  rule(String.raw`(?<![\d.\-/])(\d{1,7})-(\d{1,7})(?![\d\-/.])`, (_, from, to) => range(from, to)),
  rule(`(${SIGNED})\\s*[%％]`, (_, number) => {
    const spoken = chineseNumber(number);
    return spoken.startsWith('负') ? `负百分之${spoken.slice(1)}` : `百分之${spoken}`;
  }),
  rule(`(${SIGNED})\\s*‰`, (_, number) => `千分之${chineseNumber(number)}`),
  rule(
    `([-−]?)(US\\$|HK\\$|[¥￥$€£])\\s*(${NUMBER})\\s*([万亿]?)`,
    (_, minus, sign, number, scale) => (minus === '' ? '' : '负') + amount(number) + scale + CURRENCIES[sign],
  ),
  rule(
    `(${SIGNED})\\s*(${UNIT})/(h|s|min|d)(?![A-Za-z])`,
    (_, number, unit, per) => PER[per] + chineseCount(number) + UNITS[unit],
  ),
  rule(`(${SIGNED})\\s*(${UNIT})(?![A-Za-z])`, (_, number, unit) => chineseCount(number) + UNITS[unit]),
  rule(
    `(${SIGNED})\\s*([元块角分米斤个人次])/([个斤人次天月年只张件平米]+|\\p{Script=Han})`,
    (_, number, of, per) => `${chineseCount(number)}${of}每${per}`,
  ),
  rule(
    String.raw`(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/])`,
    (_, over, under) => `${chineseNumber(under)}分之${chineseNumber(over)}`,
  ),
  rule(String.raw`(?<=\d)\s*([+×*÷=≈])\s*(?=[-−]?\d)`, (_, operator) => OPERATORS[operator]),
  rule(String.raw`([≈≥≤><])\s*(?=[-−]?\d)`, (_, operator) => OPERATORS[operator]),
  rule(String.raw`±\s*(?=\d)`, () => '正负'),
  rule(String.raw`(\d+)\+(?!\d)`, (_, number) => `${chineseNumber(number)}多`),
  rule(String.raw`(?:No\.|[#＃№])\s*(?=\d)`, () => '第'),
];

/** Measure words that are counted with 两. */
const COUNTED =
  '个只条张位名次天年小岁块元本件台辆座间层杯瓶碗双对种份家所遍口头匹棵朵句段章篇幅部套把支枝根片颗粒米斤公里吨升度倍人';

const PLAIN_NUMBERS: readonly ReadingRule[] = [
  rule(String.raw`(?<![\d.])0\d+(?![\d.])`, digitByDigit),
  rule(String.raw`(?<![\d.])\d{8,}(?![\d.]|\s*(?:[元人个件次吨米亩美欧]|公里|万|亿))`, digitByDigit),
  rule(`(?<![\\d.第])2(?=[${COUNTED}])(?!月|号|日)`, () => '两'),
  rule(SIGNED, (number) => chineseNumber(number)),
  rule(NUMBER, (number) => chineseNumber(number)),
];

const RULES: readonly ReadingRule[] = [
  FULL_WIDTH,
  ...NAMES_AND_PLACES_IN_TIME,
  ...MODELS,
  ...AMOUNTS,
  ...PLAIN_NUMBERS,
];

/**
 * Writes out as a Mandarin speaker reads it what is written in digits and signs: years, dates, times of day, telephone numbers and
 * codes digit by digit, scores, ranges, percentages, money, units, fractions, sums, models, numbers.
 */
export const normaliseChinese = (text: string): string => carryOut(RULES, text);
