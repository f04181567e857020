import type { Client, CreateTaskInput } from '@chanjing-avatar/client';
import { BilingualError } from './bilingual-error.js';
import type { Given, Option } from './command.js';
import { numberIn } from './command.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';

/** How the video is made; the same for `create` and `run`. */
export const TASK_OPTIONS: Readonly<Record<string, Option>> = {
  text: { value: 'TEXT', about: { en: 'what to say', zh: '要说的话' } },
  voice: {
    value: 'ID',
    about: { en: 'voice id (default: one of the text’s language)', zh: '声音 id(默认按文本语言选)' },
  },
  speed: { value: '0.5-2', about: { en: 'tempo of the speech (1)', zh: '语速(1)' } },
  pitch: { value: '0.1-3', about: { en: 'pitch of the speech (1)', zh: '音调(1)' } },
  width: { value: 'PX', about: { en: 'width of the result (1080)', zh: '宽(1080)' } },
  height: { value: 'PX', about: { en: 'height of the result (1920)', zh: '高(1920)' } },
  backway: {
    value: '1|2',
    choices: ['1', '2'],
    about: {
      en: 'when the video ends: 1 start again, 2 play in reverse (1)',
      zh: '素材结束时:1 重头,2 倒放(1)',
    },
  },
  'drive-mode': {
    value: 'normal|random',
    choices: ['normal', 'random'],
    about: { en: 'start at the first or a random frame (normal)', zh: '从首帧或随机帧开始(normal)' },
  },
  model: {
    value: '0|1',
    choices: ['0', '1'],
    about: { en: '0 basic, 1 high quality (0)', zh: '0 基础,1 高质量(0)' },
  },
  volume: { value: '1-100', about: { en: 'loudness of the speech (100)', zh: '音量(100)' } },
  callback: { value: 'URL', about: { en: 'told when the task ends', zh: '任务结束时通知的地址' } },
  transcript: {
    value: 'TEXT',
    about: { en: 'what the audio says (own server only)', zh: '音频的文字内容(仅自建服务器)' },
  },
  'idempotency-key': {
    value: 'KEY',
    about: {
      en: 'repeating with the same key makes no second task (own server only)',
      zh: '同一键重复提交不会新建任务(仅自建服务器)',
    },
  },
};

type Settings = Omit<CreateTaskInput, 'video_file_id'>;

const driveMode = ({ options }: Given): '' | 'random' | undefined => {
  const mode = options['drive-mode'];
  if (mode === undefined) return undefined;
  if (mode === 'random') return 'random';
  if (mode === 'normal' || mode === '') return '';
  const expected = `--drive-mode: ${JSON.stringify(mode)}, normal | random`;
  throw new UsageError({ en: expected, zh: expected });
};

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The fields that have a value. */
const defined = <Fields extends object>(fields: Fields): Defined<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;

/** Request fields of the options that were given; the server fills in and checks the rest. */
export const taskSettings = (given: Given): Settings =>
  defined({
    screen_width: numberIn(given, 'width'),
    screen_height: numberIn(given, 'height'),
    backway: numberIn(given, 'backway'),
    drive_mode: driveMode(given),
    model: numberIn(given, 'model'),
    volume: numberIn(given, 'volume'),
    callback: given.options.callback,
    transcript: given.options.transcript,
  }) as Settings;

const languageOf = (text: string): string => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en');

/** The first voice of the text's language, else the first of all. */
const chooseVoice = async (client: Client, text: string, io: Io): Promise<string> => {
  const { list } = await client.voices.list({}, { signal: io.signal }).page();
  const voice = list.find(({ lang }) => lang?.toLowerCase().startsWith(languageOf(text))) ?? list[0];
  if (!voice)
    throw new BilingualError({
      en: 'The server has no voice; give --audio.',
      zh: '服务器没有声音;请用 --audio。',
    });
  io.note({ en: `Voice: ${voice.name} (${voice.id})`, zh: `声音: ${voice.name} (${voice.id})` });
  return voice.id;
};

/** The speech from text. */
export const ttsOf = async (
  client: Client,
  given: Given,
  io: Io,
): Promise<NonNullable<Settings['tts_config']>> => {
  const { text = '', voice } = given.options;
  const pace = defined({ speed: numberIn(given, 'speed'), pitch: numberIn(given, 'pitch') });
  return { text, audio_man_id: voice ?? (await chooseVoice(client, text, io)), ...pace };
};
