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

const noKeys = (environment: NodeJS.ProcessEnv): string => {
  const baseUrl = baseUrlOf(environment);
  const source =
    baseUrl === CLOUD_URL
      ? `密钥页: ${KEYS_PAGE}`
      : `自建服务器 ${baseUrl}: 密钥由 chanjing-avatar apps create <名称> 创建,或首次启动用 chanjing-avatar serve --save-credentials 保存`;
  return `未配置 AK/SK。请运行 chanjing_config.py --ak <app_id> --sk <secret_key>(${source}),勿在对话中发送密钥。`;
};

const ofTokenRequest = (error: ChanjingError): string =>
  isUnreachable(error) || error.code === undefined
    ? `请求 Token 失败: ${error.msg}`
    : `获取 Token 失败 (code=${error.code}): ${error.msg}`;

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
  if (error.request?.path === '/open/v1/access_token') return ofTokenRequest(error);
  return isUnreachable(error) ? `请求失败: ${error.msg}` : error.msg;
};
