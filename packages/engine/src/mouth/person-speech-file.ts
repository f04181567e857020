import { readSealedFile, writeSealedFile } from '../cache/sealed-file.js';
import type { PersonSpeech } from './person-speech.js';

/** Changes whenever the layout or the way a person is learned does. */
const MARK = 'CJPERSON02';

/** Keeps what was learned, also when that was nothing. JSON. */
export const writePersonSpeech = async (path: string, person: PersonSpeech | undefined): Promise<void> =>
  writeSealedFile(path, MARK, [Buffer.from(JSON.stringify({ person }))]);

/** What was learned; undefined when the file is absent, broken, or of another version. */
export const readPersonSpeech = async (path: string): Promise<{ person?: PersonSpeech } | undefined> => {
  const content = await readSealedFile(path, MARK);
  return content && (JSON.parse(content.toString()) as { person?: PersonSpeech });
};
