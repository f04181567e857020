// The page names the reasons of failures in Chinese by their literals: none that a caller can meet may be missing.
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const packages = new URL('../../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, packages), 'utf8');

/** The files of a job are the server's own, and voices are installed by its operator. */
const OF_THE_OPERATOR = ['file-missing', 'output-not-writable', 'unknown-voice-pack'];

it('knows every reason in Chinese for which a file is rejected or a task fails', async () => {
  const folder = 'engine/src/errors/';
  const sources = await Promise.all(
    (await readdir(new URL(folder, packages))).map((name) => read(folder + name)),
  );
  const reasons = sources
    .filter((source) => source.includes("fault = 'input'"))
    .map((source) => /readonly code = '([\w-]+)'/.exec(source)![1]!)
    .filter((reason) => !OF_THE_OPERATOR.includes(reason));
  const words = await read('console/src/language/reasons.ts');
  expect(reasons.length).toBeGreaterThan(10);
  const ofServer = ['cancelled', 'given-up', 'file-gone', 'upload-too-large', 'upload-type', 'over-quota'];
  for (const reason of [...reasons, ...ofServer]) expect(words).toMatch(new RegExp(`^  '?${reason}'?:`, 'm'));
});

it('knows every kind of failure of the SDK in Chinese', async () => {
  const folder = 'client/src/errors/';
  const words = await read('console/src/language/reasons.ts');
  const kinds = words.slice(words.indexOf('KINDS_ZH'));
  for (const name of await readdir(new URL(folder, packages))) {
    const kind = /override readonly kind = '([\w-]+)'/.exec(await read(folder + name))?.[1];
    // Webhooks come to programs only.
    if (kind && kind !== 'webhook-signature') expect(kinds).toMatch(new RegExp(`^  '?${kind}'?:`, 'm'));
  }
});
