import { describe, expect, it } from 'vitest';
import { readArguments } from '../command/command.js';
import { UsageError } from '../command/usage-error.js';
import { lipsync } from './lipsync.js';
import { type LipSyncArguments, lipSyncArguments } from './lipsync-arguments.js';

const REQUIRED = ['--video', 'v.mp4', '--text', 'Hello', '-o', 'out.mp4'];

const parseLipSyncArguments = (args: readonly string[]): LipSyncArguments =>
  lipSyncArguments(readArguments(lipsync, args));

describe('the arguments of lipsync', () => {
  it('reads every option', () => {
    const all = ['--voice', 'Ann', '--speed', '1.5', '--pitch', '0.8', '--width', '1080', '--height', '1920'];
    const more = ['--backway', '2', '--drive-mode', 'random', '--model', '1', '--volume', '50'];
    const files = ['--cover', 'c.jpg', '--srt', 's.srt', '--report', 'r.json'];
    expect(parseLipSyncArguments([...REQUIRED, ...all, ...more, ...files])).toEqual({
      options: {
        video: 'v.mp4',
        speech: { text: 'Hello', voice: 'Ann', speed: 1.5, pitch: 0.8 },
        output: 'out.mp4',
        width: 1080,
        height: 1920,
        backway: 2,
        driveMode: 'random',
        quality: 'fine',
        volume: 50,
        cover: 'c.jpg',
        subtitles: 's.srt',
      },
      report: 'r.json',
    });
  });

  it('takes the words of a recording', () => {
    const recording = ['--video', 'v.mp4', '--audio', 'a.wav', '--transcript', '你好', '-o', 'out.mp4'];
    expect(parseLipSyncArguments(recording).options.speech).toEqual({ audio: 'a.wav', transcript: '你好' });
  });

  it('takes who speaks, and the colour behind a cut-out', () => {
    const chosen = (...args: string[]) => parseLipSyncArguments([...REQUIRED, ...args]).options;
    expect(chosen('--face', '2').face).toBe(2);
    expect(chosen('--face', '0.3,0.4').face).toEqual({ x: 0.3, y: 0.4 });
    expect(chosen('--face', '640,360', '--background', '#123456')).toMatchObject({
      face: { x: 640, y: 360 },
      background: '#123456',
    });
    expect(chosen('--clip-start', '1.5', '--clip-end', '4')).toMatchObject({ clipStart: 1.5, clipEnd: 4 });
    expect(() => chosen('--face', 'left')).toThrow('--face is "left": give 2 or 0.3,0.4 or 640,360.');
  });

  it('has defaults', () => {
    expect(parseLipSyncArguments(REQUIRED).options).toMatchObject({
      backway: 1,
      driveMode: 'normal',
      quality: 'fast',
    });
  });

  it.each([
    ['--speed', '2.1', '--speed is "2.1", but must be a number from 0.5 to 2'],
    ['--speed', 'fast', '--speed is "fast", but must be a number from 0.5 to 2'],
    ['--pitch', '0', '--pitch is "0", but must be a number from 0.1 to 3'],
    ['--volume', '0', '--volume is "0", but must be a number from 1 to 100'],
    ['--volume', '', '--volume is "", but must be a number from 1 to 100'],
    ['--width', '1081', '--width is "1081", but must be an even number from 64 to 4096'],
    ['--height', '8192', '--height is "8192", but must be an even number from 64 to 4096'],
    ['--backway', '3', '--backway is "3", but must be 1 or 2'],
    ['--drive-mode', 'odd', '--drive-mode is "odd", but must be normal or random'],
    ['--model', '2', '--model is "2", but must be 0 or 1'],
    ['--cover', 'c.png', '--cover is "c.png", but must be a path that ends in .jpg or .jpeg'],
    ['--output', 'out.mov', '--output is "out.mov", but must be a path that ends in .mp4'],
  ])('refuses %s "%s" by name, value and range', (option, value, message) => {
    expect(() => parseLipSyncArguments([...REQUIRED, option, value])).toThrow(UsageError);
    expect(() => parseLipSyncArguments([...REQUIRED, option, value])).toThrow(message);
  });

  it.each([
    [['--text', 'Hello', '-o', 'out.mp4'], '--video is missing'],
    [['--video', 'v.mp4', '--text', 'Hello'], '--output is missing'],
    [['--video', 'v.mp4', '-o', 'out.mp4'], 'either --text'],
    [[...REQUIRED, '--audio', 'a.wav'], 'either --text'],
    [[...REQUIRED, '--transcript', 'Hello'], 'belongs to --audio'],
    [['--video', 'v.mp4', '--audio', 'a.wav', '--srt', 's.srt', '-o', 'out.mp4'], '--srt needs the words'],
    [[...REQUIRED, '--srt', 's.txt'], 'ends in .srt'],
    [[...REQUIRED, '--width', '720'], 'belong together'],
    [[...REQUIRED, '--colour', 'red'], "Unknown option '--colour'"],
    [[...REQUIRED, 'more'], "Unexpected argument 'more'"],
    [['--video', 'v.mp4', '--audio', 'a.wav', '--speed', '1', '-o', 'out.mp4'], '--speed belongs to --text'],
    [['--video', './out.mp4', '--text', 'Hello', '-o', 'out.mp4'], 'are the same file'],
    [[...REQUIRED, '--json', '--quiet'], 'exclude each other'],
  ])('refuses %j', (args, message) => {
    expect(() => parseLipSyncArguments(args)).toThrow(UsageError);
    expect(() => parseLipSyncArguments(args)).toThrow(message);
  });

  it('lets one file be both looked at and listened to', () => {
    const args = ['--video', 'talk.mp4', '--audio', 'talk.mp4', '-o', 'out.mp4'];
    expect(parseLipSyncArguments(args).options.speech).toEqual({ audio: 'talk.mp4' });
  });
});
