"""The transformer block that encoder and predictor share: pre-norm attention and MLP (ViT, arXiv:2010.11929)."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.checkpoint import checkpoint

from repro.models.rope import turned_heads


class Linear(nn.Linear):
    """A linear map of rows (rows, in). On a CPU the bias is added in place: torch's own fills the result with it first, a pass more."""

    def forward(self, input: Tensor) -> Tensor:
        if self.bias is None or input.ndim != 2 or input.device.type != "cpu":
            return super().forward(input)
        return torch.mm(input, self.weight.t()).add_(self.bias)


class Attention(nn.Module):
    """Multi-head self-attention with rotary positions, within each clip of each view."""

    def __init__(self, dim: int, heads: int, qkv_bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = Linear(dim, 3 * dim, bias=qkv_bias)
        self.proj = Linear(dim, dim)

    def forward(self, x: Tensor, turn: Tensor, shapes: Sequence[tuple[int, int]]) -> Tensor:
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        views = [
            scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2).flatten(0, 1) for q, k, v in turned_heads(qkv, turn, shapes)
        ]
        projected: Tensor = self.proj(torch.cat(views) if len(views) > 1 else views[0])
        return projected


class MLP(nn.Module):
    """Two linear maps with the exact GELU between them."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1, self.act, self.fc2 = Linear(dim, hidden), nn.GELU(), Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc2(self.act(self.fc1(x)))
        return out


class Block(nn.Module):
    """Attention, then MLP, each added to what its normalised input was.

    Tokens are rows (rows, dim): those of several views, each of `shapes` (B, K), one after the other, so that what treats a token on its
    own treats all views at once.
    """

    def __init__(self, dim: int, heads: int, mlp_ratio: float, qkv_bias: bool, eps: float) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=eps), nn.LayerNorm(dim, eps=eps)
        self.attn = Attention(dim, heads, qkv_bias)
        self.mlp = MLP(dim, int(dim * mlp_ratio))

    def forward(self, x: Tensor, turn: Tensor, shapes: Sequence[tuple[int, int]]) -> Tensor:
        x = _plus(self.attn(self.norm1(x), turn, shapes), x)
        return _plus(self.mlp(self.norm2(x)), x)


def _plus(branch: Tensor, x: Tensor) -> Tensor:
    """Their sum, in the place of the branch's output, which nothing else needs; under autocast in the precision of `x`."""
    return branch.add_(x) if branch.dtype == x.dtype else x + branch


def run_block(block: nn.Module, x: Tensor, turn: Tensor, shapes: Sequence[tuple[int, int]], recompute: bool) -> Tensor:
    """One block; with `recompute` its activations are not kept for the backward pass but computed again in it."""
    if recompute and torch.is_grad_enabled():
        again: Tensor = checkpoint(block, x, turn, shapes, use_reentrant=False)
        return again
    out: Tensor = block(x, turn, shapes)
    return out


@torch.no_grad()
def initialise(module: nn.Module, blocks: nn.ModuleList) -> None:
    """Weights N(0, 0.02^2), biases zero, norms one; then the last map of each branch of block i (from 1) is divided by sqrt(2 i)."""
    for part in module.modules():
        if isinstance(part, nn.Linear | nn.Conv3d):
            nn.init.trunc_normal_(part.weight, std=0.02)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
    for i, block in enumerate(blocks, start=1):
        assert isinstance(block, Block)
        block.attn.proj.weight.div_(math.sqrt(2 * i))
        block.mlp.fc2.weight.div_(math.sqrt(2 * i))
