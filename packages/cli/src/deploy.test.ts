import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSettings, SETTING_DEFINITIONS } from '@chanjing-avatar/server';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const DEPLOY = fileURLToPath(new URL('../../../deploy/', import.meta.url));
const text = (name: string): string => readFileSync(`${DEPLOY}${name}`, 'utf8');

type Container = { args: string[] };
type Manifest = {
  kind: string;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec: { template: { spec: { containers: Container[] } } };
};
type Service = { image: string; command?: string[]; environment?: Record<string, string | number> };

const compose = parse(text('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const ours = Object.values(compose.services).filter(({ image }) => image === 'chanjing-avatar');
const manifests = readdirSync(`${DEPLOY}kubernetes`).flatMap((name) =>
  parseAllDocuments(text(`kubernetes/${name}`)).map((document) => document.toJS() as Manifest),
);
const containers = manifests
  .filter(({ kind }) => kind === 'Deployment')
  .flatMap(({ spec }) => spec.template.spec.containers);

const FLAGS = Object.values(SETTING_DEFINITIONS).map(({ flag }) => flag);
const KNOWN = Object.values(SETTING_DEFINITIONS).map(({ env }) => env);

describe('what runs the server elsewhere', () => {
  it('gives it only settings that it has', () => {
    const inImage = [...text('Dockerfile').matchAll(/^(?:ENV| {3}) +([A-Z_]+)=/gm)].map(([, name]) => name!);
    const inPods = manifests.flatMap(({ data, stringData }) => Object.keys({ ...data, ...stringData }));
    const inCompose = ours.flatMap(({ environment }) => Object.keys(environment ?? {}));
    expect(inImage.length * inPods.length * inCompose.length).toBeGreaterThan(0);
    const given = [...inImage, ...inPods, ...inCompose].filter((name) => name !== 'NODE_ENV');
    expect(given.filter((name) => !KNOWN.includes(name))).toEqual([]);
  });

  it.each([
    ['compose.yaml', ours.map(({ command }) => command!)],
    ['kubernetes', containers.map(({ args }) => args)],
  ])('starts API processes and workers with flags that serve knows: %s', (_, commands) => {
    const roles = commands.map(([command, ...words]) => {
      expect(command).toBe('serve');
      const flags = Object.fromEntries(
        [...words.join(' ').matchAll(/--(\S+) (\S+)/g)].map(([, ...pair]) => pair),
      );
      expect(Object.keys(flags).filter((flag) => !FLAGS.includes(flag))).toEqual([]);
      return readSettings(flags, {}).settings.role;
    });
    expect(new Set(roles)).toEqual(new Set(['api', 'worker']));
  });
});
