"""The predictor: from the latents of the context tokens to the latents of the tokens that were masked. Letters: `repro.latents`."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from repro.experiment import ModelSize
from repro.latents import split_views
from repro.models.block import Block, Linear, initialise, run_block
from repro.models.rope import rotations


class Predictor(nn.Module):
    """A narrow transformer over context tokens and mask tokens, with one head for each of the two."""

    def __init__(self, size: ModelSize) -> None:
        super().__init__()
        self.size = size
        dim = size.predictor_width
        self.predictor_embed = nn.Sequential(Linear(size.latent_dim, size.width), nn.GELU(), Linear(size.width, dim))
        self.mask_tokens = nn.ParameterList(nn.Parameter(torch.zeros(1, 1, dim)) for _ in range(size.mask_tokens))
        self.video_mod_embed = nn.Parameter(torch.empty(1, 1, dim))
        self.img_mod_embed = nn.Parameter(torch.empty(1, 1, dim))
        self.predictor_blocks = nn.ModuleList(
            Block(dim, size.predictor_heads, size.mlp_ratio, size.qkv_bias, size.norm_eps) for _ in range(size.predictor_depth)
        )
        self.predictor_norm = nn.LayerNorm(dim, eps=size.norm_eps)
        self.predictor_proj = Linear(dim, size.latent_dim)
        self.predictor_proj_context = Linear(dim, size.latent_dim)
        self.recompute = False
        """Trade time for memory: keep no activations inside blocks."""
        initialise(self, self.predictor_blocks)
        for embedding in (self.video_mod_embed, self.img_mod_embed):
            nn.init.normal_(embedding, std=1e-6)

    def forward(
        self,
        context: Tensor,
        context_indices: Tensor,
        target_indices: Tensor,
        group: int = 0,
        modality: Literal["video", "image"] = "video",
    ) -> tuple[Tensor, Tensor]:
        """Predict the masked tokens (B, M, D), and the context tokens again (B, K, D), from context latents (B, K, D).

        `group` is the number of the clip-length group; it, not the mask, picks the mask token. Tokens are told apart by their rotary
        positions alone, so their order does not matter and nothing is sorted.
        """
        return self.predict([context], [context_indices], [target_indices], group, modality)[0]

    def predict(
        self,
        contexts: Sequence[Tensor],
        context_indices: Sequence[Tensor],
        target_indices: Sequence[Tensor],
        group: int = 0,
        modality: Literal["video", "image"] = "video",
    ) -> list[tuple[Tensor, Tensor]]:
        """`forward` of several views, each within its own tokens; what treats a token on its own treats all views at once."""
        size = self.size
        kept = [(indices.shape[0], indices.shape[1]) for indices in context_indices]
        hidden = [(indices.shape[0], indices.shape[1]) for indices in target_indices]
        shapes = [(B, K + M) for (B, K), (_, M) in zip(kept, hidden, strict=True)]
        embedded = split_views(self.predictor_embed(torch.cat([context.flatten(0, 1) for context in contexts])), kept)
        mask_token = self.mask_tokens[group % len(self.mask_tokens)].to(embedded[0].dtype)
        sequences = [torch.cat([seen, mask_token.expand(*shape, -1)], 1) for seen, shape in zip(embedded, hidden, strict=True)]
        tokens = torch.cat([sequence.flatten(0, 1) for sequence in sequences])
        tokens = tokens + (self.video_mod_embed if modality == "video" else self.img_mod_embed)[0]
        positions = [torch.cat(pair, 1).flatten() for pair in zip(context_indices, target_indices, strict=True)]
        wide = torch.promote_types(tokens.dtype, torch.float32)
        turn = rotations(
            torch.cat(positions), size.grid, size.predictor_width // size.predictor_heads, size.rope_base, size.reference_side, wide
        )
        for block in self.predictor_blocks:
            tokens = run_block(block, tokens, turn, shapes, self.recompute)
        views = [
            torch.split(view, [K, M], 1)
            for view, (_, K), (_, M) in zip(split_views(self.predictor_norm(tokens), shapes), kept, hidden, strict=True)
        ]
        again, predicted = (torch.cat([part.flatten(0, 1) for part in parts]) for parts in zip(*views, strict=True))
        return list(
            zip(split_views(self.predictor_proj(predicted), hidden), split_views(self.predictor_proj_context(again), kept), strict=True)
        )
