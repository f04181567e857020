import type { CreateTaskInput } from '@chanjing-avatar/client';
import {
  OutcomeUnknownError,
  TaskFailedError,
  UnknownStatusError,
  WaitTimeoutError,
} from '@chanjing-avatar/client';
import { saveTo } from '@chanjing-avatar/client/node';
import { connect } from '../cloud/connect.js';
import { EXIT } from '../cloud/io.js';
import { checkOutput } from '../cloud/output-file.js';
import type { Arguments, Script } from './script.js';
import { millisecondsIn, numberIn, ScriptFailure, ScriptUsageError, textIn } from './script.js';

const speechOf = (given: Arguments): Pick<CreateTaskInput, 'audio_type' | 'audio_file_id' | 'tts_config'> => {
  const [audio, text, voice] = ['audio-file-id', 'text', 'audio-man-id'].map((name) => textIn(given, name));
  if (audio) return { audio_type: 'audio', audio_file_id: audio };
  if (!text || !voice) {
    throw new ScriptFailure('请指定 --text + --audio-man-id（TTS）或 --audio-file-id（音频驱动）');
  }
  const [speed, pitch] = [numberIn(given, 'speed', 1), numberIn(given, 'pitch', 1)];
  // One element, as the vendor's scripts send it.
  return { audio_type: 'tts', tts_config: { text: [text], audio_man_id: voice, speed, pitch } };
};

const driveModeOf = (given: Arguments): '' | 'random' | undefined => {
  const mode = given['drive-mode'];
  if (mode === undefined) return undefined;
  if (mode === '' || mode === 'normal') return '';
  if (mode === 'random') return 'random';
  throw new ScriptUsageError(`--drive-mode 应为 normal 或 random,收到 ${JSON.stringify(mode)}`);
};

/** Only what the contract's originals send, and what was asked for beyond it. */
const requestOf = (given: Arguments): CreateTaskInput => {
  const optional = {
    callback: given.callback || undefined,
    backway: numberIn(given, 'backway', undefined),
    drive_mode: driveModeOf(given),
    volume: numberIn(given, 'volume', undefined),
    transcript: given.transcript || undefined,
  };
  return {
    video_file_id: textIn(given, 'video-file-id'),
    screen_width: numberIn(given, 'width', 1080),
    screen_height: numberIn(given, 'height', 1920),
    model: numberIn(given, 'model', 0) as 0,
    ...speechOf(given),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<CreateTaskInput>),
  };
};

/** The server said that all is well, but not which task it made. */
const lacksData = (error: unknown): boolean => error instanceof OutcomeUnknownError && error.code === 0;

export const createTask: Script = {
  usage: `create_task.py --video-file-id ID (--text TEXT --audio-man-id ID | --audio-file-id ID)
    [--width 1080] [--height 1920] [--callback URL] [--model 0] [--speed 1] [--pitch 1]
    [--backway {1,2}] [--drive-mode {normal,random}] [--volume 1-100] [--transcript TEXT] [--idempotency-key KEY]`,
  options: {
    'video-file-id': 'text',
    text: 'text',
    'audio-man-id': 'text',
    'audio-file-id': 'text',
    width: 'text',
    height: 'text',
    callback: 'text',
    model: 'text',
    speed: 'text',
    pitch: 'text',
    backway: 'text',
    'drive-mode': 'text',
    volume: 'text',
    transcript: 'text',
    'idempotency-key': 'text',
  },
  required: ['video-file-id'],
  run: async (given, io) => {
    const request = requestOf(given);
    const idempotencyKey = textIn(given, 'idempotency-key') || undefined;
    const creating = connect(io).lipSync.create(request, { idempotencyKey, signal: io.signal });
    io.out(
      await creating.catch((error) => {
        throw lacksData(error) ? new ScriptFailure('响应无 data') : error;
      }),
    );
    return EXIT.ok;
  },
};

const inVendorWords = (error: unknown, id: string): unknown => {
  if (error instanceof TaskFailedError) return new ScriptFailure(`任务失败: ${error.msg}`);
  if (error instanceof UnknownStatusError) return new ScriptFailure(`未知任务状态: ${error.status}`);
  if (error instanceof WaitTimeoutError) {
    return new ScriptFailure(`等待超时: 任务 ${id} 仍在进行,可用同一 id 继续轮询`);
  }
  return error;
};

export const pollTask: Script = {
  usage: 'poll_task.py --id ID [--interval 10] [--timeout 3600] [--output FILE]',
  options: { id: 'text', interval: 'text', timeout: 'text', output: 'text' },
  required: ['id'],
  run: async (given, io) => {
    const id = textIn(given, 'id');
    const intervalMs = millisecondsIn(given, 'interval', { fallback: 10, least: 0.01 });
    const timeoutMs = millisecondsIn(given, 'timeout', { fallback: 3600, least: 0 });
    const output = textIn(given, 'output');
    if (output) await checkOutput(output);
    const client = connect(io);
    const { signal } = io;
    const onProgress = ({ progress }: { progress: number }): void => io.note(`进度 ${progress}%`);
    const task = await client.lipSync
      .waitFor(id, { intervalMs, timeoutMs, onProgress, signal })
      .catch((error) => {
        throw inVendorWords(error, id);
      });
    if (!task.video_url) throw new ScriptFailure('任务成功但无 video_url');
    if (output) await saveTo(await client.download(task.video_url, { signal }), output, signal);
    io.out(task.video_url);
    return EXIT.ok;
  },
};
