"""The pretraining step as the specification is written, on the parameters of `repro`'s networks: what our step is timed against.

One embedding and one forward pass per mask, a grid for every objective, distance weights token by token, the target updated parameter by
parameter. Each layer is torch's own call for it (conv3d, linear, layer_norm, gelu, scaled_dot_product_attention); nothing is slowed down.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv3d, gelu, layer_norm, linear, scaled_dot_product_attention

from repro.experiment import Experiment, ModelSize
from repro.jepa import JEPA
from repro.latents import Latents
from repro.masking import Masks
from repro.models.block import Block
from repro.models.encoder import Encoder
from repro.models.predictor import Predictor


def plain_loss(jepa: JEPA, run: Experiment, clips: Tensor, masks: list[Masks]) -> Tensor:
    """The loss of sections 5 and 6 of the specification."""
    predictions, contexts, views_of = [], [], []
    with torch.no_grad():
        outputs = encode(jepa.target, clips)
    levels = outputs.view(*outputs.shape[:-1], -1, run.model.width)
    truth = layer_norm(levels, (run.model.width,), eps=1e-5).flatten(-2)
    for mask in masks:
        seen, hidden = (indices.to(clips.device) for indices in mask)
        student = encode(jepa.encoder, clips, seen)
        predicted, context = predict(jepa.predictor, student, seen, hidden)
        errors = (predicted - gathered(truth, hidden)).abs() ** run.loss_exponent / run.loss_exponent
        predictions.append(errors.mean())
        weights = looped_distance(mask.context, mask.target, run.model.grid).to(clips.device)
        contexts.append(((context - gathered(truth, seen)).abs() ** run.loss_exponent / weights.unsqueeze(-1)).mean() / run.loss_exponent)
        views_of.append((predicted, gathered(truth, hidden), student, mask.context, truth.view(len(clips), *run.model.grid, -1)))
    total = torch.stack(predictions).mean() + run.context_weight * torch.stack(contexts).mean()
    for term, objective in zip(run.objectives, jepa.objectives, strict=True):
        views = [  # a grid of its own for every objective
            Latents(clip=clips, predicted=p, masked=m, tokens=s, indices=i, teacher=t, exponent=run.loss_exponent)
            for p, m, s, i, t in views_of
        ]
        total = total + term.weight * objective(views)
    return total


def encode(encoder: Encoder, clips: Tensor, indices: Tensor | None = None) -> Tensor:
    """Section 2 of the specification: embed all tokens, gather those kept, run the blocks, concatenate the four levels."""
    size, proj = encoder.size, encoder.patch_embed.proj
    tokens = conv3d(clips, proj.weight, proj.bias, stride=proj.stride).flatten(2).transpose(1, 2) + encoder.video_mod_embed
    positions = torch.arange(tokens.shape[1], device=tokens.device).unsqueeze(0)
    if indices is not None:
        positions, tokens = indices, gathered(tokens, indices)
    turn = angles(positions, size, size.width // size.heads, torch.promote_types(tokens.dtype, torch.float32))
    outputs = []
    for i, layer in enumerate(encoder.blocks):
        tokens = block(layer, tokens, turn)
        if i in size.levels:
            outputs.append(encoder.norms_block[size.levels.index(i)](tokens))
    return torch.cat(outputs, -1)


def predict(predictor: Predictor, context: Tensor, seen: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
    """Section 3: mask tokens beside context tokens, told apart by position; one head for each."""
    size, K = predictor.size, seen.shape[1]
    inward, _, narrow = predictor.predictor_embed
    tokens = linear(gelu(linear(context, inward.weight, inward.bias)), narrow.weight, narrow.bias)
    mask_token = predictor.mask_tokens[0].to(tokens.dtype)
    tokens = torch.cat([tokens, mask_token.expand(*hidden.shape, -1)], 1) + predictor.video_mod_embed
    width = size.predictor_width // size.predictor_heads
    turn = angles(torch.cat([seen, hidden], 1), size, width, torch.promote_types(tokens.dtype, torch.float32))
    for layer in predictor.predictor_blocks:
        tokens = block(layer, tokens, turn)
    tokens = predictor.predictor_norm(tokens)
    aim, again = predictor.predictor_proj, predictor.predictor_proj_context
    return linear(tokens[:, K:], aim.weight, aim.bias), linear(tokens[:, :K], again.weight, again.bias)


def block(layer: nn.Module, x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Section 2.3."""
    assert isinstance(layer, Block)
    attn, mlp = layer.attn, layer.mlp
    q, k, v = linear(layer.norm1(x), attn.qkv.weight, attn.qkv.bias).unflatten(-1, (3, attn.heads, -1)).permute(2, 0, 3, 1, 4)
    out = scaled_dot_product_attention(turned(q, turn), turned(k, turn), v).transpose(1, 2).flatten(2)
    x = x + linear(out, attn.proj.weight, attn.proj.bias)
    return x + linear(gelu(linear(layer.norm2(x), mlp.fc1.weight, mlp.fc1.bias)), mlp.fc2.weight, mlp.fc2.bias)


def angles(indices: Tensor, size: ModelSize, head_dim: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Section 2.4: cosines and sines of every token's angles, (B, 1, K, head_dim / 2) each."""
    _, H, W = size.grid
    t, y, x = ((indices // (H * W)).to(dtype), (indices % (H * W) // W).to(dtype), (indices % W).to(dtype))
    if size.reference_side is not None:
        y, x = y * (size.reference_side - 1) / (H - 1), x * (size.reference_side - 1) / (W - 1)
    pairs = head_dim // 3 // 2
    frequencies = size.rope_base ** (-torch.arange(pairs, device=indices.device, dtype=dtype) / pairs)
    angle = torch.cat([axis.unsqueeze(-1) * frequencies for axis in (t, y, x)], -1)
    angle = nn.functional.pad(angle, (0, head_dim // 2 - 3 * pairs)).unsqueeze(1)
    return angle.cos(), angle.sin()


def turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Adjacent pairs (a, b) become (a cos - b sin, b cos + a sin)."""
    (a, b), (cos, sin) = x.unflatten(-1, (-1, 2)).unbind(-1), turn
    return torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2).to(x.dtype)


def gathered(tokens: Tensor, indices: Tensor) -> Tensor:
    """The tokens (B, N, D) at `indices` (B, K)."""
    return tokens.gather(1, indices.unsqueeze(-1).expand(-1, -1, tokens.shape[-1]))


def looped_distance(context: Tensor, target: Tensor, grid: tuple[int, int, int]) -> Tensor:
    """Section 5.3: square root of the distance to the nearest predicted token, one context token at a time."""
    _, H, W = grid
    out = torch.empty(context.shape)
    for b in range(len(context)):
        aims = torch.stack([target[b] // (H * W), target[b] % (H * W) // W, target[b] % W], -1).float()
        for k in range(context.shape[1]):
            n = int(context[b, k])
            place = torch.tensor([n // (H * W), n % (H * W) // W, n % W]).float()
            out[b, k] = (aims - place).norm(dim=-1).min().sqrt()
    return out


@torch.no_grad()
def update_target(jepa: JEPA, momentum: float) -> None:
    """Section 8: target = m target + (1 - m) encoder."""
    for target, online in zip(jepa.target.parameters(), jepa.encoder.parameters(), strict=True):
        target.mul_(momentum).add_((1 - momentum) * online)
