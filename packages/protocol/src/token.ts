import { z } from 'zod';

export type TokenRequest = { app_id: string; secret_key: string };

export const tokenRequestSchema: z.ZodType<TokenRequest> = z.object({
  app_id: z.string({ error: 'the app id' }).min(1, { error: 'the app id' }),
  secret_key: z.string({ error: 'the secret key' }).min(1, { error: 'the secret key' }),
});

export type Token = {
  /** Valid for a day; asking for another one ends it at once. */
  access_token: string;
  /** When the token ends: Unix time in seconds (not a number of seconds to live). */
  expire_in: number;
};

export const tokenSchema: z.ZodType<Token> = z.object({
  access_token: z.string(),
  expire_in: z.int().describe('When the token ends: Unix time in seconds.'),
});
