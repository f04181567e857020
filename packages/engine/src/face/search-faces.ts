import type { Frame } from '../picture/frame.js';
import type { Detection, FaceDetector, SearchSquare } from './face-detector.js';
import type { TurnedSquare } from './turned-square.js';

/** How finely to look: the whole frame, squares of its shorter side, or squares of half of that. */
export type SearchDepth = 'whole' | 'squares' | 'halves';

/** Squares of one side length over a frame, half overlapping. */
const tiles = (width: number, height: number, side: number): SearchSquare[] => {
  const starts = (length: number): number[] => {
    const count = Math.max(1, Math.ceil((length - side) / (side / 2)) + 1);
    return Array.from({ length: count }, (_, k) => Math.max(0, Math.min(k * (side / 2), length - side)));
  };
  return starts(height).flatMap((top) =>
    starts(width).map((left) => ({ x: left + side / 2, y: top + side / 2, side })),
  );
};

const isSameFace = (a: Detection, b: Detection): boolean =>
  Math.hypot(a.x - b.x, a.y - b.y) < 0.4 * Math.max(a.size, b.size);

const withoutRepeats = (found: readonly Detection[]): Detection[] => {
  const unique: Detection[] = [];
  for (const detection of found.toSorted((a, b) => b.score - a.score)) {
    if (!unique.some((other) => isSameFace(other, detection))) unique.push(detection);
  }
  return unique;
};

/** Faces large enough to be seen in the whole frame at once: over an eighth of its longer side. */
export const facesOfFrame = (detector: FaceDetector, frame: Frame): Promise<Detection[]> =>
  detector.detect(frame, {
    x: frame.width / 2,
    y: frame.height / 2,
    side: Math.max(frame.width, frame.height),
  });

/** Faces of a frame, coarsest look first; each further look, down to `depth`, finds smaller ones. */
export async function* searchFaces(
  detector: FaceDetector,
  frame: Frame,
  depth: SearchDepth,
): AsyncGenerator<Detection[]> {
  const short = Math.min(frame.width, frame.height);
  const detectTiles = async (side: number): Promise<Detection[]> => {
    const found: Detection[] = [];
    for (const square of tiles(frame.width, frame.height, side)) {
      found.push(...(await detector.detect(frame, square)));
    }
    return withoutRepeats(found);
  };
  yield await facesOfFrame(detector, frame);
  if (depth !== 'whole') yield await detectTiles(short);
  if (depth === 'halves') yield await detectTiles(short / 2);
}

/** Every face of a frame that the detector sees, large and small. */
export const allFaces = async (detector: FaceDetector, frame: Frame): Promise<Detection[]> => {
  const found: Detection[] = [];
  for await (const faces of searchFaces(detector, frame, 'halves')) found.push(...faces);
  return withoutRepeats(found);
};

/** Faces around a place where one was seen. */
export const facesNear = (
  detector: FaceDetector,
  frame: Frame,
  { x, y, size }: TurnedSquare,
): Promise<Detection[]> => detector.detect(frame, { x, y, side: size * 2 });

/** Detects a face again in a square made for it: boxes of faces small in their first square can be twice too large. */
export const refineDetection = async (
  detector: FaceDetector,
  frame: Frame,
  first: Detection,
): Promise<Detection> => {
  const again = await detector.detect(frame, { x: first.x, y: first.y, side: first.size * 2.5 });
  const distance = ({ x, y }: Detection): number => Math.hypot(x - first.x, y - first.y);
  return again.toSorted((a, b) => distance(a) - distance(b))[0] ?? first;
};
