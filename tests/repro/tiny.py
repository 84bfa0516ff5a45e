"""The smallest experiment that still has every part, and latents to try objectives on."""

from dataclasses import replace

import torch

from repro.experiment import Experiment, ModelSize
from repro.latents import Latents
from repro.masking import Masks, motion_map, sample_masks

SIZE = ModelSize(
    width=24, depth=4, heads=2, patch=8, crop=32, frames=8, predictor_width=24, predictor_depth=1, predictor_heads=2, mask_tokens=2
)


def shrink(experiment: Experiment) -> Experiment:
    """The experiment on the tiny model, two clips a step."""
    return replace(experiment, model=replace(SIZE, mask_tokens=experiment.model.mask_tokens), batch_size=2, ranks=1)


def clips(count: int = 2, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, 3, SIZE.frames, SIZE.crop, SIZE.crop, generator=torch.Generator().manual_seed(seed))


def masks(experiment: Experiment, clip: torch.Tensor, step: int = 0) -> list[Masks]:
    generator = torch.Generator().manual_seed(step)
    motion = motion_map(clip, SIZE.grid)
    return [sample_masks(spec, len(clip), SIZE.grid, step, generator, motion) for spec in experiment.masks]


def latents(dtype: torch.dtype = torch.float64, seed: int = 0, K: int = 20, D: int = 8, grid: tuple[int, int, int] = (4, 3, 3)) -> Latents:
    """Two clips of random latents; K of the N tokens are context, all others are masked."""
    generator = torch.Generator().manual_seed(seed)
    N = grid[0] * grid[1] * grid[2]
    order = torch.stack([torch.randperm(N, generator=generator) for _ in range(2)])

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)

    return Latents(
        clip=draw(2, 3, 2 * grid[0], 4 * grid[1], 4 * grid[2]),
        predicted=draw(2, N - K, D).requires_grad_(),
        masked=draw(2, N - K, D),
        tokens=draw(2, K, D).requires_grad_(),
        indices=order[:, :K].sort().values,
        teacher=draw(2, *grid, D),
    )
