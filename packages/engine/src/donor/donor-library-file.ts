import { bytesOf, readSealedFile, writeSealedFile } from '../cache/sealed-file.js';
import type { Donor, DonorLibrary } from './donor-library.js';
import { PATCH_HEIGHT, PATCH_WIDTH } from './mouth-patch.js';

/** Changes whenever the layout or the way donors are cut does. */
const MARK = 'CJDONOR01';
const PLANE = PATCH_WIDTH * PATCH_HEIGHT;

type DonorHeader = Omit<Donor, 'patch'>;

/**
 * Layout: byte length of the header (uint32, little-endian), the donors without their patches as JSON, each donor's patch
 * (luma, U, V), the pixels.
 */
export const writeDonorLibrary = async (path: string, { donors, pixels }: DonorLibrary): Promise<void> => {
  const headers: DonorHeader[] = donors.map(({ patch: _, ...header }) => header);
  const json = Buffer.from(JSON.stringify(headers));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const patches = donors.flatMap(({ patch }) => [patch.luma, patch.u, patch.v]);
  await writeSealedFile(path, MARK, [length, json, ...patches, bytesOf(pixels)]);
};

/** The library; undefined when the file is absent, broken, or of another version. */
export const readDonorLibrary = async (path: string): Promise<DonorLibrary | undefined> => {
  const content = await readSealedFile(path, MARK);
  if (!content) return undefined;
  const jsonEnd = 4 + content.readUInt32LE(0);
  const headers = JSON.parse(content.toString('utf8', 4, jsonEnd)) as DonorHeader[];
  const plane = (index: number) =>
    new Uint8Array(content.subarray(jsonEnd + index * PLANE, jsonEnd + (index + 1) * PLANE));
  const donors = headers.map((header, k) => ({
    ...header,
    patch: { luma: plane(3 * k), u: plane(3 * k + 1), v: plane(3 * k + 2) },
  }));
  const stored = content.subarray(jsonEnd + headers.length * 3 * PLANE);
  const pixels = new Uint8Array(new SharedArrayBuffer(stored.length));
  pixels.set(stored);
  return { pixels, donors };
};
