"""Corpus -> what the net sees and should answer. Writes build/train.npz and build/held-out.pkl. python3 make_features.py [teacher]

With the name of a net, what its fitted rows (lips and presence) say of the same speech without room and noise goes in too:
`train.py` keeps these rows as they are while the layers below them change.
"""

import pickle
import sys
import time

import numpy as np
from scipy.signal import lfilter

from augment import Augmentation, reverberated, with_noise
from evaluate import load, raw_fitted_rows
from log_mel import log_mel, normalise
from mouth_targets import FRAME_RATE, mouth_targets
from texts import BUILD
from voices import VOICES

AUGMENTED_COPIES = 2
READER_COPIES = 3
SPEECHLESS_EXAMPLES, SPEECHLESS_SECONDS = 400, 4
NOISY_ROOM_SECONDS, NOISY_ROOM_STRENGTH, NOISY_SNR_DB = 0.4, 0.5, 15


def corpus(name: str):
    for text, samples, phones in pickle.loads((BUILD / 'corpus' / f'{name}.pkl').read_bytes()):
        yield text, samples.astype(np.float32) / 32768, phones


def frames_duration(spectrum: np.ndarray) -> float:
    """Seconds that have just as many frames as the spectrum; the half keeps rounding away from the edge."""
    return (len(spectrum) + 0.5) / FRAME_RATE


def training_set(teacher) -> dict[str, np.ndarray]:
    """`taught` is only there with a teacher, a net."""
    voices = [voice.id for voice in VOICES if not voice.held_out]
    babble = [samples for voice in voices for k, (_, samples, _) in enumerate(corpus(voice)) if k % 40 == 0]
    augment = Augmentation(7, babble)
    spectra, spoken, owners, taught = [], [], [], []

    def add(owner: int, samples: np.ndarray, phones: list, clean: np.ndarray) -> None:
        spectra.append(normalise(log_mel(samples)).astype(np.float16))
        if teacher:
            taught.append(raw_fitted_rows(teacher, normalise(log_mel(clean))).astype(np.float16))
        spoken.append((phones, frames_duration(spectra[-1])))
        owners.append(owner)

    for owner, voice in enumerate(voices):
        for _, samples, phones in corpus(voice):
            for _ in range(READER_COPIES if voice.startswith('librispeech') else AUGMENTED_COPIES):
                add(owner, *augment(samples, phones))
    for _ in range(SPEECHLESS_EXAMPLES):
        sound = augment.without_speech(SPEECHLESS_SECONDS)
        add(len(voices), sound, [], sound)
    targets = list(mouth_targets(spoken))
    return {
        'spectrum': np.concatenate(spectra),
        'mouth': np.concatenate([target.mouth.astype(np.float16) for target in targets]),
        'class': np.concatenate([target.classes for target in targets]),
        'symbol': np.concatenate([target.symbols for target in targets]),
        'end': np.cumsum([len(spectrum) for spectrum in spectra]),
        'owner': np.array(owners),
        'voice': np.array([*voices, 'speechless']),
    } | ({'taught': np.concatenate(taught)} if teacher else {})


def held_out_set() -> list[dict]:
    random = np.random.default_rng(11)
    examples, spoken = [], []
    for voice in VOICES:
        if not voice.held_out:
            continue
        for text, samples, phones in corpus(voice.id):
            reverberant = reverberated(samples, NOISY_ROOM_SECONDS, NOISY_ROOM_STRENGTH, random)
            noise = lfilter([1], [1, -0.9], random.standard_normal(len(samples)))
            noisy = with_noise(reverberant, noise, NOISY_SNR_DB)
            for condition, heard in (('clean', samples), ('noisy', noisy)):
                spectrum = normalise(log_mel(heard))
                examples.append({'voice': voice.id, 'condition': condition, 'text': text, 'spectrum': spectrum})
                spoken.append((phones, frames_duration(spectrum)))
    for example, target in zip(examples, mouth_targets(spoken)):
        example |= {'mouth': target.mouth, 'class': target.classes}
    return examples


def main() -> None:
    started = time.time()
    train = training_set(load(sys.argv[1]) if len(sys.argv) > 1 else None)
    np.savez(BUILD / 'train.npz', **train)
    print(f'training: {len(train["owner"])} utterances, {len(train["class"]) / 360000:.1f} h, {time.time() - started:.0f} s')
    (BUILD / 'held-out.pkl').write_bytes(pickle.dumps(held_out_set()))


if __name__ == '__main__':
    main()
