import type { CreateTaskInput } from '@chanjing-avatar/client';
import {
  OutcomeUnknownError,
  TaskFailedError,
  UnknownStatusError,
  WaitTimeoutError,
} from '@chanjing-avatar/client';
import { saveTo } from '@chanjing-avatar/client/node';
import { connect } from '../cloud/connect.js';
import { EXIT } from '../command/io.js';
import { checkOutput } from '../command/output-file.js';
import type { Arguments, Script } from './script.js';
import { intervalIn, numberIn, ScriptFailure, textIn } from './script.js';

const speechOf = (given: Arguments): Pick<CreateTaskInput, 'audio_type' | 'audio_file_id' | 'tts_config'> => {
  const [audio, text, voice] = ['audio-file-id', 'text', 'audio-man-id'].map((name) => textIn(given, name));
  if (audio) return { audio_type: 'audio', audio_file_id: audio };
  if (!text || !voice) {
    throw new ScriptFailure('请指定 --text + --audio-man-id（TTS）或 --audio-file-id（音频驱动）');
  }
  const [speed, pitch] = [numberIn(given, 'speed'), numberIn(given, 'pitch')];
  // One element, as the vendor's scripts send it.
  return { audio_type: 'tts', tts_config: { text: [text], audio_man_id: voice, speed, pitch } };
};

/** Only what the contract's originals send, and what was asked for beyond it. */
const requestOf = (given: Arguments): CreateTaskInput => {
  const mode = given['drive-mode'];
  const optional = {
    callback: given.callback || undefined,
    backway: given.backway,
    drive_mode: mode === 'normal' ? '' : mode,
    volume: given.volume,
    transcript: given.transcript || undefined,
  };
  return {
    video_file_id: textIn(given, 'video-file-id'),
    screen_width: numberIn(given, 'width'),
    screen_height: numberIn(given, 'height'),
    model: numberIn(given, 'model') as 0,
    ...speechOf(given),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<CreateTaskInput>),
  };
};

/** The server said that all is well, but not which task it made. */
const lacksData = (error: unknown): boolean => error instanceof OutcomeUnknownError && error.code === 0;

export const createTask: Script = {
  about: '创建对口型任务,输出任务 id。',
  options: {
    'video-file-id': { type: 'text', required: true, help: '驱动视频的 file_id' },
    text: { type: 'text', help: '要朗读的文本' },
    'audio-man-id': { type: 'text', help: '声音 id' },
    'audio-file-id': { type: 'text', help: '音频的 file_id;与文本同给时以音频为准' },
    width: { type: 'int', default: 1080, help: '视频宽度' },
    height: { type: 'int', default: 1920, help: '视频高度' },
    callback: { type: 'text', help: '完成后的回调 URL' },
    model: { type: 'int', default: 0, help: '0 基础,1 高质量' },
    speed: { type: 'float', default: 1, help: '语速,0.5 至 2' },
    pitch: { type: 'float', default: 1, help: '语调,0.1 至 3' },
    backway: { type: 'int', ours: true, help: '素材播完后: 1 从头,2 倒放' },
    'drive-mode': { type: 'text', choices: ['normal', 'random', ''], ours: true, help: '起始帧' },
    volume: { type: 'int', ours: true, help: '音量,1 至 100' },
    transcript: { type: 'text', ours: true, help: '录音的文字' },
    'idempotency-key': { type: 'text', ours: true, help: '重复使用同一键不会重复创建' },
  },
  run: async (given, io) => {
    const request = requestOf(given);
    const idempotencyKey = textIn(given, 'idempotency-key') || undefined;
    const creating = connect(io).lipSync.create(request, { idempotencyKey, signal: io.signal });
    const id: unknown = await creating.catch((error) => {
      throw lacksData(error) ? new ScriptFailure('响应无 data') : error;
    });
    if (!id || typeof id === 'object') throw new ScriptFailure('响应无 data');
    io.out(String(id));
    return EXIT.ok;
  },
};

const inVendorWords = (error: unknown, id: string): unknown => {
  if (error instanceof TaskFailedError)
    return new ScriptFailure(`任务失败: ${error.unexplained ? 'unknown' : error.msg}`);
  if (error instanceof UnknownStatusError) return new ScriptFailure(`未知任务状态: ${error.status}`);
  if (error instanceof WaitTimeoutError) {
    return new ScriptFailure(`等待超时: 任务 ${id} 仍在进行,可用同一 id 继续轮询`);
  }
  return error;
};

export const pollTask: Script = {
  about: '等待任务完成,输出 video_url。',
  options: {
    id: { type: 'text', required: true, help: '任务 id' },
    interval: { type: 'seconds', default: 10, help: '查询间隔秒数' },
    timeout: { type: 'seconds', default: 3600, ours: true, help: '最长等待秒数' },
    output: { type: 'text', ours: true, help: '另将视频存为此文件' },
  },
  run: async (given, io) => {
    const id = textIn(given, 'id');
    const intervalMs = intervalIn(given, 'interval');
    const timeoutMs = Math.max(0, numberIn(given, 'timeout') * 1000);
    const output = textIn(given, 'output');
    if (output) await checkOutput(output);
    const client = connect(io);
    const { signal } = io;
    // Programs read standard error as the reason of a failure: only people are told how far it is.
    const onProgress = ({ progress }: { progress: number }): void => {
      if (io.isTerminal.stderr) io.note(`进度 ${progress ?? 0}%`);
    };
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
