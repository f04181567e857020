import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OutputNotWritableError } from '../errors/output-not-writable-error.js';
import { subRip, writeSubRip } from './sub-rip.js';

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

it('writes a whole file, or says why not and leaves nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'subtitles-'));
  try {
    const path = join(directory, 'speech.srt');
    await writeSubRip(path, [{ text: 'Hello.', start: 0, end: 1 }]);
    expect(await readFile(path, 'utf8')).toBe('1\n00:00:00,000 --> 00:00:01,000\nHello.\n');
    await expect(writeSubRip(join(directory, 'gone', 'a.srt'), [])).rejects.toThrow(OutputNotWritableError);
    expect(await readdir(directory)).toEqual(['speech.srt']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
