import type { Client, CreateTaskInput } from '@chanjing-avatar/client';
import { VIDEO_ONLY } from '@chanjing-avatar/protocol';
import { BilingualError } from '../command/bilingual-error.js';
import type { Given, Options } from '../command/command.js';
import { numberIn } from '../command/command.js';
import type { Io } from '../command/io.js';
import { serverVideoOptions, videoSettingsIn } from '../command/video-options.js';

/** How the speech sounds; the same wherever a server speaks. */
export const VOICE_OPTIONS: Options = {
  voice: {
    value: 'ID',
    about: { en: 'voice id (default: one of the text’s language)', zh: '声音 id(默认按文本语言选)' },
  },
  ...serverVideoOptions(['speed', 'pitch']),
};

/** How the video is made; the same for `create` and `run`. */
export const TASK_OPTIONS: Options = {
  text: { value: 'TEXT', about: { en: 'what to say', zh: '要说的话' } },
  ...VOICE_OPTIONS,
  ...serverVideoOptions(VIDEO_ONLY),
  'idempotency-key': {
    value: 'KEY',
    about: {
      en: 'repeating with the same key makes no second task (own server only)',
      zh: '同一键重复提交不会新建任务(仅自建服务器)',
    },
  },
};

type Settings = Omit<CreateTaskInput, 'video_file_id'>;

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The fields that have a value. */
const defined = <Fields extends object>(fields: Fields): Defined<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;

/** Request fields of the options that were given; the server fills in and checks the rest. */
export const taskSettings = (given: Given): Settings => defined(videoSettingsIn(given)) as Settings;

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
