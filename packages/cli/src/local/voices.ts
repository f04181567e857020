import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Voice, VoiceCatalogue } from '@chanjing-avatar/engine';
import { printServerVoices } from '../cloud/server-voices.js';
import { BilingualError } from '../command/bilingual-error.js';
import type { Command, Given } from '../command/command.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import { table } from '../command/table.js';
import { UsageError } from '../command/usage-error.js';
import { voiceSettings } from './voice-settings.js';
import { STORE_ACTIONS } from './voice-store.js';

const COLUMNS = ['id', 'name', 'gender', 'language', 'provider'] as const;

/** Writes what each voice sounds like, under its name, and prints the paths. */
const writeAuditions = async (
  catalogue: VoiceCatalogue,
  voices: readonly Voice[],
  directory: string,
  io: Io,
): Promise<void> => {
  const { auditionText, waveFile } = await import('@chanjing-avatar/engine');
  await mkdir(directory, { recursive: true });
  for (const { id, name, language } of voices) {
    const text = auditionText(language);
    const { samples, sampleRate } = await catalogue.speak({ text, voice: id }, io.signal);
    const path = join(directory, `${language}-${name.replaceAll(/[/\\\s]/gu, '_')}-${id}.wav`);
    await writeFile(path, waveFile(samples, sampleRate));
    io.out(path);
  }
};

const ofLanguage = (all: readonly Voice[], language: string | undefined): readonly Voice[] => {
  const voices =
    language === undefined
      ? all
      : all.filter((voice) => (voice.languages ?? [voice.language]).includes(language));
  if (voices.length > 0) return voices;
  const known = [...new Set(all.map((voice) => voice.language))].sort().join(', ');
  const text = {
    en: `No voice speaks "${language}". There are voices for: ${known}.`,
    zh: `没有说 "${language}" 的声音。可用语言: ${known}。`,
  };
  throw new BilingualError(text, 'no-voice');
};

const printLocalVoices = async ({ options, switches }: Given, io: Io): Promise<void> => {
  const { auditions } = options;
  const { openVoices } = await import('@chanjing-avatar/engine');
  const catalogue = openVoices(voiceSettings(io.environment));
  try {
    const language = options.lang?.toLowerCase().split(/[-_]/)[0];
    const voices = ofLanguage(await catalogue.voices(), language);
    if (auditions !== undefined) await writeAuditions(catalogue, voices, auditions, io);
    else if (switches.has('json')) io.out(JSON.stringify(voices, undefined, 2));
    else
      for (const line of table([COLUMNS, ...voices.map((voice) => COLUMNS.map((column) => voice[column]))]))
        io.out(line);
  } finally {
    await catalogue.close();
  }
};

export const voices: Command = {
  words: ['[available|install|remove]', '[name]…'],
  options: {
    lang: { value: 'LANG', about: { en: 'of one language, like zh or en', zh: '只列一种语言,如 zh、en' } },
    auditions: {
      value: 'DIR',
      about: { en: 'write a sample of each into this directory', zh: '将每个声音的试听存入此目录' },
    },
    server: { about: { en: 'of the server, not of this machine', zh: '服务器的声音,而非本机的' } },
    json: {
      about: {
        en: 'JSON (of a server, always when not on a terminal)',
        zh: 'JSON(服务器的声音在非终端时总是)',
      },
    },
  },
  notes: {
    en: `Further voices:
  SPEECH_URL    a server with OpenAI's /v1/audio/speech adds its voices; with SPEECH_API_KEY, SPEECH_MODEL and
                SPEECH_VOICES (names, with commas, when the server does not list them)
  SHERPA_MODEL  directory of a model of your own for sherpa-onnx
Natural voices:
  voices available                     those that can be installed: size, licence, languages
  voices install <name|natural|file>…  download and check one; a file that was brought along works as well
  voices remove <name>…
  VOICES_MIRROR  a web address or a directory with the files, instead of their own addresses
  VOICES_DIR     where they are installed; https_proxy and no_proxy are honoured`,
    zh: `更多声音:
  SPEECH_URL    提供 OpenAI /v1/audio/speech 的服务器;另有 SPEECH_API_KEY、SPEECH_MODEL 与
                SPEECH_VOICES(名称,逗号分隔,用于服务器不列出声音时)
  SHERPA_MODEL  自备的 sherpa-onnx 模型目录
自然的声音:
  voices available                     可安装的声音:大小、许可、语言
  voices install <名称|natural|文件>…  下载并校验;也可用带来的文件安装
  voices remove <名称>…
  VOICES_MIRROR  存放文件的网址或目录,代替原地址
  VOICES_DIR     安装目录;支持 https_proxy 与 no_proxy`,
  },
  run: async (given, io) => {
    const [action] = given.words;
    if (action !== undefined) {
      const act = Object.hasOwn(STORE_ACTIONS, action) ? STORE_ACTIONS[action] : undefined;
      if (!act) throw new UsageError({ en: `There is no action "${action}".`, zh: `没有操作 "${action}"。` });
      await act(given, io);
      return EXIT.ok;
    }
    const { auditions } = given.options;
    if (auditions === '')
      throw new UsageError({
        en: '--auditions is empty: give the directory for the samples.',
        zh: '--auditions 为空:请给出试听文件的目录。',
      });
    const isOfServer = given.switches.has('server');
    if (isOfServer && auditions !== undefined)
      throw new UsageError({
        en: '--auditions is of the voices on this machine, not with --server.',
        zh: '--auditions 只用于本机的声音,不能与 --server 同用。',
      });
    if (isOfServer) await printServerVoices(given, io);
    else await printLocalVoices(given, io);
    return EXIT.ok;
  },
};
