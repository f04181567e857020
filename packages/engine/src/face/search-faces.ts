import type { Frame } from '../media/frame.js';
import type { Detection, FaceDetector, SearchSquare } from './face-detector.js';
import type { Region } from './region.js';

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

/** Faces of a frame: looks coarsely first and only goes finer, down to `depth`, while nothing is found. */
export const searchFaces = (detector: FaceDetector, frame: Frame, depth: SearchDepth): Detection[] => {
  const { width, height } = frame;
  const short = Math.min(width, height);
  const levels: SearchSquare[][] = [[{ x: width / 2, y: height / 2, side: Math.max(width, height) }]];
  if (depth !== 'whole') levels.push(tiles(width, height, short));
  if (depth === 'halves') levels.push(tiles(width, height, short / 2));
  for (const squares of levels) {
    const found = squares.flatMap((square) => detector.detect(frame, square));
    if (found.length > 0) return withoutRepeats(found);
  }
  return [];
};

/** Faces around a place where one was seen. */
export const faceNear = (detector: FaceDetector, frame: Frame, { x, y, size }: Region): Detection[] =>
  detector.detect(frame, { x, y, side: size * 2 });
