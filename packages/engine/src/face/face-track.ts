/** Number of face mesh landmarks (MediaPipe's canonical face topology). */
export const LANDMARK_COUNT = 468;

/** Floats per frame in {@link FaceTrack.landmarks}: x, y, z of each landmark. */
export const LANDMARK_FLOATS: number = LANDMARK_COUNT * 3;

/** The face of one person through a whole video, frame by frame. */
export type FaceTrack = {
  /** Frame size in pixels that the landmarks refer to. */
  readonly width: number;
  readonly height: number;
  /** Frames per second of the constant-rate frames that were tracked. */
  readonly fps: number;
  readonly frameCount: number;
  /**
   * frameCount x 468 x (x, y, z). x and y in pixels (centre of the top-left pixel is 0.5, 0.5), z in the same
   * scale, negative towards the camera. Zero where `usable` is 0 and no face was found.
   */
  readonly landmarks: Float32Array;
  /**
   * frameCount x POSE_FLOATS: the canonical face fitted to each frame's landmarks, see {@link poseAt}. Zero where there
   * are no landmarks.
   */
  readonly poses: Float64Array;
  /** Face presence score of each frame, 0 to 1. */
  readonly score: Float32Array;
  /** 1 where a mouth may be drawn on the frame or taken from it, else 0 (no face, lost, too far turned, covered). */
  readonly usable: Uint8Array;
  /** Index of the camera shot that each frame belongs to; nothing may be smoothed or blended across shots. */
  readonly shot: Uint16Array;
};
