import type { FileService } from '@chanjing-avatar/client';
import {
  ChanjingError,
  ConnectionError,
  FileNotReadyError,
  FileRejectedError,
  TimeoutError,
  UnexpectedReplyError,
  UnknownStatusError,
  UploadRefusedError,
} from '@chanjing-avatar/client';
import { openPath, SourceFileError } from '@chanjing-avatar/client/node';
import { connect } from '../cloud/connect.js';
import { EXIT } from '../command/io.js';
import { httpError } from './explain.js';
import { jsonLine, pathText } from './python-text.js';
import type { Script } from './script.js';
import { intervalIn, numberIn, ScriptFailure, textIn } from './script.js';

const SERVICE = { type: 'text', required: true, help: 'lip_sync_video 或 lip_sync_audio' } as const;

const ofSource = ({ flaw, path }: SourceFileError): string => {
  if (flaw === 'empty') return `文件为空: ${pathText(path)}`;
  return `${flaw === 'unreadable' ? '文件不可读' : '文件不存在'}: ${pathText(path)}`;
};

const ofPut = ({ status, reason }: UploadRefusedError): string => {
  const said = reason && ` (${reason})`;
  return status < 400 ? `上传返回状态: ${status}${said}` : `上传失败: ${httpError(status)}${said}`;
};

/** Why a file that was sent is not ready, undefined when the failure is about something else. */
const ofFile = (error: ChanjingError): string | undefined => {
  if (error instanceof FileNotReadyError) return 'poll timeout';
  if (error instanceof FileRejectedError || error instanceof UnknownStatusError)
    return error.reason || `file status=${error.status}`;
  if (error.request?.path !== '/open/v1/common/file_detail') return undefined;
  if (error instanceof UnexpectedReplyError) return error.lacks === 'data' ? 'no data' : undefined;
  if (error instanceof ConnectionError || error instanceof TimeoutError) return undefined;
  return error.unexplained ? 'file_detail failed' : error.msg;
};

const lacksUploadUrl = (error: unknown): boolean =>
  error instanceof UnexpectedReplyError &&
  error.request?.path === '/open/v1/common/create_upload_url' &&
  (error.lacks === 'data' || error.lacks === 'upload URL');

const inVendorWords = (error: unknown): unknown => {
  if (error instanceof SourceFileError) return new ScriptFailure(ofSource(error));
  if (lacksUploadUrl(error)) return new ScriptFailure('响应缺少 sign_url 或 file_id');
  if (error instanceof UploadRefusedError) return new ScriptFailure(ofPut(error));
  if (!(error instanceof ChanjingError)) return error;
  if (error.request?.method === 'PUT') return new ScriptFailure(`上传失败: ${error.msg}`);
  const why = ofFile(error);
  return why === undefined ? error : new ScriptFailure(`文件未就绪: ${why}`);
};

export const getUploadUrl: Script = {
  about: '获取上传链接,输出一行 JSON。',
  options: { service: SERVICE, name: { type: 'text', required: true, help: '文件名,如 1.mp4' } },
  run: async (given, io) => {
    const service = textIn(given, 'service') as FileService;
    const asking = connect(io).files.createUploadUrl(service, textIn(given, 'name'), { signal: io.signal });
    io.out(
      jsonLine(
        await asking.catch((error) => {
          throw inVendorWords(error);
        }),
      ),
    );
    return EXIT.ok;
  },
};

export const uploadFile: Script = {
  about: '上传文件,等待就绪后输出 file_id。',
  options: {
    service: SERVICE,
    file: { type: 'text', required: true, help: '本地文件路径' },
    'poll-interval': { type: 'seconds', default: 5, help: '查询间隔秒数' },
    'poll-timeout': { type: 'seconds', default: 300, help: '等待就绪的最长秒数' },
  },
  run: async (given, io) => {
    const path = textIn(given, 'file');
    const timeoutMs = Math.max(0, numberIn(given, 'poll-timeout') * 1000);
    const service = textIn(given, 'service') as FileService;
    try {
      // Before the keys are looked for: a wrong path is told first.
      await openPath(path);
      const ready = { intervalMs: intervalIn(given, 'poll-interval'), timeoutMs };
      const id = await connect(io).files.upload(path, { service, ready, signal: io.signal });
      // No time to wait is no time to learn that the file is ready.
      if (timeoutMs === 0) throw new ScriptFailure('文件未就绪: poll timeout');
      io.out(id);
    } catch (error) {
      throw inVendorWords(error);
    }
    return EXIT.ok;
  },
};
