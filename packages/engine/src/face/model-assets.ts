import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FaceModelError } from '../errors/face-model-error.js';

/**
 * Byte ranges of the models inside the packed assets; they are listed in the package's
 * `face_mesh_solution_packed_assets_loader.js`.
 */
const RANGES = {
  attentionMesh: [0, 2_495_952],
  plainMesh: [2_495_952, 3_737_848],
  faceGeometry: [3_737_848, 3_757_224],
  faceDetector: [3_757_224, 3_986_256],
} as const;

const SHA256 = 'dbe5905c582c0462cdaea17e7e6ecea92edaa8cccc515c5e2e7291f2cbb5fb99';

/** A model file packed into `@mediapipe/face_mesh` (Apache-2.0, by the MediaPipe authors). */
export type ModelName = keyof typeof RANGES;

const require = createRequire(import.meta.url);

const packedAssetsPath = (): string => {
  try {
    const manifest = require.resolve('@mediapipe/face_mesh/package.json');
    return join(dirname(manifest), 'face_mesh_solution_packed_assets.data');
  } catch (cause) {
    throw new FaceModelError('The package @mediapipe/face_mesh is not installed.', cause);
  }
};

const readPackedAssets = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new FaceModelError(`The face models could not be read from ${path}.`, cause);
  }
};

/**
 * Reads model files, each as bytes of its own.
 *
 * @param path the packed assets; by default those of the installed `@mediapipe/face_mesh`
 * @throws FaceModelError when the package is missing or its assets are not the expected ones
 */
export const readModels = <N extends ModelName>(
  names: readonly N[],
  path: string = packedAssetsPath(),
): Record<N, Uint8Array> => {
  const assets = readPackedAssets(path);
  const sha256 = createHash('sha256').update(assets).digest('hex');
  if (sha256 !== SHA256) throw new FaceModelError(`The face models in ${path} are not the expected ones.`);
  const slices = names.map((name) => [name, new Uint8Array(assets.subarray(...RANGES[name]))]);
  return Object.fromEntries(slices);
};
