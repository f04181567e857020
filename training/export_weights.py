"""Writes the trained net where the engine reads it: packages/engine/weights/speech-net.{bin,json}.

The tensors are stored as little-endian fp16, one after the other; the manifest says which is where.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from evaluate import held_out_scores, load
from mouth_targets import CLASSES, MOUTH
from voices import VOICES

WEIGHTS = Path(__file__).parent.parent / 'packages' / 'engine' / 'weights'
LICENCE = 'Apache-2.0'
CARD = (
    'Maps 16 kHz speech (40 log-mel bands, 100 frames a second) to mouth parameters and 15 classes of sounds. Trained by '
    'training/make.sh on what speech synthesisers say and on 24 readers of LibriSpeech (Panayotov, Chen, Povey and Khudanpur 2015, '
    'CC BY 4.0); targets are made by rule from phone times. One row of weights, lips, '
    'tells the opening as real lips make it; it was fitted to 12 clips of 11 speakers of the GRID corpus (Cooke, Barker, '
    'Cunningham and Shao 2006, CC BY 4.0). The held-out voices took no part in training. '
    'Weak spots: closures (p, b, m) from sound alone, singing, several people talking at once.'
)


def main() -> None:
    net = load(sys.argv[1] if len(sys.argv) > 1 else 'speech-net')
    tensors, blocks, offset = [], [], 0
    for name, tensor in net.state_dict().items():
        if name.startswith('symbols.'):
            continue
        values = tensor.numpy().astype('<f2')
        tensors.append({'name': name, 'shape': list(values.shape), 'offset': offset})
        blocks.append(values.tobytes())
        offset += values.size
    data = b''.join(blocks)
    describe = lambda voice: {'voice': voice.id, 'package': voice.package, 'licence': voice.licence}
    manifest = {
        'format': 'fp16-le',
        'sha256': hashlib.sha256(data).hexdigest(),
        'licence': LICENCE,
        'card': CARD,
        'trainedOn': [describe(voice) for voice in VOICES if not voice.held_out],
        'heldOut': [describe(voice) for voice in VOICES if voice.held_out],
        'heldOutScores': {
            condition: {measure: round(float(value), 3) for measure, value in voices['all'].items()}
            for condition, voices in held_out_scores(net).items()
        },
        'net': net.settings,
        'mouth': MOUTH,
        'classes': CLASSES,
        'tensors': tensors,
    }
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    (WEIGHTS / 'speech-net.bin').write_bytes(data)
    (WEIGHTS / 'speech-net.json').write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + '\n')
    print(f'{len(data)} bytes, {offset} weights -> {WEIGHTS}')


if __name__ == '__main__':
    main()
