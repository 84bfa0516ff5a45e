"""What a dataset gives: clips to pretrain on, by position, and labelled clips to probe with. Shape letters: `repro.latents`; F frames."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import torch
from torch import Tensor

from repro.experiment import Experiment
from repro.transforms import MEAN, STD, crop_box, train_batch, train_transform


class TrainingSet(Protocol):
    """A list of clips without labels."""

    def __len__(self) -> int: ...

    def clips(self, indices: Sequence[int], rng: random.Random) -> Tensor:
        """Cropped, flipped and normalised clips, float32, (B, 3, F, crop, crop), on the set's device. `rng` decides every random choice."""
        ...


@dataclass(frozen=True, kw_only=True)
class LabelledClips:
    """One side of a probe's split."""

    labels: Tensor
    """Class of each clip, int64, (n,)."""

    read: Callable[[Sequence[int]], Tensor]
    """Clips at these positions as bytes, uint8, (B, 3, F, height, width), at the size that the encoder is to see."""

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, kw_only=True)
class ProbeProtocol:
    """How a classifier is trained on frozen features: AdamW, constant rate, cross-entropy, accuracy after the last epoch."""

    head: Literal["attentive", "attentive_plain", "linear", "mean_pool"]
    """A name in `repro.probes.HEADS`."""
    pooled: bool
    """The head sees the mean of a clip's tokens, not the tokens."""
    lr: float = 1e-3
    weight_decay: float = 0.01
    batch_size: int = 16

    def __str__(self) -> str:
        tokens = "the mean token" if self.pooled else "all tokens"
        return f"{self.head} on {tokens}, AdamW {self.lr:g} (decay {self.weight_decay:g}), batch {self.batch_size}, last epoch"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A classification task on frozen features."""

    name: str
    clips: str
    """Probes with an equal value here have the same clips in the same order, so that features are extracted once."""
    classes: tuple[str, ...]
    protocol: ProbeProtocol
    train: LabelledClips
    test: LabelledClips


@dataclass(frozen=True, kw_only=True)
class CaptionedClips:
    """Clips with a sentence each, and what the sentences say, label space by label space."""

    captions: tuple[str, ...]
    labels: dict[str, Tensor]
    """Label space to class, int64, (n,)."""
    clips: LabelledClips
    """The clips; their own labels are those of the first label space."""


@dataclass(frozen=True, kw_only=True)
class Captions:
    """Captioned clips to align on and to test on."""

    train: CaptionedClips
    test: CaptionedClips


def normalise(clips: Tensor) -> Tensor:
    """Bytes (B, 3, F, height, width) to float32 in units of the colour statistics that training uses."""
    mean, std = (torch.tensor(x, device=clips.device).view(3, 1, 1, 1) * 255 for x in (MEAN, STD))
    return (clips.float() - mean) / std


def augment(clips: Tensor, experiment: Experiment, rng: random.Random, device: str = "cpu") -> Tensor:
    """Each of the clips (B, 3, F, height, width), in bytes, under its own random crop and flip: (B, 3, F, crop, crop), normalised, on `device`.

    Bytes travel there, a quarter of what floats would be, and a GPU resizes them.
    """
    boxes, flips = [], []
    for clip in clips:
        boxes.append(crop_box(clip.shape[2], clip.shape[3], experiment.crop_area, experiment.crop_aspect, rng))
        flips.append(rng.random() < experiment.flip)
    videos, size = clips.to(device).permute(0, 2, 3, 4, 1), experiment.model.crop
    if videos.is_cuda:
        return train_batch([*videos], boxes, flips, clips.shape[2], size)
    return torch.stack([train_transform(video, box, flip, size) for video, box, flip in zip(videos, boxes, flips, strict=True)])
