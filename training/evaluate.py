"""Scores a trained net on the held-out voices, from sound alone. python3 evaluate.py [name]

Alignment with known text is scored by `npm run bench:speech`, which runs the engine's own TypeScript.
"""

import pickle
import sys

import numpy as np
import torch

from speech_net import SpeechNet
from texts import BUILD

CLOSURE_THRESHOLD = 0.5
CLOSURE_TOLERANCE = 3  # frames of 10 ms
SHORTEST_CLOSURE = 2


def load(name: str) -> SpeechNet:
    saved = torch.load(BUILD / f'{name}.pt')
    settings = saved['settings']
    net = SpeechNet(settings['channels'], settings['dilations'], settings['inputKernel'], settings['kernel'])
    net.load_state_dict(saved['weights'], strict=False)  # without the head that only helped training
    return net.eval()


def answer(net: SpeechNet, spectrum: np.ndarray) -> np.ndarray:
    """(T, 40) -> (T, 20): mouth parameters in their ranges, then class scores; by rule, without the row of real lips."""
    with torch.no_grad():
        raw = net(torch.from_numpy(spectrum.T[None].astype(np.float32)))[0]
    raw[[0, 2, 3, 4]] = torch.sigmoid(raw[[0, 2, 3, 4]])
    raw[1] = torch.tanh(raw[1])
    return raw.numpy().T


def raw_fitted_rows(net: SpeechNet, spectrum: np.ndarray) -> np.ndarray:
    """(T, 40) -> (T, 2): the opening as filmed people's lips make it, and the logit that somebody speaks."""
    with torch.no_grad():
        hidden = net.hidden(torch.from_numpy(spectrum.T[None].astype(np.float32)))
        return torch.cat([net.lips(hidden), net.presence(hidden)], 1)[0].numpy().T


def fitted_rows(net: SpeechNet, spectrum: np.ndarray) -> np.ndarray:
    """The same, both 0 to 1."""
    lips, presence = raw_fitted_rows(net, spectrum).T
    return np.stack([lips.clip(0, 1), 1 / (1 + np.exp(-presence))], 1)


def runs(mask: np.ndarray, shortest: int = SHORTEST_CLOSURE) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [(first, last) for first, last in zip(edges[::2], edges[1::2]) if last - first >= shortest]


def closure_counts(score, closures, silent, threshold=CLOSURE_THRESHOLD) -> np.ndarray:
    """[found, true, right, said]. A closure within pauses is not an error: the mouth is shut there anyway."""
    said = [run for run in runs(score > threshold) if silent[run[0] : run[1]].mean() < 0.6]
    true = runs(closures > CLOSURE_THRESHOLD, 1)
    meets = lambda a, others: any(a[0] - CLOSURE_TOLERANCE < b[1] and b[0] < a[1] + CLOSURE_TOLERANCE for b in others)
    return np.array([sum(meets(t, said) for t in true), len(true), sum(meets(s, true) for s in said), len(said)])


def scores(examples: list[dict], answers: list[np.ndarray], threshold=CLOSURE_THRESHOLD) -> dict[str, float]:
    said, true = np.concatenate(answers), np.concatenate([example['mouth'] for example in examples])
    classes = np.concatenate([example['class'] for example in examples])
    r = lambda k: np.corrcoef(said[:, k], true[:, k])[0, 1]
    counts = sum(
        closure_counts(answer[:, 3], example['mouth'][:, 3], example['class'] == 0, threshold)
        for example, answer in zip(examples, answers)
    )
    precision, recall = counts[2] / max(1, counts[3]), counts[0] / max(1, counts[1])
    return {
        'aperture r': r(0), 'rounding r': r(2), 'width r': r(1), 'labiodental r': r(4),
        'closure P': precision, 'closure R': recall, 'closure F1': 2 * precision * recall / max(1e-6, precision + recall),
        'class %': 100 * (said[:, 5:].argmax(1) == classes).mean(),
    }  # fmt: skip


def held_out_scores(net: SpeechNet) -> dict[str, dict[str, dict[str, float]]]:
    """{condition: {voice or "all": {measure: value}}}"""
    examples = pickle.loads((BUILD / 'held-out.pkl').read_bytes())
    answers = [answer(net, example['spectrum']) for example in examples]
    voices = [*sorted({example['voice'] for example in examples}), 'all']
    chosen = lambda condition, voice: [
        k for k, example in enumerate(examples)
        if example['condition'] == condition and voice in (example['voice'], 'all')
    ]  # fmt: skip
    return {
        condition: {
            voice: scores([examples[k] for k in chosen(condition, voice)], [answers[k] for k in chosen(condition, voice)])
            for voice in voices
        }
        for condition in ('clean', 'noisy')
    }


def main() -> None:
    for condition, voices in held_out_scores(load(sys.argv[1] if len(sys.argv) > 1 else 'speech-net')).items():
        for voice, row in voices.items():
            print(f'{condition} {voice:32s}', '  '.join(f'{name} {value:.3f}' for name, value in row.items()))


if __name__ == '__main__':
    main()
