import { describe, expect, it } from 'vitest';
import { logMel, normaliseSpectrum } from './log-mel.js';
import { papaSamples, papaVector } from './papa.test-vector.js';
import { hearBlock, speechBlocks } from './speech-block.js';
import { createSpeechNet, NET_LIPS, NET_MOUTH_OUTPUTS, NET_OUTPUTS } from './speech-net.js';
import { readSpeechWeights } from './speech-weights.js';

const net = createSpeechNet(readSpeechWeights());

describe('the speech net', () => {
  it('gives the same answers as the training code', () => {
    const { mouth, classScores, fittedRows, everyFrame } = papaVector();
    const samples = papaSamples();
    const spectrum = logMel(samples);
    normaliseSpectrum(spectrum);
    const scores = net.answer(spectrum);
    const [block] = speechBlocks(samples.length);
    const { outputs } = hearBlock(net, block, samples);
    const differences = mouth.flatMap((row, k) => {
      const at = k * everyFrame * NET_OUTPUTS;
      return [
        ...row.map((value, i) => Math.abs(value - outputs[at + i])),
        ...classScores[k].map((value, i) => Math.abs(value - scores[at + NET_MOUTH_OUTPUTS + i])),
        ...fittedRows[k].map((value, i) => Math.abs(value - outputs[at + NET_LIPS + i])),
      ];
    });
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  });

  it('hears a block within longer speech as it hears the whole', () => {
    const samples = papaSamples();
    const frames = Math.floor(samples.length / 160);
    const whole = hearBlock(net, { first: 0, last: frames, windowFirst: 0, windowLast: frames }, samples);
    const inner = { first: 60, last: 140, windowFirst: 0, windowLast: frames };
    const part = hearBlock(net, inner, samples);
    const expected = whole.outputs.subarray(60 * NET_OUTPUTS, 140 * NET_OUTPUTS);
    const differences = Array.from(part.outputs, (value, i) => Math.abs(value - expected[i]));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
    expect(part.level).toEqual(whole.level.slice(60, 140));
  });

  it('is far faster than real time on one core', () => {
    const sentence = papaSamples();
    const samples = Float32Array.from({ length: 16_000 * 20 }, (_, i) => sentence[i % sentence.length]);
    const [block] = speechBlocks(samples.length);
    const factors = [0, 1, 2].map(() => {
      const start = process.cpuUsage();
      hearBlock(net, block, samples);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6 / 20;
    });
    // 0.02 on an EPYC core; the rest is room for slower machines.
    expect(Math.min(...factors)).toBeLessThan(0.06);
  });
});

describe('speechBlocks', () => {
  it('covers long speech without gap or overlap, each block inside its window', () => {
    const frames = 100 * 60 * 60;
    const blocks = speechBlocks(frames * 160 + 17);
    expect(blocks[0].first).toBe(0);
    expect(blocks.at(-1)?.last).toBe(frames);
    blocks.forEach((block, k) => {
      if (k > 0) expect(block.first).toBe(blocks[k - 1].last);
      expect(block.windowFirst).toBeLessThanOrEqual(block.first);
      expect(block.windowLast).toBeGreaterThanOrEqual(block.last);
      expect(block.windowLast - block.windowFirst).toBeLessThanOrEqual(6000);
    });
  });

  it('has no block for less than one frame', () => {
    expect(speechBlocks(159)).toEqual([]);
  });
});
