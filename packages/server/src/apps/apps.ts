import { randomBytes } from 'node:crypto';
import { LIMITS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import { batched } from '../database/batched.js';
import type { Database } from '../database/database.js';
import { ServerError } from '../errors/server-error.js';
import { newId, randomText, sha256 } from '../identifiers.js';
import { endSessionsOf } from '../sessions/sessions.js';
import { type Quotas, quotasOf } from './quotas.js';

/** An app as its operator sees it; the secret itself is never stored. */
export type App = {
  id: string;
  name: string;
  createdAt: Date;
  disabledAt: Date | null;
  quotas: Quotas;
};

/** Shown once, when they are made. */
export type AppSecrets = { id: string; name: string; secretKey: string; callbackSecret: string };

const unknownApp = (id: string): ServerError =>
  new ServerError('unknown-app', {
    wrong: `There is no app ${id}.`,
    expected: 'Expected the id of an app.',
    remedy: 'See the ids with: chanjing-avatar apps list.',
  });

const newCallbackSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Makes an app. Throws {@link ServerError} when the name is taken or empty. */
export const createApp = async (db: Database, name: string): Promise<AppSecrets> => {
  const app = {
    id: newId(),
    name,
    secretKey: randomText(48),
    callbackSecret: newCallbackSecret(),
  };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('app')
    .values({
      id: app.id,
      name,
      secret_hash: sha256(app.secretKey),
      callback_secret: app.callbackSecret,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) {
    throw new ServerError('app-name-taken', {
      wrong: `There is already an app named ${JSON.stringify(name)}.`,
      expected: 'Expected a name that no app has.',
      remedy: 'Choose another name, or give that app a new secret with: chanjing-avatar apps rotate.',
    });
  }
  return app;
};

export const listApps = async (db: Database): Promise<App[]> => {
  const rows = await db.selectFrom('app').selectAll().orderBy('created_at').execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    quotas: quotasOf(row),
  }));
};

/** Gives an app a new secret key; its old secret, its token and the sessions of its people end at once. */
export const rotateApp = async (db: Database, id: string): Promise<AppSecrets> => {
  const secretKey = randomText(48);
  const row = await db
    .updateTable('app')
    .set({ secret_hash: sha256(secretKey), token_hash: null, token_expires_at: null })
    .where('id', '=', id)
    .returning(['name', 'callback_secret'])
    .executeTakeFirst();
  if (!row) throw unknownApp(id);
  await endSessionsOf(db, id);
  return { id, name: row.name, secretKey, callbackSecret: row.callback_secret };
};

/** Gives an app another secret to sign its callbacks with; the next try of each delivery is signed with it. */
export const rotateCallbackSecret = async (
  db: Database,
  id: string,
): Promise<{ id: string; name: string; callbackSecret: string }> => {
  const callbackSecret = newCallbackSecret();
  const row = await db
    .updateTable('app')
    .set({ callback_secret: callbackSecret })
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  if (!row) throw unknownApp(id);
  return { id, name: row.name, callbackSecret };
};

/** Lets a disabled app have tokens again. */
export const enableApp = async (db: Database, id: string): Promise<void> => {
  const { numUpdatedRows } = await db
    .updateTable('app')
    .set({ disabled_at: null })
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw unknownApp(id);
};

/** Sets those quotas that are given; null takes one away. Returns all of them. */
export const setQuotas = async (db: Database, id: string, quotas: Partial<Quotas>): Promise<Quotas> => {
  const { storageBytes, renderMinutesADay, pixels } = quotas;
  const row = await db
    .updateTable('app')
    .set({
      // Something is always set, so that an app that is not there is told.
      name: sql`name`,
      ...(storageBytes === undefined ? {} : { storage_limit: storageBytes }),
      ...(renderMinutesADay === undefined
        ? {}
        : { render_seconds_limit: renderMinutesADay === null ? null : renderMinutesADay * 60 }),
      ...(pixels === undefined ? {} : { pixels_limit: pixels }),
    })
    .where('id', '=', id)
    .returning(['storage_limit', 'render_seconds_limit', 'pixels_limit'])
    .executeTakeFirst();
  if (!row) throw unknownApp(id);
  return quotasOf(row);
};

/** Ends an app's token and sessions and lets it have no others; its tasks and files stay. */
export const disableApp = async (db: Database, id: string): Promise<void> => {
  const { numUpdatedRows } = await db
    .updateTable('app')
    .set({ disabled_at: new Date(), token_hash: null, token_expires_at: null })
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw unknownApp(id);
  await endSessionsOf(db, id);
};

/** A new token for a day; the app's previous one ends. Undefined for a wrong pair, whichever half was wrong. */
export const issueToken = async (
  db: Database,
  request: { app_id: string; secret_key: string },
): Promise<{ access_token: string; expire_in: number } | undefined> => {
  const token = randomText(64);
  const expiresAt = Math.floor(Date.now() / 1000) + LIMITS.tokenSeconds;
  const { numUpdatedRows } = await db
    .updateTable('app')
    .set({ token_hash: sha256(token), token_expires_at: new Date(expiresAt * 1000) })
    .where('id', '=', request.app_id.replaceAll('\0', ''))
    .where('secret_hash', '=', sha256(request.secret_key))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return undefined;
  return { access_token: token, expire_in: expiresAt };
};

/** Finds the id of the app that holds a token, its own or that of a session; undefined when nobody does. */
export const tokenReader = (db: Database): ((token: string) => Promise<string | undefined>) => {
  const appOfHash = batched<string, string>(async (hashes) => {
    const sessions = db
      .selectFrom('session')
      .innerJoin('app', 'app.id', 'session.app_id')
      .select(['app.id', 'session.token_hash'])
      .where('session.token_hash', 'in', hashes)
      .where('session.expires_at', '>', new Date())
      .where('app.disabled_at', 'is', null);
    const rows = await db
      .selectFrom('app')
      .select(['id', 'token_hash'])
      .where('token_hash', 'in', hashes)
      .where('token_expires_at', '>', new Date())
      .where('disabled_at', 'is', null)
      .unionAll(sessions)
      .execute();
    return new Map(rows.map((row) => [row.token_hash!, row.id]));
  });
  return (token) => appOfHash(sha256(token));
};
