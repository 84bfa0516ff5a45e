"""The token grid that every objective reads.

Shape letters: B clips; T, H, W tokens in time, height and width, N = T H W in raster order; D channels, all levels side by side;
K context tokens that the encoder saw; M masked tokens that the predictor predicts; P pairs, that is context tokens whose successor in
time is a context token too, pooled over the clips of the batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.functional import layer_norm


@dataclass(frozen=True, kw_only=True)
class Latents:
    """One masked view of a batch of clips after the forward pass.

    What objectives ask for is computed once, at first use. The grid holds row numbers, not vectors: the P pairs are read out of the B K
    tokens there are, instead of from N cells that are mostly empty.
    """

    clip: Tensor
    """Normalised pixels, (B, 3, frames, height, width)."""

    predicted: Tensor
    """What the predictor says of the masked tokens, (B, M, D)."""

    masked: Tensor
    """What the target encoder says of the same tokens, (B, M, D)."""

    tokens: Tensor
    """Context encoder's outputs, before the predictor, (B, K, D)."""

    indices: Tensor
    """Raster positions of the context tokens, (B, K). Kept on the CPU they cost no synchronisation with the device."""

    teacher: Tensor
    """Normalised target on the whole grid, (B, T, H, W, D). Carries a gradient only without EMA; objectives cut it unless they say so."""

    exponent: float = 1.0
    """Exponent q of the errors |.|^q / q that follow the main loss."""

    @cached_property
    def errors(self) -> Tensor:
        """|predicted - masked|^q / q, (B, M, D)."""
        return power_error(self.predicted, self.masked, self.exponent)

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens in time, height and width."""
        return self.teacher.shape[1], self.teacher.shape[2], self.teacher.shape[3]

    @cached_property
    def rows(self) -> Tensor:
        """Row of the flattened (B K) tokens that fills each cell, -1 where the encoder saw nothing, (B, T, H, W), on the CPU."""
        T, H, W = self.grid
        indices = self.indices.cpu()
        number = torch.arange(indices.numel()).view(indices.shape)
        return torch.full((len(indices), T * H * W), -1).scatter(1, indices, number).view(-1, T, H, W)

    @cached_property
    def pairs(self) -> tuple[Tensor, Tensor]:
        """Rows of the tokens in a pair, (P,) for the earlier and (P,) for the later."""
        now, after = self.rows[:, :-1], self.rows[:, 1:]
        both = (now >= 0) & (after >= 0)
        device = self.tokens.device
        return now[both].to(device, non_blocking=True), after[both].to(device, non_blocking=True)

    @cached_property
    def cells(self) -> Tensor:
        """Cells of the flattened (B T H W) grid where pairs begin, (P,)."""
        T, H, W = self.grid
        both = (self.rows[:, :-1] >= 0) & (self.rows[:, 1:] >= 0)
        b, t, y, x = both.nonzero(as_tuple=True)
        return (((b * T + t) * H + y) * W + x).to(self.tokens.device, non_blocking=True)

    @property
    def num_pairs(self) -> int:
        """P; objectives on pairs are undefined at zero."""
        return len(self.cells)

    @cached_property
    def now(self) -> Tensor:
        """Student at the beginning of each pair, (P, D)."""
        return self.tokens.flatten(0, 1).index_select(0, self.pairs[0])

    @cached_property
    def after(self) -> Tensor:
        """Student at the end of each pair, (P, D)."""
        return self.tokens.flatten(0, 1).index_select(0, self.pairs[1])

    @cached_property
    def teacher_now(self) -> Tensor:
        """Target at the beginning of each pair, without gradient, (P, D)."""
        return self.teacher.detach().flatten(0, 3).index_select(0, self.cells)

    @cached_property
    def teacher_after(self) -> Tensor:
        """Target at the end of each pair, without gradient, (P, D)."""
        return self.teacher.detach().flatten(0, 3).index_select(0, self.cells + self.grid[1] * self.grid[2])


def velocity(grid: Tensor) -> Tensor:
    """First difference in time of (B, T, ...), (B, T-1, ...)."""
    return grid[:, 1:] - grid[:, :-1]


def normalise_levels(outputs: Tensor, width: int, eps: float = 1e-5) -> Tensor:
    """Targets from encoder outputs (B, N, D): each level of `width` channels is normalised on its own, without learned scale."""
    levels = outputs.view(*outputs.shape[:-1], -1, width)
    return layer_norm(levels, (width,), eps=eps).flatten(-2)


def at(tokens: Tensor, indices: Tensor) -> Tensor:
    """The tokens (B, N, D) at `indices` (B, K), (B, K, D)."""
    return tokens.flatten(0, 1).index_select(0, rows_at(indices, tokens.shape[1])).view(*indices.shape, tokens.shape[-1])


def rows_at(indices: Tensor, num_tokens: int) -> Tensor:
    """Rows of flattened (B N) tokens that lie at `indices` (B, K) of their clips, (B K,)."""
    return (indices + num_tokens * torch.arange(len(indices), device=indices.device).unsqueeze(1)).flatten()


def split_views(rows: Tensor, shapes: Sequence[tuple[int, int]]) -> list[Tensor]:
    """Each view's part (B, K, ...) of rows (sum of B K, ...), for views of `shapes` (B, K)."""
    parts = torch.split(rows, [B * K for B, K in shapes]) if len(shapes) > 1 else (rows,)
    return [part.view(*shape, *part.shape[1:]) for part, shape in zip(parts, shapes, strict=True)]


def power_error(guess: Tensor, truth: Tensor, exponent: float) -> Tensor:
    """|guess - truth|^q / q, elementwise."""
    error = (guess - truth).abs()
    return error if exponent == 1 else error**exponent / exponent
