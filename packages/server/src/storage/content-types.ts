import path from 'node:path';

const TYPES: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.wav': 'audio/wav',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.srt': 'application/x-subrip; charset=utf-8',
};

/** Media type of an object by its key. */
export const contentTypeOf = (key: string): string => TYPES[path.extname(key)] ?? 'application/octet-stream';
