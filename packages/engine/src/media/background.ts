/** Names that may stand for a colour, as in HTML 4.01. */
const NAMED: Readonly<Record<string, string>> = {
  white: '#ffffff',
  black: '#000000',
  gray: '#808080',
  grey: '#808080',
  silver: '#c0c0c0',
  red: '#ff0000',
  maroon: '#800000',
  yellow: '#ffff00',
  olive: '#808000',
  lime: '#00ff00',
  green: '#008000',
  aqua: '#00ffff',
  cyan: '#00ffff',
  teal: '#008080',
  blue: '#0000ff',
  navy: '#000080',
  fuchsia: '#ff00ff',
  magenta: '#ff00ff',
  purple: '#800080',
  orange: '#ffa500',
};

/** What a colour may be given as, in words. */
export const COLOUR_FORMS = 'A colour as #RRGGBB, #RGB or a name such as white, black, gray, green or navy';

/** Colour behind transparent pictures where none is asked for. */
export const DEFAULT_BACKGROUND = 'white';

/** A colour as `#rrggbb`; undefined when it is none. */
export const parseColour = (text: string): string | undefined => {
  const colour = text.trim().toLowerCase();
  if (Object.hasOwn(NAMED, colour)) return NAMED[colour];
  if (/^#[0-9a-f]{6}$/u.test(colour)) return colour;
  return /^#[0-9a-f]{3}$/u.test(colour) ? colour.replace(/[0-9a-f]/gu, '$&$&') : undefined;
};
