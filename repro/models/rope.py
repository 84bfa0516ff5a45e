"""Rotary position embedding over time, rows and columns (RoFormer, arXiv:2104.09864, applied axis by axis).

A third of a head's channels turns with each coordinate; what does not divide is left alone.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from repro.latents import split_views


def rotations(
    indices: Tensor, grid: tuple[int, int, int], head_dim: int, base: float, reference_side: int | None, dtype: torch.dtype
) -> Tensor:
    """Cosines and sines for tokens at raster `indices` (...) of a T x H x W grid, shape (..., head_dim / 2, 2).

    `reference_side` rescales rows and columns so that every grid spans the same positions; time is never rescaled. A grid of one row or
    column keeps position zero (a division by zero in the formula).
    """
    _, H, W = grid
    t, y, x = indices // (H * W), indices % (H * W) // W, indices % W
    axes = [axis.to(dtype) for axis in (t, y, x)]
    if reference_side is not None:
        axes[1] = axes[1] * ((reference_side - 1) / max(H - 1, 1))
        axes[2] = axes[2] * ((reference_side - 1) / max(W - 1, 1))
    pairs = head_dim // 3 // 2
    frequencies = base ** (-torch.arange(pairs, device=indices.device, dtype=dtype) / max(pairs, 1))
    angles = torch.cat([axis.unsqueeze(-1) * frequencies for axis in axes], -1)
    angles = torch.nn.functional.pad(angles, (0, head_dim // 2 - 3 * pairs))
    return torch.stack([angles.cos(), angles.sin()], -1)


def rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Turn adjacent channel pairs of x (..., head_dim) by `turn` (..., head_dim / 2, 2), whose other axes broadcast."""
    if x.shape[-1] % 2:
        return torch.cat([rotate(x[..., :-1].contiguous(), turn), x[..., -1:]], -1)
    (a, b), (cos, sin) = x.view(*x.shape[:-1], -1, 2).unbind(-1), turn.unbind(-1)
    return torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2).to(x.dtype)


def turned_heads(qkv: Tensor, turn: Tensor, shapes: Sequence[tuple[int, int]]) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Queries and keys, turned, and values of each view, (B, heads, K, head_dim), out of qkv (rows, 3, heads, head_dim).

    `turn` is (rows, head_dim / 2, 2); the views, of `shapes` (B, K), lie one after the other in the rows. `qkv` is used up. Where numbers
    and angles have one precision, a pair is turned as a complex number, in one pass over memory.
    """
    turn = turn[:, None]
    whole = qkv.dtype == turn.dtype and qkv.shape[-1] % 2 == 0 and not torch.compiler.is_compiling()
    if whole and torch.is_grad_enabled() and qkv.requires_grad:
        heads: tuple[Tensor, ...] = _Turned.apply(qkv, turn, shapes)  # type: ignore[no-untyped-call]  # torch gives it no types
        return [(heads[i], heads[i + 1], heads[i + 2]) for i in range(0, len(heads), 3)]
    if whole:
        _complex(qkv[:, :2]).mul_(torch.view_as_complex(turn[:, None]))
        return _split(qkv[:, 0], qkv[:, 1], qkv[:, 2], shapes)
    return _split(rotate(qkv[:, 0], turn), rotate(qkv[:, 1], turn), qkv[:, 2], shapes)


class _Turned(torch.autograd.Function):
    """`turned_heads` whose gradient is written where the linear map before it reads it, instead of being gathered by copies."""

    @staticmethod
    def forward(ctx: FunctionCtx, qkv: Tensor, turn: Tensor, shapes: Sequence[tuple[int, int]]) -> tuple[Tensor, ...]:
        ctx.save_for_backward(turn)
        ctx.shapes, ctx.heads = shapes, qkv.shape[1:]  # type: ignore[attr-defined]  # torch lets a context hold anything
        turned = torch.view_as_real(_complex(qkv[:, :2]) * torch.view_as_complex(turn[:, None])).flatten(-2)
        return tuple(part for view in _split(turned[:, 0], turned[:, 1], qkv[:, 2], shapes) for part in view)

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, *grads: Tensor) -> tuple[Tensor, None, None]:
        (turn,) = ctx.saved_tensors  # type: ignore[attr-defined]
        shapes, heads = ctx.shapes, ctx.heads  # type: ignore[attr-defined]
        back = torch.view_as_complex(turn).conj_physical()
        whole = grads[0].new_empty(len(turn), *heads)
        for number, (part, rows) in enumerate(zip(split_views(whole, shapes), split_views(back, shapes), strict=True)):
            q, k, v = (grad.transpose(1, 2) for grad in grads[3 * number : 3 * number + 3])
            q, k = (grad if grad.stride(-1) == 1 else grad.contiguous() for grad in (q, k))  # as some attention kernels leave it
            torch.mul(_complex(q), rows, out=_complex(part[:, :, 0]))
            torch.mul(_complex(k), rows, out=_complex(part[:, :, 1]))
            part[:, :, 2] = v
        return whole, None, None


def _split(q: Tensor, k: Tensor, v: Tensor, shapes: Sequence[tuple[int, int]]) -> list[tuple[Tensor, Tensor, Tensor]]:
    parts = zip(*(split_views(x, shapes) for x in (q, k, v)), strict=True)
    return [(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)) for q, k, v in parts]


def _complex(channels: Tensor) -> Tensor:
    """Adjacent channels (..., head_dim) as complex numbers (..., head_dim / 2), in place."""
    return torch.view_as_complex(channels.view(*channels.shape[:-1], -1, 2))
