import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A few hosts with addresses of their own, as network namespaces that hang on one bridge. */
export type Lab = {
  /** Of this machine, as the hosts see it. */
  readonly address: string;
  readonly network: string;
  addressOf(host: string): string;
  /** Words before a command that let it run on a host. */
  enter(host: string): string[];
  /** Pulls the cable of a host, or plugs it in again. */
  cable(host: string, state: 'up' | 'down'): void;
  close(): Promise<void>;
};

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/** Whether network namespaces can be made here. */
export const canMakeLab = (): boolean => {
  const name = `cj-probe-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'delete', name);
    return true;
  } catch {
    return false;
  }
};

export const makeLab = (hosts: readonly string[]): Lab => {
  const tag = `cj${process.pid % 100_000}`;
  const subnet = `10.231.${process.pid % 250}`;
  const bridge = `${tag}b`;
  const index = (host: string): number => hosts.indexOf(host);
  const nameOf = (host: string): string => `${tag}-${host}`;
  const cableOf = (host: string): string => `${tag}v${index(host)}`;
  const addressOf = (host: string): string => `${subnet}.${index(host) + 10}`;
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('address', 'add', `${subnet}.1/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  for (const host of hosts) {
    const name = nameOf(host);
    ip('netns', 'add', name);
    ip('link', 'add', cableOf(host), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', cableOf(host), 'master', bridge, 'up');
    ip('-n', name, 'address', 'add', `${addressOf(host)}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  return {
    address: `${subnet}.1`,
    network: `${subnet}.0/24`,
    addressOf,
    enter: (host) => ['nsenter', `--net=/var/run/netns/${nameOf(host)}`, '--'],
    cable: (host, state) => ip('link', 'set', cableOf(host), state),
    close: async () => {
      // A namespace goes when its last process has.
      await sleep(500);
      for (const host of hosts) ip('netns', 'delete', nameOf(host));
      ip('link', 'delete', bridge);
    },
  };
};
