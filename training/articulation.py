"""What the mouth does for each speech sound, and the mouth's path through a sequence of timed sounds.

These trajectories are the targets that the speech net learns. Values are engineering choices consistent with the
phonetic literature (see README, "Targets"), not measurements of lips.
"""

import unicodedata
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter1d

FRAME_RATE = 100
SOLVER_RATE = 200

CLASSES = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U']


class Gesture(NamedTuple):
    """Mouth target of one sound: 0..1 (width -1..1); dominance says how much the sound insists on it."""

    aperture: float
    width: float
    rounding: float
    jaw_dominance: float
    lip_dominance: float
    viseme: str
    closure: bool = False
    labiodental: bool = False


GESTURES: dict[str, Gesture] = {}


def _vowels(symbols, aperture, width, rounding, viseme):
    for symbol in symbols:
        GESTURES[symbol] = Gesture(aperture, width, rounding, 1.0, 1.0, viseme)


def _consonants(symbols, aperture, width, rounding, jaw, lip, viseme, closure=False, labiodental=False):
    for symbol in symbols:
        GESTURES[symbol] = Gesture(aperture, width, rounding, jaw, lip, viseme, closure, labiodental)


_vowels('i', 0.25, 0.8, 0, 'I')
_vowels('ɪᵻ', 0.32, 0.5, 0, 'I')
_vowels('ɯɨ', 0.28, 0.3, 0, 'I')
_vowels('e', 0.42, 0.55, 0, 'E')
_vowels('ɛ', 0.55, 0.45, 0, 'E')
_vowels('əɘ', 0.38, 0.1, 0, 'E')
_vowels('ɤ', 0.42, 0.15, 0, 'E')
_vowels('ɜɞ', 0.45, 0.05, 0.15, 'E')
_vowels('ɚɝ', 0.38, -0.1, 0.3, 'RR')
_vowels('æ', 0.7, 0.45, 0, 'aa')
_vowels('aä', 0.9, 0.2, 0, 'aa')
_vowels('ɑ', 0.9, 0.05, 0, 'aa')
_vowels('ɐʌ', 0.6, 0.1, 0, 'aa')
_vowels('ɔ', 0.65, -0.3, 0.55, 'O')
_vowels('ɒ', 0.7, -0.2, 0.4, 'O')
_vowels('o', 0.45, -0.6, 0.8, 'O')
_vowels('ø', 0.38, -0.5, 0.8, 'O')
_vowels('ɵ', 0.38, -0.4, 0.6, 'O')
_vowels('œɶ', 0.5, -0.35, 0.6, 'O')
_vowels('ʊ', 0.32, -0.5, 0.65, 'U')
_vowels('u', 0.22, -0.9, 1, 'U')
_vowels('y', 0.22, -0.6, 0.95, 'U')
_vowels('ʏ', 0.28, -0.5, 0.8, 'U')
_vowels('ʉ', 0.25, -0.7, 0.85, 'U')

_consonants('pbmɓ', 0.05, 0, 0, 0.5, 0.05, 'PP', closure=True)
_consonants('ɸβ', 0.1, -0.1, 0.2, 0.8, 0.5, 'FF')
_consonants('fvɱʋ', 0.12, 0.1, 0, 0.9, 0.4, 'FF', labiodental=True)
_consonants('wʍ', 0.18, -0.8, 0.95, 0.9, 1.5, 'U')
_consonants('ɥ', 0.2, -0.6, 0.9, 0.9, 1.5, 'U')
_consonants('ʃʒ', 0.2, -0.3, 0.45, 0.8, 0.6, 'CH')
_consonants('ʂʐɧ', 0.18, -0.1, 0.25, 0.8, 0.4, 'CH')
_consonants('ɕʑçʝ', 0.17, 0.45, 0, 0.8, 0.3, 'SS')
_vowels('ɿ', 0.16, 0.3, 0, 'SS')
_vowels('ʅ', 0.18, -0.1, 0.25, 'CH')
_consonants('sz', 0.15, 0.3, 0, 0.8, 0.15, 'SS')
_consonants('θð', 0.22, 0.1, 0, 0.5, 0.1, 'TH')
_consonants('td', 0.24, 0.1, 0, 0.4, 0.04, 'DD')
_consonants('ɖʈɗ', 0.24, 0.1, 0.1, 0.4, 0.04, 'DD')
_consonants('nɳ', 0.26, 0.1, 0, 0.3, 0.04, 'nn')
_consonants('lɫɭɬ', 0.3, 0.1, 0, 0.3, 0.04, 'nn')
_consonants('ɲʎcɟ', 0.26, 0.35, 0, 0.5, 0.15, 'nn')
_consonants('ɹɻ', 0.26, -0.2, 0.35, 0.4, 0.5, 'RR')
_consonants('rɾɽʀʁ', 0.3, 0, 0.05, 0.3, 0.05, 'RR')
_consonants('kgɡŋ', 0.32, 0, 0, 0.25, 0.03, 'kk')
_consonants('xɣqχɢ', 0.35, 0, 0, 0.25, 0.03, 'kk')
_consonants('hɦʔħʕ', 0.4, 0, 0, 0.03, 0.02, 'kk')
_consonants('j', 0.26, 0.6, 0, 0.6, 0.4, 'I')

SYMBOLS = sorted(GESTURES)


def symbols_of(ipa: str) -> list[str]:
    """Base symbols of one phone: `tʃ` -> [ʃ], `aɪ` -> [a, ɪ], silence -> []."""
    known = (character if character in GESTURES else unicodedata.normalize('NFD', character)[0] for character in ipa)
    symbols = [character for character in known if character in GESTURES]
    if len(symbols) == 2:
        first, second = symbols
        affricate = first in 'tdʈɖ' and second in 'sʃzʒɕʑʂʐ'
        if affricate:
            return [second]
        aspirated_or_affricated = second == 'h' or (second in 'χx' and first in 'ptk')
        if aspirated_or_affricated:
            return [first]
    return symbols


def sounds_of(phones) -> list[tuple[float, float, str]]:
    """Splits phones (start, end, IPA) into single sounds; of a diphthong the first part gets 60 %."""
    sounds = []
    for start, end, ipa in phones:
        symbols = symbols_of(ipa)
        if not symbols or end <= start:
            continue
        if len(symbols) == 2:
            cuts = [start, start + 0.6 * (end - start), end]
        else:
            cuts = np.linspace(start, end, len(symbols) + 1).tolist()
        sounds += [(cuts[k], cuts[k + 1], symbol) for k, symbol in enumerate(symbols)]
    return sounds


class MouthPath(NamedTuple):
    """All arrays at FRAME_RATE, T frames; the centre of frame t is (t + 0.5) / FRAME_RATE seconds."""

    mouth: np.ndarray  # (T, 5): aperture, width, rounding, closure, labiodental
    classes: np.ndarray  # (T,): index into CLASSES
    symbols: np.ndarray  # (T,): 0 for silence, else 1 + index into SYMBOLS
    closures: list  # (start, end) of every p, b, m in seconds


def mouth_path(phones, duration: float) -> MouthPath:
    """Cohen-Massaro co-articulation with Gaussian dominance: y = G(D x) / G(D).

    Sigma is 30 ms for the jaw and 55 ms for the lips; closures are laid over with 12 ms, labiodentals with 15 ms.
    """
    length = int(np.ceil(duration * SOLVER_RATE)) + 1
    frame_count = int(duration * FRAME_RATE)
    target = np.zeros((3, length))
    jaw_dominance = np.full(length, 0.15)
    lip_dominance = np.full(length, 0.1)
    closure = np.zeros(length)
    labiodental = np.zeros(length)
    classes = np.zeros(length, np.int8)
    symbols = np.zeros(length, np.int16)
    closures = []
    for start, end, symbol in sounds_of(phones):
        gesture = GESTURES[symbol]
        first = max(0, round(start * SOLVER_RATE))
        last = max(first + 1, round(end * SOLVER_RATE))
        target[:, first:last] = np.array([[gesture.aperture], [gesture.width], [gesture.rounding]])
        jaw_dominance[first:last] = gesture.jaw_dominance
        lip_dominance[first:last] = gesture.lip_dominance
        classes[first:last] = CLASSES.index(gesture.viseme)
        symbols[first:last] = 1 + SYMBOLS.index(symbol)
        if gesture.closure:
            # The last fifth of a stop is its release.
            share = 1.0 if symbol == 'm' else 0.8
            closure[first : max(first + 1, int(first + (last - first) * share))] = 1
            closures.append((start, start + (end - start) * share))
        if gesture.labiodental:
            labiodental[first:last] = 1

    def blend(values, dominance, sigma):
        smooth = lambda signal: gaussian_filter1d(signal, sigma * SOLVER_RATE)
        return smooth(values * dominance) / (smooth(dominance) + 1e-6)

    aperture = blend(target[0], jaw_dominance, 0.030)
    width = blend(target[1], lip_dominance, 0.055)
    rounding = blend(target[2], lip_dominance, 0.055)
    closed = np.clip(gaussian_filter1d(closure, 0.012 * SOLVER_RATE) * 1.15, 0, 1)
    bitten = np.clip(gaussian_filter1d(labiodental, 0.015 * SOLVER_RATE) * 1.1, 0, 1)
    aperture = aperture * (1 - closed)
    aperture = aperture * (1 - bitten) + 0.1 * bitten
    at = np.clip(((np.arange(frame_count) + 0.5) / FRAME_RATE * SOLVER_RATE).astype(int), 0, length - 1)
    mouth = np.stack([aperture, width, rounding, closed, bitten], 1)[at].astype(np.float32)
    return MouthPath(mouth, classes[at], symbols[at], closures)
