import { EngineError } from '@chanjing-avatar/engine';
import { decodeAudio, decodeVideo, probe, trackFaces } from '@chanjing-avatar/engine/internals';

/** Seconds that are searched for a face: first a little, then as much as a render tracks at least. */
const LOOKS = [2, 30];
/** Renders look at no larger pictures. Much smaller ones would not do: on them, things are taken for faces. */
const LARGEST_SIDE = 1920;

const tooLong = (what: string, seconds: number, maxSeconds: number): EngineError =>
  new EngineError('too-long', {
    wrong: `The ${what} is ${Math.ceil(seconds)} s long.`,
    expected: `Expected at most ${maxSeconds} s.`,
    remedy: 'Cut it and upload it again.',
  });

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

/** Throws EngineError for a video that no task could be made from. */
export const inspectVideo = async (
  path: string,
  maxSeconds: number,
  signal: AbortSignal,
): Promise<{ seconds: number }> => {
  const media = await probe(path, signal);
  if (media.kind !== 'video') {
    throw new EngineError('not-a-video', {
      wrong: 'The file is a still picture.',
      expected: 'Expected a video of a person.',
      remedy: 'Upload an mp4, mov or webm video.',
    });
  }
  const { durationSeconds: seconds, fps } = media;
  if (seconds > maxSeconds) throw tooLong('video', seconds, maxSeconds);
  const scale = Math.min(1, LARGEST_SIDE / Math.max(media.width, media.height));
  const size = { width: even(media.width * scale), height: even(media.height * scale), fps };
  for (const look of LOOKS) {
    const frames = decodeVideo(path, { ...size, probe: media, count: Math.ceil(look * fps), signal });
    const track = await trackFaces(frames, { ...size, quality: 'fast', signal });
    if (track.usable.includes(1)) return { seconds };
    if (track.frameCount < Math.ceil(look * fps)) break;
  }
  throw new EngineError('face-not-found', {
    wrong: 'No face was found in the video.',
    expected: 'Expected a person who looks towards the camera, with a face at least 60 pixels wide.',
    remedy: 'Upload another video.',
  });
};

/** Throws EngineError for a recording that cannot be decoded, is empty or too long. */
export const inspectAudio = async (
  path: string,
  maxSeconds: number,
  signal: AbortSignal,
): Promise<{ seconds: number }> => {
  const rate = 8000;
  const samples = await decodeAudio(path, rate, { signal });
  const seconds = samples.length / rate;
  if (seconds > maxSeconds) throw tooLong('audio', seconds, maxSeconds);
  return { seconds };
};
