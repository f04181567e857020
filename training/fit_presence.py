"""Fits the row of the net that tells speech from music, noise and breath. python3 fit_presence.py [name]

Logistic regression from the net's last hidden layer: speechless examples of build/train.npz and more music, against the
moments in which synthesised voices speak. Each side weighs the same.
"""

import sys

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d
from scipy.optimize import minimize

from augment import Augmentation
from evaluate import load
from fit_lips import hidden_of
from log_mel import SAMPLE_RATE, log_mel, normalise
from texts import BUILD

SPOKEN_EXAMPLES = 450
MUSIC_EXAMPLES, MUSIC_SECONDS = 60, 4
EVERY_FRAME = 4
# A moment counts as speech when this much of the 80 ms around it is.
REACH_FRAMES, SPOKEN_SHARE = 8, 0.2
PENALTY = 1e-4


def examples(net):
    """Yields (hidden values, 1 where somebody speaks) of each."""
    data = np.load(BUILD / 'train.npz')
    ends, spectrum, classes, owners, voices = (data[key] for key in ('end', 'spectrum', 'class', 'owner', 'voice'))
    starts = np.concatenate([[0], ends[:-1]])
    speechless = owners == list(voices).index('speechless')
    spoken = np.random.default_rng(3).choice(np.flatnonzero(~speechless), SPOKEN_EXAMPLES)
    for k in [*np.flatnonzero(speechless), *spoken]:
        part = slice(starts[k], ends[k])
        near = gaussian_filter1d((classes[part] != 0).astype(float), REACH_FRAMES)
        yield hidden_of(net, spectrum[part]), (near > SPOKEN_SHARE).astype(float) * (not speechless[k])
    augment = Augmentation(1234, [])
    for _ in range(MUSIC_EXAMPLES):
        music = augment.music(MUSIC_SECONDS * SAMPLE_RATE)
        hidden = hidden_of(net, normalise(log_mel((0.3 * music / np.abs(music).max()).astype(np.float32))))
        yield hidden, np.zeros(len(hidden))


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else 'speech-net'
    net = load(name)
    taken = [(hidden[::EVERY_FRAME], spoken[::EVERY_FRAME]) for hidden, spoken in examples(net)]
    x, y = (np.concatenate(column) for column in zip(*taken))
    mean, scale = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / scale
    weight = np.where(y > 0, 0.5 / y.sum(), 0.5 / (1 - y).sum())

    def loss(row):
        said = 1 / (1 + np.exp(-(z @ row[:-1] + row[-1])))
        cost = -(weight * (y * np.log(said + 1e-9) + (1 - y) * np.log(1 - said + 1e-9))).sum()
        slope = weight * (said - y)
        gradient = np.concatenate([z.T @ slope + 2 * PENALTY * row[:-1], [slope.sum()]])
        return cost + PENALTY * (row[:-1] ** 2).sum(), gradient

    row = minimize(loss, np.zeros(z.shape[1] + 1), jac=True, method='L-BFGS-B', options={'maxiter': 120}).x
    net.presence.weight.data[0, :, 0] = torch.from_numpy((row[:-1] / scale).astype(np.float32))
    net.presence.bias.data[0] = float(row[-1] - (row[:-1] / scale) @ mean)
    torch.save({'settings': net.settings, 'weights': net.state_dict()}, BUILD / f'{name}.pt')
    right = ((z @ row[:-1] + row[-1] > 0) == (y > 0)).mean()
    print(f'speech told from music, noise and breath in {right:.1%} of the frames')


if __name__ == '__main__':
    main()
