import { openVoices, type Voice } from '@chanjing-avatar/engine';
import { CommandError } from './command-error.js';
import { parseOptions, textOption } from './option-values.js';

const COLUMNS = ['id', 'name', 'gender', 'language', 'provider'] as const;

const printTable = (voices: readonly Voice[]): void => {
  const rows = [COLUMNS, ...voices.map((voice) => COLUMNS.map((column) => voice[column]))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column]));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
};

/** `chanjing-avatar voices`: list the voices, of one language where asked. */
export const voicesCommand = async (args: readonly string[]): Promise<void> => {
  const values = parseOptions(args, { lang: { type: 'string' }, json: { type: 'boolean' } });
  const language = textOption(values, 'lang')?.toLowerCase().split(/[-_]/)[0];
  const catalogue = openVoices();
  try {
    const all = await catalogue.voices();
    const voices = language === undefined ? all : all.filter((voice) => voice.language === language);
    if (voices.length === 0) {
      const known = [...new Set(all.map((voice) => voice.language))].sort().join(', ');
      throw new CommandError('no-voice', `No voice speaks "${language}". There are voices for: ${known}.`);
    }
    if (values.json) process.stdout.write(`${JSON.stringify(voices, undefined, 2)}\n`);
    else printTable(voices);
  } finally {
    await catalogue.close();
  }
};
