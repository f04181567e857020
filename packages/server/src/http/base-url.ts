import type { FastifyRequest } from 'fastify';
import type { Settings } from '../settings.js';

const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** URL of this server as the caller reached it, without a slash at the end; links in replies begin with it. */
export const baseUrlOf = (settings: Settings, request: FastifyRequest): string => {
  if (settings.publicUrl) return settings.publicUrl;
  const { localAddress = '127.0.0.1', localPort } = request.socket;
  const local = `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
  const host = request.host ?? '';
  return `${request.protocol}://${HOST.test(host) ? host : local}`;
};
