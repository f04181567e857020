const HEADER_BYTES = 44;

/** A wav of one channel with 16 bits. */
const waveFile = (samples: Float32Array, sampleRate: number): Blob => {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + 2 * samples.length));
  const text = (at: number, word: string): void => {
    for (let i = 0; i < word.length; i++) bytes.setUint8(at + i, word.charCodeAt(i));
  };
  text(0, 'RIFF');
  bytes.setUint32(4, bytes.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, sampleRate, true);
  bytes.setUint32(28, 2 * sampleRate, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, 'data');
  bytes.setUint32(40, 2 * samples.length, true);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.max(-1, Math.min(1, samples[i]!));
    bytes.setInt16(HEADER_BYTES + 2 * i, Math.round(value * 32767), true);
  }
  return new Blob([bytes], { type: 'audio/wav' });
};

const RATE = 48_000;

/** What browsers record is none of the kinds that the API takes: the same as a wav, its channels averaged. */
export const asWave = async (recording: Blob, name: string): Promise<File> => {
  const context = new OfflineAudioContext(1, 1, RATE);
  const sound = await context.decodeAudioData(await recording.arrayBuffer());
  const mixed = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const samples = sound.getChannelData(channel);
    for (let i = 0; i < mixed.length; i++) mixed[i]! += samples[i]! / sound.numberOfChannels;
  }
  return new File([waveFile(mixed, sound.sampleRate)], name, { type: 'audio/wav' });
};
