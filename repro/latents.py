"""The token grid that every objective reads.

Shape letters: B clips; T, H, W tokens in time, height and width, N = T H W; D channels (all levels side by side);
K context tokens that the encoder saw; M masked tokens that the predictor predicts.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.functional import layer_norm


@dataclass(frozen=True, kw_only=True)
class Latents:
    """One masked view of a batch of clips after the forward pass."""

    clip: Tensor
    """Normalised pixels, (B, 3, frames, height, width)."""

    predicted: Tensor
    """What the predictor says of the masked tokens, (B, M, D)."""

    masked: Tensor
    """What the target encoder says of the same tokens, (B, M, D)."""

    tokens: Tensor
    """Context encoder's outputs, before the predictor, (B, K, D)."""

    indices: Tensor
    """Raster positions of the context tokens, ascending, (B, K)."""

    teacher: Tensor
    """Normalised target on the whole grid, (B, T, H, W, D). Carries a gradient only without EMA."""

    exponent: float = 1.0
    """Exponent q of the errors |.|^q / q."""

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens in time, height and width."""
        return self.teacher.shape[1], self.teacher.shape[2], self.teacher.shape[3]

    @cached_property
    def student(self) -> Tensor:
        """Context encoder on its grid, zero where masked, (B, T, H, W, D). Built once and shared by all objectives."""
        B, _, D = self.tokens.shape
        empty = self.tokens.new_zeros(B, self.grid[0] * self.grid[1] * self.grid[2], D)
        return empty.scatter(1, self.indices.unsqueeze(-1).expand(-1, -1, D), self.tokens).view(B, *self.grid, D)

    @cached_property
    def visible(self) -> Tensor:
        """True where the context encoder saw the token, (B, T, H, W)."""
        filled = self.indices.new_zeros(len(self.indices), self.grid[0] * self.grid[1] * self.grid[2], dtype=torch.bool)
        return filled.scatter(1, self.indices, True).view(-1, *self.grid)

    @cached_property
    def pairs(self) -> Tensor:
        """True where a token and its successor in time are both visible, (B, T-1, H, W)."""
        return self.visible[:, :-1] & self.visible[:, 1:]

    @cached_property
    def has_pairs(self) -> bool:
        """Whether any token is seen together with its successor."""
        return bool(self.pairs.any())


def velocity(grid: Tensor) -> Tensor:
    """First difference in time of (B, T, ...), (B, T-1, ...)."""
    return grid[:, 1:] - grid[:, :-1]


def normalise_levels(outputs: Tensor, width: int, eps: float = 1e-5) -> Tensor:
    """Targets from encoder outputs (B, N, D): each level of `width` channels is normalised on its own, without learned scale."""
    levels = outputs.view(*outputs.shape[:-1], -1, width)
    return layer_norm(levels, (width,), eps=eps).flatten(-2)


def at(tokens: Tensor, indices: Tensor) -> Tensor:
    """The tokens (B, N, D) at `indices` (B, K), (B, K, D)."""
    return tokens.gather(1, indices.unsqueeze(-1).expand(-1, -1, tokens.shape[-1]))
