import type { OnnxGraph, Value } from './onnx-graph.js';
import type { WeightFile } from './weights.js';

/** Part of a graph from a signal to a signal. */
export type Layer = (signal: Value) => Value;

/** Reads the layers of a file, one after the other, into a graph. */
export class LayerReader {
  readonly graph: OnnxGraph;
  readonly #weights: WeightFile;

  constructor(graph: OnnxGraph, weights: WeightFile) {
    this.graph = graph;
    this.#weights = weights;
  }

  /** The next number of the file. */
  scalar(): Value {
    return this.graph.constant(this.#weights.next(1), []);
  }

  /** The next convolution, weights [out, in, width] and bias: as long as its input, zeros around it. */
  convolution(inputs: number, outputs: number, width: number, dilation = 1): Layer {
    const filter = this.graph.constant(this.#weights.next(outputs * inputs * width), [
      outputs,
      inputs,
      width,
    ]);
    const bias = this.graph.constant(this.#weights.next(outputs), [outputs]);
    const around = (width - 1) * dilation;
    const pads = [Math.floor(around / 2), Math.ceil(around / 2)];
    return (signal) => this.graph.apply('Conv', [signal, filter, bias], { dilations: [dilation], pads });
  }

  /**
   * The next transposed convolution, weights [in, out, 2 × stride], padded by half a stride: `stride` times as long as
   * its input.
   */
  upsampling(inputs: number, outputs: number, stride: number): Layer {
    const width = 2 * stride;
    const filter = this.graph.constant(this.#weights.next(inputs * outputs * width), [
      inputs,
      outputs,
      width,
    ]);
    const bias = this.graph.constant(this.#weights.next(outputs), [outputs]);
    const attributes = { strides: [stride], pads: [stride / 2, stride / 2] };
    return (signal) => this.graph.apply('ConvTranspose', [signal, filter, bias], attributes);
  }

  /** The next table, a row of `channels` numbers for each index: from indices to a signal. */
  embedding(rows: number, channels: number): Layer {
    const table = this.graph.constant(this.#weights.next(rows * channels), [1, rows, channels]);
    const columns = this.graph.apply('Transpose', [table], { perm: [0, 2, 1] });
    return (indices) => this.graph.apply('Gather', [columns, indices], { axis: 2 });
  }
}
