"""Motion8: the study's synthetic set, 200 clips of a disc moving in one of eight directions; generated, not stored.

Follows section 9.3 of the specification. The drawing order of the random numbers is part of the definition: background colour,
per-frame noise, blob colour, radius, start column, start row and, for the pretraining set only, the velocity.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool3d

from repro.datasets.dataset import LabelledClips, Probe, ProbeProtocol, augment
from repro.experiment import Experiment
from repro.transforms import clip_indices, frame_step, window_end_range

DIRECTIONS = {"N": (0, -4), "NE": (3, -3), "E": (4, 0), "SE": (3, 3), "S": (0, 4), "SW": (-3, 3), "W": (-4, 0), "NW": (-3, -3)}
"""Label name to velocity in pixels per frame, (columns, rows); rows grow downwards."""

CLASSES = tuple(DIRECTIONS)
FIRST_PROBE_SEED = 42
"""The probe clip at position i is drawn from this seed plus i."""
NUM_PROBE_CLIPS = 200
NUM_PROBE_TRAIN = 160
NUM_PRETRAIN_CLIPS = 24
FRAMES, SIDE = 32, 160
FRAMES_PER_SECOND = 8
PROBE_FRAMES = 8
"""The probe sees the first eight frames at full size, whatever the encoder was trained on."""

TEST_CLIPS = {"smoke": 160, "proxy": 400, "paper": NUM_PROBE_CLIPS - NUM_PROBE_TRAIN}
"""Scale to test clips. The study's 40 leave a standard error of up to eight points; the smaller scales add clips of the same law."""


@dataclass(frozen=True)
class Motion8Split:
    """Clips, uint8, (B, 3, F, H, W), and their labels, int64, (B,)."""

    clips: Tensor
    labels: Tensor


class Training:
    """The synthetic regime's 24 clips, a random window of each, cropped and flipped at random."""

    def __init__(self, experiment: Experiment, _root: Path | None = None, device: str = "cpu") -> None:
        self._experiment, self._device = experiment, device
        self._videos = pretrain_clips()

    def __len__(self) -> int:
        return len(self._videos)

    def clips(self, indices: Sequence[int], rng: random.Random) -> Tensor:
        """Normalised clips, float32, (B, 3, F, crop, crop)."""
        model = self._experiment.model
        step = self._experiment.frame_step or frame_step(FRAMES_PER_SECOND, self._experiment.fps or FRAMES_PER_SECOND)
        ends = window_end_range(FRAMES, model.frames, step)
        windows = [clip_indices(FRAMES, model.frames, step, rng.choice(ends) if ends else None) for _ in indices]
        clips = [self._videos[i][:, torch.from_numpy(window)] for i, window in zip(indices, windows, strict=True)]
        return augment(torch.stack(clips), self._experiment, rng, self._device)


def probe(experiment: Experiment, _root: Path | None = None) -> Probe:
    """The study's probe of motion: attentive, over all 4 x 10 x 10 tokens of eight frames, at full size for its patches of 16 pixels."""
    sets = probe_sets(PROBE_FRAMES, TEST_CLIPS[experiment.scale])
    train, test = (LabelledClips(labels=side.labels, read=partial(_sized, side.clips, experiment.model.patch)) for side in sets)
    protocol = ProbeProtocol(head="attentive", pooled=False, lr=3e-4, batch_size=32)
    return Probe(name="motion8", clips="motion8", classes=CLASSES, protocol=protocol, train=train, test=test)


@cache
def probe_sets(frames: int = PROBE_FRAMES, test_clips: int = NUM_PROBE_CLIPS - NUM_PROBE_TRAIN) -> tuple[Motion8Split, Motion8Split]:
    """The first `frames` of each probe clip: 160 to train on and `test_clips` (the study's 40, five per class) to test.

    More test clips follow the same law at the next indices, so that the first 40 stay the study's.
    """
    last = NUM_PROBE_TRAIN + test_clips
    return _probe_split(range(NUM_PROBE_TRAIN), frames), _probe_split(range(NUM_PROBE_TRAIN, last), frames)


def pretrain_clips(number: int = NUM_PRETRAIN_CLIPS, frames: int = FRAMES) -> Tensor:
    """The unlabelled clips of the synthetic regime, with their own random velocities: (number, 3, frames, 160, 160) uint8."""
    return torch.stack([generate(seed, None, frames) for seed in range(number)])


def generate(seed: int, velocity: tuple[int, int] | None, frames: int = FRAMES) -> Tensor:
    """One clip, uint8, (3, frames, 160, 160): a disc on noise, stopped at the border. `velocity` None draws it, as for pretraining."""
    rng = np.random.default_rng(seed)
    background = rng.integers(0, 80, size=3)
    noise = rng.integers(0, 30, size=(FRAMES, SIDE, SIDE, 1))
    colour = rng.integers(120, 256, size=3)
    radius = int(rng.integers(10, SIDE // 4))
    column, row = (int(rng.integers(radius, SIDE - radius)) for _ in range(2))
    dx, dy = velocity if velocity is not None else (int(rng.integers(-4, 5)), int(rng.integers(-4, 5)))
    video = (background + noise[:frames]).astype(np.uint8)
    rows, columns = np.ogrid[:SIDE, :SIDE]
    for t in range(frames):
        x = min(max(column + dx * t, radius), SIDE - radius - 1)
        y = min(max(row + dy * t, radius), SIDE - radius - 1)
        video[t, (columns - x) ** 2 + (rows - y) ** 2 <= radius**2] = colour
    return torch.from_numpy(video).permute(3, 0, 1, 2).contiguous()


def _sized(clips: Tensor, patch: int, indices: Sequence[int]) -> Tensor:
    """The clips at these positions, averaged down for smaller patches so that a token covers the same tenth of the frame."""
    chosen = clips[torch.as_tensor(indices)]
    side = SIDE // 16 * patch
    if side == SIDE:
        return chosen
    return adaptive_avg_pool3d(chosen.float(), (chosen.shape[2], side, side)).round().to(torch.uint8)


def _probe_split(indices: range, frames: int) -> Motion8Split:
    velocities = tuple(DIRECTIONS.values())
    clips = torch.stack([generate(FIRST_PROBE_SEED + i, velocities[i % len(velocities)], frames) for i in indices])
    return Motion8Split(clips=clips, labels=torch.tensor([i % len(velocities) for i in indices]))
