import { z } from 'zod';
import type { TokenRequest } from './token.js';

/** A one-time sign-in code (good for 15 minutes), or the keys of an app. */
export type SessionRequest = { code: string } | TokenRequest;

const EXPECTED = 'the code of a sign-in link, or app_id and secret_key';

// One object and no union: what fits none of a union is repeated in the error, secrets and all.
export const sessionRequestSchema: z.ZodType<SessionRequest> = z
  .object({
    code: z.string({ error: EXPECTED }).optional().describe('Of a sign-in link; good once, for 15 minutes.'),
    app_id: z.string({ error: EXPECTED }).optional().describe('With secret_key, instead of a code.'),
    secret_key: z.string({ error: EXPECTED }).optional(),
  })
  .refine(({ code, app_id, secret_key }) => Boolean(code || (app_id && secret_key)), {
    error: EXPECTED,
    path: ['code'],
  }) as unknown as z.ZodType<SessionRequest>;

export type Session = {
  /** Sent as `access_token` like an app's own token, which stays as it is. */
  access_token: string;
  /** When the session ends: Unix time in seconds. */
  expire_in: number;
  app_id: string;
  app_name: string;
};

export const sessionSchema: z.ZodType<Session> = z.object({
  access_token: z.string().describe("Sent like an app's own token, which stays as it is."),
  expire_in: z.int().describe('When the session ends: Unix time in seconds.'),
  app_id: z.string(),
  app_name: z.string(),
});

/** No parameters. */
export type Nothing = Record<string, never>;

export const nothingSchema: z.ZodType<Nothing> = z.object({}) as unknown as z.ZodType<Nothing>;
