import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { connect } from '../cloud/connect.js';
import type { Command } from '../command/command.js';
import { EXIT } from '../command/io.js';

const versionOf = (): string =>
  (createRequire(import.meta.url)('../../package.json') as { version: string }).version;

export const mcp: Command = {
  options: {
    root: {
      value: 'DIR',
      about: {
        en: 'only files below it are read and written (current directory)',
        zh: '只读写此目录下的文件(当前目录)',
      },
    },
  },
  run: async ({ options }, io) => {
    const [{ StdioServerTransport }, { createMcpServer }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/stdio.js'),
      import('./server.js'),
    ]);
    const root = resolve(options.root ?? '.');
    const server = createMcpServer({ connect: () => connect(io), root, version: versionOf() });
    const closed = new Promise<void>((done) => {
      server.server.onclose = done;
      process.stdin.once('end', done);
      io.signal.addEventListener('abort', () => done(), { once: true });
    });
    await server.connect(new StdioServerTransport());
    io.note(`chanjing-avatar MCP: ${root}`);
    await closed;
    await server.close();
    return EXIT.ok;
  },
};
