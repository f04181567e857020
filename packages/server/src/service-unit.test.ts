import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

const GUIDE = new URL('../../../docs/self-hosting.md', import.meta.url);

/** The unit that the guide shows. */
const unit = (): string => /```ini\n(.*?)```/s.exec(readFileSync(GUIDE, 'utf8'))![1]!;

it('shows a unit that leaves the service little to attack with', ({ skip }) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) return skip('no systemd-analyze here');
  const directory = mkdtempSync(path.join(os.tmpdir(), 'chanjing-unit-'));
  try {
    const file = path.join(directory, 'chanjing-avatar.service');
    writeFileSync(file, unit());
    const rating = execFileSync('systemd-analyze', ['security', '--offline=true', file]).toString();
    const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(rating)!;
    expect(Number(exposure)).toBeLessThanOrEqual(2);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
