import {
  AuthenticationError,
  ChanjingError,
  FileNotReadyError,
  OutcomeUnknownError,
  WaitTimeoutError,
} from '@chanjing-avatar/client';
import { CredentialsMissingError } from '@chanjing-avatar/client/node';
import { BilingualError } from './bilingual-error.js';
import { Interruption } from './interruption.js';
import type { Io } from './io.js';
import { EXIT } from './io.js';
import type { Bilingual } from './locale.js';
import { UsageError } from './usage-error.js';

/** The SDK speaks English; these say in Chinese what to do about each failure. */
const REMEDIES_ZH: Readonly<Record<string, string>> = {
  authentication: '请检查 App ID 与 Secret Key,或重新运行 chanjing-avatar login。',
  billing: '请先充值(https://www.chanjing.cc),再重试。',
  connection: '请确认服务正在运行,且 CHANJING_OPENAPI_BASE_URL 正确。',
  'credentials-file': '请重新运行 chanjing-avatar login 生成新的凭据文件。',
  'credentials-missing':
    '未找到密钥。请运行 chanjing-avatar login;云端密钥见 https://www.chanjing.cc/platform/api_keys。',
  'file-not-ready': '文件仍在处理,可稍后凭其 id 再查。',
  'file-rejected': '请上传另一个文件。',
  'invalid-request': '请按提示修改参数。',
  'outcome-unknown': '任务可能已创建并计费:重试前请先用 chanjing-avatar list 查看。',
  quota: '请等待进行中的任务完成,或申请更大配额。',
  'rate-limit': '请等待一分钟后重试。',
  server: '请稍后重试,并把 trace_id 告知服务方。',
  'source-file': '请给出可读的媒体文件路径。',
  'task-failed': '任务失败,可修改后重新创建。',
  timeout: '请重试。',
  'unexpected-reply': '对方不是 Open API 的回复:请检查 CHANJING_OPENAPI_BASE_URL 和中间的代理。',
  'unsupported-call': '云端没有此接口,自建服务器才有。',
  'upload-refused': '请重新上传(上传链接 15 分钟内有效)。',
  'wait-timeout': '任务仍在服务器上进行,可用同一 id 继续等待。',
};

/** What to tell about a failure, in the user's language; never a stack. */
export const explainFailure = (error: unknown, io: Pick<Io, 'locale'>): string => {
  if (error instanceof BilingualError) return error.text[io.locale];
  if (!(error instanceof ChanjingError)) return error instanceof Error ? error.message : String(error);
  if (io.locale === 'en') return error.message;
  const facts = [
    error.code !== undefined && `code ${error.code}`,
    error.traceId && `trace_id ${error.traceId}`,
  ];
  const shown = facts.filter(Boolean).join(', ');
  return `${error.msg}${shown && ` (${shown})`}\n${REMEDIES_ZH[error.kind] ?? error.remedy}`;
};

/** Failures of the engine and the server have a stable name; the packages themselves are not loaded for it. */
const namedBy = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** Exit codes after gh: 2 usage, 4 authentication, 8 not done yet, 1 everything else. */
const exitCodeOf = (error: unknown): number => {
  // The engine's word for a value that is out of range.
  if (error instanceof UsageError || namedBy(error) === 'parameter') return EXIT.usage;
  if (error instanceof AuthenticationError || error instanceof CredentialsMissingError)
    return EXIT.authentication;
  if (error instanceof WaitTimeoutError || error instanceof FileNotReadyError) return EXIT.pending;
  return EXIT.failure;
};

/** What a program may want to know of a failure: a stable name, and what the server said of it. */
const factsOf = (error: unknown): { readonly code: string } & Readonly<Record<string, unknown>> => {
  if (!(error instanceof ChanjingError)) return { code: namedBy(error) ?? 'unexpected' };
  const { code: api_code, traceId: trace_id } = error;
  const sent_at = error instanceof OutcomeUnknownError ? error.outcome.sentAt : undefined;
  return { code: error.kind, api_code, trace_id, sent_at };
};

/** Where to read how a command is called. */
const seeHelp = (error: unknown, name: string): Bilingual =>
  error instanceof UsageError
    ? { en: ` See: chanjing-avatar ${name} --help`, zh: ` 参见: chanjing-avatar ${name} --help` }
    : { en: '', zh: '' };

/** Tells about a failure of a command and returns the exit code. */
export const reportFailure = (error: unknown, name: string, io: Io): number => {
  const reason: unknown = io.signal.reason;
  const isInterruption = reason instanceof Interruption;
  // What was being paid for matters more than who stopped it.
  if (isInterruption && !(error instanceof OutcomeUnknownError)) {
    io.fail({ en: 'Interrupted.', zh: '已中断。' }, { code: 'interrupted' });
    return reason.exitCode;
  }
  const begin = io.locale === 'zh' ? '错误: ' : 'Error: ';
  io.fail(`${begin}${explainFailure(error, io)}${seeHelp(error, name)[io.locale]}`, factsOf(error));
  if (error instanceof OutcomeUnknownError) {
    const since = new Date(error.outcome.sentAt * 1000).toISOString();
    io.note({ en: `Sent at ${since}.`, zh: `发送时间 ${since}。` });
  }
  return isInterruption ? reason.exitCode : exitCodeOf(error);
};
