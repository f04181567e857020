"""Reads the shipped weights back, so that training can go on from them: writes build/<name>.pt. python3 import_weights.py [name]"""

import json
import sys

import numpy as np
import torch

from export_weights import WEIGHTS
from texts import BUILD


def main() -> None:
    manifest = json.loads((WEIGHTS / 'speech-net.json').read_text())
    data = np.frombuffer((WEIGHTS / 'speech-net.bin').read_bytes(), '<f2').astype(np.float32)
    weights = {
        tensor['name']: torch.from_numpy(data[tensor['offset'] :][: int(np.prod(tensor['shape']))].reshape(tensor['shape']).copy())
        for tensor in manifest['tensors']
    }
    torch.save({'settings': manifest['net'], 'weights': weights}, BUILD / f'{sys.argv[1] if len(sys.argv) > 1 else "shipped"}.pt')


if __name__ == '__main__':
    main()
