"""Reads the TensorFlow Lite models of the npm package @mediapipe/face_mesh, as far as convolutional face models need it."""

import numpy as np
import tflite

OPERATOR_NAMES = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}
TYPES = {tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.FLOAT16: np.float16, tflite.TensorType.INT32: np.int32}


class Operator:
    def __init__(self, name, raw):
        self.name, self.raw = name, raw
        self.inputs = [int(tensor) for tensor in raw.InputsAsNumpy()]
        self.output = int(raw.Outputs(0))

    def options(self, kind):
        options = kind()
        options.Init(self.raw.BuiltinOptions().Bytes, self.raw.BuiltinOptions().Pos)
        return options

    def convolution(self):
        """Strides, whether the borders are padded, and the only forms that these models use."""
        options = self.options(
            tflite.DepthwiseConv2DOptions if self.name == "DEPTHWISE_CONV_2D" else tflite.Conv2DOptions
        )
        assert options.DilationHFactor() == options.DilationWFactor() == 1
        assert options.FusedActivationFunction() == tflite.ActivationFunctionType.NONE
        return (options.StrideH(), options.StrideW()), options.Padding() == tflite.Padding.SAME

    def max_pool(self):
        options = self.options(tflite.Pool2DOptions)
        assert options.FusedActivationFunction() == tflite.ActivationFunctionType.NONE
        return (options.FilterHeight(), options.FilterWidth()), (options.StrideH(), options.StrideW())


class Graph:
    """First subgraph of a .tflite file. Tensors are named by their number."""

    def __init__(self, data):
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.subgraph = self.model.Subgraphs(0)
        self.operators = [self._operator(k) for k in range(self.subgraph.OperatorsLength())]
        self.producer = {operator.output: operator for operator in self.operators}

    def _operator(self, index):
        raw = self.subgraph.Operators(index)
        code = self.model.OperatorCodes(raw.OpcodeIndex())
        return Operator(OPERATOR_NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())], raw)

    def shape(self, tensor):
        return tuple(int(length) for length in self.subgraph.Tensors(tensor).ShapeAsNumpy())

    def constant(self, tensor):
        """A constant as it is stored (16-bit floats stay such), or None for a computed tensor."""
        producer = self.producer.get(tensor)
        if producer is not None:
            return self.constant(producer.inputs[0]) if producer.name == "DEQUANTIZE" else None
        stored = self.subgraph.Tensors(tensor)
        data = self.model.Buffers(stored.Buffer()).DataAsNumpy()
        if isinstance(data, int):
            return None
        return np.frombuffer(data.tobytes(), TYPES[stored.Type()]).reshape(self.shape(tensor))

    def between(self, source, targets):
        """The operators that lead from one tensor to others, in running order."""
        needed, pending = set(), list(targets)
        while pending:
            tensor = pending.pop()
            operator = self.producer.get(tensor)
            if tensor == source or operator is None or operator in needed or self.constant(tensor) is not None:
                continue
            needed.add(operator)
            pending += operator.inputs
        return [operator for operator in self.operators if operator in needed]


def same_padding(length, kernel, stride):
    """Cells before and after an axis so that ceil(length / stride) results come out."""
    total = max(0, (-(-length // stride) - 1) * stride + kernel - length)
    return total // 2, total - total // 2
