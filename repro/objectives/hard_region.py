"""Hard-region weighting (HW): count a token's error more the larger it already is."""

import torch
from torch import Tensor

from repro.latents import Latents, power_error
from repro.objectives.objective import Objective

TEMPERATURE_FLOOR = 1e-6


def hard_region_weights(error: Tensor, temperature: float = 1.0) -> Tensor:
    """Softmax of per-token errors (..., K) over the last axis, rescaled to mean one; no gradient passes."""
    scaled = error.detach().float() if error.dtype.itemsize < 4 else error.detach()
    return torch.softmax(scaled / max(temperature, TEMPERATURE_FLOOR), dim=-1) * error.shape[-1]


class HardRegion(Objective):
    """The prediction error once more, averaged with hard-region weights over each clip's masked tokens (arXiv:2605.17165, HW)."""

    def __init__(self, temperature: float = 1.0) -> None:
        super().__init__()
        self.temperature = temperature

    def view_loss(self, latents: Latents) -> Tensor | None:
        error = (
            latents.errors
            if not latents.masked.requires_grad
            else power_error(latents.predicted, latents.masked.detach(), latents.exponent)
        )
        if error.shape[1] < 2:
            return None
        weights = hard_region_weights(error.mean(-1), self.temperature)
        return (error * weights.unsqueeze(-1)).mean()
