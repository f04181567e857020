import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { SpeechNetError } from '../errors/speech-net-error.js';
import { readSpeechWeights } from './speech-weights.js';

const shipped = new URL('../../weights/', import.meta.url);
const folders: string[] = [];
const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'weights-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('readSpeechWeights', () => {
  it('refuses damaged weights', () => {
    const folder = emptyFolder();
    const data = readFileSync(new URL('speech-net.bin', shipped));
    data[1000] ^= 1;
    writeFileSync(join(folder, 'speech-net.bin'), data);
    writeFileSync(join(folder, 'speech-net.json'), readFileSync(new URL('speech-net.json', shipped)));
    expect(() => readSpeechWeights(pathToFileURL(`${folder}/`))).toThrow(SpeechNetError);
  });

  it('says where it looked when there are none', () => {
    const folder = emptyFolder();
    expect(() => readSpeechWeights(pathToFileURL(`${folder}/`))).toThrow(folder);
  });
});
