"""The speech net: a temporal convolutional network from log-mel frames to mouth parameters and sound classes."""

import torch
from torch import nn

from log_mel import BANDS
from mouth_targets import CLASSES, MOUTH, SYMBOLS

OUTPUTS = len(MOUTH) + len(CLASSES)


class SpeechNet(nn.Module):
    """(B, 40, T) -> (B, 20, T): 5 mouth parameters before their squashing, then 15 class scores."""

    def __init__(self, channels: int, dilations: list[int], input_kernel: int = 5, kernel: int = 3) -> None:
        super().__init__()
        self.settings = {'channels': channels, 'dilations': dilations, 'inputKernel': input_kernel, 'kernel': kernel}
        self.input = nn.Conv1d(BANDS, channels, input_kernel, padding=input_kernel // 2)
        self.dilated = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel, padding=dilation * (kernel // 2), dilation=dilation)
            for dilation in dilations
        )
        self.mix = nn.ModuleList(nn.Conv1d(channels, channels, 1) for _ in dilations)
        self.output = nn.Conv1d(channels, OUTPUTS, 1)
        # The opening as filmed people's lips make it; linear, fitted last by fit_lips.py.
        self.lips = nn.Conv1d(channels, 1, 1)
        # Whether what sounds is speech; fitted by fit_presence.py.
        self.presence = nn.Conv1d(channels, 1, 1)
        # Only trains the layers below it to tell all sounds apart; it is not shipped.
        self.symbols = nn.Conv1d(channels, 1 + len(SYMBOLS), 1)

    def hidden(self, spectrum: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(self.input(spectrum))
        for dilated, mix in zip(self.dilated, self.mix):
            hidden = hidden + mix(torch.relu(dilated(hidden)))
        return torch.relu(hidden)

    def forward(self, spectrum: torch.Tensor) -> torch.Tensor:
        return self.output(self.hidden(spectrum))
