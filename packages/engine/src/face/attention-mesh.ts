import type { Runtime } from '../inference/runtime.js';
import type { Frame } from '../picture/frame.js';
import { createCropper } from './crop.js';
import type { FaceModels } from './face-models.js';
import { LANDMARK_COUNT, LANDMARK_FLOATS } from './face-track.js';
import { LIP_WINDOW_FLOATS, lipWindow, refineLips, sampleLipWindow } from './lip-refinement.js';
import type { TurnedSquare } from './turned-square.js';

/** MediaPipe's attention face mesh: 468 landmarks with lips refined by a head of their own. */
export type AttentionMesh = {
  /**
   * Finds the landmarks of the face in a square.
   *
   * @param into 468 x (x, y, z) in frame pixels is written here; z has the same scale, negative towards the camera
   * @param lips `refined`, or `plain` where only the outline of the face is wanted (cheaper)
   * @returns score that the square shows a face, 0 to 1
   */
  locate(frame: Frame, square: TurnedSquare, into: Float32Array, lips: 'refined' | 'plain'): Promise<number>;
};

const CROP_SIDE = 192;
/** From this square size on a crop pixel spans three frame pixels, and is averaged from four samples. */
const SUPERSAMPLED_SQUARE = 600;

const toFrame = (mesh: Float32Array, square: TurnedSquare, into: Float32Array): void => {
  const scale = square.size / CROP_SIDE;
  const [cos, sin] = [Math.cos(square.angle) * scale, Math.sin(square.angle) * scale];
  for (let p = 0; p < LANDMARK_FLOATS; p += 3) {
    const x = mesh[p] - CROP_SIDE / 2;
    const y = mesh[p + 1] - CROP_SIDE / 2;
    into[p] = square.x + x * cos - y * sin;
    into[p + 1] = square.y + x * sin + y * cos;
    into[p + 2] = mesh[p + 2] * scale;
  }
};

/** The mesh runs in the calling thread, one frame at a time. */
export const createAttentionMesh = async (
  runtime: Runtime,
  models: Pick<FaceModels, 'mesh' | 'lips'>,
): Promise<AttentionMesh> => {
  const trunk = await runtime.open(models.mesh, ['landmarks', 'face', 'features']);
  const lipHead = await runtime.open(models.lips, ['lips']);
  const cropper = createCropper({ size: CROP_SIDE, scale: 1 / 255, bias: 0, outside: 'nearest' });
  const windowFeatures = new Float32Array(LIP_WINDOW_FLOATS);
  return {
    locate: async (frame, square, into, lips) => {
      cropper.crop(frame, square, square.size > SUPERSAMPLED_SQUARE ? 2 : 1);
      const { landmarks, face, features } = await trunk.run(cropper.rgb);
      if (lips === 'refined') {
        const window = lipWindow(landmarks);
        sampleLipWindow(features, window, windowFeatures);
        refineLips(landmarks, (await lipHead.run(windowFeatures)).lips, window);
      }
      toFrame(landmarks, square, into);
      return 1 / (1 + Math.exp(-face[0]));
    },
  };
};

/** Landmarks of one frame before anything was found. */
export const emptyLandmarks = (): Float32Array<ArrayBuffer> => new Float32Array(LANDMARK_COUNT * 3);
