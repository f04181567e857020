import type { Command } from './command.js';

/** The commands about servers, ours and the vendor's, each loaded when it is used. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('../serve/serve.js')).serve,
  apps: async () => (await import('../serve/apps.js')).apps,
  login: async () => (await import('./login.js')).login,
  logout: async () => (await import('./login.js')).logout,
  status: async () => (await import('./status.js')).status,
  token: async () => (await import('./status.js')).token,
  voices: async () => (await import('./server-voices.js')).serverVoices,
  speak: async () => (await import('./speak.js')).speak,
  upload: async () => (await import('./upload.js')).upload,
  create: async () => (await import('./create.js')).create,
  run: async () => (await import('./run.js')).run,
  poll: async () => (await import('./poll.js')).poll,
  list: async () => (await import('./tasks.js')).list,
  get: async () => (await import('./tasks.js')).get,
  cancel: async () => (await import('./tasks.js')).cancel,
  download: async () => (await import('./tasks.js')).download,
  doctor: async () => (await import('../doctor/doctor.js')).doctor,
  mcp: async () => (await import('../mcp/mcp.js')).mcp,
  completion: async () => (await import('./completion.js')).completion,
};

/**
 * Whether a command line is about servers. `voices` is when it says --server, else it is about the local engine. `skill`
 * runs the scripts of the agent skills, whose arguments and output are the vendor's.
 */
export const isServerCommand = ([name, ...args]: readonly string[]): boolean => {
  if (name === undefined) return false;
  if (name === 'voices') return args.includes('--server');
  return name === 'skill' || Object.hasOwn(commands, name);
};
