"""Motion-guided masking: hide where things move. Block corners are drawn in proportion to the mean motion inside the block."""

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad

SCORE_FLOOR = 1e-6
"""No block has a lower score, so that a clip that stands still is masked uniformly."""


def motion_map(clip: Tensor, grid: tuple[int, int, int], floor: float = 1e-6) -> Tensor:
    """How much each token's pixels change from frame to frame, (B, T, H, W) in [0, 1], from normalised clips (B, 3, frames, height, width).

    The first difference counts twice so that there is one per frame. Pixels are sampled by trilinear interpolation, not averaged over a
    token, so that a small moving thing can fall between the samples; that is the release's behaviour and is kept.
    """
    change = (clip[:, :, 1:] - clip[:, :, :-1]).abs().mean(1, keepdim=True)
    change = torch.cat([change[:, :, :1], change], 2)
    sampled = interpolate(change, size=grid, mode="trilinear", align_corners=False).squeeze(1)
    return sampled / sampled.flatten(1).amax(1).clamp(min=floor).view(-1, 1, 1, 1)


def block_scores(motion: Tensor, block: tuple[int, int, int]) -> Tensor:
    """Mean motion inside a block at every corner where it fits, (B, T-t+1, H-h+1, W-w+1), by a summed-area table in float64."""
    total = motion.double()
    for dim, length in zip((1, 2, 3), block, strict=True):
        before = [0, 0] * (3 - dim) + [1, 0]
        total = pad(total.cumsum(dim), before)
        count = total.shape[dim] - length
        total = total.narrow(dim, length, count) - total.narrow(dim, 0, count)
    t, h, w = block
    return (total / (t * h * w)).clamp(min=SCORE_FLOOR)


def origin_weights(scores: Tensor, gamma: float) -> Tensor:
    """Unnormalised probabilities of the corners, score^gamma; scaled so that the largest is one and none overflows."""
    return (scores / scores.flatten(1).amax(1).view(-1, 1, 1, 1)) ** gamma


def guided_origins(
    motion: Tensor, uniform: Tensor, block: tuple[int, int, int], gamma: float, random_rate: float, generator: torch.Generator
) -> Tensor:
    """Corners (B, blocks, 3): each stays `uniform` with probability `random_rate`, else is drawn in proportion to score^gamma."""
    weights = origin_weights(block_scores(motion, block), gamma)
    B, blocks, _ = uniform.shape
    drawn = torch.multinomial(weights.flatten(1), blocks, replacement=True, generator=generator)
    _, Y, X = weights.shape[1:]
    guided = torch.stack([drawn // (Y * X), drawn // X % Y, drawn % X], -1)
    stay = torch.rand(B, blocks, 1, generator=generator) < random_rate
    return torch.where(stay, uniform, guided)
