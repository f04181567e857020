import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OutputNotWritableError } from './errors/output-not-writable-error.js';
import { trackFaces } from './face/track-faces.js';
import { lipSync, renderToFile } from './lip-sync.js';
import type { LipSyncReport } from './lip-sync-report.js';
import { decodeVideo } from './media/decode-video.js';
import { ffmpeg, WEBCAM_CLIP } from './media/webcam-clip.test.fixture.js';
import { observeMouth } from './mouth-space/observe-mouth.js';
import { readPlayback } from './playback/read-playback.js';
import { type LipSyncJob, prepareLipSync } from './prepare-lip-sync.js';

const PICTURE = join(dirname(WEBCAM_CLIP), 'joconde.jpg');
const TEXT = 'Mama bought a big pumpkin pie.';

let directory: string;
const file = (name: string) => join(directory, name);

const describeFile = (path: string) =>
  JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path]).toString(),
  );

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lip-sync-test-'));
  // Four seconds in which the man opens and closes his mouth.
  ffmpeg('-ss', '2', '-i', WEBCAM_CLIP, '-t', '4', '-r', '25', '-crf', '12', file('webcam.mp4'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a talking webcam clip', () => {
  let job: LipSyncJob;
  let retracked: Awaited<ReturnType<typeof trackFaces>>;

  beforeAll(async () => {
    const options = { video: file('webcam.mp4'), speech: { text: TEXT }, output: file('webcam-out.mp4') };
    job = await prepareLipSync(options);
    await renderToFile(job, options);
    const size = { ...job.source.fit.working, fps: job.source.fps };
    retracked = await trackFaces(() => decodeVideo(options.output, size), { ...size, quality: 'fine' });
  });

  const retrackedAperture = () => observeMouth(retracked).aperture;

  test('moves its mouth as commanded, at the commanded time', () => {
    const found = retrackedAperture();
    const at = [...job.plan.aperture.keys()].filter((t) => job.plan.strength[t] === 1 && retracked.usable[t]);
    const correlation = (lag: number) => {
      const pairs = at.flatMap((t) => (t + lag in found ? [[job.plan.aperture[t], found[t + lag]]] : []));
      const mean = (c: number) => pairs.reduce((sum, pair) => sum + pair[c], 0) / pairs.length;
      const [ma, mb] = [mean(0), mean(1)];
      const dot = (p: number, q: number) =>
        pairs.reduce((sum, pair) => sum + (pair[p] - [ma, mb][p]) * (pair[q] - [ma, mb][q]), 0);
      return dot(0, 1) / Math.sqrt(dot(0, 0) * dot(1, 1));
    };
    expect(at.length).toBeGreaterThan(30);
    expect(correlation(0)).toBeGreaterThan(0.95);
    expect(correlation(0)).toBeGreaterThan(Math.max(correlation(-1), correlation(1)));
  });

  test('closes its lips for p, b and m', () => {
    const found = retrackedAperture();
    const closures: number[][] = [];
    job.mouth.closure.forEach((closure, t) => {
      if (closure < 0.9) return;
      if (closures.at(-1)?.at(-1) === t - 1) closures.at(-1)!.push(t);
      else closures.push([t]);
    });
    expect(closures.length).toBeGreaterThanOrEqual(4);
    const seen = closures.filter((frames) => frames.some((t) => found[t] < 0.015));
    expect(seen.length / closures.length).toBeGreaterThanOrEqual(0.95);
  });

  test('changes nothing outside the lower face', async () => {
    const { FrameRenderer } = await import('./render/render-frame.js');
    const renderer = new FrameRenderer(job.track, job.library, job.plan);
    const size = { ...job.source.fit.working, fps: job.source.fps };
    const noseBase = (t: number) => job.track.landmarks[(job.plan.source[t] * 468 + 2) * 3 + 1];
    let t = 0;
    let changed = 0;
    for await (const frame of readPlayback(job.source.path, job.playback.subarray(0, 20), size)) {
      const before = frame.data.slice();
      const after = { ...frame, data: frame.data.slice() };
      renderer.render(after, t);
      const rows = Math.floor(noseBase(t) - 12);
      expect(
        Buffer.compare(after.data.subarray(0, rows * size.width), before.subarray(0, rows * size.width)),
      ).toBe(0);
      changed += after.data.some((value, i) => value !== before[i]) ? 1 : 0;
      t++;
    }
    expect(changed).toBeGreaterThan(10);
  });
});

describe('a picture that speaks', () => {
  let report: LipSyncReport;
  const fractions: number[] = [];

  beforeAll(async () => {
    report = await lipSync({
      video: PICTURE,
      speech: { text: TEXT },
      output: file('picture.mp4'),
      width: 240,
      height: 320,
      cover: file('picture.jpg'),
      subtitles: file('picture.srt'),
      cacheDirectory: file('cache'),
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
  });

  test('is an mp4 of the asked size, as long as the speech, labelled as made by AI', () => {
    const { streams, format } = describeFile(file('picture.mp4'));
    const [video, audio] = ['video', 'audio'].map((type) =>
      streams.find((stream: { codec_type: string }) => stream.codec_type === type),
    );
    expect(video).toMatchObject({
      codec_name: 'h264',
      profile: 'High',
      pix_fmt: 'yuv420p',
      width: 240,
      height: 320,
    });
    expect(video.color_space).toBe('bt709');
    expect(audio).toMatchObject({ codec_name: 'aac', sample_rate: '48000' });
    expect(Number(video.nb_frames)).toBe(report.frames);
    expect(JSON.parse(format.tags.AIGC)).toMatchObject({ Label: '1' });
    expect(Math.abs(Number(audio.duration) - report.durationSeconds)).toBeLessThan(0.05);
  });

  test('has a cover', () => {
    expect(describeFile(file('picture.jpg')).streams[0]).toMatchObject({ codec_name: 'mjpeg', width: 240 });
  });

  test('has subtitles with the words in the time of the speech', () => {
    const blocks = readFileSync(file('picture.srt'), 'utf8').trim().split('\n\n');
    expect(blocks.map((block) => block.split('\n')[2]).join(' ')).toBe(TEXT);
    const [, seconds] = /--> 00:00:(\d+,\d+)/u.exec(blocks.at(-1)!)!;
    expect(Number(seconds.replace(',', '.'))).toBeLessThanOrEqual(report.durationSeconds + 0.05);
  });

  test('tells when each word is said', () => {
    const { words, sentences } = report.timeline;
    // Two small words may be read as one.
    expect(`${words.map(({ text }) => text).join(' ')}.`).toBe(TEXT);
    expect(words.length).toBeGreaterThanOrEqual(4);
    for (const [index, { start, end }] of words.entries()) {
      expect(end).toBeGreaterThan(start);
      expect(start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? sentences[0].start);
    }
  });

  test('has a painted mouth and a report that says so', () => {
    expect(report.sync.paintedFrames).toBe(report.frames);
    expect(report.framesWithoutFace).toBe(0);
    expect(report.voice?.language).toBe('en');
    expect(report.sync.closedFrames).toBeGreaterThan(4);
  });

  test('told its progress, which never went back', () => {
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  test('needs no tracking the second time: what is known is not written again', async () => {
    const written = () => readdirSync(file('cache')).map((name) => statSync(join(file('cache'), name)).ino);
    const before = written();
    const again = await lipSync({
      video: PICTURE,
      speech: { text: TEXT },
      output: file('again.mp4'),
      width: 240,
      height: 320,
      cacheDirectory: file('cache'),
    });
    expect(before).toHaveLength(3);
    expect(written()).toEqual(before);
    expect(again.frames).toBe(report.frames);
  });
});

test('silence leaves the mouth closed and still', async () => {
  ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono', '-t', '1', file('silence.wav'));
  const job = await prepareLipSync({
    video: file('webcam.mp4'),
    speech: { audio: file('silence.wav') },
  });
  expect(Math.max(...job.plan.aperture)).toBe(0);
  expect(new Set(job.plan.width).size).toBe(1);
});

describe('a recording', () => {
  const soundOf = (path: string) =>
    describeFile(path).streams.find((stream: { codec_type: string }) => stream.codec_type === 'audio');
  const loudnessOf = (path: string, channel: string): number => {
    const raw = execFileSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      path,
      '-af',
      `pan=mono|c0=${channel}`,
      '-f',
      'f32le',
      '-',
    ]);
    const samples = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~3)));
    return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
  };

  test('keeps its channels and its rate', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'aevalsrc=0.3*sin(900*t)|0.1*sin(900*t):s=44100:d=0.6', file('stereo.wav'));
    const output = file('stereo.mp4');
    await lipSync({ video: PICTURE, speech: { audio: file('stereo.wav') }, output, width: 240, height: 320 });
    expect(soundOf(output)).toMatchObject({ channels: 2, sample_rate: '44100' });
    expect(loudnessOf(output, 'c0') / loudnessOf(output, 'c1')).toBeCloseTo(3, 0);
  });

  test('is heard although its channels are opposites, with a notice', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'aevalsrc=0.3*sin(900*t)|-0.3*sin(900*t):s=48000:d=0.6', file('opposed.wav'));
    const output = file('opposed.mp4');
    const notices: string[] = [];
    await lipSync({
      video: PICTURE,
      speech: { audio: file('opposed.wav') },
      output,
      width: 240,
      height: 320,
      onNotice: (notice) => notices.push(notice),
    });
    expect(loudnessOf(output, '0.5*c0+0.5*c1')).toBeGreaterThan(0.15);
    expect(notices.join()).toContain('opposite of each other');
  });
});

test('a transparent picture lies on the background of choice, with a notice, at a rate that is told', async () => {
  const cut = "scale=240:320,format=gbrap,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(Y,20),0,255)'";
  ffmpeg('-i', PICTURE, '-vf', cut, '-frames:v', '1', file('cut-out.png'));
  const notices: string[] = [];
  const report = await lipSync({
    video: file('cut-out.png'),
    speech: { text: 'Hi.' },
    output: file('cut-out.mp4'),
    background: '#00f',
    onNotice: (notice) => notices.push(notice),
  });
  expect(notices.join()).toContain('filled with #0000ff');
  expect(report.sourceRate).toEqual({ fps: 25, handling: 'kept' });
  const pixel = ['-vf', 'crop=8:8:100:4', '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const [r, g, b] = execFileSync('ffmpeg', ['-v', 'error', '-i', file('cut-out.mp4'), ...pixel]);
  expect(b).toBeGreaterThan(235);
  expect(Math.max(r, g)).toBeLessThan(20);
  await expect(
    lipSync({ video: PICTURE, speech: { text: 'Hi.' }, output: file('never.mp4'), background: 'blau' }),
  ).rejects.toThrow('background is "blau"');
});

describe('what cannot be done', () => {
  const output = () => file('never.mp4');
  const leftovers = () => readdirSync(directory).filter((name) => name.includes('never'));

  test.each([
    ['a missing file', { video: '/nowhere/x.mp4' }, 'file-missing'],
    ['a picture without a face', { video: 'blank.png' }, 'face-not-found'],
    ['a width out of range', { width: 30, height: 40 }, 'parameter'],
    ['a width alone', { width: 200 }, 'parameter'],
    ['an empty text', { speech: { text: ' \n ' } }, 'empty-text'],
    ['an unknown voice', { speech: { text: 'Hi', voice: 'Nobody' } }, 'unknown-voice'],
  ])('%s is a clear error and leaves nothing', async (_, change, code) => {
    ffmpeg('-f', 'lavfi', '-i', 'color=gray:s=320x240', '-frames:v', '1', file('blank.png'));
    const options = { video: PICTURE, speech: { text: 'Hi' }, output: output(), ...change };
    if (options.video === 'blank.png') options.video = file('blank.png');
    await expect(lipSync(options)).rejects.toMatchObject({ code });
    expect(leftovers()).toEqual([]);
  });

  test('an abort stops the work within a second and leaves nothing', async () => {
    const controller = new AbortController();
    let aborted = false;
    const work = lipSync({
      video: file('webcam.mp4'),
      speech: { text: TEXT },
      output: output(),
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage !== 'render' || aborted) return;
        aborted = true;
        controller.abort(new Error('enough'));
      },
    });
    await expect(work).rejects.toThrow('enough');
    expect(leftovers()).toEqual([]);
  });
});

test('leaves nothing when a picture or subtitles beside the video cannot be written', async () => {
  const wish = { video: PICTURE, speech: { text: TEXT }, width: 240, height: 320 };
  mkdirSync(file('taken.srt'));
  const before = readdirSync(directory).sort();
  for (const more of [{ subtitles: file('taken.srt') }, { cover: file(join('gone', 'cover.jpg')) }]) {
    const work = lipSync({ ...wish, ...more, output: file('half.mp4'), cacheDirectory: file('cache') });
    await expect(work).rejects.toThrow(OutputNotWritableError);
    expect(readdirSync(directory).sort()).toEqual(before);
  }
});

test('goes on, and says so, where face tracks cannot be kept', async () => {
  const notices: string[] = [];
  const report = await lipSync({
    video: PICTURE,
    speech: { text: 'Hi.' },
    output: file('unkept.mp4'),
    width: 240,
    height: 320,
    cacheDirectory: join(PICTURE, 'below a file'),
    onNotice: (text) => notices.push(text),
  });
  expect(report.frames).toBeGreaterThan(5);
  expect(notices).toEqual([expect.stringContaining('could not be kept')]);
});

test('a damaged cache is as good as none', async () => {
  const cache = file('cache');
  for (const name of readdirSync(cache)) {
    const bytes = readFileSync(join(cache, name));
    bytes[bytes.length >> 1] ^= 255;
    writeFileSync(join(cache, name), bytes);
  }
  const report = await lipSync({
    video: PICTURE,
    speech: { text: 'Hi' },
    output: file('after-damage.mp4'),
    width: 240,
    height: 320,
    cacheDirectory: cache,
  });
  expect(report.framesWithoutFace).toBe(0);
});
