"""Clips with part of their time taken away, to see what a label space needs."""

from collections.abc import Sequence

import torch
from torch import Tensor


def one_frame(clips: Tensor, indices: Sequence[int]) -> Tensor:
    """One frame of each clip (B, 3, F, height, width), repeated: appearance without time.

    Which one depends on the clip's position alone and is not told: a frame from a known time would give part of the order away.
    """
    chosen = [int(torch.randint(clips.shape[2], (), generator=torch.Generator().manual_seed(index))) for index in indices]
    frames = clips[torch.arange(len(clips)), :, torch.tensor(chosen)]
    return frames.unsqueeze(2).expand_as(clips)


def bag_of_frames(clips: Tensor, indices: Sequence[int]) -> Tensor:
    """All frames of each clip in a random order that depends on the clip's position alone: what happened, but not when."""
    out = torch.empty_like(clips)
    for slot, index in enumerate(indices):
        order = torch.randperm(clips.shape[2], generator=torch.Generator().manual_seed(index))
        out[slot] = clips[slot][:, order]
    return out
