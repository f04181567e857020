"""Writes the test vector that holds the engine's TypeScript to this Python: packages/engine/test-data/speech/.

`papa.wav` is espeak-ng saying a sentence; `papa.json` has log-mel values and the net's answers to it.
"""

import json
import sys
import wave
from pathlib import Path

import numpy as np

from espeak_voice import Espeak
from evaluate import answer, fitted_rows, load
from log_mel import SAMPLE_RATE, log_mel, normalise
from sound import at_net_rate

FOLDER = Path(__file__).parent.parent / 'packages' / 'engine' / 'test-data' / 'speech'
SENTENCE = 'Papa bought a map for five very big moves.'
EVERY_FRAME = 7


def main() -> None:
    net = load(sys.argv[1] if len(sys.argv) > 1 else 'speech-net')
    for parameter in net.parameters():
        parameter.data = parameter.data.half().float()
    espeak = Espeak()
    samples, phones = espeak.speak(SENTENCE, 'en-us')
    stored = np.round(at_net_rate(samples, espeak.sample_rate) * 32767).astype('<i2')
    heard = stored.astype(np.float32) / 32768
    spectrum = log_mel(heard)
    answers = answer(net, normalise(spectrum))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with wave.open(str(FOLDER / 'papa.wav'), 'wb') as file:
        file.setparams((1, 2, SAMPLE_RATE, len(stored), 'NONE', ''))
        file.writeframes(stored.tobytes())
    rounded = lambda values: [[round(float(value), 5) for value in row] for row in values[::EVERY_FRAME]]
    expected = {
        'sentence': SENTENCE,
        'phones': [{'start': round(s, 4), 'end': round(e, 4), 'ipa': ipa} for s, e, ipa in phones],
        'everyFrame': EVERY_FRAME,
        'frameCount': len(spectrum),
        'logMel': rounded(spectrum),
        'mouth': rounded(answers[:, :5]),
        'classScores': rounded(answers[:, 5:]),
        'fittedRows': rounded(fitted_rows(net, normalise(spectrum))),
    }
    (FOLDER / 'papa.json').write_text(json.dumps(expected, ensure_ascii=False) + '\n')


if __name__ == '__main__':
    main()
