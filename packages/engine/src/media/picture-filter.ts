import type { Size } from './fit-cover.js';
import type { MediaProbe } from './probe.js';

/** Untagged pictures of at least this size are taken for bt709, smaller ones for bt601, as players do. */
const HD_PIXELS = 1280 * 720;

/** Without these, whole levels are lost on the way from one matrix to another. */
const EXACTLY = 'flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp';

/** A place in the picture as shares of its width and height, 0 to 1. */
export type Focus = { readonly x: number; readonly y: number };

const CENTRE: Focus = { x: 0.5, y: 0.5 };

export type PictureWish = {
  /** Size of the frames. */
  readonly size: Size;
  /** What cropping keeps in sight. Default: the centre. */
  readonly focus?: Focus | undefined;
  /** Path of a .cube file with what must be done to the colours. */
  readonly cube?: string | undefined;
  /** Colour behind a transparent picture, `#RRGGBB`. */
  readonly background: string;
};

/** Scale to cover and crop around the focus; `dar` is the shown aspect. */
const cover = ({ width, height }: Size, colour: string, { x, y }: Focus): [scale: string, crop: string] => {
  // As near to the focus as the picture goes.
  const from = (side: 'w' | 'h', share: number): string =>
    `max(0\\,min(i${side}-o${side}\\,i${side}*${share}-o${side}/2))`;
  // The 0.01 keeps 400.000001, a rounding error, from becoming 402.
  const scaledWidth = `2*ceil((max(${width}\\,${height}*dar)-0.01)/2)`;
  const scaledHeight = `2*ceil((max(${height}\\,${width}/dar)-0.01)/2)`;
  return [
    `scale=w=${scaledWidth}:h=${scaledHeight}:${EXACTLY}${colour}`,
    `crop=${width}:${height}:${from('w', x)}:${from('h', y)}`,
  ];
};

/** What a picture of another size than the first, later in the file, becomes: as large as fits, amid black. */
const keepFirstSize = ({ changesSize, stored: { width, height } }: MediaProbe): string[] => {
  if (!changesSize) return [];
  const fitted = (own: string, other: string, side: number, otherSide: number): string =>
    `if(eq(iw\\,${width})*eq(ih\\,${height})\\,${side}\\,2*floor(min(${side}\\,${own}*${otherSide}/${other})/2))`;
  return [
    `scale=w=${fitted('iw', 'ih', width, height)}:h=${fitted('ih', 'iw', height, width)}:flags=bicubic:eval=frame`,
    `pad=w=${width}:h=${height}:x=-1:y=-1:eval=frame`,
  ];
};

/** Lays the picture over one colour. Before it is scaled: hidden colours must not bleed into its edge. */
const flatten = (background: string, matrix: string): string => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  return (
    `scale=${EXACTLY}${matrix},format=gbrap,split[picture][copy];` +
    `[copy]lutrgb=r=${r}:g=${g}:b=${b}:a=255,format=gbrp[behind];` +
    '[behind][picture]overlay=format=gbrp,format=gbrp'
  );
};

/** A path as the value of an option in a filter graph: quoted for the option, then for the graph. */
const quoted = (path: string): string => path.replace(/[\\':]/gu, '\\$&').replace(/[\\'[\],;]/gu, '\\$&');

/** Whether the picture is as most old and many phone videos are: 4:2:0 in 8 bits, with the matrix of bt601. */
const isCommonBt601 = ({ pixelFormat, matrix, matrixTagged, width, height }: MediaProbe): boolean =>
  /^yuvj?420p$/.test(pixelFormat ?? '') &&
  (matrixTagged ? /^(smpte170m|bt470bg)$/.test(matrix ?? '') : width * height < HD_PIXELS);

/**
 * From the matrix of bt601 to that of bt709, tags of primaries and transfer left aside. On 1080x1920 it takes 4 ms of CPU a
 * frame where {@link EXACTLY} takes 100, and keeps colours that no screen shows, which that would clip.
 */
const TO_BT709 =
  'colorspace=ispace=smpte170m:iprimaries=bt709:itrc=bt709:space=bt709:primaries=bt709:trc=bt709:range=tv:format=yuv420p:fast=1';

/** The matrix to decode the picture with, where its tag does not say. */
const matrixOf = (source: MediaProbe): string => {
  if (source.matrixTagged) return '';
  if (source.hdrTransfer || source.primaries === 'bt2020') return ':in_color_matrix=bt2020';
  return `:in_color_matrix=${source.width * source.height >= HD_PIXELS ? 'bt709' : 'bt601'}`;
};

/**
 * ffmpeg filters that turn the source's pictures into {@link Frame}s of this size: deinterlaced, square pixels, laid over
 * the background where they are transparent, scaled to cover and cropped around the focus, with the colours of bt709,
 * limited range 4:2:0.
 */
export const pictureFilter = (source: MediaProbe, wish: PictureWish): string => {
  const { size, focus = CENTRE, cube, background } = wish;
  const steps = keepFirstSize(source);
  if (source.interlaced) steps.push('bwdif=mode=send_frame:deint=interlaced');
  let matrix = matrixOf(source);
  if (source.alpha) {
    steps.push(flatten(background, matrix));
    matrix = '';
  }
  const output = ':out_color_matrix=bt709:out_range=tv';
  if (cube === undefined && !source.alpha && isCommonBt601(source))
    steps.push(...cover(size, '', focus), TO_BT709);
  else if (cube === undefined) steps.push(...cover(size, matrix + output, focus));
  else {
    const [scale, crop] = cover(size, matrix, focus);
    steps.push(scale, 'format=gbrp10le', crop, `lut3d=file=${quoted(cube)}:interp=tetrahedral`);
    steps.push(`scale=${EXACTLY}${output}`);
  }
  return [...steps, 'setsar=1', 'format=yuv420p'].join(',');
};
