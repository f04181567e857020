import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { colourOfProfile } from '../colour/icc-profile.js';
import { decodeVideo } from './decode-video.js';
import { ffmpeg } from './webcam-clip.test.fixture.js';

type Triple = readonly [number, number, number];

/** White, greys, strong colours and two skins, as an sRGB or bt709 screen shows them. */
const PATCHES: readonly Triple[] = [
  [235, 235, 235],
  [128, 128, 128],
  [40, 40, 40],
  [200, 60, 60],
  [60, 170, 80],
  [60, 80, 200],
  [224, 172, 138],
  [120, 80, 60],
];
const SIDE = 32;
const WIDTH = PATCHES.length * SIDE;

/** Linear light of bt709 as that of bt2020 and of Display P3 (ITU-R BT.2087; CSS Color 4). */
const TO_BT2020: readonly Triple[] = [
  [0.627404, 0.329283, 0.043313],
  [0.069097, 0.91954, 0.011362],
  [0.016391, 0.088013, 0.895595],
];
const TO_P3: readonly Triple[] = [
  [0.822462, 0.177538, 0],
  [0.033194, 0.966806, 0],
  [0.017083, 0.072397, 0.91052],
];

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'picture-colour-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const mix = (matrix: readonly Triple[], light: Triple): Triple =>
  matrix.map((row) => row[0] * light[0] + row[1] * light[1] + row[2] * light[2]) as unknown as Triple;

/** Patches side by side, 16 bits each of red, green and blue, coded by `code` from 0 to 1. */
const raw = (code: (patch: Triple) => Triple): Buffer => {
  const row = new Uint16Array(WIDTH * 3);
  for (let x = 0; x < WIDTH; x++)
    row.set(
      code(PATCHES[Math.floor(x / SIDE)]).map((value) => Math.round(value * 65_535)),
      x * 3,
    );
  return Buffer.concat(Array.from({ length: SIDE }, () => Buffer.from(row.buffer)));
};

/** A lossless video or picture of the patches. */
const write = (name: string, code: (patch: Triple) => Triple, ...rest: string[]): void => {
  writeFileSync(at('raw'), Buffer.concat(Array.from({ length: 5 }, () => raw(code))));
  ffmpeg(
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb48le',
    '-s',
    `${WIDTH}x${SIDE}`,
    '-i',
    at('raw'),
    ...rest,
    at(name),
  );
};

const asVideo = (
  matrix: string,
  format: string,
  primaries: string,
  transfer: string,
  range = 'tv',
): string[] => [
  ...[
    '-vf',
    `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd+full_chroma_int,format=${format}`,
  ],
  ...['-c:v', 'ffv1', '-color_primaries', primaries, '-color_trc', transfer, '-color_range', range],
  ...['-colorspace', { bt2020: 'bt2020nc', bt601: 'smpte170m' }[matrix] ?? matrix],
];

/** The patches of a file as a bt709 screen shows them. */
const shown = async (name: string): Promise<Triple[]> => {
  for await (const { data } of decodeVideo(at(name), { width: WIDTH, height: SIDE, fps: 25, count: 1 })) {
    const filter =
      'scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int+full_chroma_inp';
    const rgb = execFileSync(
      'ffmpeg',
      ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${WIDTH}x${SIDE}`, '-i', '-'].concat([
        '-vf',
        `${filter},format=rgb24`,
        '-f',
        'rawvideo',
        '-',
      ]),
      { input: Buffer.from(data) },
    );
    const middle = (patch: number): number => ((SIDE / 2) * WIDTH + (patch + 0.5) * SIDE) * 3;
    return PATCHES.map(
      (_, patch) => [...rgb.subarray(middle(patch), middle(patch) + 3)] as unknown as Triple,
    );
  }
  throw new Error('no frame');
};

const expectPatches = async (
  name: string,
  tolerance: number,
  skip: readonly number[] = [],
): Promise<void> => {
  const found = await shown(name);
  for (const [patch, wanted] of PATCHES.entries()) {
    if (skip.includes(patch)) continue;
    const worst = Math.max(...wanted.map((value, k) => Math.abs(value - found[patch][k])));
    expect(worst, `${found[patch]} instead of ${wanted}`).toBeLessThanOrEqual(tolerance);
  }
};

const same = (patch: Triple): Triple => patch.map((value) => value / 255) as unknown as Triple;

/** Code values of other primaries, at the gamma of studio screens. */
const wide =
  (matrix: readonly Triple[]) =>
  (patch: Triple): Triple =>
    mix(matrix, patch.map((value) => (value / 255) ** 2.4) as unknown as Triple).map(
      (light) => light ** (1 / 2.4),
    ) as unknown as Triple;

/** Light on the screen in nits, bt2020, white at 203 (ITU-R BT.2408). */
const nits = (patch: Triple): Triple =>
  mix(TO_BT2020, patch.map((value) => 203 * (value / 255) ** 2.4) as unknown as Triple);

const pq = (patch: Triple): Triple =>
  nits(patch).map((value) => {
    const y = (value / 10_000) ** 0.1593017578125;
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375;
  }) as unknown as Triple;

const hlg = (patch: Triple): Triple => {
  const [r, g, b] = nits(patch).map((value) => value / 1000);
  const scale = (0.2627 * r + 0.678 * g + 0.0593 * b) ** (1 / 1.2 - 1);
  return [r, g, b].map((value) => {
    const scene = value * scale;
    return scene <= 1 / 12
      ? Math.sqrt(3 * scene)
      : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
  }) as unknown as Triple;
};

describe('colours of a video', () => {
  it.each([
    ['bt601', same, asVideo('bt601', 'yuv444p', 'smpte170m', 'smpte170m'), 1],
    ['bt601 at half the chroma', same, asVideo('bt601', 'yuv420p', 'smpte170m', 'smpte170m'), 2],
    ['bt601 at half the chroma, full range', same, asVideo('bt601', 'yuv420p', 'bt709', 'bt709', 'pc'), 2],
    ['bt601 of PAL', same, asVideo('bt601', 'yuv420p', 'bt470bg', 'gamma28'), 2],
    ['bt709, full range', same, asVideo('bt709', 'yuv444p', 'bt709', 'bt709', 'pc'), 2],
    ['bt2020 without HDR', wide(TO_BT2020), asVideo('bt2020', 'yuv444p10le', 'bt2020', 'bt709'), 4],
    ['Display P3', wide(TO_P3), asVideo('bt709', 'yuv444p', 'smpte432', 'bt709'), 3],
    [
      'Display P3 in 10 bits and bt601',
      wide(TO_P3),
      asVideo('bt601', 'yuv444p10le', 'smpte432', 'iec61966-2-1'),
      3,
    ],
  ] as const)('are kept: %s', async (_, code, form, tolerance) => {
    write('colour.mkv', code, ...form);
    await expectPatches('colour.mkv', tolerance);
  });

  it.each([
    ['HLG', hlg, 'arib-std-b67', 'yuv444p10le'],
    ['PQ', pq, 'smpte2084', 'yuv444p10le'],
    ['PQ in 12 bits', pq, 'smpte2084', 'yuv444p12le'],
  ] as const)(
    'are kept in %s, with white at 203 nits; only white gives way to what is brighter',
    async (_, code, transfer, format) => {
      write('hdr.mkv', code, ...asVideo('bt2020', format, 'bt2020', transfer));
      await expectPatches('hdr.mkv', 5, [0, 4]);
      await expectPatches('hdr.mkv', 18);
    },
  );
});

const tag = (kind: string, ...values: number[]): Buffer => {
  const body = Buffer.alloc(4 * values.length);
  for (const [k, value] of values.entries()) body.writeInt32BE(Math.round(value * 65_536), 4 * k);
  return Buffer.concat([Buffer.from(`${kind}\0\0\0\0`, 'latin1'), body]);
};

/** A profile of these primaries, adapted to D50, with sRGB's curve. */
const profileOf = (red: Triple, green: Triple, blue: Triple): Buffer => {
  const curve = Buffer.concat([
    Buffer.from('para\0\0\0\0\0\x03\0\0', 'latin1'),
    tag('', 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045).subarray(4),
  ]);
  const tags: [string, Buffer][] = [
    ['rXYZ', tag('XYZ ', ...red)],
    ['gXYZ', tag('XYZ ', ...green)],
    ['bXYZ', tag('XYZ ', ...blue)],
    ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Buffer] => [name, curve]),
  ];
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  let offset = 128 + table.length;
  for (const [k, [name, body]] of tags.entries()) {
    table.write(name, 4 + 12 * k, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * k);
    table.writeUInt32BE(body.length, 12 + 12 * k);
    offset += body.length;
  }
  const header = Buffer.alloc(128);
  header.write('RGB XYZ ', 16, 'latin1');
  return Buffer.concat([header, table, ...tags.map(([, body]) => body)]);
};

const DISPLAY_P3 = profileOf(
  [0.51512, 0.2412, -0.00105],
  [0.29198, 0.69225, 0.04189],
  [0.1571, 0.06657, 0.78407],
);
const SRGB = profileOf([0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.7141]);

const srgbLight = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const srgbCode = (light: number): number =>
  light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;

/** What a phone writes: code values of Display P3. */
const displayP3 = (patch: Triple): Triple =>
  mix(TO_P3, patch.map((value) => srgbLight(value / 255)) as unknown as Triple).map(
    srgbCode,
  ) as unknown as Triple;

/** Puts a profile into a file that ffmpeg wrote without one. */
const EMBED = {
  jpg: (file: Buffer, profile: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]);
    const head = Buffer.from([0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 255]);
    return Buffer.concat([file.subarray(0, 2), head, body, file.subarray(2)]);
  },
  png: (file: Buffer, profile: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from('iCCPPhone\0\0', 'latin1'), deflateSync(profile)]);
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(body.length - 4);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), body.length + 4);
    return Buffer.concat([file.subarray(0, 33), chunk, file.subarray(33)]);
  },
  webp: (file: Buffer, profile: Buffer): Buffer => {
    const chunk = (name: string, body: Buffer): Buffer => {
      const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
      head.writeUInt32LE(body.length, 4);
      return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
    };
    const extended = Buffer.from([0x20, 0, 0, 0, (WIDTH - 1) & 255, (WIDTH - 1) >> 8, 0, SIDE - 1, 0, 0]);
    const chunks = [chunk('VP8X', extended), chunk('ICCP', profile), file.subarray(12)];
    return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), ...chunks]);
  },
};

describe('colours of a photo', () => {
  it.each([
    ['jpg', ['-pix_fmt', 'yuvj444p', '-q:v', '1'], 4],
    ['png', ['-pix_fmt', 'rgb24'], 2],
    ['webp', ['-c:v', 'libwebp', '-lossless', '1', '-pix_fmt', 'bgra'], 2],
  ] as const)('are those of its profile, in a %s', async (extension, form, tolerance) => {
    write(`plain.${extension}`, displayP3, '-frames:v', '1', ...form);
    writeFileSync(
      at(`photo.${extension}`),
      EMBED[extension](readFileSync(at(`plain.${extension}`)), DISPLAY_P3),
    );
    await expectPatches(`photo.${extension}`, tolerance);
  });

  it('need nothing where the profile is that of sRGB, or cannot be used', () => {
    expect(colourOfProfile(SRGB)).toBeUndefined();
    expect(colourOfProfile(DISPLAY_P3.subarray(0, 200))).toBeUndefined();
    expect(colourOfProfile(Buffer.alloc(10))).toBeUndefined();
    expect(colourOfProfile(DISPLAY_P3)).toBeDefined();
  });
});
