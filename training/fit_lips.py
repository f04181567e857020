"""Fits the row of the net that tells how far real lips open. python3 fit_lips.py [name]

Reads build/lips.jsonl, which `node watch_lips.mjs CLIPS… > build/lips.jsonl` writes, and build/train.npz.

Ridge regression from the net's last hidden layer to the tracked lips, with the opening by rule in synthesised speech as
a weak second witness for the sounds that GRID's sentences lack. Weights were chosen by leaving speakers out, four folds.
"""

import json
import sys

import numpy as np
import torch

from evaluate import load
from log_mel import SAMPLE_RATE, log_mel, normalise
from sound import decoded
from texts import BUILD

PENALTY = 0.5  # in units of the spread of each hidden value
RULE_WEIGHT = 0.1
RULE_EXAMPLES = 260
# What one moment in twenty exceeds in a person's speech, in the unit of the rule; a person's own range is brought to it.
WIDE_OPENING = 0.62
SPREAD = 0.2


def hidden_of(net, spectrum: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return net.hidden(torch.from_numpy(spectrum.astype(np.float32).T[None]))[0].numpy().T


def framed(curve: np.ndarray, fps: float, count: int) -> np.ndarray:
    """(T, n) at 100 Hz -> (count, n): means over the frames of a video."""
    sums = np.concatenate([np.zeros((1, curve.shape[1])), np.cumsum(curve, 0)])
    edges = (np.arange(count + 1) / fps * 100).clip(0, len(curve))
    at = np.stack([np.interp(edges, np.arange(len(sums)), column) for column in sums.T], 1)
    return np.diff(at, axis=0) / (100 / fps)


def filmed(net):
    """-> [(hidden values per frame, opening)] of each clip."""
    clips = []
    for line in (BUILD / 'lips.jsonl').read_text().splitlines():
        clip = json.loads(line)
        aperture = np.array(clip['aperture'])
        sound = decoded(clip['path'])[round(max(0, clip['startSeconds']) * SAMPLE_RATE) :]
        clips.append((framed(hidden_of(net, normalise(log_mel(sound))), clip['fps'], len(aperture)), aperture))
    return clips


def by_rule(net):
    """-> (hidden values, opening) of synthesised speech, every third frame."""
    data = np.load(BUILD / 'train.npz')
    ends, spectrum, mouth = data['end'], data['spectrum'], data['mouth']
    starts = np.concatenate([[0], ends[:-1]])
    chosen = np.random.default_rng(1).choice(len(ends), min(len(ends), RULE_EXAMPLES), replace=False)
    hidden = [hidden_of(net, spectrum[starts[k] : ends[k]])[::3] for k in chosen]
    return np.concatenate(hidden), np.concatenate([mouth[starts[k] : ends[k], 0][::3] for k in chosen]).astype(np.float32)


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else 'speech-net'
    net = load(name)
    clips, (rule_hidden, rule_opening) = filmed(net), by_rule(net)
    scale = np.concatenate([hidden for hidden, _ in clips]).std(0) + 1e-6
    # Each person's own mean is taken out: it says more of the face than of the speech.
    x = np.concatenate([(hidden - hidden.mean(0)) / scale for hidden, _ in clips])
    y = np.concatenate([SPREAD * (aperture - aperture.mean()) / aperture.std() for _, aperture in clips])
    rx, ry = (rule_hidden - rule_hidden.mean(0)) / scale, rule_opening - rule_opening.mean()
    gram = x.T @ x / len(y) + RULE_WEIGHT * rx.T @ rx / len(ry) + PENALTY * np.eye(x.shape[1])
    row = np.linalg.solve(gram, x.T @ y / len(y) + RULE_WEIGHT * rx.T @ ry / len(ry)) / scale
    # A regression moves less than what it is fitted to: bring spread and mean to those of the lips.
    said = np.concatenate([hidden @ row for hidden, _ in clips])
    true = np.concatenate([WIDE_OPENING * aperture / np.percentile(aperture, 95) for _, aperture in clips])
    row *= true.std() / said.std()
    bias = true.mean() - true.std() / said.std() * said.mean()
    net.lips.weight.data[0, :, 0] = torch.from_numpy(row.astype(np.float32))
    net.lips.bias.data[0] = float(bias)
    torch.save({'settings': net.settings, 'weights': net.state_dict()}, BUILD / f'{name}.pt')
    r = np.mean([np.corrcoef(hidden @ row, aperture)[0, 1] for hidden, aperture in clips])
    print(f'{len(clips)} clips, mean r with their lips {r:.3f}')


if __name__ == '__main__':
    main()
