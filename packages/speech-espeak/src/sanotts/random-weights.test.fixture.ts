/** Weight files of the sanoTTS format with random numbers in them: the wiring of the networks without their voice. */

const weightFile = (magic: number, header: readonly number[], sizes: readonly number[]): Uint8Array => {
  const words = [magic, 1, ...header, sizes.length];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const file = new DataView(new ArrayBuffer(4 * (words.length + 2 * sizes.length + total)));
  let at = 0;
  const put = (value: number): void => {
    file.setInt32(at, value, true);
    at += 4;
  };
  words.forEach(put);
  let offset = 0;
  for (const size of sizes) {
    put(offset);
    put(size);
    offset += size;
  }
  let seed = magic;
  for (let index = 0; index < total; index++, at += 4) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    file.setFloat32(at, (seed / 2 ** 32 - 0.5) * 1.2, true);
  }
  return new Uint8Array(file.buffer);
};

const blocks = (count: number, channels: number, width: number): readonly number[] =>
  Array.from({ length: count }, () => [
    1,
    channels ** 2 * width,
    channels,
    channels ** 2 * width,
    channels,
  ]).flat();

/** Networks from 145 phoneme ids to 6 numbers a frame. */
export const randomFront = (): Uint8Array => {
  const durations = [127 * 4, 4 * 7, 4, ...blocks(1, 4, 3), 4, 1];
  const acoustics = [145 * 4, 4 * 6, 4, ...blocks(1, 4, 3), 4 * 7, 4, ...blocks(1, 4, 3), 6 * 4, 6];
  return weightFile(
    0x534e4652,
    [127, 4, 1, 3, 269, 80, 145, 4, 1, 1, 3, 6, 0, 0, 0],
    [...durations, ...acoustics],
  );
};

/** A network from 6 numbers a frame to 256 samples, with a filter at its end. */
export const randomDecoder = (): Uint8Array => {
  const channels = [6, 4, 3, 2];
  const bank = (count: number): readonly number[] =>
    [3, 5, 7].flatMap((width) => [count ** 2 * width, count, count ** 2 * width, count]);
  const stages = [16, 16, 8].flatMap((width, index) => [
    channels[index]! * channels[index + 1]! * width,
    channels[index + 1]!,
    ...bank(channels[index + 1]!),
  ]);
  const unit = [1, 4 ** 2 * 3, 4, 4 ** 2 * 3, 4];
  const filter = [4 * 9, 4, ...unit, ...unit, 4 * 9, 1];
  const halfAsFloat = 0x3f000000;
  return weightFile(
    0x534e504c,
    [6, ...channels, 4, 2, 9, halfAsFloat],
    [6 * 6 * 7, 6, ...stages, 2 * 7, 1, ...filter],
  );
};
