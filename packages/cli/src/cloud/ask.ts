import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks on the terminal; with `hidden`, what is typed is not shown. Throws the signal's reason. */
export const ask = (
  question: string,
  { hidden, signal }: { hidden: boolean; signal: AbortSignal },
): Promise<string> =>
  new Promise((resolve, reject) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    if (hidden) process.stderr.write(question);
    const lines = createInterface({
      input: process.stdin,
      output: hidden ? silent : process.stderr,
      terminal: true,
    });
    const stop = (): void => {
      lines.close();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    // In raw mode Ctrl-C is a key, not a signal.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.question(hidden ? '' : question, (answer) => {
      signal.removeEventListener('abort', stop);
      lines.close();
      if (hidden) process.stderr.write('\n');
      resolve(answer.trim());
    });
  });

/** All of standard input as text. */
export const readInput = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
