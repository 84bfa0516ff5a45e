"""Epps and Pulley's distance of a sample from the standard normal, by their characteristic functions (Biometrika 70, 1983)."""

import torch
from torch import Tensor, distributed

from repro.objectives.mean_waves import MeanWaves


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
    """Distance of each column of `samples` (n, directions) from a standard normal, (directions,); no second derivative.

    Samples of less than single precision are raised to it: sums over thousands of tokens need it.
    """
    if samples.dtype in (torch.bfloat16, torch.float16):
        samples = samples.float()
    t, weights = (x.to(samples) for x in quadrature(nodes, t_max))
    means: Tensor = MeanWaves.apply(samples * t[1], nodes)  # type: ignore[no-untyped-call]
    waves, ranks = mean_over_ranks(means)
    error = (waves[0] - torch.exp(-t.square() / 2)[:, None]).square() + waves[1].square()
    return weights @ error * len(samples) * ranks
