import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SCRIPTS } from './run-skill.js';

const SKILLS = fileURLToPath(new URL('../../../../skills', import.meta.url));
const names = readdirSync(SKILLS).filter((name) => name !== 'README.md');

const read = (...path: string[]): string => readFileSync(join(SKILLS, ...path), 'utf8');

type Skill = { fields: Record<string, unknown>; body: string };

const skillOf = (name: string): Skill => {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(read(name, 'SKILL.md'))!;
  return { fields: parse(head!) as Record<string, unknown>, body: body! };
};

const scriptsOf = (name: string): string[] =>
  readdirSync(join(SKILLS, name, 'scripts'))
    .filter((file) => file.endsWith('.py') && !file.startsWith('_'))
    .map((file) => file.replace('.py', ''));

type Manifest = {
  name: string;
  environment: { name: string; sensitive?: boolean }[];
  permissions: { network: { allowedHosts: string[] }; commands: string[] };
};

const manifestOf = (name: string): Manifest => parse(read(name, 'manifest.yaml')) as Manifest;

/** All code that runs when a script runs, and nothing of the local engine. */
const sources = (): string => {
  const roots = ['client/src', 'cli/src/skill', 'cli/src/cloud', 'cli/src/command'].map((root) =>
    fileURLToPath(new URL(`../../../${root}`, import.meta.url)),
  );
  const files = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('.test.'))
      .map((file) => join(root, file)),
  );
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
};

describe('Agent Skills specification', () => {
  const ALLOWED = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];

  it.each(names)('%s has valid frontmatter and a short body', (name) => {
    const { fields, body } = skillOf(name);
    expect(Object.keys(fields).filter((key) => !ALLOWED.includes(key))).toEqual([]);
    expect(fields.name).toBe(name);
    expect(name).toMatch(/^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(String(fields.description).length).toBeLessThanOrEqual(1024);
    expect(String(fields.description)).toMatch(/Use it/);
    expect(String(fields.compatibility).length).toBeLessThanOrEqual(500);
    expect(Object.values(fields.metadata as object).every((value) => typeof value === 'string')).toBe(true);
    expect(body.split('\n').length).toBeLessThan(500);
  });

  it.each(names)(
    '%s names each of its scripts, in English and Chinese, and links only what exists',
    (name) => {
      const { body } = skillOf(name);
      for (const script of scriptsOf(name)) expect(body).toContain(`\`${script}.py\``);
      expect(body).toMatch(/\p{Script=Han}/u);
      const links = [...body.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target]) => target!);
      for (const target of links) expect(() => read(name, target)).not.toThrow();
    },
  );
});

describe('pages for agents', () => {
  const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
  const pages = [join(DOCS, 'agents.md'), ...names.map((name) => join(SKILLS, name, 'SKILL.md'))];

  it.each(pages)('%s says how to get the command as long as it is not published', (page) => {
    const text = readFileSync(page, 'utf8');
    expect(text).toMatch(/npx chanjing-avatar/);
    expect(text).toMatch(/npm install --global \.\/packages\/cli/);
    expect(text).toMatch(/published/);
  });
});

describe('launchers', () => {
  it('exist for every script, are the same in both skills, and ship no keys', () => {
    expect(names.flatMap(scriptsOf).sort()).toEqual(Object.keys(SCRIPTS).sort());
    const [first, ...others] = names.map((name) => read(name, 'scripts/_launch.py'));
    for (const other of others) expect(other).toBe(first);
  });
});

describe('manifests', () => {
  it.each(names)('%s declares all environment variables that the code reads, and no other', (name) => {
    const declared = manifestOf(name).environment.map(({ name: variable }) => variable);
    const code = sources() + read(name, 'scripts/_launch.py');
    const used = new Set([...code.matchAll(/\bCHANJING_[A-Z_]+\b/g)].map(([variable]) => variable));
    expect([...used].sort()).toEqual([...declared].sort());
  });

  it.each(names)('%s declares its name, its hosts and its commands', (name) => {
    const { name: declared, permissions } = manifestOf(name);
    expect(declared).toBe(name);
    expect(permissions.network.allowedHosts).toContain('open-api.chanjing.cc');
    expect(permissions.commands).toEqual(expect.arrayContaining(['node', 'npx', 'chanjing-avatar']));
    const uploads = scriptsOf(name).includes('upload_file');
    expect(permissions.network.allowedHosts.includes('res.chanjing.cc')).toBe(uploads);
  });
});
