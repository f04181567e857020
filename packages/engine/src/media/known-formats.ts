/** A format that is recognised by its first bytes, to be named when ffmpeg does not read it. */
export type KnownFormat = {
  /** With its article. */
  readonly name: string;
  readonly remedy: string;
};

type Recognised = KnownFormat & { readonly is: (head: Buffer) => boolean };

const text = (head: Buffer, from: number, to: number): string => head.toString('latin1', from, to);

const begins =
  (...marks: readonly string[]) =>
  (head: Buffer): boolean =>
    marks.some((mark) => text(head, 0, mark.length) === mark);

/** Files of ISO/IEC 14496-12 say what they are in their first box. */
const isBranded =
  (...brands: readonly string[]) =>
  (head: Buffer): boolean =>
    text(head, 4, 8) === 'ftyp' && brands.includes(text(head, 8, 12));

const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/** Whether a file of the mov family holds pictures as photos do (HEIC, AVIF). */
export const isHeif: (head: Buffer) => boolean = isBranded(...HEIF_BRANDS, 'avif', 'avis');

/** Whether a WebP file moves: bit 1 of the flags of its extended header. */
const isAnimatedWebp = (head: Buffer): boolean =>
  text(head, 0, 4) === 'RIFF' && text(head, 8, 16) === 'WEBPVP8X' && (head[20] & 2) !== 0;

const AS_PICTURE = 'Save it as JPEG or PNG.';
const AS_VIDEO = 'Convert it to mp4.';

const FORMATS: readonly Recognised[] = [
  {
    name: 'an AVIF picture',
    remedy: AS_PICTURE,
    // AVIF under its general brand says so among the compatible ones.
    is: (head) =>
      isBranded('avif', 'avis')(head) ||
      (isBranded('mif1', 'msf1')(head) && text(head, 16, 48).includes('avif')),
  },
  {
    name: 'a HEIC photo',
    remedy: 'Export it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).',
    is: isBranded(...HEIF_BRANDS),
  },
  {
    name: 'an animated WebP',
    remedy: 'Convert it to mp4 or GIF, or save one picture of it as PNG.',
    is: isAnimatedWebp,
  },
  { name: 'a JPEG XL picture', remedy: AS_PICTURE, is: begins('\xff\x0a', '\0\0\0\x0cJXL ') },
  { name: 'a TIFF picture', remedy: AS_PICTURE, is: begins('II*\0', 'MM\0*') },
  { name: 'a BMP picture', remedy: AS_PICTURE, is: begins('BM') },
  { name: 'a Photoshop file', remedy: AS_PICTURE, is: begins('8BPS') },
  {
    name: 'an SVG drawing',
    remedy: AS_PICTURE,
    is: (head) => /^\s*<(?:\?xml|svg)/u.test(text(head, 0, 64)) && head.includes('<svg'),
  },
  { name: 'a PDF document', remedy: 'Save its picture as JPEG or PNG.', is: begins('%PDF') },
  { name: 'a Flash video', remedy: AS_VIDEO, is: begins('FLV') },
  {
    name: 'a Windows Media file',
    remedy: 'Convert a video to mp4, a recording to mp3.',
    is: begins('\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  },
  { name: 'a RealMedia file', remedy: AS_VIDEO, is: begins('.RMF') },
];

/** The format of a file, by its first bytes; undefined when it is none that needs to be named. */
export const knownFormat = (head: Buffer): KnownFormat | undefined => FORMATS.find(({ is }) => is(head));
