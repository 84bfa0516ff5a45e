"""The transformer block that encoder and predictor share: pre-norm attention and MLP (ViT, arXiv:2010.11929)."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.checkpoint import checkpoint

from repro.models.rope import rotate


class Attention(nn.Module):
    """Multi-head self-attention with rotary positions."""

    def __init__(self, dim: int, heads: int, qkv_bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor, turn: Tensor) -> Tensor:
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        out = scaled_dot_product_attention(rotate(q, turn), rotate(k, turn), v)
        projected: Tensor = self.proj(out.transpose(1, 2).flatten(2))
        return projected


class MLP(nn.Module):
    """Two linear maps with the exact GELU between them."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1, self.act, self.fc2 = nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc2(self.act(self.fc1(x)))
        return out


class Block(nn.Module):
    """Attention, then MLP, each added to what its normalised input was."""

    def __init__(self, dim: int, heads: int, mlp_ratio: float, qkv_bias: bool, eps: float) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=eps), nn.LayerNorm(dim, eps=eps)
        self.attn = Attention(dim, heads, qkv_bias)
        self.mlp = MLP(dim, int(dim * mlp_ratio))

    def forward(self, x: Tensor, turn: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x), turn)
        out: Tensor = x + self.mlp(self.norm2(x))
        return out


def run_block(block: nn.Module, x: Tensor, turn: Tensor, recompute: bool) -> Tensor:
    """One block; with `recompute` its activations are not kept for the backward pass but computed again in it."""
    if recompute and torch.is_grad_enabled():
        again: Tensor = checkpoint(block, x, turn, use_reentrant=False)
        return again
    out: Tensor = block(x, turn)
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
