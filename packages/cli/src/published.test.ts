import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Packs every package and uses the command as strangers do, in a project outside the clone. Other people's packages come
// from the npm registry, or npm's cache.

const run = promisify(execFile);

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));
const PICTURE = fileURLToPath(new URL('../../../samples/mona-lisa.jpg', import.meta.url));

type Manifest = {
  name: string;
  version: string;
  private?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')) as Manifest;

const published = readdirSync(PACKAGES).filter((name) => !manifestOf(name).private);

let directory: string;
let project: string;

/** Copies, because packing changes declarations that other tests use meanwhile. */
const packAll = async (): Promise<string[]> => {
  for (const name of published) {
    const filter = (path: string): boolean => !['node_modules', 'src'].includes(basename(path));
    await cp(join(PACKAGES, name), join(directory, 'packages', name), { recursive: true, filter });
  }
  for (const name of published) {
    const cwd = join(directory, 'packages', name);
    // What comes after packing is for the clone.
    await run('npm', ['run', 'prepack', '--if-present'], { cwd });
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], { cwd });
  }
  return (await readdir(directory))
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(directory, name));
};

beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'published-')));
  project = await realpath(await mkdtemp(join(tmpdir(), 'strangers-')));
  const tarballs = await packAll();
  await writeFile(join(project, 'package.json'), '{ "name": "strangers", "private": true }');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], { cwd: project });
}, 600_000);

afterAll(async () => {
  for (const path of [directory, project]) await rm(path, { recursive: true, force: true });
});

describe('the packages as they are published', () => {
  it('carry one version, and depend on each other at that version', () => {
    const manifests = published.map(manifestOf);
    expect(new Set(manifests.map(({ version }) => version)).size).toBe(1);
    const own = new Map(manifests.map(({ name, version }) => [name, version]));
    for (const { dependencies, optionalDependencies } of manifests)
      for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies }))
        if (own.has(name)) expect([name, range]).toEqual([name, own.get(name)]);
  });

  it('make a video in a project outside the clone', async () => {
    const cli = await realpath(join(project, 'node_modules/chanjing-avatar'));
    expect(cli.startsWith(project)).toBe(true);
    const args = ['lipsync', '--video', PICTURE, '--text', 'Hi.', '--width', '270', '--height', '480'];
    const environment = { ...process.env, XDG_CACHE_HOME: join(project, 'cache') };
    const { stdout } = await run('npx', ['--no', 'chanjing-avatar', ...args, '-o', 'hi.mp4'], {
      cwd: project,
      env: environment,
    });
    expect(stdout).toBe('hi.mp4\n');
    const probe = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', 'hi.mp4'];
    expect((await run('ffprobe', probe, { cwd: project })).stdout.trim().split('\n').sort()).toEqual([
      'aac',
      'h264',
    ]);
  }, 600_000);
});
