"""SIGReg: latents, seen along random directions, look like a standard normal (LeJEPA, arXiv:2511.08544).

The statistic is Epps and Pulley's distance between characteristic functions. It grows with the number of tokens and of ranks.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, distributed, nn

from repro.latents import Latents
from repro.objectives.objective import Objective


def quadrature(nodes: int, t_max: float) -> tuple[Tensor, Tensor]:
    """Nodes on [0, t_max] and trapezoid weights, doubled because the integrand is even, times the normal's characteristic function."""
    t = torch.linspace(0, t_max, nodes)
    weights = torch.full((nodes,), 2 * t_max / (nodes - 1))
    weights[[0, -1]] /= 2
    return t, weights * torch.exp(-t.square() / 2)


def mean_over_ranks(x: Tensor) -> tuple[Tensor, int]:
    """The mean of `x` over all ranks, differentiable, and how many ranks there are."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return x, 1
    from torch.distributed.nn.functional import all_reduce  # absent where torch was built without distributed

    total: Tensor = all_reduce(x)  # type: ignore[no-untyped-call]  # torch gives it no types
    return total / distributed.get_world_size(), distributed.get_world_size()


def epps_pulley(samples: Tensor, nodes: int = 17, t_max: float = 3.0) -> Tensor:
    """Distance of each column of `samples` (n, directions) from a standard normal, (directions,)."""
    t, weights = (x.to(samples) for x in quadrature(nodes, t_max))
    step = torch.polar(torch.ones_like(samples), samples * t[1])  # equally spaced nodes: each wave is the last, turned once more
    wave, means = torch.ones_like(step), [torch.ones_like(step[0])]
    for _ in range(nodes - 1):
        wave = wave * step
        means.append(wave.mean(0))
    waves, ranks = mean_over_ranks(torch.view_as_real(torch.stack(means, -1)))
    error = (waves[..., 0] - torch.exp(-t.square() / 2)).square() + waves[..., 1].square()
    return error @ weights * len(samples) * ranks


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
