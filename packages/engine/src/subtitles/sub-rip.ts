import { writeFile } from 'node:fs/promises';
import { type OutputFile, writeFailure } from '../media/output-file.js';

/** One sentence on the screen. Seconds. */
type Subtitle = { readonly text: string; readonly start: number; readonly end: number };

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `00:01:02,345` */
const timestamp = (seconds: number): string => {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const whole = Math.floor(milliseconds / 1000);
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(twoDigits).join(':');
  return `${clock},${String(milliseconds % 1000).padStart(3, '0')}`;
};

/** Subtitles in the SubRip format: numbered, blank lines between, so that none may be within. */
export const subRip = (subtitles: readonly Subtitle[]): string =>
  subtitles
    .map(({ text, start, end }, index) => {
      const line = text.replace(/\s*\n\s*/gu, ' ').trim();
      return `${index + 1}\n${timestamp(start)} --> ${timestamp(end)}\n${line}\n`;
    })
    .join('\n');

/** Writes subtitles; the caller commits the file. @throws OutputNotWritableError, DiskFullError */
export const writeSubRip = async (
  { path, partPath }: OutputFile,
  subtitles: readonly Subtitle[],
): Promise<void> => {
  try {
    await writeFile(partPath, subRip(subtitles));
  } catch (error) {
    throw writeFailure(path, error);
  }
};
