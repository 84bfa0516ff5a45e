"""SIGReg: latents, seen along random directions, look like a standard normal (LeJEPA, arXiv:2511.08544).

The statistic grows with the number of tokens and of ranks; at a coefficient of 1 it outweighs everything else.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from repro.latents import Latents
from repro.objectives.epps_pulley import epps_pulley
from repro.objectives.objective import Objective


class SIGReg(Objective):
    """The distance averaged over random directions, new ones at every call; tokens of all views and clips are pooled."""

    calls: Tensor

    def __init__(self, directions: int = 1024, nodes: int = 17, t_max: float = 3.0) -> None:
        super().__init__()
        self.directions, self.nodes, self.t_max = directions, nodes, t_max
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))  # seeds the directions, so it is saved with the weights

    def forward(self, views: Sequence[Latents]) -> Tensor:
        x = torch.cat([view.tokens.flatten(0, 1) for view in views])
        directions = self.draw(x.shape[1], int(self.calls))
        self.calls += 1
        return self.statistic(x, directions.to(x))

    def draw(self, dim: int, seed: int) -> Tensor:
        """Random directions as columns (dim, directions), not yet of unit length."""
        return torch.randn(dim, self.directions, generator=torch.Generator().manual_seed(seed))

    def statistic(self, x: Tensor, directions: Tensor) -> Tensor:
        """The mean distance of rows `x` (n, D) along the columns of `directions` (D, directions), of any length."""
        return epps_pulley(x @ nn.functional.normalize(directions, dim=0), self.nodes, self.t_max).mean()
