import { loadKernels } from './kernel-memory.js';

/** The kernels of layer.wat. Planes and masks are given by their addresses in kernel memory; sizes are in pixels. */
export const layerKernels: {
  blur(
    ...numbers: [
      ...[mask: number, width: number, height: number, radius: number],
      ...[scratch: number, sums: number],
    ]
  ): void;
  sharpen(
    ...numbers: [
      ...[data: number, covered: number, width: number, height: number, share: number],
      rows: number,
    ]
  ): void;
  accumulate(
    ...numbers: [
      ...[sum: number, layer: number, covered: number, tone: number, width: number, height: number],
      ...[base: number, stride: number],
      ...[a: number, b: number, c: number, lips: number, weight: number],
    ]
  ): void;
  blend(
    ...numbers: [
      ...[base: number, stride: number],
      ...[layer: number, opacity: number, width: number, height: number],
    ]
  ): void;
  feather(mask: number, count: number, strength: number): void;
} = loadKernels('layer');
