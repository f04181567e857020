"""Log-mel spectrum of 16 kHz speech, one frame per 10 ms. `packages/engine/src/speech/log-mel.ts` does the same."""

import numpy as np

SAMPLE_RATE = 16000
HOP = 160
WINDOW = 400
FFT_SIZE = 512
BANDS = 40
FLOOR = 1e-6
SILENCE = np.log(FLOOR) + 4
LOWEST_HZ = 60
HIGHEST_HZ = 7600


def _mel(hz):
    return 2595 * np.log10(1 + hz / 700)


LOWEST_MEL, HIGHEST_MEL = _mel(LOWEST_HZ), _mel(HIGHEST_HZ)


def _filter_bank() -> np.ndarray:
    points = np.linspace(LOWEST_MEL, HIGHEST_MEL, BANDS + 2)
    edges = 700 * (10 ** (points / 2595) - 1)
    bins = np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


_BANK = _filter_bank()
_WINDOW = np.hanning(WINDOW).astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """(N,) samples -> (N // 160, 40). Frame t is centred at sample (t + 0.5) * 160."""
    frame_count = len(samples) // HOP
    padded = np.pad(samples, (WINDOW // 2 - HOP // 2, WINDOW)).astype(np.float32)
    frames = np.lib.stride_tricks.as_strided(padded, (frame_count, WINDOW), (HOP * 4, 4)) * _WINDOW
    power = np.abs(np.fft.rfft(frames, FFT_SIZE, axis=1)) ** 2
    return np.log(power @ _BANK.T + FLOOR).astype(np.float32)


def normalise(spectrum: np.ndarray) -> np.ndarray:
    """Takes out loudness and colouring of the recording: mean per band over the frames within 30 dB of the loudest.

    Bands more than 10 (natural log of power) below their mean are cut off there: background is not speech.
    """
    loudest = spectrum.max(1)
    if np.percentile(loudest, 95) < SILENCE:
        return np.full_like(spectrum, -10 / 4)
    active = loudest > np.percentile(loudest, 95) - 7
    if active.sum() < 10:
        active[:] = True
    mean = spectrum[active].mean(0)
    return ((np.maximum(spectrum, mean - 10) - mean) / 4).astype(np.float32)
