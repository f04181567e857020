"""Recordings of people who read aloud (LibriSpeech), with the times of their phones.

build/librispeech/audio/<reader>/<chapter>/: the recordings and their texts (`*.trans.txt`). Where there is a TextGrid of the same
name in build/librispeech/alignment/<reader>/<chapter>/, its tier "phones" tells the times (ARPABET, as the Montreal Forced Aligner
writes it); readers without one are aligned by the engine.
"""

import json
import re
import subprocess
from pathlib import Path

from espeak_voice import Espeak
from phone_sets import ARPABET
from sound import decoded
from texts import BUILD

FOLDER = BUILD / 'librispeech'
_ALIGNER = Path(__file__).parent / 'align_phones.mjs'
# Nats a frame; the engine takes a text for what is said below 1.4.
_LARGEST_MISMATCH = 1.1
_INTERVAL = re.compile(r'xmin = (\S+)\s+xmax = (\S+)\s+text = "(.*?)"')
_UNKNOWN_WORD = 'spn'
_REDUCED = {'ah0': 'ə'}


def read_aloud(reader: str, at_most: int, espeak: Espeak):
    """Yields (name, 16 kHz samples, [(start, end, ipa)]) of each recording whose phones are known in time."""
    recordings = sorted(path for path in (FOLDER / 'audio' / reader).glob('*/*') if path.suffix in ('.flac', '.wav'))[:at_most]
    known = _aligned_before(reader, recordings) if (FOLDER / 'alignment' / reader).exists() else _aligned_now(recordings, espeak)
    for recording, phones in zip(recordings, known):
        if phones is not None:
            yield recording.stem, decoded(recording), phones


def _aligned_before(reader: str, recordings: list[Path]):
    for recording in recordings:
        grid = FOLDER / 'alignment' / reader / recording.parent.name / f'{recording.stem}.TextGrid'
        yield _phones_of_grid(grid.read_text()) if grid.exists() else None


def _phones_of_grid(grid: str) -> list[tuple[float, float, str]] | None:
    phones = []
    for start, end, name in _INTERVAL.findall(grid, grid.index('"phones"')):
        if name == _UNKNOWN_WORD:
            return None
        phones.append((float(start), float(end), _ipa(name.lower())))
    return phones


def _ipa(name: str) -> str:
    """Of a phone with its stress, such as `ah0`; empty for silence."""
    if name in ('', 'sp'):
        return ''
    return _REDUCED.get(name) or ARPABET[name.rstrip('012')]


def _aligned_now(recordings: list[Path], espeak: Espeak):
    orders = [{'path': str(recording), 'ipa': _phones_of_text(_text_of(recording), espeak)} for recording in recordings]
    asked = '\n'.join(json.dumps(order) for order in orders)
    told = subprocess.run(['node', _ALIGNER], input=asked, capture_output=True, check=True, text=True).stdout
    for line in told.splitlines():
        answer = json.loads(line)
        fits = answer['mismatch'] is not None and answer['mismatch'] < _LARGEST_MISMATCH
        yield answer['phones'] if fits else None


def _text_of(recording: Path) -> str:
    """A line of the chapter's texts is `<name> <TEXT IN CAPITALS>`."""
    texts = next(recording.parent.glob('*.trans.txt')).read_text()
    return next(line for line in texts.splitlines() if line.startswith(f'{recording.stem} ')).split(' ', 1)[1].lower()


def _phones_of_text(text: str, espeak: Espeak) -> list[str]:
    return [ipa for _, _, ipa in espeak.speak(text, 'en-us')[1]]
