// What the mouth does in timed phones, by the engine's own articulation: the targets that the speech net learns.
// stdin: one JSON object a line, {"phones": [[start, end, ipa], ...], "duration": seconds}.
// stdout: for each, T = floor(100 * duration) frames of 7 little-endian fp32: aperture, width, rounding, closure,
// labiodental, class (index into SPEECH_CLASSES), symbol (0 for silence, else 1 + index into SPEECH_SYMBOLS).
// With the argument "lists": the names of classes and symbols as JSON.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { curvesOfPhones, phoneSymbols, SPEECH_CLASSES, SPEECH_SYMBOLS, symbolClass } from '#engine/internals';

const RATE = 100;
const CURVES = ['aperture', 'width', 'rounding', 'closure', 'labiodental'];
const VALUES = CURVES.length + 2;
const CLASS = CURVES.length;
const SYMBOL = CLASS + 1;

/** Of a diphthong the first part gets 60 %. */
const cuts = (count) => (count === 2 ? [0, 0.6, 1] : Array.from({ length: count + 1 }, (_, k) => k / count));

const targets = ({ phones, duration }) => {
  const timed = phones.map(([start, end, ipa]) => ({ start, end, ipa }));
  const curves = curvesOfPhones(timed, duration, RATE);
  const frames = Math.floor(duration * RATE);
  const rows = new Float32Array(frames * VALUES);
  CURVES.forEach((name, k) => {
    for (let t = 0; t < frames; t++) rows[t * VALUES + k] = curves[name][t];
  });
  for (const { start, end, ipa } of timed) {
    const symbols = phoneSymbols(ipa);
    const bounds = cuts(symbols.length).map((share) => Math.round((start + share * (end - start)) * RATE));
    symbols.forEach((symbol, k) => {
      for (let t = Math.max(0, bounds[k]); t < Math.min(frames, bounds[k + 1]); t++) {
        rows[t * VALUES + CLASS] = symbolClass(symbol);
        rows[t * VALUES + SYMBOL] = 1 + SPEECH_SYMBOLS.indexOf(symbol);
      }
    });
  }
  return rows;
};

if (process.argv[2] === 'lists') {
  console.log(JSON.stringify({ classes: SPEECH_CLASSES, symbols: SPEECH_SYMBOLS }));
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const { buffer } = targets(JSON.parse(line));
    if (!process.stdout.write(Buffer.from(buffer))) await once(process.stdout, 'drain');
  }
}
