"""The networks that the engine uses, as parts of the models in @mediapipe/face_mesh."""

import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@mediapipe/face_mesh@0.4.1657299874"
ASSETS = "package/face_mesh_solution_packed_assets.data"
SHA256 = "dbe5905c582c0462cdaea17e7e6ecea92edaa8cccc515c5e2e7291f2cbb5fb99"
# Byte ranges inside the assets, as face_mesh_solution_packed_assets_loader.js of the package lists them.
ATTENTION_MESH = slice(0, 2_495_952)
FACE_GEOMETRY = slice(3_737_848, 3_757_224)
FACE_DETECTOR = slice(3_757_224, 3_986_256)

WEIGHTS = Path(__file__).parents[2] / "packages/engine/weights"

# Tensors of the attention mesh: between its features and the lip head's window stand custom operators of MediaPipe,
# which the engine does in TypeScript. The heads of eyes and irises are left out.
NETWORKS = {
    "face-mesh": (ATTENTION_MESH, (0, "image"), {186: "landmarks", 710: "face", 35: "features"}),
    "face-lips": (ATTENTION_MESH, (199, "window"), {684: "lips"}),
    "face-detector": (FACE_DETECTOR, (0, "image"), {175: "boxes", 174: "scores"}),
}


def read_assets():
    """The packed models, from the npm registry."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", PACKAGE, "--json", "--pack-destination", folder], capture_output=True, check=True
        )
        archive = Path(folder) / json.loads(packed.stdout)[0]["filename"]
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
            assets = tar.extractfile(ASSETS).read()
    if hashlib.sha256(assets).hexdigest() != SHA256:
        raise SystemExit(f"{PACKAGE} does not hold the expected models.")
    return assets
