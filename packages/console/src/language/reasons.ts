import type { ChanjingError } from '@chanjing-avatar/client';
import type { Language } from './language.js';

// The server and the SDK explain in English, with all details, and name each reason by a literal. Readers of another
// language get the sentence of that literal; the English one stands below it.

/** Why a file was rejected or a task failed: what was wrong, what was expected, what to do. */
const REASONS_ZH: Readonly<Record<string, string>> = {
  cancelled: '任务已被取消。可以再做一次。',
  'given-up': '服务器多次尝试都未能完成。请稍后再做一次;若仍失败,请告知运维人员。',
  'upload-too-large': '文件太大。请上传更小的文件。',
  'upload-type': '上传时的文件类型与文件名不符。请重新上传。',
  'over-quota': '存储配额已满。请先删除一些文件或结果。',
  'file-gone': '所用的文件已不在服务器上。请重新上传,再做一次。',
  'face-not-found':
    '画面中没有找到可用的人脸。应有一张正面、至少约 40 像素宽、嘴部无遮挡的脸。请换一段视频,或剪到能看清人脸的部分。',
  'not-a-video': '这个文件不是视频。应为 mp4、mov 或 webm。请换一个文件,或先转换为 mp4。',
  'still-picture': '这是一张静态图片。应为人物视频。请使用 mp4、mov 或 webm。',
  'no-speech-track': '这个文件里没有声音。应为 mp3、m4a 或 wav。请换一个文件,或改为输入文本。',
  'media-unreadable': '文件已损坏或不完整。应为完整的视频或音频。请重新导出或下载,或用其他程序转换。',
  'format-not-read': '无法读取这种格式。应为常见的视频或音频。请先转换为 mp4 或 mp3。',
  'picture-too-large': '画面像素太多。最大为 8K。请先缩小画面。',
  'too-long': '文件太长。请剪短后再上传。',
  'empty-text': '文本里没有可以朗读的内容。应有文字或数字。请写下要说的话。',
  'unknown-voice': '没有这个声音。应为列表中的声音。请重新选择。',
  'voice-language': '所选声音不会读这种语言。请换一个该语言的声音。',
  'transcript-mismatch': '文字与录音不符。应为录音中所说的话。请改正文字。',
  parameter: '有一个选项超出了范围。请按下面的提示修改。',
  'speech-parameter': '语速或音调超出了范围。请按下面的提示修改。',
};

/** What a call failed with, by the SDK's kind of failure. */
const KINDS_ZH: Readonly<Record<string, string>> = {
  authentication: '登录信息无效或已过期。',
  billing: '账户余额不足。',
  connection: '无法连接服务器。',
  'file-not-ready': '服务器还在检查文件。',
  'file-rejected': '服务器无法使用这个文件。',
  'invalid-request': '服务器没有接受这次请求。',
  'outcome-unknown': '没有收到答复,不确定任务是否已创建。',
  quota: '配额已用完。',
  'rate-limit': '一分钟内的请求太多。',
  server: '服务器出现内部错误。',
  'speech-failed': '文本没能读出来。',
  'task-failed': '任务失败。',
  timeout: '等待超时。',
  'unexpected-reply': '收到的答复不是来自本服务器。',
  'unknown-status': '收到了未知的状态。',
  'unsupported-call': '服务器不支持这个操作。',
  'upload-refused': '上传被拒绝。',
  'wait-timeout': '等待太久,已停止等待。',
};

/** A literal name of a reason in the reader's language; undefined where the server's own words serve better. */
export const reasonIn = (language: Language, reason: string | undefined): string | undefined =>
  language === 'zh' && reason ? REASONS_ZH[reason] : undefined;

/** What else a refusal of these calls means. */
const REFUSALS_ZH: Readonly<Record<string, string>> = {
  '/open/v1/session': '密钥不正确,或登录链接已用过、已过期。',
};

/** … and a failure of the SDK. */
export const failureIn = (
  language: Language,
  { kind, request }: Pick<ChanjingError, 'kind' | 'request'>,
): string | undefined => {
  if (language !== 'zh') return undefined;
  const refusal = kind === 'invalid-request' && request ? REFUSALS_ZH[request.path] : undefined;
  return refusal ?? KINDS_ZH[kind];
};
