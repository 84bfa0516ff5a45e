"""Kinematic regularisation: the targets themselves move little (order 1) or accelerate little (order 2).

It reads the target encoder with its gradient, so it trains nothing unless that encoder is the online one (no EMA).
"""

from collections.abc import Sequence

from torch import Tensor

from repro.latents import Latents, velocity
from repro.objectives.objective import Objective


class Kinematic(Objective):
    """Mean absolute, or Huber, difference in time over the whole grid (arXiv:2605.17165, kinematic).

    `channels` is the leading share of the channels that counts. Clips too short for order 2 fall back to order 1.
    """

    def __init__(self, order: int = 1, huber_delta: float | None = None, channels: float = 1.0) -> None:
        super().__init__()
        self.order, self.huber_delta, self.channels = order, huber_delta, channels

    def forward(self, views: Sequence[Latents]) -> Tensor:
        """Masked views of the same clips share one target grid, which counts once."""
        return super().forward(list({id(view.teacher): view for view in views}.values()))

    def view_loss(self, latents: Latents) -> Tensor | None:
        motion = latents.teacher[..., : int(latents.teacher.shape[-1] * self.channels)]
        steps = motion.shape[1]
        if steps < 2:
            return None
        for _ in range(min(self.order, steps - 1)):
            motion = velocity(motion)
        size = motion.abs()
        if self.huber_delta is None:
            return size.mean()
        near = size.clamp(max=self.huber_delta)
        return (near * (size - near / 2)).mean()
