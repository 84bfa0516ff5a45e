"""Spectral matching: student and teacher agree in temporal frequency, the high frequencies weighted most."""

import torch
from torch import Tensor

from repro.latents import Latents
from repro.objectives.objective import Objective

MIN_STEPS = 4
"""Shorter clips have no spectrum worth the name."""


class Spectral(Objective):
    """Mean weighted modulus of the difference of unnormalised spectra (arXiv:2605.17165, spectral).

    Only places seen at every time step count; truncated masks leave few of them.
    """

    def __init__(self, low: float = 0.1, high: float = 1.0) -> None:
        super().__init__()
        self.low, self.high = low, high

    def view_loss(self, latents: Latents) -> Tensor | None:
        always = (latents.rows >= 0).all(1)  # (B, H, W)
        if latents.grid[0] < MIN_STEPS or not always.any():
            return None
        rows = latents.rows.movedim(1, -1)[always].to(latents.tokens.device)  # (columns, T)
        student = latents.tokens.flatten(0, 1)[rows]
        teacher = latents.teacher.detach().movedim(1, 3)[always.to(latents.tokens.device)]
        difference = torch.fft.rfft(student - teacher, dim=1)
        weights = torch.linspace(self.low, self.high, difference.shape[1], dtype=student.dtype, device=student.device)
        error: Tensor = difference.abs() * weights.unsqueeze(-1)
        return error.mean()
