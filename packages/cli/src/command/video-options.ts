import type { VideoOption, VideoOptionName, VideoSettings } from '@chanjing-avatar/protocol';
import { VIDEO_ONLY, VIDEO_OPTIONS } from '@chanjing-avatar/protocol';
import type { Allowed, Given, Option, Options } from './command.js';

// Options of a video as every command has them: derived from the protocol's, under the names of command lines.

/** Names of command lines that are not those of the request's fields. */
const FLAGS: Readonly<Partial<Record<VideoOptionName, string>>> = {
  screen_width: 'width',
  screen_height: 'height',
  drive_mode: 'drive-mode',
  clip_start: 'clip-start',
  clip_end: 'clip-end',
};

const DEFAULT_MODE = 'normal';

/** The empty word of the API has a name on command lines. */
const words = (choices: NonNullable<VideoOption['choices']>): string[] =>
  choices.map((choice) => (choice === '' ? DEFAULT_MODE : String(choice)));

const placeholder = ({ range, choices, unit }: VideoOption): string => {
  if (unit) return unit.toUpperCase();
  if (choices) return words(choices).join('|');
  return range ? `${range.min}-${range.max}` : 'TEXT';
};

const numbersOf = ({ range, choices }: VideoOption): Allowed | undefined => {
  if (range) return { numbers: range };
  return choices ? { words: [...words(choices), ...(choices.includes('') ? [''] : [])] } : undefined;
};

/** A server checks its own ranges; here only what is no number at all is refused. */
const anyNumberOf = (option: VideoOption): Allowed | undefined => {
  const isNumeric = option.range || option.choices?.every((choice) => typeof choice === 'number');
  return isNumeric ? { numbers: {} } : numbersOf(option);
};

const optionOf = (
  name: VideoOptionName,
  allowedOf: (option: VideoOption) => Allowed | undefined,
  hasDefault: boolean,
): Option => {
  const option = VIDEO_OPTIONS[name];
  const shown = option.default === '' ? DEFAULT_MODE : option.default;
  const fallback = hasDefault && shown !== undefined ? ` (${shown})` : '';
  const allowed = allowedOf(option);
  return {
    value: placeholder(option),
    about: { en: option.about.en + fallback, zh: option.about.zh + fallback },
    ...(option.choices ? { choices: words(option.choices) } : {}),
    ...(allowed ? { allowed } : {}),
  };
};

const optionsOf = (
  names: readonly VideoOptionName[],
  allowedOf: (option: VideoOption) => Allowed | undefined,
  hasDefault: (name: VideoOptionName) => boolean,
): Options =>
  Object.fromEntries(names.map((name) => [FLAGS[name] ?? name, optionOf(name, allowedOf, hasDefault(name))]));

/** Options of a command that makes the video itself, with the size of the input as default size. */
export const localVideoOptions = (names: readonly VideoOptionName[]): Options =>
  optionsOf(names, numbersOf, (name) => !name.startsWith('screen'));

/** Options of a command that asks a server for the video. */
export const serverVideoOptions = (names: readonly VideoOptionName[]): Options =>
  optionsOf(names, anyNumberOf, () => true);

const valueIn = ({ options }: Given, name: VideoOptionName): string | number | undefined => {
  const text = options[FLAGS[name] ?? name];
  if (text === undefined) return undefined;
  const { range, choices } = VIDEO_OPTIONS[name];
  if (range || choices?.some((choice) => typeof choice === 'number')) return Number(text);
  return text === DEFAULT_MODE && choices?.includes('') ? '' : text;
};

/** The options that were given, as a request carries them. Ranges are those that the command allows. */
export const videoSettingsIn = (given: Given): Partial<VideoSettings> =>
  Object.fromEntries(VIDEO_ONLY.map((name) => [name, valueIn(given, name)])) as Partial<VideoSettings>;
