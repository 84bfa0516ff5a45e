"""Rotary position embedding over time, rows and columns (RoFormer, arXiv:2104.09864, applied axis by axis).

A third of a head's channels turns with each coordinate; what does not divide is left alone.
"""

import torch
from torch import Tensor


def rotations(
    indices: Tensor, grid: tuple[int, int, int], head_dim: int, base: float, reference_side: int | None, dtype: torch.dtype
) -> Tensor:
    """Cosines and sines for tokens at raster `indices` (..., K) of a T x H x W grid, shape (2, ..., K, head_dim / 2).

    `reference_side` rescales rows and columns so that every grid spans the same positions; time is never rescaled. A grid of one row or
    column keeps position zero (a division by zero in the formula).
    """
    _, H, W = grid
    t, y, x = indices // (H * W), indices % (H * W) // W, indices % W
    axes = [axis.to(dtype) for axis in (t, y, x)]
    if reference_side is not None:
        axes[1] = axes[1] * ((reference_side - 1) / max(H - 1, 1))
        axes[2] = axes[2] * ((reference_side - 1) / max(W - 1, 1))
    pairs = head_dim // 3 // 2
    frequencies = base ** (-torch.arange(pairs, device=indices.device, dtype=dtype) / max(pairs, 1))
    angles = torch.cat([axis.unsqueeze(-1) * frequencies for axis in axes], -1)
    angles = torch.nn.functional.pad(angles, (0, head_dim // 2 - 3 * pairs))
    return torch.stack([angles.cos(), angles.sin()])


def rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Turn adjacent channel pairs of x (B, heads, K, head_dim) by `turn` (2, B or 1, 1, K, head_dim / 2)."""
    if x.shape[-1] % 2:
        return torch.cat([rotate(x[..., :-1].contiguous(), turn), x[..., -1:]], -1)
    a, b = x.view(*x.shape[:-1], -1, 2).unbind(-1)
    cos, sin = turn[0], turn[1]
    return torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2).to(x.dtype)
