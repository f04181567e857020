/** Mono samples, -1 to 1. */
export type WavSound = { readonly samples: Float32Array; readonly sampleRate: number };

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

type Format = {
  readonly coding: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSample: number;
};

const readFormat = (bytes: Buffer, at: number): Format => {
  const coding = bytes.readUInt16LE(at);
  return {
    coding: coding === EXTENSIBLE ? bytes.readUInt16LE(at + 24) : coding,
    channels: bytes.readUInt16LE(at + 2),
    sampleRate: bytes.readUInt32LE(at + 4),
    bytesPerSample: bytes.readUInt16LE(at + 14) >> 3,
  };
};

const readSample = (bytes: Buffer, at: number, { coding, bytesPerSample }: Format): number => {
  if (coding === FLOAT) return bytesPerSample === 8 ? bytes.readDoubleLE(at) : bytes.readFloatLE(at);
  if (bytesPerSample === 1) return (bytes.readUInt8(at) - 128) / 128;
  return bytes.readIntLE(at, bytesPerSample) / 2 ** (8 * bytesPerSample - 1);
};

const supported = ({ coding, channels, sampleRate, bytesPerSample }: Format): boolean =>
  channels > 0 &&
  sampleRate >= 4000 &&
  sampleRate <= 384_000 &&
  ((coding === PCM && bytesPerSample >= 1 && bytesPerSample <= 4) ||
    (coding === FLOAT && (bytesPerSample === 4 || bytesPerSample === 8)));

/**
 * Reads a WAV file of 8 to 32-bit integers or floats, channels mixed to mono. Speech servers write the header before
 * they know the length: a data size of 0, of 0xFFFFFFFF or beyond the end of the file means "to the end".
 *
 * @throws Error telling what is wrong when it is no such file.
 */
export const readWav = (bytes: Buffer): WavSound => {
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    throw new Error('it is not a WAV file');
  }
  let format: Format | undefined;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const chunk = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (chunk === 'fmt ' && start + 16 <= bytes.length) format = readFormat(bytes, start);
    if (chunk === 'data') {
      if (format === undefined || !supported(format)) throw new Error('its sample format is unknown');
      const end = size === 0 || start + size > bytes.length ? bytes.length : start + size;
      return { samples: mixed(bytes, start, end, format), sampleRate: format.sampleRate };
    }
    at = start + size + (size & 1);
  }
  throw new Error('it holds no sound');
};

const mixed = (bytes: Buffer, start: number, end: number, format: Format): Float32Array => {
  const { channels, bytesPerSample } = format;
  const step = channels * bytesPerSample;
  return Float32Array.from({ length: Math.floor((end - start) / step) }, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += readSample(bytes, start + i * step + channel * bytesPerSample, format);
    }
    return sum / channels;
  });
};
