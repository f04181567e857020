import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** The folder under `src` that a file lies in; undefined for the few files beside the folders. */
const folderOf = (file: string): string | undefined => file.split(sep).slice(0, -1)[0];

/** Which folders each folder imports from, types included; tests may import what they like. */
const dependencies = (): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    const from = folderOf(file);
    if (from === undefined || !file.endsWith('.ts') || file.includes('.test')) continue;
    for (const [, target] of readFileSync(join(SOURCE, file), 'utf8').matchAll(/from '(\.[^']+)'/gu)) {
      const to = folderOf(normalize(join(dirname(file), target)));
      if (to !== undefined && to !== from) found.set(from, (found.get(from) ?? new Set()).add(to));
    }
  }
  return found;
};

/** Some way from a folder back to itself; undefined when there is none. */
const findCircle = (graph: Map<string, Set<string>>): string[] | undefined => {
  const done = new Set<string>();
  const walk = (folder: string, way: string[]): string[] | undefined => {
    if (way.includes(folder)) return [...way.slice(way.indexOf(folder)), folder];
    if (done.has(folder)) return undefined;
    for (const next of graph.get(folder) ?? []) {
      const circle = walk(next, [...way, folder]);
      if (circle) return circle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of graph.keys()) {
    const circle = walk(folder, []);
    if (circle) return circle;
  }
  return undefined;
};

test('folders depend on each other in one direction only', () => {
  const graph = dependencies();
  expect(graph.get('render')).toContain('picture');
  expect(findCircle(graph)).toBeUndefined();
});

test('a circle would be found', () => {
  const graph = new Map([
    ['render', new Set(['donor', 'picture'])],
    ['donor', new Set(['picture', 'face'])],
    ['face', new Set(['render'])],
  ]);
  expect(findCircle(graph)).toEqual(['render', 'donor', 'face', 'render']);
});
