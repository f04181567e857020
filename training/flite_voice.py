"""Speech and phone times from the flite program."""

import subprocess
import tempfile
from pathlib import Path

from phone_sets import ARPABET
from sound import read_wav

_LARGEST_DISAGREEMENT = 0.25


def speak(text: str, voice: str, stretch: float, pitch_hz: float):
    """-> (samples, sample rate, [(start, end, ipa)]), or None when the phone times do not fit the sound."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / 'speech.wav'
        options = ['--setf', f'duration_stretch={stretch}', '--setf', f'int_f0_target_mean={pitch_hz}']
        printed = subprocess.run(
            ['flite', '-voice', voice, '-psdur', *options, '-t', text, '-o', str(wav)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        samples, sample_rate = read_wav(wav)
    phones = _phones(printed)
    end = phones[-1][1] if phones else 0
    if abs(end - len(samples) / sample_rate) > _LARGEST_DISAGREEMENT:
        return None
    return samples, sample_rate, phones


def _phones(printed: str) -> list[tuple[float, float, str]]:
    """`pau:0.2 hh:0.3 ...`, one line per sentence, each line's times starting at 0 again."""
    phones, sentence_start, previous = [], 0.0, 0.0
    for line in printed.splitlines():
        sentence_start = previous
        for token in line.split():
            if ':' not in token:
                continue
            name, end = token.rsplit(':', 1)
            end = sentence_start + float(end)
            phones.append((previous, end, ARPABET[name]))
            previous = end
    return phones
