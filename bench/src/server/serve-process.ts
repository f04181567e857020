// A server in a process of its own, for benchmarks that kill it. Argument: settings flags as JSON, `engine` to render
// with the real engine instead of the stand-in.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { readSettings, serve } from '@chanjing-avatar/server';

const { engine, ...flags } = JSON.parse(process.argv[2]!) as Record<string, string>;
const standIn = fileURLToPath(
  new URL('../../../packages/server/dist/testing/stand-in-program.js', import.meta.url),
);

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const { settings } = readSettings(flags, {});
const server = await serve({ settings, ...(engine ? {} : { program: standIn }) });
console.log(JSON.stringify({ url: server.url, firstApp: server.firstApp }));

// The parent asks how the process is.
process.on('message', () => {
  process.send!({ rss: process.memoryUsage.rss(), loopMs: delay.max / 1e6 });
  delay.reset();
});
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
