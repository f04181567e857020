import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColourTransform } from './colour-transform.js';

/**
 * Points on each axis; between them ffmpeg interpolates. Skins and greys are right to a level or two, and the strongest
 * colours of PQ, where points lie widest apart, to 18 of 255; with 65 points to 6, but a second later.
 */
const POINTS = 33;

/** A transform as the text of a .cube file (Adobe's Cube LUT specification), red running fastest. */
const cubeOf = (transform: ColourTransform): string => {
  const lines = [`LUT_3D_SIZE ${POINTS}`];
  const level = (k: number): number => k / (POINTS - 1);
  for (let b = 0; b < POINTS; b++)
    for (let g = 0; g < POINTS; g++)
      for (let r = 0; r < POINTS; r++)
        lines.push(
          transform([level(r), level(g), level(b)])
            .map((value) => value.toFixed(5))
            .join(' '),
        );
  return `${lines.join('\n')}\n`;
};

/** A transform where ffmpeg finds it. */
export type CubeFile = {
  readonly path: string;
  remove(): Promise<void>;
};

/** Writes a transform to a temporary file of its own. */
export const writeCubeFile = async (transform: ColourTransform): Promise<CubeFile> => {
  const directory = await mkdtemp(join(tmpdir(), 'chanjing-avatar-colour-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const path = join(directory, 'colour.cube');
  await writeFile(path, cubeOf(transform)).catch(async (error) => {
    await remove();
    throw error;
  });
  return { path, remove };
};
