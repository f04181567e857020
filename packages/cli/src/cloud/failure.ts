import {
  AuthenticationError,
  ChanjingError,
  FileNotReadyError,
  OutcomeUnknownError,
  WaitTimeoutError,
} from '@chanjing-avatar/client';
import { CredentialsMissingError } from '@chanjing-avatar/client/node';
import { Interruption } from '../interruption.js';
import { BilingualError } from './bilingual-error.js';
import type { Io } from './io.js';
import { EXIT } from './io.js';
import { UsageError } from './usage-error.js';

/** The SDK speaks English; these say in Chinese what to do about each failure. */
const REMEDIES_ZH: Readonly<Record<string, string>> = {
  AuthenticationError: '请检查 App ID 与 Secret Key,或重新运行 chanjing-avatar login。',
  BillingError: '请先充值(https://www.chanjing.cc),再重试。',
  ConnectionError: '请确认服务正在运行,且 CHANJING_OPENAPI_BASE_URL 正确。',
  CredentialsFileError: '请重新运行 chanjing-avatar login 生成新的凭据文件。',
  CredentialsMissingError:
    '未找到密钥。请运行 chanjing-avatar login;云端密钥见 https://www.chanjing.cc/platform/api_keys。',
  FileNotReadyError: '文件仍在处理,可稍后凭其 id 再查。',
  FileRejectedError: '请上传另一个文件。',
  InvalidRequestError: '请按提示修改参数。',
  OutcomeUnknownError: '任务可能已创建并计费:重试前请先用 chanjing-avatar list 查看。',
  QuotaError: '请等待进行中的任务完成,或申请更大配额。',
  RateLimitError: '请等待一分钟后重试。',
  ServerError: '请稍后重试,并把 trace_id 告知服务方。',
  SourceFileError: '请给出可读的媒体文件路径。',
  TaskFailedError: '任务失败,可修改后重新创建。',
  TimeoutError: '请重试。',
  UnexpectedReplyError: '对方不是 Open API 的回复:请检查 CHANJING_OPENAPI_BASE_URL 和中间的代理。',
  UnsupportedCallError: '云端没有此接口,自建服务器才有。',
  UploadRefusedError: '请重新上传(上传链接 15 分钟内有效)。',
  WaitTimeoutError: '任务仍在服务器上进行,可用同一 id 继续等待。',
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
  return `${error.msg}${shown && ` (${shown})`}\n${REMEDIES_ZH[error.name] ?? error.remedy}`;
};

/** Exit codes after gh: 2 usage, 4 authentication, 8 not done yet, 1 everything else. */
const exitCodeOf = (error: unknown): number => {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof AuthenticationError || error instanceof CredentialsMissingError)
    return EXIT.authentication;
  if (error instanceof WaitTimeoutError || error instanceof FileNotReadyError) return EXIT.pending;
  return EXIT.failure;
};

/** What a program may want to know of a failure: a stable name, and what the server said of it. */
const factsOf = (error: unknown): { readonly code: string } & Readonly<Record<string, unknown>> => {
  if (!(error instanceof Error)) return { code: 'unexpected' };
  const words = error.name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '-');
  const code = words.toLowerCase() || 'unexpected';
  if (!(error instanceof ChanjingError)) return { code };
  const { code: api_code, traceId: trace_id } = error;
  const sent_at = error instanceof OutcomeUnknownError ? error.outcome.sentAt : undefined;
  return { code, api_code, trace_id, sent_at };
};

/** Tells about a failure and returns the exit code. */
export const reportFailure = (error: unknown, io: Io): number => {
  const reason: unknown = io.signal.reason;
  const isInterruption = reason instanceof Interruption;
  // What was being paid for matters more than who stopped it.
  if (isInterruption && !(error instanceof OutcomeUnknownError)) {
    io.fail({ en: 'Interrupted.', zh: '已中断。' }, { code: 'interrupted' });
    return reason.exitCode;
  }
  io.fail(`${io.locale === 'zh' ? '错误: ' : 'Error: '}${explainFailure(error, io)}`, factsOf(error));
  if (error instanceof OutcomeUnknownError) {
    const since = new Date(error.outcome.sentAt * 1000).toISOString();
    io.note({ en: `Sent at ${since}.`, zh: `发送时间 ${since}。` });
  }
  return isInterruption ? reason.exitCode : exitCodeOf(error);
};
