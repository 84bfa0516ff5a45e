"""Action conditioning (AC): a small head reads the student now and predicts how its tile's mean colour will change."""

import torch
from torch import Tensor, nn

from repro.latents import Latents, velocity
from repro.objectives.objective import Objective


def tile_means(clip: Tensor, grid: tuple[int, int, int]) -> Tensor:
    """Mean colour of each token's tile of normalised pixels, (B, T, H, W, 3)."""
    T, H, W = grid
    B, C, frames, height, width = clip.shape
    tiles = clip.reshape(B, C, T, frames // T, H, height // H, W, width // W)
    return tiles.mean(dim=(3, 5, 7)).movedim(1, -1)


class Action(Objective):
    """Mean absolute error of the predicted change of colour over pairs (arXiv:2605.17165, AC). `reads`: channels the head may see."""

    def __init__(self, dim: int, hidden: int = 256, actions: int = 3, reads: slice = slice(None)) -> None:
        super().__init__()
        self.reads, self.actions = reads, actions
        self.head = nn.Sequential(nn.Linear(len(range(dim)[reads]), hidden), nn.GELU(), nn.Linear(hidden, actions))

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        means = tile_means(latents.clip.detach(), latents.grid)
        change = nn.functional.pad(velocity(means), (0, 0, 0, 0, 0, 0, 0, 1)).flatten(0, 3)
        action = torch.index_select(change, 0, latents.cells)[:, : self.actions]
        guess: Tensor = self.head(latents.now[:, self.reads])
        return (guess - action).abs().mean()
