import { STATUS_CODES } from 'node:http';
import {
  ChanjingError,
  CLOUD_URL,
  ConnectionError,
  OutcomeUnknownError,
  TimeoutError,
  UnexpectedReplyError,
} from '@chanjing-avatar/client';
import { baseUrlOf, CredentialsFileError, CredentialsMissingError } from '@chanjing-avatar/client/node';
import { KEYS_PAGE } from '../cloud/open-page.js';
import { ScriptFailure } from './script.js';

const isUnreachable = (error: unknown): boolean =>
  error instanceof ConnectionError || error instanceof TimeoutError || error instanceof UnexpectedReplyError;

/** A refusal with an HTTP status, as Python words it. */
export const httpError = (status: number): string =>
  `HTTP Error ${status}: ${STATUS_CODES[status] ?? ''}`.trimEnd();

const unreachable = (error: ChanjingError): string =>
  error instanceof UnexpectedReplyError && error.status >= 400 ? httpError(error.status) : error.msg;

const noKeys = (environment: NodeJS.ProcessEnv): string => {
  const baseUrl = baseUrlOf(environment);
  const source =
    baseUrl === CLOUD_URL
      ? `密钥页: ${KEYS_PAGE}`
      : `自建服务器 ${baseUrl}: 密钥由 chanjing-avatar apps create <名称> 创建,或首次启动用 chanjing-avatar serve --save-credentials 保存`;
  return `未配置 AK/SK。请运行 chanjing_config.py --ak <app_id> --sk <secret_key>(${source}),勿在对话中发送密钥。`;
};

const ofTokenRequest = (error: ChanjingError): string => {
  if (error instanceof UnexpectedReplyError && error.lacks === 'access token')
    return 'API 返回无 access_token';
  if (isUnreachable(error) || error.code === undefined) return `请求 Token 失败: ${unreachable(error)}`;
  return error.unexplained ? '获取 Token 失败' : error.msg;
};

const isAboutToken = (error: ChanjingError): boolean => error.request?.path === '/open/v1/access_token';

/** Why no token could be had, as the script says it whose only work that is: with the server's code. */
export const tokenRefusal = (error: unknown): unknown =>
  error instanceof ChanjingError && isAboutToken(error) && !isUnreachable(error) && error.code !== undefined
    ? new ScriptFailure(`获取 Token 失败 (code=${error.code}): ${error.unexplained ? '未知错误' : error.msg}`)
    : error;

/** A failure in one line, in the words that callers of the vendor's scripts know; never a stack. */
export const explainScriptFailure = (error: unknown, environment: NodeJS.ProcessEnv): string => {
  if (error instanceof ScriptFailure) return error.message;
  if (error instanceof CredentialsMissingError) return noKeys(environment);
  if (error instanceof CredentialsFileError) return `凭据文件不可用: ${error.msg}`;
  if (error instanceof OutcomeUnknownError) {
    const since = error.outcome.sentAt;
    return `创建结果未知: ${error.msg}。任务可能已创建并计费,请先查询 create_time >= ${since} 的任务,勿直接重试。`;
  }
  if (!(error instanceof ChanjingError)) return error instanceof Error ? error.message : String(error);
  if (isAboutToken(error)) return ofTokenRequest(error);
  return isUnreachable(error) ? `请求失败: ${unreachable(error)}` : error.msg;
};
