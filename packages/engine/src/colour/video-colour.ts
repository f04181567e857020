import { type ColourTransform, type Rgb, times } from './colour-transform.js';
import { toBt709 } from './primaries.js';

/** Gamma of the screen that studio pictures are made for (ITU-R BT.1886). */
const SCREEN_GAMMA = 2.4;
/** Luminance of white in HDR pictures that a screen without HDR would show as its own white (ITU-R BT.2408). */
const SDR_WHITE_NITS = 203;
/** Brightest light that is told apart; phones and most masters hold no brighter. */
const PEAK_NITS = 1000;
/** Share of the screen's light below which nothing is changed: faces lie there. */
const KNEE = 0.6;

const toScreen = (light: number): number => Math.min(1, Math.max(0, light)) ** (1 / SCREEN_GAMMA);

/** Pictures with wide primaries and the usual gamma. Colours that bt709 lacks are clipped. */
export const wideGamut = (primaries: string): ColourTransform => {
  const matrix = toBt709(primaries);
  return ([r, g, b]) => {
    const light = times(matrix, [r ** SCREEN_GAMMA, g ** SCREEN_GAMMA, b ** SCREEN_GAMMA]);
    return [toScreen(light[0]), toScreen(light[1]), toScreen(light[2])];
  };
};

/** Inverse OETF of hybrid log-gamma (ITU-R BT.2100): scene light, 0 to 1. */
const hlgScene = (code: number): number =>
  code <= 0.5 ? code ** 2 / 3 : (Math.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12;

/** Light of a hybrid log-gamma picture on a screen of 1000 nits, in nits (OOTF of BT.2100, system gamma 1.2). */
const hlgNits = (code: Rgb): Rgb => {
  const [r, g, b] = code.map(hlgScene);
  const gain = PEAK_NITS * (0.2627 * r + 0.678 * g + 0.0593 * b) ** 0.2;
  return [r * gain, g * gain, b * gain];
};

/** EOTF of SMPTE ST 2084, in nits. */
const pqNits = (code: number): number => {
  const root = code ** (1 / 78.84375);
  return 10_000 * (Math.max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125);
};

/** Reinhard's curve above the knee: smooth there, 1 at the peak. */
const rollOff = (light: number): number => {
  if (light <= KNEE) return light;
  const over = (light - KNEE) / (1 - KNEE);
  const most = (PEAK_NITS / SDR_WHITE_NITS - KNEE) / (1 - KNEE);
  return Math.min(1, KNEE + ((1 - KNEE) * over * (1 + over / most ** 2)) / (1 + over));
};

/**
 * HDR pictures as a screen without HDR should show them: SDR white at 203 nits stays (nearly) white, what is brighter
 * goes into the last tenth, hues stay.
 *
 * @param transfer `arib-std-b67` (HLG) or `smpte2084` (PQ)
 */
export const toneMapped = (transfer: string, primaries: string): ColourTransform => {
  const matrix = toBt709(primaries);
  const nitsOf = transfer === 'arib-std-b67' ? hlgNits : (code: Rgb) => code.map(pqNits) as unknown as Rgb;
  return (code) => {
    const light = times(matrix, nitsOf(code).map((nits) => nits / SDR_WHITE_NITS) as unknown as Rgb);
    const strongest = Math.max(...light);
    const gain = strongest > KNEE ? rollOff(strongest) / strongest : 1;
    return [toScreen(light[0] * gain), toScreen(light[1] * gain), toScreen(light[2] * gain)];
  };
};
