"""The attentive probe without what nobody reads: only the class token's query is computed, and tokens are pooled before the value map.

The plain probe (`repro.probes.attentive`) runs self-attention over all tokens and keeps one row. That row's query is a constant, so with
q its value for one head, a token x scores x · (W_kᵀ q) up to a constant that the softmax drops; and because the attention weights sum to
one, pooling tokens first and mapping the pooled vector by W_v afterwards gives the same output. A step costs a few passes over the
features instead of four projections of every token.
"""

import math

import torch
from torch import Tensor

from repro.probes.attentive import AttentiveProbe


class PooledAttentiveProbe(AttentiveProbe):
    """The same parameters, names, initial values and logits as `AttentiveProbe`."""

    def forward(self, features: Tensor) -> Tensor:
        """Logits (B, classes) from features (B, n, dim)."""
        token = self.cls_token[0, 0]
        dim, heads = len(token), self.attn.num_heads
        to_query, to_key, to_value = self.attn.in_proj_weight.view(3, heads, dim // heads, dim)
        query = (to_query @ token).flatten()
        bias = self.attn.in_proj_bias
        if bias is not None:
            query = query + bias[:dim]
        # (dim, heads); the key's bias adds the same to all scores of a head, so it has no effect and no gradient
        looks = torch.einsum("hkd,hk->dh", to_key, query.view(heads, -1)) / math.sqrt(dim // heads)
        scores = torch.cat([(token @ looks).expand(len(features), 1, heads), features @ looks], 1)
        weights = scores.softmax(1)
        pooled = weights[:, 1:].transpose(1, 2) @ features + weights[:, 0].unsqueeze(-1) * token  # (B, heads, dim)
        value = torch.einsum("bhd,hkd->bhk", pooled, to_value).flatten(1)
        if bias is not None:
            value = value + bias[2 * dim :]
        logits: Tensor = self.head(self.norm(token + self.attn.out_proj(value)))
        return logits
