"""
Writes the face networks as ONNX files, and the canonical face as JSON, to packages/engine/weights.

Forms that onnxruntime's CPU kernels cannot keep in their blocked layout are replaced by convolutions, exactly:
PRELU by two 1x1 depthwise convolutions (a x + (1 - a) max(x, 0)), padding of channels by a 1x1 convolution with an
identity. That halves the time of the mesh. Weights stay 16-bit floats, as in the source; the runtime widens them
when it loads a file.
"""

import json

import numpy as np
import onnx
from canonical_face import canonical_face
from networks import FACE_GEOMETRY, NETWORKS, WEIGHTS, read_assets
from onnx import TensorProto, helper, numpy_helper
from tflite_graph import Graph, same_padding

OPSET = 13
IR_VERSION = 8
NOTICE = "Converted from @mediapipe/face_mesh 0.4.1657299874. Copyright The MediaPipe Authors, Apache License 2.0."


class Converter:
    """One network: TFLite's [1, height, width, channels] becomes ONNX's [1, channels, height, width]."""

    def __init__(self, graph, names):
        self.graph, self.names = graph, names
        self.nodes, self.initializers = [], []

    def name(self, tensor):
        return self.names.get(tensor, f"tensor{tensor}")

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def stored(self, name, values):
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weights(self, name, values):
        if values.dtype != np.float16:
            return self.stored(name, values)
        return self.node("Cast", [self.stored(f"{name}.half", values)], name, to=TensorProto.FLOAT)

    def convolve(self, operator):
        name, (x, weight, bias) = self.name(operator.output), operator.inputs
        strides, same = operator.convolution()
        depthwise = operator.name == "DEPTHWISE_CONV_2D"
        values = self.graph.constant(weight).transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        (top, bottom), (left, right) = [
            same_padding(length, kernel, stride) if same else (0, 0)
            for length, kernel, stride in zip(self.graph.shape(x)[1:3], values.shape[2:], strides)
        ]
        self.node(
            "Conv",
            [self.name(x), self.weights(f"{name}.weight", values), self.weights(f"{name}.bias", self.graph.constant(bias))],
            name,
            kernel_shape=values.shape[2:],
            strides=strides,
            pads=[top, left, bottom, right],
            group=values.shape[0] if depthwise else 1,
        )

    def prelu(self, operator):
        name, x = self.name(operator.output), self.name(operator.inputs[0])
        slope = self.graph.constant(operator.inputs[1]).astype(np.float32).reshape(-1, 1, 1, 1)
        by_channel = {"kernel_shape": [1, 1], "group": len(slope)}
        positive = self.node("Relu", [x], f"{name}.positive")
        below = self.node("Conv", [x, self.stored(f"{name}.slope", slope)], f"{name}.below", **by_channel)
        above = self.node("Conv", [positive, self.stored(f"{name}.rest", 1 - slope)], f"{name}.above", **by_channel)
        self.node("Add", [above, below], name)

    def max_pool(self, operator):
        window, strides = operator.max_pool()
        assert all(length % stride == 0 for length, stride in zip(self.graph.shape(operator.inputs[0])[1:3], strides))
        self.node(
            "MaxPool", [self.name(operator.inputs[0])], self.name(operator.output), kernel_shape=window, strides=strides
        )

    def pad_channels(self, operator):
        before = self.graph.constant(operator.inputs[1])
        assert not before[:3].any() and before[3, 0] == 0
        name, inputs, outputs = (
            self.name(operator.output),
            self.graph.shape(operator.inputs[0])[3],
            self.graph.shape(operator.output)[3],
        )
        identity = np.eye(outputs, inputs, dtype=np.float16).reshape(outputs, inputs, 1, 1)
        self.node(
            "Conv", [self.name(operator.inputs[0]), self.weights(f"{name}.identity", identity)], name, kernel_shape=[1, 1]
        )

    def reshape(self, operator):
        name = self.name(operator.output)
        rows = self.node("Transpose", [self.name(operator.inputs[0])], f"{name}.rows", perm=[0, 2, 3, 1])
        shape = self.stored(f"{name}.shape", np.array(self.graph.shape(operator.output), np.int64))
        self.node("Reshape", [rows, shape], name)

    def convert(self, operator):
        inputs, output = [self.name(tensor) for tensor in operator.inputs], self.name(operator.output)
        match operator.name:
            case "CONV_2D" | "DEPTHWISE_CONV_2D":
                self.convolve(operator)
            case "PRELU":
                self.prelu(operator)
            case "RELU":
                self.node("Relu", inputs, output)
            case "ADD":
                self.node("Add", inputs, output)
            case "MAX_POOL_2D":
                self.max_pool(operator)
            case "PAD":
                self.pad_channels(operator)
            case "RESHAPE":
                self.reshape(operator)
            case "CONCATENATION":
                self.node("Concat", inputs, output, axis=1)
            case unknown:
                raise SystemExit(f"TFLite operator {unknown} is not supported")


def onnx_model(graph, title, source, targets):
    converter = Converter(graph, {source[0]: source[1], **targets})
    for operator in graph.between(source[0], targets):
        converter.convert(operator)

    def described(tensor):
        shape = graph.shape(tensor)
        planar = (shape[0], shape[3], *shape[1:3]) if len(shape) == 4 else shape
        return helper.make_tensor_value_info(converter.name(tensor), TensorProto.FLOAT, planar)

    model = helper.make_model(
        helper.make_graph(
            converter.nodes, title, [described(source[0])], [described(t) for t in targets], converter.initializers
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="chanjing-avatar training/face/convert.py",
        doc_string=NOTICE,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    assets = read_assets()
    for title, (part, source, targets) in NETWORKS.items():
        onnx.save(onnx_model(Graph(assets[part]), title, source, targets), WEIGHTS / f"{title}.onnx")
    (WEIGHTS / "canonical-face.json").write_text(json.dumps(canonical_face(assets[FACE_GEOMETRY])) + "\n")
