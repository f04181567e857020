import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withScratchDirectory } from './scratch-directory.js';

it('removes the directory when the work ends, well or not', async () => {
  const path = await withScratchDirectory(async (directory) => {
    await writeFile(join(directory, 'frame'), 'x');
    return directory;
  });
  expect(existsSync(path)).toBe(false);

  let failed = '';
  const work = withScratchDirectory((directory) => {
    failed = directory;
    throw new Error('failed');
  });
  await expect(work).rejects.toThrow('failed');
  expect(failed).not.toBe('');
  expect(existsSync(failed)).toBe(false);
});

it('removes the directory when the process exits in the middle', () => {
  const program = `
    import { withScratchDirectory } from ${JSON.stringify(new URL('./scratch-directory.js', import.meta.url).href)};
    await withScratchDirectory(async (directory) => { console.log(directory); process.exit(3); });`;
  let printed = '';
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', program]);
  } catch (error) {
    printed = (error as { stdout: Buffer }).stdout.toString().trim();
  }
  expect(printed).toContain('chanjing-avatar-');
  expect(existsSync(printed)).toBe(false);
});

it('removes what killed processes left', async () => {
  const dead = execFileSync('sh', ['-c', 'echo $$']).toString().trim();
  const left = join(tmpdir(), `chanjing-avatar-${dead}-aBc123`);
  await mkdir(left);
  await withScratchDirectory(async () => {});
  expect(existsSync(left)).toBe(false);
});
