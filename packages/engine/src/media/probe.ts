import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { NotAVideoError } from '../errors/not-a-video-error.js';
import { TooLargeError } from '../errors/too-large-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { UnsupportedFormatError } from '../errors/unsupported-format-error.js';
import { runFfmpeg, runFfprobe } from './ffmpeg-process.js';
import { type FrameRate, measureFrameRate } from './frame-rate.js';
import { MAX_PIXELS, type SafeInput, safeInput } from './input-safety.js';
import type { KnownFormat } from './known-formats.js';
import { promisedSound } from './promised-sound.js';

/** Packets looked at to judge the frame rate: about 20 s of video with sound. */
const PACKETS_READ = 1500;

/** Formats of animations, which may hold a single picture. */
const MOVING_PICTURES = new Set(['gif', 'apng']);

const MIN_SIDE = 16;
const MAX_PIXEL_ASPECT = 8;
const STILL_RATE: FrameRate = { fps: 25, numerator: 25, denominator: 1, constant: true, typical: 25 };
/** Pixel formats with transparency, palettes too. */
const ALPHA_FORMATS = /^(?:yuva|gbrap|rgba|bgra|argb|abgr|ya8|ya16|ayuv|vuya|pal8)/u;
/** ffmpeg's own decoders of these codecs drop the transparency that WebM stores beside the picture. */
const ALPHA_DECODERS: Readonly<Record<string, string>> = { vp8: 'libvpx', vp9: 'libvpx-vp9' };
const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

/** The sound of a media file. */
export type AudioProbe = {
  /** Stream number within the file. */
  readonly index: number;
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Container as ffmpeg names it. */
  readonly format: string;
  /** Seconds from the start of the file to the first sound. */
  readonly startSeconds: number;
  /** Length of the sound that the file promises; undefined when it makes no promise. */
  readonly promisedSeconds: number | undefined;
};

/** What a driving video is, before it is decoded. */
export type MediaProbe = {
  readonly kind: 'video' | 'still';
  /** Size of the picture as shown: upright, square pixels; may be odd. */
  readonly width: number;
  readonly height: number;
  /** Length of the picture as the container states or suggests it, else as measured; 0 for a still picture. */
  readonly durationSeconds: number;
  /** Length of the picture that the container promises; undefined when it makes no promise of its own. */
  readonly promisedSeconds: number | undefined;
  /** Frame rate; 25 and constant for a still picture. */
  readonly rate: FrameRate;
  /** Short for `rate.fps`. */
  readonly fps: number;
  /** Short for `rate.constant`. */
  readonly constantRate: boolean;
  /**
   * How the time of a picture is known: `stated` by the container, or `counted` at the frame rate because the
   * container (MPEG program stream) states it for some pictures only.
   */
  readonly timestamps: 'stated' | 'counted';
  /** Container as ffmpeg names it, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string;
  readonly codec: string;
  /** Stream number of the picture within the file. */
  readonly index: number;
  /** Seconds from the start of the file to the first picture; sound of the same moment lies there. */
  readonly startSeconds: number;
  /** Size of the picture as stored: before it is turned, and whatever the shape of its pixels. */
  readonly stored: { readonly width: number; readonly height: number };
  /** Whether later pictures of another size can be taken in, as browsers record them: upright, 8 bits, 4:2:0. */
  readonly changesSize: boolean;
  /** Whether parts of the picture may be transparent. */
  readonly alpha: boolean;
  /** The decoder that reads the picture with its transparency, where it is not the usual one. */
  readonly decoder: string | undefined;
  /** Colour primaries as tagged, for example `bt2020`. */
  readonly primaries: string | undefined;
  /** Transfer curve when the picture is high dynamic range, for example `smpte2084`. */
  readonly hdrTransfer: string | undefined;
  /** How pixels are coded, as ffmpeg names it, for example `yuv420p`. */
  readonly pixelFormat: string | undefined;
  /** Colour matrix as tagged, for example `smpte170m`. */
  readonly matrix: string | undefined;
  /** True when the colour matrix is tagged or the picture is RGB, so that it need not be guessed. */
  readonly matrixTagged: boolean;
  readonly interlaced: boolean;
  readonly audio: AudioProbe | undefined;
};

type SideData = { rotation?: number };

type Stream = {
  index: number;
  codec_type?: string;
  codec_name?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  avg_frame_rate?: string;
  r_frame_rate?: string;
  duration?: string;
  nb_frames?: string;
  start_time?: string;
  color_transfer?: string;
  color_space?: string;
  color_primaries?: string;
  pix_fmt?: string;
  field_order?: string;
  sample_rate?: string;
  channels?: number;
  tags?: Record<string, string>;
  disposition?: { attached_pic?: number };
  side_data_list?: SideData[];
};

type Report = {
  format?: { format_name?: string; duration?: string; start_time?: string };
  streams?: Stream[];
  packets?: { stream_index: number; pts_time?: string; flags?: string }[];
  frames?: { side_data_list?: SideData[] }[];
};

const ENTRIES = [
  'format=format_name,start_time,duration',
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,duration,nb_frames,' +
    'start_time,color_transfer,color_space,color_primaries,pix_fmt,field_order,sample_rate,channels',
  'stream_tags=DURATION,alpha_mode',
  'stream_disposition=attached_pic',
  'stream_side_data=rotation',
].join(':');

const unsupported = (path: string, { name, remedy }: KnownFormat, cause?: unknown): UnsupportedFormatError =>
  new UnsupportedFormatError(path, name, remedy, cause);

/**
 * Whether ffmpeg understood a file of a format that it may not read. Photos that it sees as several pictures are laid
 * together from tiles, or from colours and transparency: one of them alone would be wrong.
 */
const isWhole = ({ streams = [] }: Report, { isHeif }: SafeInput): boolean => {
  const pictures = streams.filter(({ width }) => width);
  return isHeif ? pictures.length === 1 : pictures.length > 0;
};

/** Read the container's description of a file. @throws MissingFileError, NotAVideoError, UnreadableMediaError */
const describe = async (path: string, input: SafeInput, signal: AbortSignal | undefined): Promise<Report> => {
  if (input.size === 0) throw new NotAVideoError(path, 'the file is empty');
  // The turn of a photo is stored with its picture, that of a video with its stream.
  const details =
    input.kind === 'still'
      ? [`${ENTRIES}:frame_side_data=rotation`, '-read_intervals', '%+#1']
      : [`${ENTRIES}:packet=stream_index,pts_time,flags`, '-read_intervals', `%+#${PACKETS_READ}`];
  try {
    const { report, stderr } = await runFfprobe(
      [...input.options, '-show_entries', ...details, input.url],
      signal,
    );
    const refused = /Picture size (\d+)x(\d+) exceeds/.exec(stderr);
    if (refused) throw new TooLargeError(path, Number(refused[1]), Number(refused[2]), MAX_PIXELS);
    const described = report as Report;
    if (input.known && !isWhole(described, input)) throw unsupported(path, input.known);
    return described;
  } catch (error) {
    if (!(error instanceof FfmpegFailedError)) throw error;
    if (input.known) throw unsupported(path, input.known, error);
    const said = error.stderr;
    if (input.isMov && /moov atom not found/.test(said))
      throw new UnreadableMediaError(
        path,
        'its index (the "moov atom") is missing, so it was cut short',
        error,
      );
    if (/not on whitelist|whitelist/i.test(said))
      throw new NotAVideoError(path, 'its format is not one of those that are read', error);
    throw new NotAVideoError(path, 'no media was recognised in it', error);
  }
};

const positive = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
};

/** `00:00:05.280000000`, as Matroska states the length of a stream, in seconds. */
const parseClock = (text: string | undefined): number | undefined => {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text ?? '');
  return match
    ? positive(String(Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])))
    : undefined;
};

const parsePixelAspect = (path: string, text: string | undefined): number => {
  const [x, y] = (text ?? '').split(':').map(Number);
  if (!(x > 0 && y > 0)) return 1;
  if (x / y > MAX_PIXEL_ASPECT || y / x > MAX_PIXEL_ASPECT)
    throw new UnreadableMediaError(path, `it states absurd pixels of ${text}`);
  return x / y;
};

const isTurned = (sideData: readonly SideData[] | undefined): boolean => {
  const rotation = sideData?.find((entry) => entry.rotation !== undefined)?.rotation ?? 0;
  return Math.abs(Math.round(rotation / 90)) % 2 === 1;
};

/** Size as shown. @throws UnreadableMediaError, TooLargeError */
const shownSize = (path: string, stream: Stream, report: Report): { width: number; height: number } => {
  const { width = 0, height = 0 } = stream;
  if (width * height > MAX_PIXELS) throw new TooLargeError(path, width, height, MAX_PIXELS);
  if (width < MIN_SIDE || height < MIN_SIDE)
    throw new UnreadableMediaError(
      path,
      `its picture of ${width}x${height} pixels is too small to hold a face`,
    );
  const shown = { width: Math.round(width * parsePixelAspect(path, stream.sample_aspect_ratio)), height };
  const turned = isTurned(stream.side_data_list) || isTurned(report.frames?.[0]?.side_data_list);
  return turned ? { width: shown.height, height: shown.width } : shown;
};

const transparencyOf = ({
  codec_name = '',
  pix_fmt = '',
  tags,
}: Stream): Pick<MediaProbe, 'alpha' | 'decoder'> => {
  const decoder = tags?.alpha_mode === '1' ? ALPHA_DECODERS[codec_name] : undefined;
  return { alpha: decoder !== undefined || ALPHA_FORMATS.test(pix_fmt), decoder };
};

/** Seconds from the start of the file to that of a stream. */
const startOf = (stream: Stream, report: Report): number =>
  Math.max(0, (Number(stream.start_time) || 0) - (Number(report.format?.start_time) || 0));

const audioOf = async (path: string, report: Report): Promise<AudioProbe | undefined> => {
  const streams = report.streams ?? [];
  const stream = streams.find((candidate) => candidate.codec_type === 'audio' && candidate.channels);
  if (!stream) return undefined;
  const format = report.format?.format_name ?? 'unknown';
  const codec = stream.codec_name ?? 'unknown';
  const sampleRate = Number(stream.sample_rate) || 0;
  const ofFile = streams.length === 1 ? positive(report.format?.duration) : undefined;
  const seconds = positive(stream.duration) ?? parseClock(stream.tags?.DURATION) ?? ofFile;
  const stated = { format, codec, sampleRate, seconds, frames: positive(stream.nb_frames) };
  return {
    index: stream.index,
    codec,
    sampleRate,
    channels: stream.channels ?? 0,
    format,
    startSeconds: startOf(stream, report),
    promisedSeconds: await promisedSound(path, stated),
  };
};

/** Length of a picture whose file does not tell, such as what browsers record: seconds of its last packet. */
const measureLength = async (
  path: string,
  index: number,
  signal: AbortSignal | undefined,
): Promise<number> => {
  const input = await safeInput(path);
  const copy = ['-map', `0:${index}`, '-c', 'copy', '-f', 'null', '-'];
  const progress = await runFfmpeg(
    [...input.options, '-i', input.url, '-stats_period', '60', '-progress', 'pipe:1', ...copy],
    signal,
  );
  const times = [...progress.toString().matchAll(/^out_time_us=(\d+)$/gmu)];
  return Number(times.at(-1)?.[1] ?? 0) / 1e6;
};

/** Find the sound of a file that need not have a picture. @throws MissingFileError, NotAVideoError, UnreadableMediaError */
export const probeAudio = async (path: string, signal?: AbortSignal): Promise<AudioProbe | undefined> =>
  audioOf(path, await describe(path, await safeInput(path), signal));

/**
 * Look at a driving video or still picture without decoding it.
 * @throws MissingFileError
 * @throws NotAVideoError when it is no media, or has no picture
 * @throws UnreadableMediaError when it was cut short before its index, or states absurd values
 * @throws TooLargeError when its picture has more than {@link MAX_PIXELS} pixels
 */
export const probe = async (path: string, signal?: AbortSignal): Promise<MediaProbe> => {
  const input = await safeInput(path);
  const report = await describe(path, input, signal);
  const streams = report.streams ?? [];
  const audio = await audioOf(path, report);
  const stream = streams.find(
    (candidate) => candidate.codec_type === 'video' && !candidate.disposition?.attached_pic,
  );
  if (!stream) throw new NotAVideoError(path, audio ? 'it holds only sound' : 'it holds no picture');
  if (!stream.codec_name || stream.codec_name === 'unknown')
    throw new UnreadableMediaError(path, 'its video codec is unknown');

  const pictures = (report.packets ?? []).filter((packet) => packet.stream_index === stream.index);
  const format = report.format?.format_name ?? 'unknown';
  // Photos in a video's container, and GIFs that do not move.
  const still =
    report.frames !== undefined || (pictures.length === 1 && (input.isHeif || MOVING_PICTURES.has(format)));
  const times = pictures
    .filter((packet) => !packet.flags?.includes('D'))
    .map((packet) => Number(packet.pts_time))
    .filter(Number.isFinite);
  const counted = format === 'mpeg';
  const measured = measureFrameRate(stream.avg_frame_rate, stream.r_frame_rate, times);
  const rate: FrameRate = still ? STILL_RATE : counted ? { ...measured, constant: true } : measured;
  const ownSeconds = positive(stream.duration) ?? parseClock(stream.tags?.DURATION);
  const fileSeconds = positive(report.format?.duration);
  return {
    kind: still ? 'still' : 'video',
    ...shownSize(path, stream, report),
    durationSeconds: still
      ? 0
      : (ownSeconds ?? fileSeconds ?? (await measureLength(path, stream.index, signal))),
    // Without a length of its own for the picture, that of the file may be the sound's.
    promisedSeconds: still ? undefined : (ownSeconds ?? (audio ? undefined : fileSeconds)),
    rate,
    fps: rate.fps,
    constantRate: rate.constant,
    timestamps: counted ? 'counted' : 'stated',
    format,
    codec: stream.codec_name,
    index: stream.index,
    startSeconds: startOf(stream, report),
    ...transparencyOf(stream),
    stored: { width: stream.width ?? 0, height: stream.height ?? 0 },
    changesSize: !still && stream.pix_fmt === 'yuv420p' && !isTurned(stream.side_data_list),
    primaries: stream.color_primaries,
    hdrTransfer: HDR_TRANSFERS.has(stream.color_transfer ?? '') ? stream.color_transfer : undefined,
    pixelFormat: stream.pix_fmt,
    matrix: stream.color_space,
    matrixTagged:
      (stream.color_space ?? 'unknown') !== 'unknown' || /^(rgb|bgr|gbr|pal)/.test(stream.pix_fmt ?? ''),
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    audio,
  };
};
