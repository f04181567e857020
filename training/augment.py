"""What happens to speech between a mouth and a file: other voices, rooms, microphones, noise, telephones, codecs."""

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, resample_poly, sosfilt

from log_mel import SAMPLE_RATE


class Augmentation:
    def __init__(self, seed: int, babble: list[np.ndarray]) -> None:
        self._random = np.random.default_rng(seed)
        self._babble = babble

    def __call__(self, samples: np.ndarray, phones: list):
        """-> (samples, phones, the same samples before room, microphone and noise), changed at random."""
        chance = lambda probability: self._random.random() < probability
        samples, phones = self._paused(samples, phones)
        if chance(0.7):
            samples, phones = self._resampled(samples, phones)
        clean = samples.astype(np.float32)
        for _ in range(self._random.integers(0, 4)):
            samples = self._equalised(samples)
        if chance(0.4):
            samples = self._in_a_room(samples)
        if chance(0.2):
            samples = _filtered(samples, 4, self._random.uniform(3300, 7000), 'low')
        if chance(0.15):
            samples = _filtered(samples, 2, self._random.uniform(100, 300), 'high')
        if chance(0.7):
            samples = self._noisy(samples)
        peak = np.abs(samples).max() + 1e-6
        if chance(0.1):
            samples = np.clip(samples, -peak * 0.4, peak * 0.4)
        if chance(0.15):
            samples = _mu_law(samples / peak) * peak
        return (samples * self._random.uniform(0.05, 0.9) / peak).astype(np.float32), phones, clean

    def without_speech(self, seconds: float) -> np.ndarray:
        """Noise, music or breath alone: the mouth is at rest."""
        sound = self._speechless(int(seconds * SAMPLE_RATE))
        length = len(sound)
        if self._random.random() < 0.5:
            sound = self._equalised(sound)
        if self._random.random() < 0.5:
            sound = sound * self._swelling(length)
        return (sound * self._random.uniform(0.01, 0.5) / (np.abs(sound).max() + 1e-6)).astype(np.float32)

    def _paused(self, samples, phones):
        """Silence before and after, so that pauses and bare noise are known as a mouth at rest; or music, breath, hum."""
        before, after = self._random.uniform(-0.6, 0.8, 2).clip(0)
        if self._random.random() < 0.2:
            before, after = self._random.uniform(-1, 2.5, 2).clip(0)
        lengths = int(before * SAMPLE_RATE), int(after * SAMPLE_RATE)
        loudness = np.sqrt((samples**2).mean())
        ends = [
            self._as_loud_as(loudness, self._speechless(length)) if length and self._random.random() < 0.35 else np.zeros(length)
            for length in lengths
        ]
        samples = np.concatenate([ends[0], samples, ends[1]])
        return samples, [(start + before, end + before, ipa) for start, end, ipa in phones]

    def _as_loud_as(self, loudness, sound):
        """From 25 dB quieter than the speech to 6 dB louder."""
        gain = 10 ** (self._random.uniform(-25, 6) / 20) * loudness / (np.sqrt((sound**2).mean()) + 1e-9)
        return sound * gain

    def _speechless(self, length: int):
        kind = self._random.random()
        if kind < 0.5:
            return self.music(length)
        return self._breath(length) if kind < 0.65 else self._noise(length, speechless=True)

    def _breath(self, length: int):
        """Breaths: noise through a vocal tract at rest, swelling and ebbing within 0.3 to 1 s."""
        sound = self._random.standard_normal(length)
        for hz in (500, 1500, 2500):
            sound = sound + 2 * _filtered(sound, 1, [hz * 0.8, hz * 1.25], 'band')
        swell = np.abs(np.sin(np.pi * np.arange(length) / (self._random.uniform(0.3, 1) * SAMPLE_RATE)))
        return sound * swell**2

    def _resampled(self, samples, phones):
        """Shifts pitch, formants and tempo together by up to a fifth."""
        step = round(100 * self._random.uniform(0.82, 1.22))
        speed = step / 100
        return resample_poly(samples, 100, step), [(start / speed, end / speed, ipa) for start, end, ipa in phones]

    def _equalised(self, samples):
        """One peaking filter (audio EQ cookbook)."""
        hz = np.exp(self._random.uniform(np.log(80), np.log(7000)))
        amplitude = 10 ** (self._random.uniform(-10, 10) / 40)
        omega = 2 * np.pi * hz / SAMPLE_RATE
        alpha = np.sin(omega) / (2 * self._random.uniform(0.4, 2))
        numerator = np.array([1 + alpha * amplitude, -2 * np.cos(omega), 1 - alpha * amplitude])
        denominator = np.array([1 + alpha / amplitude, -2 * np.cos(omega), 1 - alpha / amplitude])
        return lfilter(numerator / denominator[0], denominator / denominator[0], samples)

    def _in_a_room(self, samples):
        return reverberated(samples, self._random.uniform(0.1, 0.6), self._random.uniform(0.06, 0.9), self._random)

    def _noisy(self, samples):
        return with_noise(samples, self._noise(len(samples)), self._random.uniform(3, 40))

    def _noise(self, length: int, speechless: bool = False):
        kind = self._random.integers(4 if speechless else 6)
        if kind == 3:
            return self.music(length)
        if kind > 3:
            voices = [self._babble[self._random.integers(len(self._babble))] for _ in range(4)]
            return sum(np.resize(voice, length) for voice in voices)
        white = self._random.standard_normal(length)
        return white if kind == 0 else lfilter([1], [1, -0.97 if kind == 1 else -0.7], white)

    def music(self, length: int):
        """Chords, with a drum or without, with a melody that slides and trembles or without."""
        sound = self._chords(length)
        if self._random.random() < 0.5:
            beat = self._random.uniform(0.15, 0.6) * SAMPLE_RATE
            since = np.arange(length) % beat / SAMPLE_RATE
            drum = self._random.standard_normal(length) * np.exp(-since * 40) + 2 * np.sin(2 * np.pi * 90 * since) * np.exp(-since * 20)
            sound = sound + self._random.uniform(0.2, 2) * drum
        if self._random.random() < 0.5:
            sound = sound + self._random.uniform(0.5, 2) * self._melody(length)
        return sound

    def _melody(self, length: int):
        """One voice with vibrato, rich in overtones, as of strings, winds or a synthesiser."""
        notes = self._random.integers(0, 30, 1 + int(length / SAMPLE_RATE / self._random.uniform(0.12, 0.6)))
        time = np.arange(length) / SAMPLE_RATE
        semitones = np.interp(np.linspace(0, len(notes), length) // 1, np.arange(len(notes)), notes)
        semitones = semitones + self._random.uniform(0, 0.5) * np.sin(2 * np.pi * self._random.uniform(4, 7) * time)
        phase = 2 * np.pi * np.cumsum(110 * 2 ** (semitones / 12)) / SAMPLE_RATE
        tilt = self._random.uniform(0.7, 2)
        return sum(np.sin(k * phase) / k**tilt for k in range(1, 13))

    def _chords(self, length: int):
        """Chords of three decaying notes with eight overtones each."""
        sound = np.zeros(length)
        at = 0
        while at < length:
            duration = min(length - at, int(self._random.uniform(0.15, 1.2) * SAMPLE_RATE))
            time = np.arange(duration) / SAMPLE_RATE
            decay = np.exp(-time * self._random.uniform(0.5, 8)) * np.minimum(1, time / 0.01)
            for hz in 55 * 2 ** (self._random.integers(0, 48, 3) / 12):
                for overtone in range(1, 9):
                    if hz * overtone < SAMPLE_RATE / 2:
                        phase = self._random.uniform(0, 2 * np.pi)
                        strength = self._random.uniform(0, 1) / overtone
                        sound[at : at + duration] += strength * decay * np.sin(2 * np.pi * hz * overtone * time + phase)
            at += duration
        return sound

    def _swelling(self, length: int):
        """A loudness that wanders slowly."""
        points = self._random.uniform(0.1, 1, max(2, length // (SAMPLE_RATE // 2)))
        return np.interp(np.linspace(0, len(points) - 1, length), np.arange(len(points)), points)


def reverberated(samples, seconds: float, strength: float, random) -> np.ndarray:
    """Convolves with the sound itself followed by noise that falls by 60 dB in `seconds`."""
    length = int(seconds * SAMPLE_RATE)
    response = random.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    response *= strength / np.sqrt((response**2).sum())
    response[0] = 1
    return fftconvolve(samples, response)[: len(samples)]


def with_noise(samples, noise, signal_to_noise_db: float) -> np.ndarray:
    gain = np.sqrt((samples**2).mean() / ((noise**2).mean() + 1e-9)) * 10 ** (-signal_to_noise_db / 20)
    return samples + noise * gain


def _filtered(samples, order: int, hz: float, kind: str):
    return sosfilt(butter(order, np.asarray(hz) / (SAMPLE_RATE / 2), kind, output='sos'), samples)


def _mu_law(samples):
    """8-bit telephone coding there and back."""
    coded = np.round(np.log1p(255 * np.abs(samples)) / np.log(256) * 127) / 127
    return np.sign(samples) * np.expm1(coded * np.log(256)) / 255
