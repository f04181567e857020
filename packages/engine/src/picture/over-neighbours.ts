/** By how much a pixel is brighter than the mean of its four neighbours: fine detail, and what sharpening gives more of. */
export const overNeighbours = (data: ArrayLike<number>, k: number, stride: number): number =>
  data[k] - (data[k - 1] + data[k + 1] + data[k - stride] + data[k + stride]) / 4;
