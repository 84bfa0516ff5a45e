"""The two main losses of V-JEPA 2.1 style training: masked tokens are predicted, and context tokens too. Letters: `repro.latents`."""

from collections.abc import Sequence

import torch
from torch import Tensor

from repro.latents import power_error


def prediction_loss(predicted: Sequence[Tensor], masked: Sequence[Tensor], exponent: float = 1.0) -> Tensor:
    """Mean |prediction - target|^q / q over each view's (B, M, D), then over views."""
    return mean_error([power_error(guess, truth, exponent) for guess, truth in zip(predicted, masked, strict=True)])


def mean_error(errors: Sequence[Tensor]) -> Tensor:
    """Mean over each view's errors, then over views."""
    return torch.stack([error.mean() for error in errors]).mean()


def context_loss(context: Sequence[Tensor], targets: Sequence[Tensor], distances: Sequence[Tensor] | None, exponent: float = 1.0) -> Tensor:
    """The same on each view's context tokens (B, K, D), each error divided by its token's distance (B, K), if distances are given."""
    errors = [power_error(guess, truth, exponent) for guess, truth in zip(context, targets, strict=True)]
    if distances is not None:
        errors = [error / distance.unsqueeze(-1) for error, distance in zip(errors, distances, strict=True)]
    return mean_error(errors)


def context_distance(context: Tensor, target: Tensor, grid: tuple[int, int, int]) -> Tensor:
    """Square root of the distance from each context token (B, K) to the clip's nearest target token (B, M), at least 1, (B, K).

    The distance is Euclidean in units of the grid; a time step counts like a row. It depends on masks alone, and roots of
    integers come out alike on every device.
    """
    places, aims = (_coordinates(indices, grid) for indices in (context, target))
    # matrix multiplication would round: the distances are roots of integers and must come out exact
    return torch.cdist(places, aims, compute_mode="donot_use_mm_for_euclid_dist").amin(-1).sqrt()


def _coordinates(indices: Tensor, grid: tuple[int, int, int]) -> Tensor:
    _, H, W = grid
    return torch.stack([indices // (H * W), indices % (H * W) // W, indices % W], -1).float()
