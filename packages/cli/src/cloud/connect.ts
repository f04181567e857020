import type { Client } from '@chanjing-avatar/client';
import { createClient } from '@chanjing-avatar/client/node';
import type { Io } from '../command/io.js';

/** A client for the server and keys of the environment; tells on standard error what it changes. */
export const connect = (io: Pick<Io, 'environment' | 'note'>): Client =>
  createClient({
    environment: io.environment,
    onNotice: ({ count, message }) =>
      io.note({ en: message, zh: `已去除文本中的 ${count} 个表情符号:无法朗读。` }),
  });
