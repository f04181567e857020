import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import {
  auditionText,
  finishLipSync,
  inspectAudio,
  inspectVideo,
  type LipSyncReport,
  lipSync,
  planLipSync,
  renderSegments,
  type SpeechSource,
  subRip,
  type VoiceCatalogue,
  type VoicedSpeech,
  waveFile,
} from '@chanjing-avatar/engine';
import { DEFAULTS } from '@chanjing-avatar/protocol';
import type { ProgramJob, ProgramResults, RenderProgress, RenderSpeech } from './messages.js';
import type { Material } from './work-limits.js';

/** Told while a job is done. */
export type JobListener = {
  progress(progress: RenderProgress): void;
  material(material: Material): void;
  /** A segment is complete. */
  segment(segment: number): void;
};

type JobOf<Kind extends ProgramJob['kind']> = Extract<ProgramJob, { kind: Kind }>;

const listVoices = async (catalogue: VoiceCatalogue): Promise<ProgramResults['voices']> =>
  (await catalogue.voices()).map(({ id, name, gender, language }) => ({ id, name, gender, language }));

/** At the size that most tasks ask for, so that their render finds the face known. */
const inspect = async (
  { path, faceTracks, maxSeconds }: JobOf<'inspect-video'>,
  signal: AbortSignal,
  onPicture: JobListener['material'],
): Promise<ProgramResults['inspect-video']> => {
  await mkdir(faceTracks, { recursive: true });
  const size = { width: DEFAULTS.screenWidth, height: DEFAULTS.screenHeight };
  const found = await inspectVideo(path, {
    ...size,
    maxSeconds,
    cacheDirectory: faceTracks,
    signal,
    onPicture,
  });
  return { ...found, faces: [...found.faces] };
};

const speak = async (
  job: JobOf<'speak'>,
  catalogue: VoiceCatalogue,
  signal: AbortSignal,
): Promise<ProgramResults['speak']> => {
  const { voice, speed, pitch } = job;
  const text = job.text ?? auditionText((await catalogue.find(voice)).language);
  const spoken = await catalogue.speak({ text, voice, speed, pitch }, signal);
  const { samples, sampleRate, sentences } = spoken;
  await writeFile(job.output, job.as === 'spoken' ? serialize(spoken) : waveFile(samples, sampleRate));
  return {
    seconds: samples.length / sampleRate,
    subtitles: sentences.map((sentence, index) => ({
      key: String(index + 1),
      start_time: sentence.start,
      end_time: sentence.end,
      subtitle: sentence.text,
    })),
  };
};

const speechOf = async (speech: RenderSpeech): Promise<SpeechSource> =>
  'audio' in speech ? speech : { spoken: deserialize(await readFile(speech.spoken)) as VoicedSpeech };

/** What the engine is told of a task's speech and face tracks, and the notices it will leave. */
const preparing = async ({ speech, faceTracks }: Pick<JobOf<'render'>, 'speech' | 'faceTracks'>) => {
  const notices: string[] = [];
  await mkdir(faceTracks, { recursive: true });
  const options = {
    speech: await speechOf(speech),
    cacheDirectory: faceTracks,
    onNotice: (text: string) => notices.push(text),
  };
  return { options, notices };
};

/** Writes what else there is of a video that is made; says whether that has subtitles. */
const writeResults = async (
  report: Pick<LipSyncReport, 'timeline'>,
  notices: readonly string[],
  { report: reportPath, srt }: Pick<JobOf<'render'>, 'report' | 'srt'>,
): Promise<boolean> => {
  await writeFile(reportPath, JSON.stringify({ ...report, notices }));
  const { sentences } = report.timeline;
  if (sentences.length === 0) return false;
  await writeFile(srt, subRip(sentences));
  return true;
};

const render = async (
  { kind, speech, faceTracks, report: reportPath, srt, ...job }: JobOf<'render'>,
  signal: AbortSignal,
  onProgress: JobListener['progress'],
): Promise<ProgramResults['render']> => {
  const { options, notices } = await preparing({ speech, faceTracks });
  const { output, cover, ...report } = await lipSync({ ...job, ...options, signal, onProgress });
  const hasSubtitles = await writeResults(report, notices, { report: reportPath, srt });
  return { seconds: report.durationSeconds, frames: report.frames, notices, hasSubtitles };
};

const plan = async (
  { kind, speech, faceTracks, directory, ...job }: JobOf<'plan'>,
  signal: AbortSignal,
  onProgress: JobListener['progress'],
): Promise<ProgramResults['plan']> => {
  const { options, notices } = await preparing({ speech, faceTracks });
  return { ...(await planLipSync(directory, { ...job, ...options, signal, onProgress })), notices };
};

const segments = async (
  { kind, ...job }: JobOf<'segments'>,
  signal: AbortSignal,
  listener: JobListener,
): Promise<ProgramResults['segments']> => {
  const onProgress = (fraction: number): void => listener.progress({ stage: 'render', fraction });
  await renderSegments({ ...job, signal, onProgress, onSegment: listener.segment });
  return {};
};

const finish = async (
  { kind, report: reportPath, srt, notices, timings, ...job }: JobOf<'finish'>,
  signal: AbortSignal,
): Promise<ProgramResults['finish']> => {
  const began = performance.now();
  const report = await finishLipSync({ ...job, signal });
  const times = { ...timings, finish: (performance.now() - began) / 1000 };
  const told = { ...report, timings: times };
  const hasSubtitles = await writeResults(told, notices, { report: reportPath, srt });
  return { seconds: report.durationSeconds, frames: report.frames, hasSubtitles };
};

/** Does one job with the engine. Throws EngineError for what the caller should know. */
export const doJob = (
  job: ProgramJob,
  catalogue: VoiceCatalogue,
  signal: AbortSignal,
  listener: JobListener,
): Promise<ProgramResults[ProgramJob['kind']]> => {
  switch (job.kind) {
    case 'voices':
      return listVoices(catalogue);
    case 'inspect-video':
      return inspect(job, signal, listener.material);
    case 'inspect-audio':
      return inspectAudio(job.path, { maxSeconds: job.maxSeconds, signal });
    case 'speak':
      return speak(job, catalogue, signal);
    case 'plan':
      return plan(job, signal, listener.progress);
    case 'segments':
      return segments(job, signal, listener);
    case 'finish':
      return finish(job, signal);
    case 'render':
      return render(job, signal, listener.progress);
  }
};
