import { availableParallelism } from 'node:os';
import type { Frame } from '../picture/frame.js';
import { type EncodedSound, sendSound, soundArguments, soundInput } from './encode-sound.js';
import { bufferOver, startFfmpeg } from './ffmpeg-process.js';
import type { Size } from './fit-cover.js';
import { createOutputFile, type OutputFile, writeFailure } from './output-file.js';

/**
 * How much effort the encoder spends: x264's preset, constant rate factor and extra settings. Per frame of 1080x1920,
 * on one talking clip: superfast with a short look-ahead 14 ms of CPU, SSIM 0.9906 at 3.1 Mb/s; without it 17 ms and
 * 45 % more bits for 0.0008 more; veryfast at the same rate 25 ms and 0.9920. Without weighted prediction and choice of B
 * frames it is 4 % smaller and 0.0002 better at no more time; ultrafast saves a quarter of the time and doubles the size.
 * Looking 5 frames ahead at 16.5 instead of 10 at 18 takes 3 to 12 % less time on three clips, for the same size (-1 to +3 %)
 * and SSIM of the face (-0.0002 to 0).
 */
const QUALITIES = {
  fast: {
    preset: 'superfast',
    crf: 16.5,
    settings: 'mbtree=1:rc-lookahead=5:weightp=0:b-adapt=0:deblock=-1,-1',
  },
  fine: { preset: 'veryfast', crf: 16, settings: 'rc-lookahead=10:deblock=-1,-1' },
} as const;

/** Threads that share one frame: whole frames in flight, as is x264's habit, would cost 50 MB more. */
const THREADING = 'sliced-threads=1:sync-lookahead=0';

/** More slices than this cost bits without saving time. */
const MAX_ENCODER_THREADS = 4;

const KEYFRAME_SECONDS = 2;

/** A slow disk may take long to move the index of a big file to its front. */
const STALL_SECONDS = 300;

/** Name of an encoder setting: `fast` for speed, `fine` for the best picture. */
type EncodeQuality = keyof typeof QUALITIES;

/** How pictures become H.264. */
export type PictureOptions = {
  /** Size of the frames to come. */
  readonly working: Size;
  /** Exact size of the video, even; frames of another size are scaled. */
  readonly output: Size;
  readonly fps: number;
  readonly quality?: EncodeQuality;
  /** Threads of the encoder, 1 to 4: each makes a slice of every picture, so that other numbers give other bits. */
  readonly threads?: number;
  readonly signal?: AbortSignal | undefined;
};

export type EncodeOptions = PictureOptions & {
  /** Number of frames to come; it sets the length of the video, sound included. */
  readonly frameCount: number;
  /** Sound from the first frame on; followed by silence or cut to the length of the video. */
  readonly audio?: EncodedSound;
  /** Entries for the container, as {@link aigcMetadata} gives them. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/** A video being written. Call `finish` or `abort` in the end, whatever happens. */
export type VideoEncoder = {
  /** Take one frame. Resolves when its buffer may be used again. */
  write(frame: Frame): Promise<void>;
  /** Complete the file and give it its name. Resolves when it is safely on disk. */
  finish(): Promise<void>;
  /** Stop and leave nothing behind. Does nothing after `finish`. */
  abort(): Promise<void>;
};

/** As many threads as this machine has use for. */
export const encoderThreads = (): number => Math.min(MAX_ENCODER_THREADS, availableParallelism());

/** Frames from one key frame to the next. */
export const keyframeInterval = (fps: number): number => Math.round(fps * KEYFRAME_SECONDS);

const pictureInput = ({ working, fps }: PictureOptions): string[] => [
  ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${working.width}x${working.height}`],
  ...['-framerate', String(fps), '-i', 'pipe:0'],
];

const pictureArguments = (options: PictureOptions): string[] => {
  const { working, output, fps, threads = encoderThreads() } = options;
  const { preset, crf, settings } = QUALITIES[options.quality ?? 'fast'];
  const scaled = working.width !== output.width || working.height !== output.height;
  return [
    ...(scaled ? ['-vf', `scale=${output.width}:${output.height}:flags=bicubic`] : []),
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(crf), '-profile:v', 'high'],
    ...['-pix_fmt', 'yuv420p', '-x264-params', `${settings}:${THREADING}`, '-threads', String(threads)],
    ...['-g', String(keyframeInterval(fps))],
    ...['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
  ];
};

/** What makes an mp4 a finished one: its entries, and the index in front. */
export const containerArguments = (metadata: EncodeOptions['metadata'] = {}): string[] => [
  ...Object.entries(metadata).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]),
  ...['-movflags', '+faststart+use_metadata_tags', '-f', 'mp4', '-y'],
];

const videoArguments = (options: EncodeOptions): string[] => {
  const { audio } = options;
  return [
    ...pictureInput(options),
    ...(audio ? soundInput(audio) : []),
    ...['-map', '0:v:0', ...(audio ? ['-map', '1:a:0'] : [])],
    ...pictureArguments(options),
    ...(audio ? soundArguments(audio) : []),
    ...containerArguments(options.metadata),
  ];
};

/**
 * Start to write an mp4: H.264 High yuv420p, constant frame rate, AAC, index in front.
 * The file has its name only when it is complete; a failure or an abort leaves nothing.
 * @throws OutputNotWritableError, DiskFullError, FfmpegMissingError; `write` and `finish` throw DiskFullError
 */
export const encodeVideo = async (path: string, options: EncodeOptions): Promise<VideoEncoder> => {
  options.signal?.throwIfAborted();
  const { audio, frameCount, fps, signal } = options;
  const sound = audio && { audio, seconds: frameCount / fps };
  return startEncoder(await createOutputFile(path), videoArguments(options), signal, sound);
};

/**
 * Start to write a segment of a video: pictures alone, that need none from before or after, to be joined by
 * {@link joinSegments}. @throws as encodeVideo does
 */
export const encodeSegment = (file: OutputFile, options: PictureOptions): Promise<VideoEncoder> =>
  startEncoder(
    file,
    [...pictureInput(options), ...pictureArguments(options), '-f', 'mp4', '-y'],
    options.signal,
  );

const startEncoder = async (
  file: OutputFile,
  args: readonly string[],
  signal: AbortSignal | undefined,
  sound?: { readonly audio: EncodedSound; readonly seconds: number },
): Promise<VideoEncoder> => {
  const { path } = file;
  const child = await startFfmpeg([...args, `file:${file.partPath}`], {
    signal,
    stdin: true,
    extraPipe: sound !== undefined,
    stallSeconds: STALL_SECONDS,
  }).catch(async (error) => {
    await file.discard();
    throw error;
  });
  child.expectNothing();
  child.stdout.resume();
  const soundFailure = sound && sendSound(child.extraPipe!, sound.audio, sound.seconds, signal);

  // Also when nobody waits for it, a failure must not leave the part behind.
  const outcome = child.finished.catch(async (error) => {
    await file.discard();
    throw writeFailure(path, error);
  });
  outcome.catch(() => {});
  let finished = false;

  return {
    async write({ data }) {
      child.expectProgress();
      const failure = await new Promise<Error | null | undefined>((resolve) => {
        child.stdin.write(bufferOver(data), resolve);
      });
      child.expectNothing();
      if (!failure) return;
      await outcome;
      throw failure;
    },
    async finish() {
      child.expectProgress();
      child.stdin.end();
      await outcome;
      const failure = await soundFailure;
      if (failure) throw failure;
      await file.commit();
      finished = true;
    },
    async abort() {
      if (finished) return;
      await child.kill();
      await outcome.catch(() => {});
      await file.discard();
    },
  };
};
