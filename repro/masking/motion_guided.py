"""Motion-guided masking: hide where things move. Block corners are drawn in proportion to the mean motion inside the block."""

import torch
from torch import Tensor
from torch.nn.functional import pad

SCORE_FLOOR = 1e-6
"""No block has a lower score, so that a clip that stands still is masked uniformly."""


def motion_map(clip: Tensor, grid: tuple[int, int, int], floor: float = 1e-6) -> Tensor:
    """How much each token's pixels change from frame to frame, (B, T, H, W) in [0, 1], from normalised clips (B, 3, frames, height, width).

    The first difference counts twice so that there is one per frame; a single frame has no motion. The full map would then be resized
    trilinearly to the grid, which reads two places per axis and token and leaves out the rest; only those pixels are looked at here. A
    small moving thing can fall between them; that is the release's behaviour and is kept.
    """
    if clip.shape[2] == 1:
        return clip.new_zeros(len(clip), *grid)
    (frames, when), (rows, down), (columns, across) = (_samples(n, cells) for n, cells in zip(clip.shape[2:], grid, strict=True))
    T, H, W = grid
    places = (rows.view(-1, 1) * clip.shape[4] + columns.view(1, -1)).view(1, 1, 1, -1).to(clip.device)
    pixels = clip.detach().flatten(3).gather(3, places.expand(*clip.shape[:3], -1))
    change = (pixels[:, :, 1:] - pixels[:, :, :-1]).abs_().mean(1)
    change = change.index_select(1, (frames.flatten() - 1).clamp(min=0).to(clip.device))
    change = _blend(change.view(len(clip), T, 2, H, 2, W, 2), across.to(clip))
    change = _blend(change.movedim(4, -1), down.to(clip).unsqueeze(1))
    change = _blend(change.movedim(2, -1), when.to(clip).view(T, 1, 1, 2))
    peak: Tensor = change.flatten(1).amax(1).clamp(min=floor)
    return change / peak.view(-1, 1, 1, 1)


def _blend(pairs: Tensor, weights: Tensor) -> Tensor:
    """Weighted sum over a last axis of two."""
    return pairs[..., 0] * weights[..., 0] + pairs[..., 1] * weights[..., 1]


def _samples(length: int, cells: int) -> tuple[Tensor, Tensor]:
    """Positions and weights (cells, 2) at which linear resizing of an axis reads it, corners not aligned."""
    centre = ((torch.arange(cells, dtype=torch.float64) + 0.5) * (length / cells) - 0.5).clamp(min=0)
    low = centre.long()
    weight = centre - low
    return torch.stack([low, (low + 1).clamp(max=length - 1)], 1), torch.stack([1 - weight, weight], 1)


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
