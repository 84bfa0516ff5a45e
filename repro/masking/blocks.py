"""Multi-block 3-D masks (V-JEPA, arXiv:2404.08471): the union of a few boxes is hidden from the encoder and predicted.

A batch is ragged, so every list is cut to the shortest of the batch, keeping the first tokens in raster order: late time steps are
seen and predicted less often. That is the release's behaviour and changes its masking ratio; it is kept.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from repro.experiment import MaskSpec
from repro.masking.motion_guided import guided_origins

MAX_REDRAWS = 1000


class Masks(NamedTuple):
    """Raster positions on the token grid, ascending, int64."""

    context: Tensor
    """What the encoder sees, (B, K)."""
    target: Tensor
    """What the predictor predicts, (B, M)."""


def block_size(spec: MaskSpec, grid: tuple[int, int, int], step: int) -> tuple[int, int, int]:
    """A block's extent in tokens (t, h, w), shared by the batch of call number `step`: three uniforms seeded with the step."""
    T, H, W = grid
    generator = torch.Generator().manual_seed(step)
    u_t, u_s, u_a = (torch.rand(1, generator=generator).item() for _ in range(3))
    (t_low, t_high), (s_low, s_high), (a_low, a_high) = spec.temporal_scale, spec.spatial_scale, spec.aspect_ratio
    t = max(1, int(T * (t_low + u_t * (t_high - t_low))))
    area = int(H * W * (s_low + u_s * (s_high - s_low)))
    aspect = a_low + u_a * (a_high - a_low)
    return t, min(H, round(math.sqrt(area * aspect))), min(W, round(math.sqrt(area / aspect)))


def uniform_origins(
    count: int, num_blocks: int, block: tuple[int, int, int], grid: tuple[int, int, int], generator: torch.Generator
) -> Tensor:
    """Corners (t, y, x) of blocks that fit the grid, (count, num_blocks, 3)."""
    axes = [torch.randint(0, n - b + 1, (count, num_blocks), generator=generator) for n, b in zip(grid, block, strict=True)]
    return torch.stack(axes, -1)


def keep_outside(origins: Tensor, block: tuple[int, int, int], grid: tuple[int, int, int]) -> Tensor:
    """True for tokens in none of the blocks whose corners are `origins` (B, blocks, 3), (B, T, H, W)."""
    inside = []
    for axis, (n, b) in enumerate(zip(grid, block, strict=True)):
        offset = torch.arange(n) - origins[..., axis, None]
        inside.append(((offset >= 0) & (offset < b)).float())
    t, y, x = inside
    rows = (t.unsqueeze(-1) * y.unsqueeze(-2)).flatten(2)  # (B, blocks, T H)
    times_covered = rows.transpose(1, 2) @ x  # a product of matrices counts blocks many times faster than an "any" over them
    return (times_covered == 0).view(-1, *grid)


def sample_masks(
    spec: MaskSpec, batch: int, grid: tuple[int, int, int], step: int, generator: torch.Generator, motion: Tensor | None = None
) -> Masks:
    """Context and target positions for a batch of clips.

    `step` (from 0) fixes the block size, `generator` the positions. `motion` (B, T, H, W) from `motion_map` guides the blocks if the spec
    has a `motion_gamma`; without it they are uniform. Raises ValueError if the blocks always cover the whole grid.
    """
    block = block_size(spec, grid, step)
    guide = motion.cpu() if motion is not None and spec.motion_gamma is not None and grid[0] > 1 else None
    kept = torch.zeros(batch, *grid, dtype=torch.bool)
    missing = torch.arange(batch)
    for _ in range(MAX_REDRAWS):
        origins = uniform_origins(len(missing), spec.num_blocks, block, grid, generator)
        if guide is not None:
            origins = guided_origins(guide[missing], origins, block, spec.motion_gamma or 0.0, spec.random_rate, generator)
        drawn = keep_outside(origins, block, grid)
        if spec.max_temporal_keep < 1:
            drawn[:, max(1, int(grid[0] * spec.max_temporal_keep)) :] = False
        kept[missing] = drawn
        missing = missing[~drawn.flatten(1).any(1)]
        if not len(missing):
            return _positions(kept.flatten(1), spec)
    raise ValueError(f"{spec.num_blocks} blocks of {block} tokens leave no context on a grid of {grid} in {MAX_REDRAWS} draws")


def _positions(kept: Tensor, spec: MaskSpec) -> Masks:
    """Ascending positions of kept and removed tokens (B, N), cut to the batch's shortest list."""
    num_kept = kept.sum(1)
    K, M = int(num_kept.min()), int((kept.shape[1] - num_kept).min())
    if spec.max_keep is not None:
        K = min(K, spec.max_keep)
    context = _first_true(kept, K)
    if spec.full_complement:
        kept = torch.zeros_like(kept).scatter(1, context, True)
        M = kept.shape[1] - K
    return Masks(context, _first_true(~kept, M))


def _first_true(mask: Tensor, count: int) -> Tensor:
    """Positions of each row's first `count` true entries, ascending; every row has as many."""
    positions = mask.nonzero()[:, 1]
    counts = mask.sum(1)
    start = counts.cumsum(0) - counts
    return positions[start.unsqueeze(1) + torch.arange(count)]
