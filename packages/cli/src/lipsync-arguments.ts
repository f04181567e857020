import { resolve } from 'node:path';
import type { LipSyncOptions, SpeechSource } from '@chanjing-avatar/engine';
import {
  choiceOption,
  numberOption,
  type OptionValues,
  outputOption,
  parseOptions,
  requiredOption,
  textOption,
} from './option-values.js';
import { UsageError } from './usage-error.js';

/** What `chanjing-avatar lipsync` was asked to do. */
export type LipSyncArguments = {
  readonly options: LipSyncOptions;
  readonly report: string | undefined;
};

const OPTIONS = {
  video: { type: 'string' },
  text: { type: 'string' },
  voice: { type: 'string' },
  speed: { type: 'string' },
  pitch: { type: 'string' },
  audio: { type: 'string' },
  transcript: { type: 'string' },
  output: { type: 'string', short: 'o' },
  width: { type: 'string' },
  height: { type: 'string' },
  backway: { type: 'string' },
  'drive-mode': { type: 'string' },
  model: { type: 'string' },
  volume: { type: 'string' },
  cover: { type: 'string' },
  srt: { type: 'string' },
  report: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const;

const LIMITS = {
  speed: { from: 0.5, to: 2 },
  pitch: { from: 0.1, to: 3 },
  volume: { from: 1, to: 100 },
  side: { from: 64, to: 4096, multipleOf: 2 },
};

const speechOf = (values: OptionValues): SpeechSource => {
  const text = textOption(values, 'text');
  const audio = textOption(values, 'audio');
  if ((text === undefined) === (audio === undefined))
    throw new UsageError('Give either --text, to be read by a voice, or --audio, a recording.');
  const transcript = textOption(values, 'transcript');
  if (text !== undefined) {
    if (transcript !== undefined)
      throw new UsageError('--transcript belongs to --audio; the words of --text are known.');
    return {
      text,
      voice: textOption(values, 'voice'),
      speed: numberOption(values, 'speed', LIMITS.speed),
      pitch: numberOption(values, 'pitch', LIMITS.pitch),
    };
  }
  const unused = ['voice', 'speed', 'pitch'].find((name) => values[name] !== undefined);
  if (unused)
    throw new UsageError(`--${unused} belongs to --text; a recording given with --audio stays as it is.`);
  if (transcript === undefined && values.srt !== undefined)
    throw new UsageError('--srt needs the words: give --text, or --transcript with --audio.');
  if (transcript?.trim() === '')
    throw new UsageError('--transcript is empty: give the words of the recording.');
  return { audio: requiredOption(values, 'audio', 'the recording to say'), transcript };
};

/** @throws UsageError when a file to make is one of the files to read, or two are the same */
const requireDistinctPaths = (options: LipSyncOptions, report: string | undefined): void => {
  const named: [string, string | undefined][] = [
    ['--video', options.video],
    ['--audio', 'audio' in options.speech ? options.speech.audio : undefined],
    ['--output', options.output],
    ['--cover', options.cover],
    ['--srt', options.subtitles],
    ['--report', report],
  ];
  const seen = new Map<string, string>();
  for (const [name, path] of named) {
    if (path === undefined) continue;
    const other = seen.get(resolve(path));
    // The same file may be looked at and listened to.
    if (other && name !== '--audio')
      throw new UsageError(`${name} and ${other} are the same file, "${path}".`);
    seen.set(resolve(path), name);
  }
};

/**
 * Read the command line of `lipsync`.
 * @throws UsageError naming the option, what was received and what is allowed
 */
export const parseLipSyncArguments = (args: readonly string[]): LipSyncArguments => {
  const values = parseOptions(args, OPTIONS);
  const width = numberOption(values, 'width', LIMITS.side);
  const height = numberOption(values, 'height', LIMITS.side);
  if ((width === undefined) !== (height === undefined))
    throw new UsageError('--width and --height belong together: give both or neither.');
  if (values.json && values.quiet) throw new UsageError('--json and --quiet exclude each other.');
  const options: LipSyncOptions = {
    video: requiredOption(values, 'video', 'the driving video or still picture'),
    speech: speechOf(values),
    output:
      outputOption(values, 'output', ['.mp4']) ??
      requiredOption(values, 'output', 'the mp4 to make, also -o'),
    width,
    height,
    backway: choiceOption(values, 'backway', ['1', '2']) === '2' ? 2 : 1,
    driveMode: choiceOption(values, 'drive-mode', ['normal', 'random']) ?? 'normal',
    quality: choiceOption(values, 'model', ['0', '1']) === '1' ? 'fine' : 'fast',
    volume: numberOption(values, 'volume', LIMITS.volume),
    cover: outputOption(values, 'cover', ['.jpg', '.jpeg']),
    subtitles: outputOption(values, 'srt', ['.srt']),
  };
  const report = outputOption(values, 'report', ['.json']);
  requireDistinctPaths(options, report);
  return { options, report };
};
