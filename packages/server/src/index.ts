export type { App, AppSecrets } from './apps/apps.js';
export type { DeliveryRecord } from './callbacks/delivery-log.js';
export { DataDirectoryInUseError } from './errors/data-directory-in-use-error.js';
export { DatabasePlatformError } from './errors/database-platform-error.js';
export { DatabaseStartError } from './errors/database-start-error.js';
export { ServerError } from './errors/server-error.js';
export { type AppCommands, withApps } from './manage-apps.js';
export { type RunningServer, type ServeOptions, serve } from './serve.js';
export {
  type ReadSettings,
  readSettings,
  SETTING_DEFINITIONS,
  type Settings,
  settingsTable,
} from './settings.js';
