"""Velocity gate: tokens that the teacher says move little should not move in the student."""

import torch
from torch import Tensor

from repro.latents import Latents, velocity
from repro.objectives.objective import Objective


class VelocityGate(Objective):
    """Mean absolute change of the student over pairs, counted only where the teacher is slow (arXiv:2605.17165, velocity gate).

    Slow is at most the `percentile` quantile of the speeds in the same clip and time step. Gated-off pairs count as zeros.
    """

    def __init__(self, percentile: float = 0.5) -> None:
        super().__init__()
        self.percentile = percentile

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        speed = velocity(latents.teacher.detach()).norm(dim=-1).flatten(2)  # (B, T-1, H W)
        slow = speed <= torch.quantile(speed, self.percentile, dim=-1, keepdim=True)
        slow = torch.nn.functional.pad(slow, (0, 0, 0, 1)).flatten()  # (B T H W): no pair begins at the last step
        gate = slow.index_select(0, latents.cells).unsqueeze(-1)
        return ((latents.after - latents.now).abs() * gate).mean()
