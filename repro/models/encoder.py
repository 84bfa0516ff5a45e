"""The video encoder: a vision transformer over tubelets, read out at four depths. Shape letters: see `repro.latents`."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from repro.experiment import ModelSize
from repro.latents import rows_at, split_views
from repro.models.block import Block, initialise, run_block
from repro.models.rope import rotations


class PatchEmbed(nn.Module):
    """Map tubelets, cut out of a clip, to vectors. A convolution with equal kernel and stride, done as the linear map it is."""

    def __init__(self, dim: int, tubelet: int, patch: int) -> None:
        super().__init__()
        self.proj = nn.Conv3d(3, dim, kernel_size=(tubelet, patch, patch), stride=(tubelet, patch, patch))

    def forward(self, tubelets: Tensor) -> Tensor:
        return linear(tubelets, self.proj.weight.flatten(1), self.proj.bias)


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

    def cut(self, clip: Tensor) -> tuple[Tensor, tuple[int, int, int]]:
        """The pixels of each tubelet as a row (B N, 3 tubelet patch patch) of a clip (B, 3, frames, height, width), and the grid."""
        B, _, frames, height, width = clip.shape
        patch, tubelet = self.size.patch, 1 if frames == 1 else self.size.tubelet
        if frames % tubelet or height % patch or width % patch:
            raise ValueError(f"a clip of {frames} x {height} x {width} does not split into {tubelet} x {patch} x {patch} tokens")
        T, H, W = frames // tubelet, height // patch, width // patch
        cells = clip.view(B, 3, T, tubelet, H, patch, W, patch).permute(0, 2, 4, 6, 1, 3, 5, 7)
        return cells.reshape(B * T * H * W, -1), (T, H, W)

    def encode(
        self, tubelets: Tensor, batch: int, grid: tuple[int, int, int], views: Sequence[Tensor | None] = (None,), levels: bool = True
    ) -> list[Tensor]:
        """Latents of each view of the same clips, cut into `tubelets`: indices (B, K) of the tokens it keeps, or None for all.

        With `levels` the normalised outputs of the level blocks are concatenated, (B, K, D); without, the last one alone, (B, K, width).
        Only tokens that are kept are embedded, and what treats a token on its own treats all views at once.
        """
        size, N = self.size, grid[0] * grid[1] * grid[2]
        everything = torch.arange(N, device=tubelets.device).expand(batch, -1)
        positions = [everything if indices is None else indices for indices in views]
        shapes = [(batch, indices.shape[1]) for indices in positions]
        if len(views) > 1 or views[0] is not None:
            tubelets = torch.cat([tubelets.index_select(0, rows_at(indices, N)) for indices in positions])
        is_image = tubelets.shape[1] == 3 * size.patch**2 and (size.tubelet > 1 or grid[0] == 1)
        tokens = (self.patch_embed_img if is_image else self.patch_embed)(tubelets)
        tokens = tokens + (self.img_mod_embed if is_image else self.video_mod_embed)[0]
        wide = torch.promote_types(tokens.dtype, torch.float32)
        places = torch.cat([indices.flatten() for indices in positions])
        turn = rotations(places, grid, size.width // size.heads, size.rope_base, size.reference_side, wide)
        outputs = []
        for i, block in enumerate(self.blocks[: size.levels[-1] + 1]):
            tokens = run_block(block, tokens, turn, shapes, self.recompute)
            if i in size.levels and (levels or i == size.levels[-1]):
                outputs.append(self.norms_block[size.levels.index(i)](tokens))
        latents = torch.cat(outputs, -1) if levels else outputs[-1]
        return split_views(latents, shapes)

    def forward(self, clip: Tensor, indices: Tensor | None = None, levels: bool = True) -> Tensor:
        """Latents of the tokens at `indices` (B, K) of a clip (B, 3, frames, height, width), or of all: see `encode`."""
        tubelets, grid = self.cut(clip)
        return self.encode(tubelets, len(clip), grid, (indices,), levels)[0]
