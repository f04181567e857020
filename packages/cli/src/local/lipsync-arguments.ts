import { resolve } from 'node:path';
import type { LipSyncOptions, SpeechSource } from '@chanjing-avatar/engine';
import { parseFace, VIDEO_ONLY, VIDEO_OPTIONS } from '@chanjing-avatar/protocol';
import type { Given, Option, Options } from '../command/command.js';
import { numberIn, required } from '../command/command.js';
import { UsageError } from '../command/usage-error.js';
import { localVideoOptions, videoSettingsIn } from '../command/video-options.js';

/** What `chanjing-avatar lipsync` was asked to do. */
export type LipSyncArguments = {
  readonly options: LipSyncOptions;
  readonly report: string | undefined;
};

/** Options with a note of their own here, and one that is a server's. */
const ELSEWHERE: ReadonlySet<string> = new Set(['screen_width', 'screen_height', 'callback']);

const SIZE_NOTE = {
  en: ', even, both or neither (that of the input); the picture is scaled and cropped to fill',
  zh: ',偶数,两者同给或都不给(默认为输入的尺寸);画面缩放并裁切填满',
};

/** Video stores colour for squares of two pixels: a file is made of an even size only. */
const even = (option: Option): Option => {
  const numbers = option.allowed && 'numbers' in option.allowed ? option.allowed.numbers : {};
  const about = { en: option.about.en + SIZE_NOTE.en, zh: option.about.zh + SIZE_NOTE.zh };
  return { ...option, about, allowed: { numbers: { ...numbers, multipleOf: 2 } } };
};

const size: Options = Object.fromEntries(
  Object.entries(localVideoOptions(['screen_width', 'screen_height'])).map(([name, option]) => [
    name,
    even(option),
  ]),
);

export const LIPSYNC_OPTIONS: Options = {
  video: {
    value: 'FILE',
    about: {
      en: 'driving video (mp4, mov, webm, mkv, avi, mpg, gif) or still picture (png, jpg, webp)',
      zh: '驱动视频(mp4、mov、webm、mkv、avi、mpg、gif)或静态图片(png、jpg、webp)',
    },
  },
  text: { value: 'TEXT', about: { en: 'what to say, read aloud by a voice', zh: '要说的话,由声音朗读' } },
  voice: {
    value: 'ID',
    about: {
      en: 'voice, see "chanjing-avatar voices" (default: first of the text’s language)',
      zh: '声音,见 chanjing-avatar voices(默认为文本语言的第一个)',
    },
  },
  ...localVideoOptions(['speed', 'pitch']),
  audio: {
    value: 'FILE',
    about: {
      en: 'recording to say instead of text (mp3, m4a, wav, flac, ogg, aac)',
      zh: '代替文本的录音(mp3、m4a、wav、flac、ogg、aac)',
    },
  },
  output: {
    value: 'FILE',
    short: 'o',
    allowed: { endings: ['.mp4'] },
    about: { en: 'mp4 to make', zh: '要生成的 mp4' },
  },
  ...size,
  ...localVideoOptions(VIDEO_ONLY.filter((name) => !ELSEWHERE.has(name))),
  cover: {
    value: 'FILE',
    allowed: { endings: ['.jpg', '.jpeg'] },
    about: { en: 'also write a picture of the result (jpg)', zh: '另存一张封面(jpg)' },
  },
  srt: {
    value: 'FILE',
    allowed: { endings: ['.srt'] },
    about: { en: 'also write subtitles, a sentence each', zh: '另存字幕,每句一条' },
  },
  report: {
    value: 'FILE',
    allowed: { endings: ['.json'] },
    about: { en: 'also write what was made and how it went (json)', zh: '另存制作报告(json)' },
  },
  json: {
    about: { en: 'progress and errors as JSON lines on stderr', zh: '以 JSON 行在标准错误输出进度与错误' },
  },
  quiet: { short: 'q', about: { en: 'no progress', zh: '不显示进度' } },
};

const wrong = (en: string, zh: string): UsageError => new UsageError({ en, zh });

const recordingOf = ({ options }: Given): SpeechSource => {
  const { audio, transcript } = options;
  const unused = ['voice', 'speed', 'pitch'].find((name) => options[name] !== undefined);
  if (unused)
    throw wrong(
      `--${unused} belongs to --text; a recording given with --audio stays as it is.`,
      `--${unused} 只用于 --text;--audio 给出的录音保持原样。`,
    );
  if (transcript === undefined && options.srt !== undefined)
    throw wrong(
      '--srt needs the words: give --text, or --transcript with --audio.',
      '--srt 需要文字:请给出 --text,或与 --audio 一起给出 --transcript。',
    );
  if (transcript?.trim() === '')
    throw wrong(
      '--transcript is empty: give the words of the recording.',
      '--transcript 为空:请给出录音的文字。',
    );
  if (!audio) throw wrong('--audio is missing: the recording to say.', '缺少 --audio:要说的录音。');
  return { audio, transcript };
};

const speechOf = (given: Given): SpeechSource => {
  const { text, audio, transcript, voice } = given.options;
  if ((text === undefined) === (audio === undefined))
    throw wrong(
      'Give either --text, to be read by a voice, or --audio, a recording.',
      '请给出 --text(由声音朗读)或 --audio(录音)之一。',
    );
  if (text === undefined) return recordingOf(given);
  if (transcript !== undefined)
    throw wrong(
      '--transcript belongs to --audio; the words of --text are known.',
      '--transcript 只用于 --audio;--text 的文字已知。',
    );
  return { text, voice, speed: numberIn(given, 'speed'), pitch: numberIn(given, 'pitch') };
};

/** @throws UsageError when a text has not the form of its option */
const requireForm = (name: 'face', text: string | undefined): void => {
  const { pattern, form } = VIDEO_OPTIONS[name];
  if (text === undefined || pattern?.test(text)) return;
  throw wrong(`--${name} is "${text}": give ${form}.`, `--${name} 为 "${text}":请给出 ${form}。`);
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
      throw wrong(
        `${name} and ${other} are the same file, "${path}".`,
        `${name} 与 ${other} 是同一个文件 "${path}"。`,
      );
    seen.set(resolve(path), name);
  }
};

/**
 * What the arguments of `lipsync` ask for.
 * @throws UsageError for arguments that do not go together
 */
export const lipSyncArguments = (given: Given): LipSyncArguments => {
  const { options: values, switches } = given;
  const { screen_width: width, screen_height: height, ...settings } = videoSettingsIn(given);
  if ((width === undefined) !== (height === undefined))
    throw wrong(
      '--width and --height belong together: give both or neither.',
      '--width 与 --height 须同时给出或都不给。',
    );
  if (switches.has('json') && switches.has('quiet'))
    throw wrong('--json and --quiet exclude each other.', '--json 与 --quiet 不能同时使用。');
  requireForm('face', settings.face);
  const options: LipSyncOptions = {
    video: required(given, 'video'),
    speech: speechOf(given),
    output: required(given, 'output'),
    width,
    height,
    backway: settings.backway ?? 1,
    driveMode: settings.drive_mode || 'normal',
    quality: settings.model === 1 ? 'fine' : 'fast',
    volume: settings.volume,
    face: settings.face === undefined ? undefined : parseFace(settings.face),
    background: settings.background,
    clipStart: settings.clip_start,
    clipEnd: settings.clip_end,
    cover: values.cover,
    subtitles: values.srt,
  };
  requireDistinctPaths(options, values.report);
  return { options, report: values.report };
};
