/** How far the pitch of a voice is moved at most, in octaves. Beyond, it sounds like nobody. */
const HIGHEST = 0.6;
const LOWEST = 0.45;

/**
 * What the `pitch` of a request (0.1 to 3) does: octaves by which the voice is raised (or lowered, negative). Near 1
 * the number is the factor of the fundamental frequency (1.1 is 10 % higher); far from 1 it levels out at 0.6 octaves
 * up (factor 1.52) and 0.45 octaves down (factor 0.73), so that every allowed number gives a human voice.
 */
export const pitchOctaves = (pitch: number): number => {
  const asked = Math.log2(pitch);
  const most = asked > 0 ? HIGHEST : LOWEST;
  return most * Math.tanh(asked / most);
};
