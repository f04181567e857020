import { expect, it } from 'vitest';
import { readSettings, settingsTable } from './settings.js';

it('prefers flags to the environment to defaults, and says where each value came from', () => {
  const read = readSettings({ port: '9000' }, { PORT: '8000', FILE_READY_STATUS: '1', HOST: '' });
  expect(read.settings).toMatchObject({ port: 9000, fileReadyStatus: 1, host: '127.0.0.1' });
  expect(read.sources).toMatchObject({ port: 'flag', fileReadyStatus: 'environment', host: 'default' });
});

it.each([
  [{ port: '70000' }, '--port is "70000". Expected a whole number from 0 to 65535.'],
  [{ 'callback-allow': '10.0.0.0' }, 'Expected address ranges'],
  [{ 'cors-origins': 'example.com' }, 'Expected origins like'],
  [{ 'cors-origins': 'https://example.com/' }, 'Expected origins like'],
  [{ 'public-url': 'example.com' }, 'Expected an http or https URL'],
  [{ 'file-ready-status': '3' }, 'Expected 1 or 2'],
])('refuses %j', (flags, message) => {
  expect(() => readSettings(flags as never, {})).toThrow(message);
});

it('prints every setting in one table and hides the password', () => {
  const table = settingsTable(readSettings({}, { DATABASE_URL: 'postgresql://me:s3cret@db/x' }));
  expect(table).toMatch(/--port +PORT +8080 +default/);
  expect(table).toContain('postgresql://me:***@db/x');
  expect(table).not.toContain('s3cret');
});
