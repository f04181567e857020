import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditionText, openVoices, type Voice, type VoiceCatalogue, waveFile } from '@chanjing-avatar/engine';
import { CommandError } from './command-error.js';
import { parseOptions, textOption } from './option-values.js';
import { UsageError } from './usage-error.js';
import { voiceSettings } from './voice-settings.js';

const COLUMNS = ['id', 'name', 'gender', 'language', 'provider'] as const;

const printTable = (voices: readonly Voice[]): void => {
  const rows = [COLUMNS, ...voices.map((voice) => COLUMNS.map((column) => voice[column]))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column]));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
};

/** Writes what each voice sounds like, under its name, and prints the paths. */
const writeAuditions = async (
  catalogue: VoiceCatalogue,
  voices: readonly Voice[],
  directory: string,
  signal: AbortSignal,
): Promise<void> => {
  await mkdir(directory, { recursive: true });
  for (const { id, name, language } of voices) {
    const text = auditionText(language);
    const { samples, sampleRate } = await catalogue.speak({ text, voice: id }, signal);
    const path = join(directory, `${language}-${name.replaceAll(/[/\\\s]/gu, '_')}-${id}.wav`);
    await writeFile(path, waveFile(samples, sampleRate));
    process.stdout.write(`${path}\n`);
  }
};

/** `chanjing-avatar voices`: list the voices, of one language where asked, or let them be heard. */
export const voicesCommand = async (args: readonly string[], signal: AbortSignal): Promise<void> => {
  const values = parseOptions(args, {
    lang: { type: 'string' },
    json: { type: 'boolean' },
    auditions: { type: 'string' },
  });
  const language = textOption(values, 'lang')?.toLowerCase().split(/[-_]/)[0];
  const auditions = textOption(values, 'auditions');
  if (auditions === '') throw new UsageError('--auditions is empty: give the directory for the samples.');
  const catalogue = openVoices(voiceSettings());
  try {
    const all = await catalogue.voices();
    const voices = language === undefined ? all : all.filter((voice) => voice.language === language);
    if (voices.length === 0) {
      const known = [...new Set(all.map((voice) => voice.language))].sort().join(', ');
      throw new CommandError('no-voice', `No voice speaks "${language}". There are voices for: ${known}.`);
    }
    if (auditions !== undefined) await writeAuditions(catalogue, voices, auditions, signal);
    else if (values.json) process.stdout.write(`${JSON.stringify(voices, undefined, 2)}\n`);
    else printTable(voices);
  } finally {
    await catalogue.close();
  }
};
