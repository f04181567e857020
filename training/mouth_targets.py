"""What the mouth does in timed phones, asked of the engine itself (mouth_targets.mjs), so that the net learns exactly
the articulation that the engine uses for known phones. The engine must be built (`npm run build`).
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

_PROGRAM = Path(__file__).parent / 'mouth_targets.mjs'
_VALUES = 7
FRAME_RATE = 100

_lists = json.loads(subprocess.run(['node', _PROGRAM, 'lists'], capture_output=True, check=True).stdout)
CLASSES: list[str] = _lists['classes']
SYMBOLS: list[str] = _lists['symbols']
MOUTH = ['aperture', 'width', 'rounding', 'closure', 'labiodental']


class MouthTargets(NamedTuple):
    """T frames, 100 a second; frame t is centred at (t + 0.5) / 100 seconds."""

    mouth: np.ndarray  # (T, 5)
    classes: np.ndarray  # (T,): index into CLASSES
    symbols: np.ndarray  # (T,): 0 for silence, else 1 + index into SYMBOLS


def mouth_targets(utterances):
    """[(phones, duration)] -> MouthTargets of each, in order."""
    with tempfile.TemporaryFile('w+') as orders, tempfile.TemporaryFile() as answers:
        lengths = []
        for phones, duration in utterances:
            orders.write(json.dumps({'phones': phones, 'duration': duration}) + '\n')
            lengths.append(int(duration * FRAME_RATE))
        orders.seek(0)
        subprocess.run(['node', _PROGRAM], stdin=orders, stdout=answers, check=True)
        answers.seek(0)
        for length in lengths:
            rows = np.frombuffer(answers.read(length * _VALUES * 4), '<f4').reshape(length, _VALUES)
            yield MouthTargets(rows[:, :5].copy(), rows[:, 5].astype(np.int8), rows[:, 6].astype(np.int8))
