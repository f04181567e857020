"""Lets every voice of voices.py read its sentences, and takes the recordings of its readers. Writes build/corpus/<voice>.pkl: [(text, int16 samples, phones)]."""

import json
import pickle
import random
import sys
import time
import zlib

import numpy as np

import festival_voice
import flite_voice
import librispeech
from espeak_voice import Espeak
from log_mel import SAMPLE_RATE
from sound import at_net_rate
from texts import BUILD
from voices import ESPEAK_VARIANTS, VOICES, Voice

LABIAL_SHARE = 0.3
HELD_OUT_TEXTS = 200
FLITE_PITCH_HZ = {'awb': 120, 'rms': 100}
STRETCH = (0.6, 1.35)  # of the usual length: from hurried to slow


def texts_for(voice: Voice, texts: dict) -> list[str]:
    """Held-out voices read sentences that no training voice has read."""
    natural, labial = texts[voice.language]['natural'], texts[voice.language]['labial']
    if voice.held_out:
        return natural[: voice.utterances]
    salads = random.sample(labial, min(len(labial), int(voice.utterances * LABIAL_SHARE)))
    return salads + random.sample(natural[HELD_OUT_TEXTS:], min(voice.utterances - len(salads), len(natural) - HELD_OUT_TEXTS))


def read_aloud(voice: Voice, texts: list[str], espeak: Espeak):
    if voice.engine == 'librispeech':
        for name, samples, phones in librispeech.read_aloud(voice.name, voice.utterances, espeak):
            yield name, at_net_rate(samples, SAMPLE_RATE), phones
    elif voice.engine == 'espeak':
        for text in texts:
            spoken = espeak.speak_in_random_manner(text, voice.name, ESPEAK_VARIANTS)
            if spoken:
                yield text, at_net_rate(spoken[0], espeak.sample_rate), spoken[1]
    elif voice.engine == 'flite':
        for text in texts:
            pitch = FLITE_PITCH_HZ[voice.name] * random.uniform(0.8, 1.6)
            spoken = flite_voice.speak(text, voice.name, random.uniform(*STRETCH), pitch)
            if spoken:
                yield text, at_net_rate(*spoken[:2]), spoken[2]
    else:
        stretches = [1.0 if voice.held_out else random.uniform(*STRETCH) for _ in texts]
        for text, samples, sample_rate, phones in festival_voice.speak_all(texts, stretches, voice):
            yield text, at_net_rate(samples, sample_rate), phones


def main() -> None:
    wanted = sys.argv[1:]
    texts = json.loads((BUILD / 'texts.json').read_text())
    folder = BUILD / 'corpus'
    folder.mkdir(parents=True, exist_ok=True)
    espeak = Espeak()
    for voice in VOICES:
        path = folder / f'{voice.id}.pkl'
        if path.exists() or (wanted and voice.id not in wanted):
            continue
        random.seed(zlib.crc32(voice.id.encode()))
        started = time.time()
        utterances = [
            (text, np.round(samples * 32767).astype(np.int16), phones)
            for text, samples, phones in read_aloud(voice, texts_for(voice, texts), espeak)
            if sum(ipa != '' for _, _, ipa in phones) >= 4
        ]
        if not utterances:
            sys.exit(f'{voice.id} said nothing. Expected sentences with phone times; is {voice.package} installed?')
        path.write_bytes(pickle.dumps(utterances))
        seconds = sum(len(samples) for _, samples, _ in utterances) / 16000
        print(f'{voice.id}: {len(utterances)} utterances, {seconds / 60:.1f} min, took {time.time() - started:.0f} s', flush=True)


if __name__ == '__main__':
    main()
