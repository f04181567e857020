import type { Voice } from './voice-provider.js';

/** The fewest insertions, deletions and replacements that turn one text into the other (Levenshtein 1966). */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (from[i] === to[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length];
};

/** How far a wanted name is from a voice, 0 the same to 1 nothing in common. */
const strangeness = (wanted: string, { id, name, language }: Voice): number => {
  if (language === wanted) return 0.3;
  const byName = editDistance(wanted, name.toLowerCase()) / Math.max(wanted.length, name.length);
  const byId = editDistance(wanted, id.toLowerCase()) / Math.max(wanted.length, id.length);
  return Math.min(byName, byId);
};

/** At most three voices whose name, id or language comes near what was wanted, nearest first. */
export const nearVoices = (wanted: string, voices: readonly Voice[]): readonly Voice[] => {
  const key = wanted.trim().toLowerCase().slice(0, 60);
  return voices
    .map((voice) => ({ voice, far: strangeness(key, voice) }))
    .filter(({ far }) => far <= 0.6)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ voice }) => voice);
};
