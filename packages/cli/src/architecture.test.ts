import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LIPSYNC_OPTIONS } from './local/lipsync-arguments.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (page: string): string => readFileSync(ROOT + page, 'utf8');

/** Files and folders that a page names, from the root of the repository. */
const named = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\b(?:packages|skills|docs|bench|training)\/[\w./-]*[\w]/g)].map(([path]) => path),
  ),
];

describe('pages for whoever joins', () => {
  it.each(['docs/architecture.md', 'CONTRIBUTING.md', 'AGENTS.md', 'CHANGELOG.md'])(
    '%s names only files that exist',
    (page) => {
      const text = read(page).replaceAll('/dist/', '/src/');
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target!);
      const fromRoot = links.map((target) => (page.startsWith('docs/') ? `docs/${target}` : target));
      expect([...named(text), ...fromRoot].filter((path) => !existsSync(ROOT + path))).toEqual([]);
    },
  );

  it('tell a journey in ten lines', () => {
    const [, frame, task] = read('docs/architecture.md').split(/^## /m);
    for (const journey of [frame, task]) expect(journey!.match(/^\d+\. /gm)).toHaveLength(10);
  });
});

describe('README.md', () => {
  it('names every option of lipsync, with its range', () => {
    const text = read('README.md');
    for (const [name, { allowed }] of Object.entries(LIPSYNC_OPTIONS)) {
      const row = text.split('\n').find((line) => line.startsWith('|') && line.includes(`--${name}`));
      expect(row ?? text, name).toMatch(name === 'output' ? /-o OUT/ : `--${name}`);
      if (row && allowed && 'words' in allowed) for (const word of allowed.words) expect(row).toContain(word);
    }
  });
});
