import { expect, it } from 'vitest';
import { subRip } from './sub-rip.js';

it('numbers the sentences and tells their times to the millisecond', () => {
  expect(
    subRip([
      { text: '君不见黄河之水天上来，', start: 0.0004, end: 2.9996 },
      { text: 'One\n two.', start: 3661.25, end: 3662 },
    ]),
  ).toBe(
    '1\n00:00:00,000 --> 00:00:03,000\n君不见黄河之水天上来，\n\n2\n01:01:01,250 --> 01:01:02,000\nOne two.\n',
  );
});
