import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FaceModelError } from '../errors/face-model-error.js';

const SHIPPED = new URL('../../weights/', import.meta.url);

/** Bytes of the ONNX files, as plain data that can be sent to a worker thread. */
export type FaceModels = {
  /** Landmarks of a face, and features for the lips. */
  readonly mesh: Uint8Array;
  readonly lips: Uint8Array;
  readonly detector: Uint8Array;
};

/** @throws FaceModelError when a file of the package is missing */
export const readFaceWeights = (name: string, folder: URL = SHIPPED): Buffer<ArrayBuffer> => {
  const path = new URL(name, folder);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new FaceModelError(`The face models could not be read from ${fileURLToPath(path)}.`, cause);
  }
};

/** @throws FaceModelError when a file of the package is missing */
export const readFaceModels = (folder?: URL): FaceModels => ({
  mesh: readFaceWeights('face-mesh.onnx', folder),
  lips: readFaceWeights('face-lips.onnx', folder),
  detector: readFaceWeights('face-detector.onnx', folder),
});
