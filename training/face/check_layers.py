"""
Compares the ONNX files of convert.py layer by layer with the TensorFlow Lite models, which are computed here in plain
numpy.
"""

import sys

import numpy as np
import onnx
import onnxruntime
from networks import NETWORKS, WEIGHTS, read_assets
from tflite_graph import Graph, same_padding

# Of the largest value of a layer.
TOLERANCE = 1e-4


def windows(x, kernel, strides, same, fill):
    """[height, width, kernel height, kernel width, channels] of x [height, width, channels]."""
    padding = [same_padding(n, k, s) if same else (0, 0) for n, k, s in zip(x.shape, kernel, strides)]
    padded = np.pad(x, [*padding, (0, 0)], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(0, 1))[:: strides[0], :: strides[1]]
    return view.transpose(0, 1, 3, 4, 2)


def convolve(x, operator, weight, bias):
    strides, same = operator.convolution()
    if operator.name == "CONV_2D":
        return np.tensordot(windows(x, weight.shape[1:3], strides, same, 0), weight, ([2, 3, 4], [1, 2, 3])) + bias
    return np.einsum("hwyxc,yxc->hwc", windows(x, weight.shape[1:3], strides, same, 0), weight[0]) + bias


def compute(graph, operator, values):
    """The result of one operator, without the batch axis."""

    def value(tensor):
        return values[tensor] if tensor in values else graph.constant(tensor).astype(np.float64)

    x = value(operator.inputs[0])
    match operator.name:
        case "CONV_2D" | "DEPTHWISE_CONV_2D":
            return convolve(x, operator, value(operator.inputs[1]), value(operator.inputs[2]))
        case "PRELU":
            return np.where(x < 0, x * value(operator.inputs[1]), x)
        case "RELU":
            return np.maximum(x, 0)
        case "ADD":
            return x + value(operator.inputs[1])
        case "MAX_POOL_2D":
            return windows(x, *operator.max_pool(), True, -np.inf).max((2, 3))
        case "PAD":
            return np.pad(x, graph.constant(operator.inputs[1])[1:])
        case "RESHAPE":
            return x.reshape(graph.shape(operator.output)[1:])
        case "CONCATENATION":
            return np.concatenate([value(tensor) for tensor in operator.inputs])
    raise SystemExit(f"TFLite operator {operator.name} is not supported")


def all_layers(title, names, image):
    """Every tensor that the ONNX file computes, by name."""
    model = onnx.load(WEIGHTS / f"{title}.onnx")
    known = {output.name for output in model.graph.output}
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names if name not in known)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: image.transpose(2, 0, 1)[None].astype(np.float32)}
    return dict(zip(names, session.run(names, feed)))


def check(title, part, source, targets, image):
    graph = Graph(part)
    operators = graph.between(source[0], targets)
    names = {operator.output: targets.get(operator.output, f"tensor{operator.output}") for operator in operators}
    layers = all_layers(title, list(names.values()), image)
    values, worst = {source[0]: image.astype(np.float64)}, 0
    for operator in operators:
        expected = values[operator.output] = compute(graph, operator, values)
        found = layers[names[operator.output]][0]
        if expected.ndim == 3:
            found = found.transpose(1, 2, 0)
        worst = max(worst, np.abs(found - expected).max() / np.abs(expected).max())
    print(f"{title}: {len(operators)} layers, largest difference {worst:.1e} of the layer's largest value")
    return worst < TOLERANCE


if __name__ == "__main__":
    assets, noise, good = read_assets(), np.random.default_rng(1), True
    for title, (part, source, targets) in NETWORKS.items():
        good &= check(title, assets[part], source, targets, noise.random(Graph(assets[part]).shape(source[0])[1:]))
    sys.exit(not good)
