import { type App, type AppSecrets, createApp, disableApp, listApps, rotateApp } from './apps/apps.js';
import { type DeliveryRecord, listDeliveries } from './callbacks/delivery-log.js';
import { visitDatabase } from './open-database.js';
import type { Settings } from './settings.js';

/** What an operator can do with apps and their callbacks. All throw {@link ServerError} with what to do. */
export type AppCommands = {
  create(name: string): Promise<AppSecrets>;
  list(): Promise<App[]>;
  rotate(id: string): Promise<AppSecrets>;
  disable(id: string): Promise<void>;
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
      disable: (id) => disableApp(db, id),
      deliveries: (filter) => listDeliveries(db, filter),
    }),
  );
