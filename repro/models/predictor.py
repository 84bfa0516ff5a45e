"""The predictor: from the latents of the context tokens to the latents of the tokens that were masked. Letters: `repro.latents`."""

from typing import Literal

import torch
from torch import Tensor, nn

from repro.experiment import ModelSize
from repro.models.block import Block, initialise, run_block
from repro.models.rope import rotations


class Predictor(nn.Module):
    """A narrow transformer over context tokens and mask tokens, with one head for each of the two."""

    def __init__(self, size: ModelSize) -> None:
        super().__init__()
        self.size = size
        dim = size.predictor_width
        self.predictor_embed = nn.Sequential(nn.Linear(size.latent_dim, size.width), nn.GELU(), nn.Linear(size.width, dim))
        self.mask_tokens = nn.ParameterList(nn.Parameter(torch.zeros(1, 1, dim)) for _ in range(size.mask_tokens))
        self.video_mod_embed = nn.Parameter(torch.empty(1, 1, dim))
        self.img_mod_embed = nn.Parameter(torch.empty(1, 1, dim))
        self.predictor_blocks = nn.ModuleList(
            Block(dim, size.predictor_heads, size.mlp_ratio, size.qkv_bias, size.norm_eps) for _ in range(size.predictor_depth)
        )
        self.predictor_norm = nn.LayerNorm(dim, eps=size.norm_eps)
        self.predictor_proj = nn.Linear(dim, size.latent_dim)
        self.predictor_proj_context = nn.Linear(dim, size.latent_dim)
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
        size, K = self.size, context.shape[1]
        tokens = self.predictor_embed(context)
        mask_token = self.mask_tokens[group % len(self.mask_tokens)].to(tokens.dtype)
        tokens = torch.cat([tokens, mask_token.expand(*target_indices.shape, -1)], 1)
        tokens = tokens + (self.video_mod_embed if modality == "video" else self.img_mod_embed)
        positions = torch.cat([context_indices, target_indices], 1)
        wide = torch.promote_types(tokens.dtype, torch.float32)
        turn = rotations(
            positions, size.grid, size.predictor_width // size.predictor_heads, size.rope_base, size.reference_side, wide
        ).unsqueeze(2)
        for block in self.predictor_blocks:
            tokens = run_block(block, tokens, turn, self.recompute)
        tokens = self.predictor_norm(tokens)
        return self.predictor_proj(tokens[:, K:]), self.predictor_proj_context(tokens[:, :K])
