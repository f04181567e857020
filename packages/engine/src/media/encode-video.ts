import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Frame } from '../picture/frame.js';
import { bufferOver, startFfmpeg } from './ffmpeg-process.js';
import type { Size } from './fit-cover.js';
import { createOutputFile, writeFailure } from './output-file.js';
import { type Sound, videoRate } from './sound.js';

/**
 * How much effort the encoder spends: x264's preset, constant rate factor and extra settings. Per frame of 1080x1920,
 * on one talking clip: superfast with a short look-ahead 14 ms of CPU, SSIM 0.9906 at 3.1 Mb/s; without it 17 ms and
 * 45 % more bits for 0.0008 more; veryfast at the same rate 25 ms and 0.9920. Without weighted prediction and choice of B
 * frames it is 4 % smaller and 0.0002 better at no more time; ultrafast saves a quarter of the time and doubles the size.
 */
const QUALITIES = {
  fast: {
    preset: 'superfast',
    crf: 18,
    settings: 'mbtree=1:rc-lookahead=10:weightp=0:b-adapt=0:deblock=-1,-1',
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

export type EncodeOptions = {
  /** Size of the frames to come. */
  readonly working: Size;
  /** Exact size of the video, even; frames of another size are scaled. */
  readonly output: Size;
  readonly fps: number;
  /** Number of frames to come; it sets the length of the video, sound included. */
  readonly frameCount: number;
  /** Sound from the first frame on; followed by silence or cut to the length of the video. */
  readonly audio?: {
    readonly sound: Sound;
    /** Loudness in percent of the sound's own, 1 to 100. Default 100. */
    readonly volume?: number;
  };
  readonly quality?: EncodeQuality;
  /** Entries for the container, as {@link aigcMetadata} gives them. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
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

/** Largest piece of silence that is sent at a time. */
const SILENCE_BYTES = 2 ** 16;

/** The sound in pieces, exactly as long as the video. */
async function* fittedSound({ audio, frameCount, fps, signal }: EncodeOptions): AsyncGenerator<Buffer> {
  const { sound } = audio!;
  let missing =
    Math.round((frameCount / fps) * sound.sampleRate) * sound.channels * Float32Array.BYTES_PER_ELEMENT;
  for await (const piece of sound.read(signal)) {
    if (missing <= piece.length) return yield piece.subarray(0, missing);
    missing -= piece.length;
    yield piece;
  }
  for (; missing > 0; missing -= SILENCE_BYTES) yield Buffer.alloc(Math.min(missing, SILENCE_BYTES));
}

/** Send the sound through its own pipe. Resolves to what went wrong with the sound itself, else to undefined. */
const sendAudio = (pipe: Writable, options: EncodeOptions): Promise<Error | undefined> => {
  let failure: Error | undefined;
  const pieces = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* fittedSound(options);
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  };
  // A broken pipe means that ffmpeg has ended: its exit code carries the real reason.
  return pipeline(pieces, pipe).then(
    () => undefined,
    () => failure,
  );
};

/** Bits per second of AAC: plenty for speech, and for music beside it. */
const audioBitRate = (channels: number): string => (channels === 1 ? '128k' : `${96 * channels}k`);

const soundInput = ({ sampleRate, channels }: Sound): string[] => [
  ...['-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels), '-i', 'pipe:3'],
];

const encoderArguments = (options: EncodeOptions): string[] => {
  const { working, output, fps, audio } = options;
  const { preset, crf, settings } = QUALITIES[options.quality ?? 'fast'];
  const scaled = working.width !== output.width || working.height !== output.height;
  const threads = Math.min(MAX_ENCODER_THREADS, availableParallelism());
  return [
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${working.width}x${working.height}`],
    ...['-framerate', String(fps), '-i', 'pipe:0'],
    ...(audio ? soundInput(audio.sound) : []),
    ...['-map', '0:v:0', ...(audio ? ['-map', '1:a:0'] : [])],
    ...(scaled ? ['-vf', `scale=${output.width}:${output.height}:flags=bicubic`] : []),
    ...[
      '-c:v',
      'libx264',
      '-preset',
      preset,
      '-crf',
      String(crf),
      '-profile:v',
      'high',
      '-pix_fmt',
      'yuv420p',
    ],
    ...['-x264-params', `${settings}:${THREADING}`, '-threads', String(threads)],
    ...['-g', String(Math.round(fps * KEYFRAME_SECONDS))],
    ...['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...(audio
      ? [
          ...[
            '-af',
            `volume=${(audio.volume ?? 100) / 100}`,
            '-ar',
            String(videoRate(audio.sound.sampleRate)),
          ],
          ...['-c:a', 'aac', '-b:a', audioBitRate(audio.sound.channels)],
        ]
      : []),
    ...Object.entries(options.metadata ?? {}).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]),
    ...['-movflags', '+faststart+use_metadata_tags', '-f', 'mp4', '-y'],
  ];
};

/**
 * Start to write an mp4: H.264 High yuv420p, constant frame rate, AAC, index in front.
 * The file has its name only when it is complete; a failure or an abort leaves nothing.
 * @throws OutputNotWritableError, DiskFullError, FfmpegMissingError; `write` and `finish` throw DiskFullError
 */
export const encodeVideo = async (path: string, options: EncodeOptions): Promise<VideoEncoder> => {
  options.signal?.throwIfAborted();
  const file = await createOutputFile(path);
  const child = await startFfmpeg([...encoderArguments(options), `file:${file.partPath}`], {
    signal: options.signal,
    stdin: true,
    extraPipe: options.audio !== undefined,
    stallSeconds: STALL_SECONDS,
  }).catch(async (error) => {
    await file.discard();
    throw error;
  });
  child.expectNothing();
  child.stdout.resume();
  const soundFailure = options.audio && sendAudio(child.extraPipe!, options);

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
