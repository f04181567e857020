"""
MediaPipe's mean face, out of GeometryPipelineMetadata (modules/face_geometry/protos/geometry_pipeline_metadata.proto and
mesh_3d.proto), a protobuf message that is small enough to be read without its schema compiled.
"""

import struct

# Field numbers.
MESH, POSE_LANDMARK = 1, 2
VERTEX_BUFFER, INDEX_BUFFER = 3, 4
LANDMARK_ID, WEIGHT = 1, 2
# x, y, z and two texture coordinates.
VERTEX_FLOATS = 5


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data):
    """(number, value) of each field: an integer, a float, or bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        elif wire == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        else:
            raise ValueError(f"protobuf wire type {wire} is not supported")
        yield number, value


def floats(value):
    return struct.unpack(f"<{len(value) // 4}f", value) if isinstance(value, bytes) else (value,)


def integers(value):
    if not isinstance(value, bytes):
        return [value]
    numbers, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        numbers.append(number)
    return numbers


def shortest(number):
    """The shortest decimal that is the same 32-bit float."""
    return next(
        short
        for digits in range(1, 18)
        if struct.pack("<f", short := float(f"{number:.{digits}g}")) == struct.pack("<f", number)
    )


def canonical_face(message):
    vertex_floats, triangles, pose = [], [], []
    for number, value in fields(message):
        if number == MESH:
            for inner, part in fields(value):
                if inner == VERTEX_BUFFER:
                    vertex_floats += floats(part)
                elif inner == INDEX_BUFFER:
                    triangles += integers(part)
        elif number == POSE_LANDMARK:
            landmark = dict(fields(value))
            pose.append((landmark.get(LANDMARK_ID, 0), landmark[WEIGHT]))
    vertices = [
        shortest(number) for at in range(0, len(vertex_floats), VERTEX_FLOATS) for number in vertex_floats[at : at + 3]
    ]
    return {
        "licence": "From @mediapipe/face_mesh. Copyright The MediaPipe Authors, Apache License 2.0.",
        "vertices": vertices,
        "triangles": triangles,
        "poseLandmarks": [landmark for landmark, _ in pose],
        "poseWeights": [shortest(weight) for _, weight in pose],
    }
