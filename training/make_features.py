"""Corpus -> what the net sees and should answer. Writes build/train.npz and build/held-out.pkl."""

import pickle
import time

import numpy as np
from scipy.signal import lfilter

from articulation import mouth_path
from augment import Augmentation, reverberated, with_noise
from log_mel import SAMPLE_RATE, log_mel, normalise
from texts import BUILD
from voices import VOICES

AUGMENTED_COPIES = 3
NOISY_ROOM_SECONDS, NOISY_ROOM_STRENGTH, NOISY_SNR_DB = 0.4, 0.5, 15


def corpus(voice):
    for text, samples, phones in pickle.loads((BUILD / 'corpus' / f'{voice.id}.pkl').read_bytes()):
        yield text, samples.astype(np.float32) / 32768, phones


def training_set() -> dict[str, np.ndarray]:
    voices = [voice for voice in VOICES if not voice.held_out]
    babble = [samples for voice in voices for k, (_, samples, _) in enumerate(corpus(voice)) if k % 40 == 0]
    augment = Augmentation(7, babble)
    spectra, mouths, classes, symbols, owners = [], [], [], [], []
    for owner, voice in enumerate(voices):
        for _, samples, phones in corpus(voice):
            for _ in range(AUGMENTED_COPIES):
                changed, moved = augment(samples, phones)
                path = mouth_path(moved, len(changed) / SAMPLE_RATE)
                spectrum = normalise(log_mel(changed))
                length = min(len(spectrum), len(path.mouth))
                spectra.append(spectrum[:length].astype(np.float16))
                mouths.append(path.mouth[:length].astype(np.float16))
                classes.append(path.classes[:length])
                symbols.append(path.symbols[:length].astype(np.int8))
                owners.append(owner)
    return {
        'spectrum': np.concatenate(spectra),
        'mouth': np.concatenate(mouths),
        'class': np.concatenate(classes),
        'symbol': np.concatenate(symbols),
        'end': np.cumsum([len(part) for part in classes]),
        'owner': np.array(owners),
        'voice': np.array([voice.id for voice in voices]),
    }


def held_out_set() -> list[dict]:
    random = np.random.default_rng(11)
    examples = []
    for voice in VOICES:
        if not voice.held_out:
            continue
        for text, samples, phones in corpus(voice):
            reverberant = reverberated(samples, NOISY_ROOM_SECONDS, NOISY_ROOM_STRENGTH, random)
            noise = lfilter([1], [1, -0.9], random.standard_normal(len(samples)))
            noisy = with_noise(reverberant, noise, NOISY_SNR_DB)
            for condition, heard in (('clean', samples), ('noisy', noisy)):
                path = mouth_path(phones, len(samples) / SAMPLE_RATE)
                spectrum = normalise(log_mel(heard))
                length = min(len(spectrum), len(path.mouth))
                examples.append(
                    {
                        'voice': voice.id, 'language': voice.language, 'condition': condition, 'text': text, 'phones': phones,
                        'spectrum': spectrum[:length], 'mouth': path.mouth[:length], 'class': path.classes[:length],
                        'closures': path.closures,
                    }
                )  # fmt: skip
    return examples


def main() -> None:
    started = time.time()
    train = training_set()
    np.savez(BUILD / 'train.npz', **train)
    print(f'training: {len(train["owner"])} utterances, {len(train["class"]) / 360000:.1f} h, {time.time() - started:.0f} s')
    (BUILD / 'held-out.pkl').write_bytes(pickle.dumps(held_out_set()))


if __name__ == '__main__':
    main()
