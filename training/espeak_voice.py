"""Speech and phone times from espeak-ng through its C library (libespeak-ng.so.1)."""

import ctypes
import random
import re
import unicodedata

import numpy as np

# Names that espeak reports where it has no IPA symbol for a phoneme. ɿ and ʅ are the vowels of zi and zhi.
_MNEMONICS = {
    's.': 'ʂ', 'ts.': 'tʂ', 'ts.h': 'tʂʰ', 'tsh': 'tsʰ', 'tɕh': 'tɕʰ', 'ph': 'pʰ', 'th': 'tʰ', 'kh': 'kʰ', 'i.': 'ʅ',
    'i̪': 'ɿ', 'o-': 'ɤ', 'onɡ': 'ʊŋ', 'unɡ': 'ʊŋ', 'sx': 'ɧ', 'q-': 'k', 'ʲ': 'j', 'r.': 'ɽ',
}  # fmt: skip
_PROSODY = re.compile('[ˈˌ˥-˩0-9]')

_STOPS = 'pbtdkgɡʈɖq'
_LONGEST_CLOSURE = 0.09
_PHONEME_EVENT = 7


class _EventId(ctypes.Union):
    _fields_ = [('number', ctypes.c_int), ('name', ctypes.c_char_p), ('string', ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ('type', ctypes.c_int),
        ('unique_identifier', ctypes.c_uint),
        ('text_position', ctypes.c_int),
        ('length', ctypes.c_int),
        ('audio_position', ctypes.c_int),
        ('sample', ctypes.c_int),
        ('user_data', ctypes.c_void_p),
        ('id', _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
_RATE, _PITCH, _RANGE = 1, 3, 4
_SYNCHRONOUS, _PHONEME_EVENTS_IN_IPA, _UTF8 = 2, 1 | 2, 1


class Espeak:
    def __init__(self) -> None:
        self._library = ctypes.CDLL('libespeak-ng.so.1')
        self.sample_rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS_IN_IPA)
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
            ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self._blocks: list[np.ndarray] = []
        self._phonemes: list[tuple[float, str]] = []
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples, count, events) -> int:
        if count > 0 and samples:
            self._blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != 0:
            if events[index].type == _PHONEME_EVENT:
                name = bytes(events[index].id.string).split(b'\0')[0].decode('utf8', 'ignore')
                self._phonemes.append((events[index].sample / self.sample_rate, _ipa(name)))
            index += 1
        return 0

    def speak(self, text: str, voice: str, rate: int = 175, pitch: int = 50, pitch_range: int = 50):
        """-> (samples at self.sample_rate, [(start, end, ipa)]), or None when the voice said next to nothing."""
        self._blocks.clear()
        self._phonemes.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f'espeak-ng has no voice "{voice}"; expected a name from espeak-ng --voices')
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, pitch_range)):
            self._library.espeak_SetParameter(parameter, int(value), 0)
        data = text.encode() + b'\0'
        self._library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        if len(self._phonemes) < 4 or not self._blocks:
            return None
        samples = np.concatenate(self._blocks).astype(np.float32) / 32768
        starts = [start for start, _ in self._phonemes] + [len(samples) / self.sample_rate]
        phones = [[starts[k], starts[k + 1], name] for k, (_, name) in enumerate(self._phonemes)]
        return samples, _with_closures(phones, samples, self.sample_rate)

    def speak_in_random_manner(self, text: str, voice: str, variants: list[str]):
        return self.speak(
            text, voice + random.choice(variants), random.randint(120, 300), random.randint(20, 85), random.randint(30, 90)
        )


def _ipa(name: str) -> str:
    """Without stress and tone; `(en)`, a change of language, is a pause."""
    bare = _PROSODY.sub('', unicodedata.normalize('NFC', name))
    return '' if bare.startswith('(') else _MNEMONICS.get(bare, bare.rstrip('-'))


def _with_closures(phones: list[list], samples: np.ndarray, sample_rate: int) -> list[tuple[float, float, str]]:
    """espeak dates a voiceless stop at its burst; the silence before it (up to 90 ms) is its closure.

    That silence is the tail of the phone before, or an event without a name.
    """
    step = 0.005
    hop = int(step * sample_rate)
    loudness = np.array([np.sqrt((samples[i : i + hop] ** 2).mean()) for i in range(0, len(samples) - hop, hop)])
    for k, (start, end, name) in enumerate(phones):
        first, last = int(start / step), min(len(loudness), int(end / step))
        quiet = 0
        while quiet < 60 and last - 1 - quiet >= first and loudness[last - 1 - quiet] < 0.003:
            quiet += 1
        silence = quiet * step
        if silence >= 0.015 and name:
            phones[k][1] = end - silence
            if k + 1 < len(phones) and _is_stop(phones[k + 1][2]):
                phones[k + 1][0] = max(end - silence, end - _LONGEST_CLOSURE)
    for pause, following in zip(phones, phones[1:]):
        if pause[2] == '' and _is_stop(following[2]) and pause[1] - pause[0] < 0.2:
            following[0] = max(pause[0], pause[1] - _LONGEST_CLOSURE)
            pause[1] = following[0]
    return [tuple(phone) for phone in phones]


def _is_stop(name: str) -> bool:
    return name[:1] != '' and name[0] in _STOPS
