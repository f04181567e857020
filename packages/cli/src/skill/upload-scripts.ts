import type { FileService } from '@chanjing-avatar/client';
import {
  ConnectionError,
  FileNotReadyError,
  FileRejectedError,
  TimeoutError,
  UnexpectedReplyError,
  UnknownStatusError,
  UploadRefusedError,
} from '@chanjing-avatar/client';
import { SourceFileError } from '@chanjing-avatar/client/node';
import { connect } from '../cloud/connect.js';
import { EXIT } from '../cloud/io.js';
import type { Script } from './script.js';
import { millisecondsIn, ScriptFailure, textIn } from './script.js';

const inVendorWords = (error: unknown, path: string): unknown => {
  if (error instanceof SourceFileError) {
    return new ScriptFailure(error.msg.startsWith('No such') ? `文件不存在: ${path}` : `文件不可读: ${path}`);
  }
  if (error instanceof UploadRefusedError) {
    const reason = /: (.+?)\.?$/.exec(error.msg)?.[1];
    return new ScriptFailure(`上传返回状态: ${error.status}${reason ? ` (${reason})` : ''}`);
  }
  if (error instanceof UnexpectedReplyError && error.status === 200 && error.msg.includes('sign_url')) {
    return new ScriptFailure('响应缺少 sign_url 或 file_id');
  }
  const isPut = error instanceof ConnectionError || error instanceof TimeoutError;
  if (isPut && error.request?.method === 'PUT') return new ScriptFailure(`上传失败: ${error.msg}`);
  if (
    error instanceof FileRejectedError ||
    error instanceof FileNotReadyError ||
    (error instanceof UnknownStatusError && error.msg.startsWith('File'))
  ) {
    return new ScriptFailure(`文件未就绪: ${error.msg}`);
  }
  return error;
};

export const getUploadUrl: Script = {
  usage: 'get_upload_url.py --service {lip_sync_video,lip_sync_audio} --name NAME',
  options: { service: 'text', name: 'text' },
  required: ['service', 'name'],
  run: async (given, io) => {
    const service = textIn(given, 'service') as FileService;
    const data = await connect(io).files.createUploadUrl(service, textIn(given, 'name'), {
      signal: io.signal,
    });
    io.out(JSON.stringify(data));
    return EXIT.ok;
  },
};

export const uploadFile: Script = {
  usage:
    'upload_file.py --service {lip_sync_video,lip_sync_audio} --file PATH [--poll-interval 5] [--poll-timeout 300]',
  options: { service: 'text', file: 'text', 'poll-interval': 'text', 'poll-timeout': 'text' },
  required: ['service', 'file'],
  run: async (given, io) => {
    const path = textIn(given, 'file');
    const intervalMs = millisecondsIn(given, 'poll-interval', { fallback: 5, least: 0.01 });
    const timeoutMs = millisecondsIn(given, 'poll-timeout', { fallback: 300, least: 0 });
    const service = textIn(given, 'service') as FileService;
    try {
      const ready = { intervalMs, timeoutMs };
      io.out(await connect(io).files.upload(path, { service, ready, signal: io.signal }));
    } catch (error) {
      throw inVendorWords(error, path);
    }
    return EXIT.ok;
  },
};
