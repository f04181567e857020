import { type Script, scriptOf } from './script.js';

/** A stretch of text in one script; blanks, digits and punctuation belong to the stretch before them. */
export type ScriptRun = { readonly text: string; readonly script: Script };

/** Cuts a text where it changes between `own` scripts (all taken as the first of them) and foreign ones. */
export const scriptRuns = (text: string, own: readonly Script[]): readonly ScriptRun[] => {
  const runs: { text: string; script: Script }[] = [];
  let waiting = '';
  for (const letter of text) {
    const found = scriptOf(letter);
    const script = found !== undefined && own.includes(found) ? own[0] : found;
    const last = runs.at(-1);
    if (script === undefined && last === undefined) waiting += letter;
    else if (script === undefined || script === last?.script) last!.text += letter;
    else {
      runs.push({ text: waiting + letter, script });
      waiting = '';
    }
  }
  if (waiting !== '') runs.push({ text: waiting, script: own[0] });
  return runs;
};
