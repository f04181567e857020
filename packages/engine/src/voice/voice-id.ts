import { createHash } from 'node:crypto';

/** The id of a voice in the form of the Open API: `C-` and 32 hex digits that depend on provider and name alone. */
export const voiceId = (provider: string, name: string): string =>
  `C-${createHash('sha256').update(`${provider}/${name}`).digest('hex').slice(0, 32)}`;
