"""Clips with part of their time taken away, to see what a label space needs."""

from collections.abc import Sequence

import torch
from torch import Tensor


def one_frame(clips: Tensor, _indices: Sequence[int]) -> Tensor:
    """The middle frame of each clip (B, 3, F, height, width), repeated: appearance without time."""
    middle = clips.shape[2] // 2
    return clips[:, :, middle : middle + 1].expand_as(clips)


def bag_of_frames(clips: Tensor, indices: Sequence[int]) -> Tensor:
    """All frames of each clip in a random order that depends on the clip's position alone: what happened, but not when."""
    out = torch.empty_like(clips)
    for slot, index in enumerate(indices):
        order = torch.randperm(clips.shape[2], generator=torch.Generator().manual_seed(index))
        out[slot] = clips[slot][:, order]
    return out
