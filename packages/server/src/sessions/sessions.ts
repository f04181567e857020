import { LIMITS, type Session, type SessionRequest } from '@chanjing-avatar/protocol';
import type { Database } from '../database/database.js';
import { randomText, sha256 } from '../identifiers.js';

/** A sign-in link is good this long, and once. */
const CODE_SECONDS = 900;

/** Links are made this often without one being used; more than these are dropped, the oldest first. */
const OPEN_CODES = 20;

const inSeconds = (seconds: number): Date => new Date((Math.floor(Date.now() / 1000) + seconds) * 1000);

/** A code that signs in one person once, within 15 minutes. Only its hash is kept. */
export const makeSignInCode = async (db: Database, appId: string): Promise<string> => {
  const code = randomText(43);
  await db
    .insertInto('sign_in_code')
    .values({ code_hash: sha256(code), app_id: appId, expires_at: inSeconds(CODE_SECONDS) })
    .execute();
  const kept = db
    .selectFrom('sign_in_code')
    .select('code_hash')
    .where('app_id', '=', appId)
    .orderBy('expires_at', 'desc')
    .limit(OPEN_CODES);
  await db
    .deleteFrom('sign_in_code')
    .where(({ or, and, eb }) =>
      or([
        eb('expires_at', '<', new Date()),
        and([eb('app_id', '=', appId), eb('code_hash', 'not in', kept)]),
      ]),
    )
    .execute();
  return code;
};

type AppName = { id: string; name: string };

const appOfCode = async (db: Database, code: string): Promise<AppName | undefined> => {
  const used = await db
    .deleteFrom('sign_in_code')
    .where('code_hash', '=', sha256(code))
    .where('expires_at', '>', new Date())
    .returning('app_id')
    .executeTakeFirst();
  if (!used) return undefined;
  return db
    .selectFrom('app')
    .select(['id', 'name'])
    .where('id', '=', used.app_id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
};

const appOfPair = (
  db: Database,
  { app_id, secret_key }: { app_id: string; secret_key: string },
): Promise<AppName | undefined> =>
  db
    .selectFrom('app')
    .select(['id', 'name'])
    .where('id', '=', app_id.replaceAll('\0', ''))
    .where('secret_hash', '=', sha256(secret_key))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();

/** Signs in; the app's own token goes on. Undefined for a wrong, used or expired code, and for a wrong pair. */
export const createSession = async (db: Database, request: SessionRequest): Promise<Session | undefined> => {
  const app = 'code' in request ? await appOfCode(db, request.code) : await appOfPair(db, request);
  if (!app) return undefined;
  const token = randomText(64);
  const expiresAt = inSeconds(LIMITS.tokenSeconds);
  await db
    .insertInto('session')
    .values({ token_hash: sha256(token), app_id: app.id, expires_at: expiresAt })
    .execute();
  await db.deleteFrom('session').where('expires_at', '<', new Date()).execute();
  return {
    access_token: token,
    expire_in: expiresAt.getTime() / 1000,
    app_id: app.id,
    app_name: app.name,
  };
};

/** Signs out. An app's own token is no session and stays. */
export const endSession = async (db: Database, token: string): Promise<void> => {
  await db.deleteFrom('session').where('token_hash', '=', sha256(token)).execute();
};

/** Ends every session of an app, and the links to others. */
export const endSessionsOf = async (db: Database, appId: string): Promise<void> => {
  await db.deleteFrom('session').where('app_id', '=', appId).execute();
  await db.deleteFrom('sign_in_code').where('app_id', '=', appId).execute();
};

/** The page that a person opens to sign in. In the fragment: what stands there is sent to no server and no log. */
export const signInLink = (serverUrl: string, code: string): string => `${serverUrl}/#/sign-in?code=${code}`;
