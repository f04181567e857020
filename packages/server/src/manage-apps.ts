import {
  type App,
  type AppSecrets,
  createApp,
  disableApp,
  enableApp,
  listApps,
  rotateApp,
  rotateCallbackSecret,
  setQuotas,
} from './apps/apps.js';
import type { Quotas } from './apps/quotas.js';
import { type DeliveryRecord, listDeliveries } from './callbacks/delivery-log.js';
import { rotateSigningKey } from './files/signed-urls.js';
import { visitDatabase } from './open-database.js';
import { makeSignInCode, signInLink } from './sessions/sessions.js';
import type { Settings } from './settings.js';

/** What an operator can do with apps and their callbacks. All throw {@link ServerError} with what to do. */
export type AppCommands = {
  create(name: string): Promise<AppSecrets>;
  list(): Promise<App[]>;
  rotate(id: string): Promise<AppSecrets>;
  /** Another secret for the signatures of callbacks. */
  rotateCallback(id: string): Promise<Pick<AppSecrets, 'id' | 'name' | 'callbackSecret'>>;
  disable(id: string): Promise<void>;
  enable(id: string): Promise<void>;
  /** Sets those that are given, null takes one away; returns all. */
  setQuotas(id: string, quotas: Partial<Quotas>): Promise<Quotas>;
  /** Ends every URL to upload to or read from that was given out, of all apps. */
  rotateUrls(): Promise<void>;
  /** A link that signs in one person to the console once, within 15 minutes. */
  signInLink(id: string, serverUrl: string): Promise<string>;
  deliveries(filter: { appId?: string; taskId?: string; limit?: number }): Promise<DeliveryRecord[]>;
};

/** Opens the apps of a data directory or database for a moment, whether its server runs or not. */
export const withApps = <Result>(
  settings: Pick<Settings, 'dataDir' | 'databaseUrl'>,
  work: (apps: AppCommands) => Promise<Result>,
): Promise<Result> =>
  visitDatabase(settings, (db) =>
    work({
      create: (name) => createApp(db, name),
      list: () => listApps(db),
      rotate: (id) => rotateApp(db, id),
      rotateCallback: (id) => rotateCallbackSecret(db, id),
      disable: (id) => disableApp(db, id),
      enable: (id) => enableApp(db, id),
      setQuotas: (id, quotas) => setQuotas(db, id, quotas),
      rotateUrls: () => rotateSigningKey(db),
      signInLink: async (id, serverUrl) => signInLink(serverUrl, await makeSignInCode(db, id)),
      deliveries: (filter) => listDeliveries(db, filter),
    }),
  );
