import { readSealedFile, writeSealedFile } from '../cache/sealed-file.js';
import type { SpeakingStyle } from './speaking-style.js';

/** Changes whenever the layout or the way a style is learned does. */
const MARK = 'CJSTYLE02';

/** Keeps what was learned, also when that was nothing. JSON. */
export const writeSpeakingStyle = async (path: string, style: SpeakingStyle | undefined): Promise<void> =>
  writeSealedFile(path, MARK, [Buffer.from(JSON.stringify({ style }))]);

/** What was learned; undefined when the file is absent, broken, or of another version. */
export const readSpeakingStyle = async (path: string): Promise<{ style?: SpeakingStyle } | undefined> => {
  const content = await readSealedFile(path, MARK);
  return content && (JSON.parse(content.toString()) as { style?: SpeakingStyle });
};
