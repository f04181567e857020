import type { Size } from './fit-cover.js';
import type { MediaProbe } from './probe.js';

/** Untagged pictures of at least this size are taken for bt709, smaller ones for bt601, as players do. */
const HD_PIXELS = 1280 * 720;

/** A place in the picture as shares of its width and height, 0 to 1. */
export type Focus = { readonly x: number; readonly y: number };

const CENTRE: Focus = { x: 0.5, y: 0.5 };

/** Scale to cover and crop around the focus; `dar` is the shown aspect, also after a change of size mid-stream. */
const cover = ({ width, height }: Size, colour: string, { x, y }: Focus): string => {
  // As near to the focus as the picture goes.
  const from = (side: 'w' | 'h', share: number): string =>
    `max(0\\,min(i${side}-o${side}\\,i${side}*${share}-o${side}/2))`;
  // The 0.01 keeps 400.000001, a rounding error, from becoming 402.
  const scaledWidth = `2*ceil((max(${width}\\,${height}*dar)-0.01)/2)`;
  const scaledHeight = `2*ceil((max(${height}\\,${width}/dar)-0.01)/2)`;
  return `scale=w=${scaledWidth}:h=${scaledHeight}:flags=bicubic${colour},crop=${width}:${height}:${from('w', x)}:${from('h', y)}`;
};

/**
 * ffmpeg filters that turn the source's pictures into {@link Frame}s of this size: deinterlaced, square pixels,
 * scaled to cover and cropped around the focus (default: the centre), tone-mapped from HDR, bt709 limited range 4:2:0.
 */
export const pictureFilter = (source: MediaProbe, size: Size, focus: Focus = CENTRE): string => {
  const deinterlace = source.interlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : [];
  if (source.hdrTransfer) {
    const toLight = `zscale=tin=${source.hdrTransfer}:pin=bt2020:min=bt2020nc:t=linear:npl=100,format=gbrpf32le`;
    // Whole numbers in between clip the colours that bt709 cannot show; as negative light they would turn dark.
    const toBt709 = 'zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709,format=gbrp10le,zscale=m=bt709:r=tv';
    return [...deinterlace, cover(size, '', focus), toLight, toBt709, 'format=yuv420p', 'setsar=1'].join(',');
  }
  const guessed = source.width * source.height >= HD_PIXELS ? 'bt709' : 'bt601';
  const matrix = source.matrixTagged ? '' : `:in_color_matrix=${guessed}`;
  const colour = `${matrix}:out_color_matrix=bt709:out_range=tv`;
  return [...deinterlace, cover(size, colour, focus), 'setsar=1', 'format=yuv420p'].join(',');
};
