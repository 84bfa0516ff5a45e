"""Motion8: the study's synthetic set, 200 clips of a disc moving in one of eight directions; generated, not stored.

Follows section 9.3 of the specification. The drawing order of the random numbers is part of the definition: background colour,
per-frame noise, blob colour, radius, start column, start row and, for the pretraining set only, the velocity.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

DIRECTIONS = {"N": (0, -4), "NE": (3, -3), "E": (4, 0), "SE": (3, 3), "S": (0, 4), "SW": (-3, 3), "W": (-4, 0), "NW": (-3, -3)}
"""Label name to velocity in pixels per frame, (columns, rows); rows grow downwards."""

CLASSES = tuple(DIRECTIONS)
NUM_PROBE_CLIPS = 200
NUM_PROBE_TRAIN = 160
NUM_PRETRAIN_CLIPS = 24
FRAMES, SIDE = 32, 160
FRAMES_PER_SECOND = 8


@dataclass(frozen=True)
class Motion8Split:
    """Clips, uint8, (B, 3, F, H, W), and their labels, int64, (B,)."""

    clips: Tensor
    labels: Tensor


def probe_sets(frames: int = 8, test_clips: int | None = None) -> tuple[Motion8Split, Motion8Split]:
    """The first `frames` of each probe clip: 160 to train on and 40 to test, five per class.

    `test_clips` asks for more test clips of the same law (indices from 160 on, so the first 40 stay the study's): 40 clips leave a
    standard error of up to eight points.
    """
    last = NUM_PROBE_TRAIN + (NUM_PROBE_CLIPS - NUM_PROBE_TRAIN if test_clips is None else test_clips)
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


def _probe_split(indices: range, frames: int) -> Motion8Split:
    velocities = tuple(DIRECTIONS.values())
    clips = torch.stack([generate(42 + i, velocities[i % len(velocities)], frames) for i in indices])
    return Motion8Split(clips=clips, labels=torch.tensor([i % len(velocities) for i in indices]))
