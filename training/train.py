"""Trains the speech net on one thread for a given number of minutes. Writes build/<name>.pt.

python3 train.py [name] [minutes] [channels] [dilations, comma separated] [from]

With `from`, the name of a net of the same shape, training goes on from that net at half the rate, and the rows that were fitted to
lips and presence learn to say what it says (`make_features.py <from>` puts that in).
"""

import sys
import time

import numpy as np
import torch
from torch.nn import functional

from log_mel import BANDS, HIGHEST_MEL, LOWEST_MEL
from mouth_targets import CLASSES
from speech_net import SpeechNet
from texts import BUILD

FRAMES, BATCH = 240, 24
PEAK_RATE = 2e-3
ESPEAK_SHARE = 0.23
READERS_SHARE = 0.35
SPEECHLESS_SHARE = 0.06
WARPS = np.linspace(0.88, 1.14, 27)
AVERAGING = 0.998
# Contacts are rare: a missed one counts this much more than an imagined one.
CONTACT_WEIGHT = 1.3
MOUTH_WEIGHTS = {'aperture': 8.0, 'width': 3.0, 'rounding': 5.0, 'contacts': 2.0}
# Of the rows that go on saying what they said.
LIPS_WEIGHT, PRESENCE_WEIGHT = 8.0, 0.3
# The mean of what is possible moves too little: what the spread of a window differs by counts too.
SPREAD_WEIGHT = 6.0


class Examples:
    """Random windows: 23 % from espeak (many languages, one synthesiser), 35 % from people who read, 6 % without speech, the
    rest evenly from the other voices.
    """

    def __init__(self, taught: bool) -> None:
        data = np.load(BUILD / 'train.npz')
        self._spectrum, self._mouth = data['spectrum'], data['mouth']
        self._class, self._symbol = data['class'], data['symbol']
        self._taught = data['taught'] if taught else np.zeros((len(self._class), 2), np.float16)
        self._end = data['end']
        self._start = np.concatenate([[0], self._end[:-1]])
        lengths = (self._end - self._start).astype(float)
        engines = ('espeak', 'librispeech')
        names = [next((engine for engine in engines if name.startswith(engine)), name) for name in data['voice']]
        group = np.array(names)[data['owner']]
        shares = {'espeak': ESPEAK_SHARE, 'librispeech': READERS_SHARE, 'speechless': SPEECHLESS_SHARE}
        others = set(group) - set(shares)
        shares |= {voice: (1 - sum(shares.values())) / len(others) for voice in others}
        self._weight = np.zeros(len(group))
        for voice, share in shares.items():
            mine = group == voice
            self._weight[mine] = share * lengths[mine] / lengths[mine].sum()
        self._weight /= self._weight.sum()
        self._warps = [warp_matrix(warp) for warp in WARPS]

    def batch(self, random):
        spectrum = np.zeros((BATCH, 40, FRAMES), np.float32)
        mouth = np.zeros((BATCH, 5, FRAMES), np.float32)
        classes = np.full((BATCH, FRAMES), -100, np.int64)
        symbols = np.full((BATCH, FRAMES), -100, np.int64)
        taught = np.zeros((BATCH, 2, FRAMES), np.float32)
        for row, k in enumerate(random.choice(len(self._weight), BATCH, p=self._weight)):
            length = self._end[k] - self._start[k]
            first = self._start[k] + random.integers(0, max(1, length - FRAMES + 1))
            part = slice(first, first + min(FRAMES, length))
            count = part.stop - part.start
            warp = self._warps[random.integers(len(self._warps))]
            spectrum[row, :, :count] = warp @ self._spectrum[part].T.astype(np.float32)
            mouth[row, :, :count] = self._mouth[part].T
            classes[row, :count] = self._class[part]
            symbols[row, :count] = self._symbol[part]
            taught[row, :, :count] = self._taught[part].T
            if random.random() < 0.5:
                band = random.integers(0, 36)
                spectrum[row, band : band + random.integers(1, 6)] = spectrum[row].mean()
        return [torch.from_numpy(array) for array in (spectrum, mouth, classes, symbols, taught)]


def warp_matrix(stretch: float) -> np.ndarray:
    """(40, 40): moves formants to `stretch` times their frequency, as a longer or shorter vocal tract does."""
    top = (HIGHEST_MEL - LOWEST_MEL) / (BANDS + 1)
    mel = LOWEST_MEL + top * np.arange(1, BANDS + 1)
    hz = 700 * (10 ** (mel / 2595) - 1)
    source = (2595 * np.log10(1 + hz / stretch / 700) - LOWEST_MEL) / top - 1
    source = source.clip(0, BANDS - 1)
    below = np.minimum(source.astype(int), BANDS - 2)
    matrix = np.zeros((BANDS, BANDS), np.float32)
    matrix[np.arange(BANDS), below] = 1 - (source - below)
    matrix[np.arange(BANDS), below + 1] = source - below
    return matrix


def loss_of(net: SpeechNet, spectrum, mouth, classes, symbols, taught, goes_on: bool):
    known = (classes >= 0).float()[:, None]
    mean = lambda error: (error * known).sum() / known.sum()
    hidden = net.hidden(spectrum)
    answer = net.output(hidden)
    aperture = mean((torch.sigmoid(answer[:, 0:1]) - mouth[:, 0:1]) ** 2)
    width = mean((torch.tanh(answer[:, 1:2]) - mouth[:, 1:2]) ** 2)
    rounding = mean((torch.sigmoid(answer[:, 2:3]) - mouth[:, 2:3]) ** 2)
    contacts = mean(
        functional.binary_cross_entropy_with_logits(
            answer[:, 3:5], mouth[:, 3:5], reduction='none', pos_weight=torch.tensor(CONTACT_WEIGHT)
        )
    )
    spread = sum(
        ((_spread(said, known) - _spread(true, known)) ** 2).mean()
        for said, true in (
            (torch.sigmoid(answer[:, 0:1]), mouth[:, 0:1]),
            (torch.tanh(answer[:, 1:2]), mouth[:, 1:2]),
            (torch.sigmoid(answer[:, 2:3]), mouth[:, 2:3]),
        )
    )
    viseme = functional.cross_entropy(answer[:, 5 : 5 + len(CLASSES)], classes)
    symbol = functional.cross_entropy(net.symbols(hidden), symbols)
    weights = MOUTH_WEIGHTS
    return (
        weights['aperture'] * aperture + weights['width'] * width + weights['rounding'] * rounding
        + weights['contacts'] * contacts + SPREAD_WEIGHT * spread + 0.25 * viseme + 0.15 * symbol
        + (fitted_loss(net, hidden, taught, known) if goes_on else 0)
    )  # fmt: skip


def fitted_loss(net: SpeechNet, hidden, taught, known):
    """How far lips and presence are from what the net before said of the same speech without noise."""
    mean = lambda error: (error * known).sum() / known.sum()
    lips, true = net.lips(hidden), taught[:, 0:1]
    spread = ((_spread(lips, known) - _spread(true, known)) ** 2).mean()
    presence = functional.binary_cross_entropy_with_logits(
        net.presence(hidden), torch.sigmoid(taught[:, 1:2]), reduction='none'
    )
    return LIPS_WEIGHT * mean((lips - true) ** 2) + SPREAD_WEIGHT * spread + PRESENCE_WEIGHT * mean(presence)


def _spread(curves, known):
    """(batch, 1, frames) -> (batch, 1): standard deviation over the frames that are known."""
    count = known.sum(-1).clamp(min=1)
    mean = (curves * known).sum(-1, keepdim=True) / count[..., None]
    return ((((curves - mean) * known) ** 2).sum(-1) / count + 1e-4).sqrt()


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else 'speech-net'
    seconds = 60 * float(sys.argv[2]) if len(sys.argv) > 2 else 17 * 60
    channels = int(sys.argv[3]) if len(sys.argv) > 3 else 96
    dilations = [int(d) for d in sys.argv[4].split(',')] if len(sys.argv) > 4 else [1, 2, 4, 8, 1, 2]
    torch.manual_seed(0)
    torch.set_num_threads(1)
    random = np.random.default_rng(0)
    goes_on = len(sys.argv) > 5
    examples, net = Examples(taught=goes_on), SpeechNet(channels, dilations)
    peak = PEAK_RATE
    if goes_on:
        net.load_state_dict(torch.load(BUILD / f'{sys.argv[5]}.pt')['weights'], strict=False)
        peak = PEAK_RATE / 2
    optimiser = torch.optim.AdamW(net.parameters(), lr=peak, weight_decay=1e-3)
    average = {key: value.clone() for key, value in net.state_dict().items()}
    started, step, total = time.process_time(), 0, 0.0
    while (share := (time.process_time() - started) / seconds) < 1:
        for group in optimiser.param_groups:
            group['lr'] = peak * (0.5 * (1 + np.cos(np.pi * share)) + 0.005)
        loss = loss_of(net, *examples.batch(random), goes_on)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        with torch.no_grad():
            for key, value in net.state_dict().items():
                average[key].lerp_(value, max(1 - AVERAGING, 10 / (step + 10)))
        step, total = step + 1, total + loss.item()
        if step % 100 == 0:
            print(f'step {step}: loss {total / 100:.4f}, {share:.0%}', flush=True)
            total = 0.0
    kept = {key: value for key, value in average.items() if not key.startswith('symbols.')}
    torch.save({'settings': net.settings, 'weights': kept}, BUILD / f'{name}.pt')
    print(f'{step} steps, {step * BATCH * FRAMES / 1e6:.0f} M frames')


if __name__ == '__main__':
    main()
