"""Factorized world model (FWM): appearance channels stand still and do not covary with the dynamics channels.

Channels are levels side by side, so half of the channels is half of the depths: appearance is what the shallow levels say.
"""

from torch import Tensor

from repro.latents import Latents
from repro.objectives.objective import Objective


def split_channels(dim: int, appearance: float = 0.5) -> tuple[slice, slice]:
    """The appearance channels, at least one, and the dynamics channels of a `dim`-wide latent."""
    cut = max(1, int(dim * appearance))
    return slice(0, cut), slice(cut, dim)


class StaticAppearance(Objective):
    """Mean absolute change of the appearance channels over pairs (arXiv:2605.17165, FWM)."""

    def __init__(self, dim: int, appearance: float = 0.5) -> None:
        super().__init__()
        self.appearance, _ = split_channels(dim, appearance)

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        return (latents.after - latents.now)[:, self.appearance].abs().mean()


class Orthogonality(Objective):
    """Mean squared covariance between the two groups of channels over all context tokens of the batch (arXiv:2605.17165, FWM)."""

    def __init__(self, dim: int, appearance: float = 0.5) -> None:
        super().__init__()
        self.appearance, self.dynamics = split_channels(dim, appearance)

    def view_loss(self, latents: Latents) -> Tensor | None:
        z = latents.tokens.flatten(0, 1)
        if len(z) < 2 or latents.grid[0] < 2:
            return None
        z = z - z.mean(0)
        covariance = z[:, self.appearance].T @ z[:, self.dynamics] / (len(z) - 1)
        return covariance.square().mean()
