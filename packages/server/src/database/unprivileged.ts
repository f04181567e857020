import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How to start a program that refuses to run as root, and who owns its files then. */
export type Launcher = {
  command(program: string, args: readonly string[]): [string, string[]];
  /** Set when the program runs as another user, who must own its directories. */
  readonly owner?: { uid: number; gid: number };
};

const works = (command: string, args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const accountOf = (name: string): { uid: number; gid: number } | undefined => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
};

const NAMESPACE = ['-U', '--map-user=65534', '--map-group=65534'];

/**
 * PostgreSQL refuses to run as root. As root it is started in a user namespace where it is nobody (this changes no
 * owner and works below directories that only root may enter); where namespaces are forbidden, as the user
 * `postgres` or `nobody`.
 */
export const unprivilegedLauncher = (): Launcher => {
  if (process.getuid?.() !== 0) return { command: (program, args) => [program, [...args]] };
  if (works('unshare', [...NAMESPACE, 'true'])) {
    return { command: (program, args) => ['unshare', [...NAMESPACE, program, ...args]] };
  }
  const owner = accountOf('postgres') ?? accountOf('nobody');
  return { command: (program, args) => [program, [...args]], ...(owner ? { owner } : {}) };
};

/** Arguments that make a program end with its parent, even when that is killed; empty where Linux tools lack. */
export const endWithParent = (signal: 'INT' | 'KILL'): readonly string[] =>
  process.platform === 'linux' && works('setpriv', ['--version'])
    ? ['setpriv', '--pdeathsig', signal, '--']
    : [];
