import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readSettings, settingsTable } from './read-settings.js';
import { SETTING_DEFINITIONS } from './settings.js';

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

it('is documented, each flag and variable', async () => {
  const page = (name: string) => readFile(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8');
  const table = (await page('self-hosting')) + (await page('scaling'));
  for (const { flag, env } of Object.values(SETTING_DEFINITIONS)) {
    expect(table).toContain(`\`--${flag}\``);
    expect(table).toContain(`\`${env}\``);
  }
});

it.each([
  'postgresql://me:s3cret@db/x',
  'postgresql://db/x?user=me&password=s3cret&sslmode=require',
  'mysql://me:s3cret@db/x',
  'postgresql://me:s3cret/s3cret:s3cret@s3cret@db/x',
])('never shows the password of %s', (url) => {
  const shown = (): string => {
    try {
      return settingsTable(readSettings({}, { DATABASE_URL: url }));
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(shown()).toContain('***');
  expect(shown()).not.toContain('s3cret');
});

it.each(['http://me:s3cret@voices/', 'https://s3cret@voices/', 'http://me:s3/s3cret@voices/'])(
  'refuses the speech URL %s and does not repeat its password',
  (url) => {
    const read = (): unknown => readSettings({ 'speech-url': url }, {});
    expect(read).toThrow(
      /^--speech-url is .*\*\*\*@voices.* Expected an http or https URL without user and password/,
    );
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cret') }));
  },
);

it('never shows the key of the speech server', () => {
  const table = settingsTable(readSettings({}, { SPEECH_API_KEY: 's3cret' }));
  expect(table).toMatch(/SPEECH_API_KEY +\*\*\* +environment/);
});

it('prints every setting in one table', () => {
  const table = settingsTable(readSettings({}, { DATABASE_URL: 'postgresql://me:s3cret@db/x' }));
  expect(table).toMatch(/--port +PORT +8080 +default/);
  expect(table).toContain('postgresql://me:***@db/x');
  expect(table).not.toContain('s3cret');
});
