"""The video encoder: a vision transformer over tubelets, read out at four depths. Shape letters: see `repro.latents`."""

import torch
from torch import Tensor, nn

from repro.experiment import ModelSize
from repro.models.block import Block, initialise, run_block
from repro.models.rope import rotations


class PatchEmbed(nn.Module):
    """Cut a clip (B, 3, frames, height, width) into tubelets and map each to a vector."""

    def __init__(self, dim: int, tubelet: int, patch: int) -> None:
        super().__init__()
        self.proj = nn.Conv3d(3, dim, kernel_size=(tubelet, patch, patch), stride=(tubelet, patch, patch))

    def forward(self, clip: Tensor) -> Tensor:
        grid: Tensor = self.proj(clip)
        return grid


class Encoder(nn.Module):
    """Clip in, one latent per token out. A one-frame clip is an image: it has its own patch embedding and modality vector."""

    def __init__(self, size: ModelSize) -> None:
        super().__init__()
        self.size = size
        self.patch_embed = PatchEmbed(size.width, size.tubelet, size.patch)
        self.patch_embed_img = PatchEmbed(size.width, 1, size.patch)
        self.video_mod_embed = nn.Parameter(torch.empty(1, 1, size.width))
        self.img_mod_embed = nn.Parameter(torch.empty(1, 1, size.width))
        self.blocks = nn.ModuleList(Block(size.width, size.heads, size.mlp_ratio, size.qkv_bias, size.norm_eps) for _ in range(size.depth))
        self.norms_block = nn.ModuleList(nn.LayerNorm(size.width, eps=size.norm_eps) for _ in size.levels)
        self.recompute = False
        """Trade time for memory: keep no activations inside blocks."""
        initialise(self, self.blocks)
        for embedding in (self.video_mod_embed, self.img_mod_embed):
            nn.init.normal_(embedding, std=1e-6)

    def embed(self, clip: Tensor) -> tuple[Tensor, tuple[int, int, int]]:
        """Tokens (B, N, width) of a clip (B, 3, frames, height, width), and their grid. Several masks can share one embedding."""
        frames, height, width = clip.shape[2:]
        is_image = frames == 1
        tubelet = 1 if is_image else self.size.tubelet
        if frames % tubelet or height % self.size.patch or width % self.size.patch:
            raise ValueError(
                f"a clip of {frames} x {height} x {width} does not split into {tubelet} x {self.size.patch} x {self.size.patch} tokens"
            )
        tokens = (self.patch_embed_img if is_image else self.patch_embed)(clip)
        grid = tokens.shape[2], tokens.shape[3], tokens.shape[4]
        return tokens.flatten(2).transpose(1, 2) + (self.img_mod_embed if is_image else self.video_mod_embed), grid

    def forward_tokens(self, tokens: Tensor, grid: tuple[int, int, int], indices: Tensor | None = None, levels: bool = True) -> Tensor:
        """Encode the embedded tokens at `indices` (B, K), or all of them.

        With `levels` the normalised outputs of the level blocks are concatenated, (B, K, D); without, the last one alone, (B, K, width).
        """
        if indices is None:
            positions = torch.arange(tokens.shape[1], device=tokens.device).unsqueeze(0)
        else:
            positions = indices
            tokens = tokens.gather(1, indices.unsqueeze(-1).expand(-1, -1, tokens.shape[-1]))
        size, wide = self.size, torch.promote_types(tokens.dtype, torch.float32)
        turn = rotations(positions, grid, size.width // size.heads, size.rope_base, size.reference_side, wide).unsqueeze(2)
        outputs = []
        for i, block in enumerate(self.blocks):
            tokens = run_block(block, tokens, turn, self.recompute)
            if i in size.levels and (levels or i == size.levels[-1]):
                outputs.append(self.norms_block[size.levels.index(i)](tokens))
            if i == size.levels[-1]:
                break
        return torch.cat(outputs, -1) if levels else outputs[-1]

    def forward(self, clip: Tensor, indices: Tensor | None = None, levels: bool = True) -> Tensor:
        """Embed and encode: see `embed` and `forward_tokens`."""
        tokens, grid = self.embed(clip)
        return self.forward_tokens(tokens, grid, indices, levels)
