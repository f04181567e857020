import { describe, expect, it } from 'vitest';
import { checkLipSyncOptions, type LipSyncOptions } from './lip-sync-options.js';

const wish: LipSyncOptions = { video: 'me.mp4', speech: { audio: 'speech.wav' }, output: 'out.mp4' };

describe('checkLipSyncOptions', () => {
  it('lets pass what can be done', () => {
    checkLipSyncOptions({
      ...wish,
      width: 720,
      height: 1280,
      backway: 2,
      driveMode: 'random',
      cover: 'a.jpg',
    });
    // One file may be looked at and listened to.
    checkLipSyncOptions({ ...wish, speech: { audio: 'me.mp4', transcript: 'Hi' }, subtitles: 'out.srt' });
  });

  it.each<[Partial<LipSyncOptions>, RegExp]>([
    [{ width: 721, height: 1280 }, /^width is 721\. An even number.*expected\. Give a value within/],
    [{ width: 720 }, /^height is null\. .* Give height too\.$/],
    [{ volume: 0 }, /^volume is 0/],
    [{ driveMode: 'sideways' as never }, /^driveMode is "sideways"\. normal or random was expected/],
    [{ backway: 3 as never }, /^backway is 3/],
    [{ quality: 'best' as never }, /^quality is "best"/],
    [{ clipStart: -1 }, /^clipStart is -1\. A second of the video, 0 or more, was expected\./],
    [{ clipStart: 2, clipEnd: 2.5 }, /^clipEnd is 2\.5\. At least 3, .*Give a later second\.$/],
    [{ subtitles: 'out.srt' }, /^subtitles is "out.srt".*Give the transcript of the recording too\.$/],
    [
      { output: './me.mp4' },
      /^output is ".\/me.mp4". A path of its own was expected\. Choose another path\.$/,
    ],
    [{ output: 'speech.wav' }, /^output/],
    [{ cover: 'out.mp4' }, /^cover/],
  ])('refuses %j and says what to do', (change, message) => {
    expect(() => checkLipSyncOptions({ ...wish, ...change })).toThrow(message);
  });
});
