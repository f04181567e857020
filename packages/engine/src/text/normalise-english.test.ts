import { describe, expect, it } from 'vitest';
import { normaliseEnglish } from './normalise-english.js';

describe('normaliseEnglish', () => {
  it.each([
    ['12000 people', 'twelve thousand people'],
    ['1,234,567', 'one million two hundred thirty-four thousand five hundred sixty-seven'],
    ['about 3.14', 'about three point one four'],
    ['-5 points', 'minus five points'],
    ['007', 'zero zero seven'],
    // percentages, units
    ['up 3.2%', 'up three point two percent'],
    ['3-5%', 'three to five percent'],
    ['-5°C', 'minus five degrees Celsius'],
    ['1 km and 2 km', 'one kilometer and two kilometers'],
    ['100km/h', 'one hundred kilometers per hour'],
    ['60 mph', 'sixty miles per hour'],
    ['16GB', 'sixteen gigabytes'],
    ['5-10 kg', 'five to ten kilograms'],
    // money
    ['$3.50', 'three dollars and fifty cents'],
    ['$1', 'one dollar'],
    ['$1,000', 'one thousand dollars'],
    ['£0.99', 'ninety-nine pence'],
    ['€5 million', 'five million euros'],
    ['$1.2B', 'one point two billion dollars'],
    ['$5-8', 'five to eight dollars'],
    // dates, years, decades
    ['2024-03-15', 'March fifteenth, twenty twenty-four'],
    ['3/15/2024', 'March fifteenth, twenty twenty-four'],
    ['March 15, 2024', 'March fifteenth, twenty twenty-four'],
    ['15 March 2024', 'the fifteenth of March, twenty twenty-four'],
    ['on May 1st', 'on May first'],
    ['Dec. 25', 'December twenty-fifth'],
    ['in 1999', 'in nineteen ninety-nine'],
    ['since 2005', 'since two thousand five'],
    ['in 1905', 'in nineteen oh five'],
    ['in 1900', 'in nineteen hundred'],
    ['from 1990 to 1995', 'from nineteen ninety to nineteen ninety-five'],
    ['1990s', 'nineteen nineties'],
    ['the 80s', 'the eighties'],
    ['2000s', 'two thousands'],
    ['1500 people', 'one thousand five hundred people'],
    // times
    ['at 10:30', 'at ten thirty'],
    ['at 10:05', 'at ten oh five'],
    ['at 10:00', "at ten o'clock"],
    ['10:30am', 'ten thirty AM'],
    ['5 p.m.', 'five PM'],
    // scores, ranges, fractions
    ['won 3:2', 'won three to two'],
    ['5-10 days', 'five to ten days'],
    ['1/2 cup', 'one half cup'],
    ['3/4', 'three quarters'],
    ['2/3', 'two thirds'],
    ['24/7', 'twenty-four seven'],
    // ordinals
    ['the 1st, 2nd, 3rd and 21st', 'the first, second, third and twenty-first'],
    // telephone numbers, versions, models
    ['(555) 123-4567', 'five five five, one two three, four five six seven'],
    ['555-123-4567', 'five five five, one two three, four five six seven'],
    ['version 2.5.1', 'version two point five point one'],
    ['GPT-4', 'GPT four'],
    ['iPhone 15', 'iPhone fifteen'],
    ['COVID-19', 'COVID nineteen'],
    // signs
    ['1+2=3', 'one plus two equals three'],
    ['#1', 'number one'],
    ['R&D', 'R and D'],
    ['100+ users', 'one hundred plus users'],
    // left alone
    ['A well-known state-of-the-art thing', 'A well-known state-of-the-art thing'],
  ])('reads %s as %s', (text, spoken) => {
    expect(normaliseEnglish(text)).toBe(spoken);
  });
});
