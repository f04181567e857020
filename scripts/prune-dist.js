// Run after each build: removes what earlier builds left in the dist folders of sources that have since been renamed or
// removed. Left there, renamed tests would go on running and stale modules would be published. Cheaper than a fresh
// folder: the compiler keeps building only what changed.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What the compiler makes of a source file. */
const BUILT = /\.(?:js|js\.map|d\.ts)$/u;

/** Removes the built files under `dist` whose source is not under `src`, and the folders left empty. */
const prune = (dist, src) => {
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    const path = join(dist, entry.name);
    if (entry.isDirectory()) prune(path, join(src, entry.name));
    else if (BUILT.test(entry.name) && !existsSync(join(src, entry.name.replace(BUILT, '.ts')))) rmSync(path);
  }
  if (readdirSync(dist).length === 0) rmSync(dist, { recursive: true });
};

const packages = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name));
for (const folder of [...packages, join(ROOT, 'bench')]) {
  if (existsSync(join(folder, 'dist'))) prune(join(folder, 'dist'), join(folder, 'src'));
}
