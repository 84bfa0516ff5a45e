"""Frame dropout: the same clips with some frames gone, to see which probes live off time."""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor

Filling = Literal["repeat", "zero", "mean"]
"""What stands in for a missing frame: the last frame that is there, black, or the mean of the frames that are there."""


def drop_frames(clips: Tensor, indices: Sequence[int], rate: float, filling: Filling, seed: int) -> Tensor:
    """`clips` (B, 3, F, height, width) in bytes with round(rate x F) frames of each replaced; the first frame always stays.

    Which frames go depends on the seed and the clip's position alone, so that every encoder, rate and filling is tested on the same
    losses: what a lower rate drops, a higher one drops too.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"a rate of {rate} is not between 0 and 1")
    frames = clips.shape[2]
    count = min(round(rate * frames), frames - 1)
    out = clips.clone()
    for clip, index in zip(out, indices, strict=True):
        order = torch.randperm(frames - 1, generator=torch.Generator().manual_seed(seed * 1_000_003 + index)) + 1
        gone = set(order[:count].tolist())
        _fill(clip, gone, filling)
    return out


def dropping(read: Callable[[Sequence[int]], Tensor], rate: float, filling: Filling, seed: int) -> Callable[[Sequence[int]], Tensor]:
    """`read` with frames dropped from what it gives."""

    def damaged(indices: Sequence[int]) -> Tensor:
        return drop_frames(read(indices), indices, rate, filling, seed)

    return damaged


def _fill(clip: Tensor, gone: set[int], filling: Filling) -> None:
    """Replace the `gone` frames of one clip (3, F, height, width), in place."""
    kept = [frame for frame in range(clip.shape[1]) if frame not in gone]
    mean = clip[:, kept].float().mean(1).round().to(clip.dtype) if filling == "mean" else None
    for frame in sorted(gone):
        if filling == "repeat":
            clip[:, frame] = clip[:, frame - 1]  # already filled if it was missing too
        elif mean is not None:
            clip[:, frame] = mean
        else:
            clip[:, frame] = 0
