import { describe, expect, it } from 'vitest';
import { readWav } from './read-wav.js';

type Header = { coding: number; channels: number; bits: number; dataSize?: number };

const wav = (
  { coding, channels, bits, dataSize }: Header,
  data: Buffer,
  before = Buffer.alloc(0),
): Buffer => {
  const format = Buffer.alloc(24);
  format.write('fmt ', 0);
  format.writeUInt32LE(16, 4);
  format.writeUInt16LE(coding, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt32LE(24000, 12);
  format.writeUInt16LE(bits, 22);
  const head = Buffer.from('data____');
  head.writeUInt32LE(dataSize ?? data.length, 4);
  return Buffer.concat([Buffer.from('RIFF____WAVE'), before, format, head, data]);
};

describe('readWav', () => {
  it('reads 16-bit mono whose size is unknown to the writer', () => {
    const data = Buffer.from(Int16Array.from([0, 16384, -32768]).buffer);
    for (const dataSize of [6, 0, 0xffffffff]) {
      const { samples, sampleRate } = readWav(wav({ coding: 1, channels: 1, bits: 16, dataSize }, data));
      expect(sampleRate).toBe(24000);
      expect([...samples]).toEqual([0, 0.5, -1]);
    }
  });

  it('mixes channels and reads other sample formats', () => {
    const stereo = Buffer.from(Float32Array.from([0.5, -0.25, 1, 0]).buffer);
    expect([...readWav(wav({ coding: 3, channels: 2, bits: 32 }, stereo)).samples]).toEqual([0.125, 0.5]);
    expect([
      ...readWav(wav({ coding: 1, channels: 1, bits: 8 }, Buffer.from([128, 0, 192]))).samples,
    ]).toEqual([0, -1, 0.5]);
    const deep = Buffer.from([0, 0, 0x40, 0, 0, 0x80]);
    expect([...readWav(wav({ coding: 1, channels: 1, bits: 24 }, deep)).samples]).toEqual([0.5, -1]);
  });

  it('skips other chunks and ignores bytes after the sound', () => {
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const sound = wav({ coding: 1, channels: 1, bits: 16 }, Buffer.from([0, 64]), list);
    expect([...readWav(Buffer.concat([sound, Buffer.from('LIST\x04\0\0\0junk')])).samples]).toEqual([0.5]);
  });

  it('says what is wrong with other files', () => {
    expect(() => readWav(Buffer.from('ID3 this is an mp3'))).toThrow('not a WAV file');
    expect(() => readWav(wav({ coding: 85, channels: 1, bits: 16 }, Buffer.alloc(4)))).toThrow(
      'format is unknown',
    );
    expect(() => readWav(Buffer.from('RIFF____WAVE'))).toThrow('no sound');
  });
});
