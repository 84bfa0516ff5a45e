"""Attentive probe: a learned class token attends once over frozen features, and a linear map classifies it.

This is the plain formulation, self-attention over all tokens of which only the class token's row is read; it is what faster ones are
checked against.
"""

import torch
from torch import Tensor, nn


class AttentiveProbe(nn.Module):
    """Logits (B, classes) from features (B, n, dim), or from one pooled vector (B, dim) (arXiv:2605.17165: Diving-48, motion; SSv2)."""

    def __init__(self, dim: int, classes: int, heads: int = 8, norm_eps: float = 1e-5, qkv_bias: bool = True) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.randn(1, 1, dim) * 0.02)
        self.attn = nn.MultiheadAttention(dim, heads, bias=qkv_bias, batch_first=True)
        self.norm = nn.LayerNorm(dim, eps=norm_eps)
        self.head = nn.Linear(dim, classes)

    def forward(self, features: Tensor) -> Tensor:
        features = features.unsqueeze(1) if features.dim() == 2 else features
        tokens = torch.cat([self.cls_token.expand(len(features), -1, -1), features], 1)
        attended, _ = self.attn(tokens, tokens, tokens, need_weights=False)
        logits: Tensor = self.head(self.norm((tokens + attended)[:, 0]))
        return logits
