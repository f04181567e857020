import { DEFAULTS, LIMITS } from './limits.js';

/** Options of a video, as a request carries them. A new option begins here. */
export type VideoSettings = {
  /** Size of the result in pixels, 64 to 4096; the video gets the next even size. */
  screen_width: number;
  screen_height: number;
  /** At the end of the driving video: 1 start again, 2 play it in reverse. */
  backway: 1 | 2;
  /** '' from the first frame, 'random' from a random frame. */
  drive_mode: '' | 'random';
  /** http(s) URL that is told how the task ended; empty for none. */
  callback: string;
  /** 0 basic, 1 high quality, 2 cartoon material (treated as 1 by this server). */
  model: 0 | 1 | 2;
  /** 1 to 100. */
  volume: number;
  /** Beyond the vendor: what is said in the audio file, so that the mouth can be aligned to it. */
  transcript?: string | undefined;
  /**
   * Beyond the vendor: who speaks, where several faces are in the picture: `2` is the second from the left, `0.3,0.4` the one
   * at that point, in shares of the width and height, `640,360` in pixels. By default the largest and most central one.
   */
  face?: string | undefined;
  /** Beyond the vendor: colour behind a transparent picture, `#RRGGBB` or a name; white by default. */
  background?: string | undefined;
  /**
   * Beyond the vendor: the part of the clip that is used, in seconds from its first picture, at least 1 s long. By default,
   * and beyond the clip's end, all of it.
   */
  clip_start?: number | undefined;
  clip_end?: number | undefined;
};

/** How a text is read aloud. */
export type SpeechPace = {
  /** 0.5 to 2. */
  speed: number;
  /** 0.1 to 3. */
  pitch: number;
};

export type VideoOptionName = keyof VideoSettings | keyof SpeechPace;

/** What is known of an option, for all who offer or check it. */
export type VideoOption = {
  /** What it is for, in English and Chinese; the default is not part of it. */
  readonly about: { readonly en: string; readonly zh: string };
  /** Numbers that are allowed. */
  readonly range?: { readonly min: number; readonly max: number };
  /** What a number is counted in, where the option does not say it by itself. */
  readonly unit?: 'seconds';
  /** Only whole numbers of the range. */
  readonly whole?: true;
  /** The values that are allowed, where they are few. */
  readonly choices?: readonly (string | number)[];
  /** Form of a text, as a rule and in words. */
  readonly pattern?: RegExp;
  readonly form?: string;
  /** Used when the field is not sent to a server. */
  readonly default?: string | number;
};

/**
 * The options of a video, each said once: request fields, command lines, agents' tools and their pages derive from here.
 * The names are those of the request's fields.
 */
export const VIDEO_OPTIONS: Readonly<Record<VideoOptionName, VideoOption>> = {
  speed: { range: LIMITS.speed, default: DEFAULTS.speed, about: { en: 'tempo of the speech', zh: '语速' } },
  pitch: { range: LIMITS.pitch, default: DEFAULTS.pitch, about: { en: 'pitch of the speech', zh: '音调' } },
  screen_width: {
    range: LIMITS.screenSide,
    default: DEFAULTS.screenWidth,
    about: { en: 'width of the result in pixels', zh: '视频宽度(像素)' },
  },
  screen_height: {
    range: LIMITS.screenSide,
    default: DEFAULTS.screenHeight,
    about: { en: 'height of the result in pixels', zh: '视频高度(像素)' },
  },
  backway: {
    choices: [1, 2],
    default: DEFAULTS.backway,
    about: {
      en: 'at the end of the driving video: 1 start again, 2 play it in reverse',
      zh: '素材结束时:1 从头,2 倒放',
    },
  },
  drive_mode: {
    choices: ['', 'random'],
    default: DEFAULTS.driveMode,
    about: { en: 'begin at the first frame, or at a random one', zh: '从首帧或随机帧开始' },
  },
  model: {
    choices: [0, 1],
    default: DEFAULTS.model,
    about: { en: '0 basic and fast, 1 high quality', zh: '0 基础,1 高质量' },
  },
  volume: {
    range: LIMITS.volume,
    whole: true,
    default: DEFAULTS.volume,
    about: { en: 'loudness of the speech in percent', zh: '音量(百分比)' },
  },
  callback: { about: { en: 'http(s) URL that is told how the task ended', zh: '任务结束时通知的地址' } },
  transcript: {
    about: {
      en: 'what is said in the recording, so that the mouth can be aligned to it',
      zh: '录音的文字内容,口型据此对齐',
    },
  },
  face: {
    pattern: /^(?:[1-9]\d?|\d+(?:\.\d+)?,\d+(?:\.\d+)?)$/u,
    form: '2 or 0.3,0.4 or 640,360',
    about: {
      en: 'who speaks: the number of a face from the left, or a point x,y of the picture, in shares or pixels',
      zh: '谁在说话:从左数第几张脸,或画面中的点 x,y(比例或像素)',
    },
  },
  background: {
    pattern:
      /^(?:#[0-9a-f]{3}|#[0-9a-f]{6}|white|black|gr[ae]y|red|green|blue|navy|teal|silver|yellow|orange)$/iu,
    form: '#RRGGBB, #RGB or white, black, gray, silver, red, orange, yellow, green, teal, blue or navy',
    about: {
      en: 'colour behind a transparent picture, #RRGGBB or a name such as white',
      zh: '透明画面的底色,#RRGGBB 或颜色名(如 white)',
    },
  },
  clip_start: {
    range: LIMITS.clipPart,
    unit: 'seconds',
    about: {
      en: 'second of the driving video at which the used part begins',
      zh: '素材使用部分的起点(秒)',
    },
  },
  clip_end: {
    range: LIMITS.clipPart,
    unit: 'seconds',
    about: {
      en: 'second of the driving video at which the used part ends, at least 1 after its beginning',
      zh: '素材使用部分的终点(秒),至少比起点晚 1 秒',
    },
  },
};

const isPace = (name: VideoOptionName): name is keyof SpeechPace => name === 'speed' || name === 'pitch';

/** All that is not about the voice. */
export const VIDEO_ONLY: readonly (keyof VideoSettings)[] = (
  Object.keys(VIDEO_OPTIONS) as VideoOptionName[]
).filter((name) => !isPace(name));

/** A face as the option `face` names it: its number from the left, or a point. The text has the option's form. */
export const parseFace = (text: string): number | { x: number; y: number } => {
  const [x, y] = text.split(',').map(Number);
  return y === undefined ? x! : { x: x!, y };
};
