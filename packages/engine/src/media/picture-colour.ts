import type { ColourTransform } from '../colour/colour-transform.js';
import { colourOfProfile } from '../colour/icc-profile.js';
import { readPhotoProfile } from '../colour/photo-profile.js';
import { areWide } from '../colour/primaries.js';
import { toneMapped, wideGamut } from '../colour/video-colour.js';
import type { MediaProbe } from './probe.js';

/** What must be done to a source's colours; undefined when they are those of bt709, or as good as. */
export const colourOf = async (
  path: string,
  { kind, hdrTransfer, primaries }: MediaProbe,
): Promise<ColourTransform | undefined> => {
  if (hdrTransfer) return toneMapped(hdrTransfer, primaries ?? 'bt2020');
  const profile = kind === 'still' ? await readPhotoProfile(path) : undefined;
  if (profile) return colourOfProfile(profile);
  return areWide(primaries) ? wideGamut(primaries) : undefined;
};
