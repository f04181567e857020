"""Sound files and sample rates."""

import math
import subprocess
import wave

import numpy as np
from scipy.signal import resample_poly

from log_mel import SAMPLE_RATE


def read_wav(path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
        return samples, file.getframerate()


def decoded(path) -> np.ndarray:
    """The sound of any file, mono, 16 kHz."""
    command = ['ffmpeg', '-v', 'error', '-i', str(path), '-ac', '1', '-ar', str(SAMPLE_RATE), '-f', 'f32le', '-']
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32)


def at_net_rate(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Resamples to 16 kHz and sets the peak to 0.6."""
    if sample_rate != SAMPLE_RATE:
        divisor = math.gcd(SAMPLE_RATE, sample_rate)
        samples = resample_poly(samples, SAMPLE_RATE // divisor, sample_rate // divisor)
    return (samples * (0.6 / max(1e-3, np.abs(samples).max()))).astype(np.float32)
