import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks on the terminal; with `hidden`, what is typed is not shown. Gives '' at the end of input. Throws the signal's reason. */
export const ask = (
  question: string,
  { hidden, signal }: { hidden: boolean; signal: AbortSignal },
): Promise<string> =>
  new Promise((resolve, reject) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({
      input: process.stdin,
      output: hidden ? silent : process.stderr,
      terminal: true,
    });
    // Only now does the terminal no longer show by itself what is typed.
    if (hidden) process.stderr.write(question);
    const stop = (): void => {
      reject(signal.reason);
      lines.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    // In raw mode Ctrl-C is a key, not a signal.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    let answer = '';
    // Also without an answer: Ctrl-D.
    lines.once('close', () => {
      signal.removeEventListener('abort', stop);
      process.stderr.write(hidden || !answer ? '\n' : '');
      resolve(answer.trim());
    });
    lines.question(hidden ? '' : question, (given) => {
      answer = given;
      lines.close();
    });
  });

/** All of standard input as text. */
export const readInput = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
