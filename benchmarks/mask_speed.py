"""Time of motion-guided masks for one batch: this package against the equations written out, in interleaved pairs.

    python benchmarks/mask_speed.py --json

The plain side follows the equations step by step, for each family of masks: the motion map of every pixel, resized; one mean per origin;
one block at a time. `plain_shared_ms` is the plain side if the families shared one map.
"""

import argparse
import json
import statistics
import time

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from repro.experiment import MaskSpec
from repro.masking import block_size, motion_map, sample_masks

GRID = (8, 14, 14)
SPECS = (
    MaskSpec(num_blocks=8, spatial_scale=(0.15, 0.15), motion_gamma=2.0),
    MaskSpec(num_blocks=2, spatial_scale=(0.7, 0.7), motion_gamma=2.0),
)


def plain_motion_map(clip: Tensor) -> Tensor:
    change = (clip[:, :, 1:] - clip[:, :, :-1]).abs().mean(1, keepdim=True)
    change = torch.cat([change[:, :, :1], change], 2)
    sampled = interpolate(change, size=GRID, mode="trilinear", align_corners=False).squeeze(1)
    return sampled / sampled.flatten(1).amax(1).clamp(min=1e-6).view(-1, 1, 1, 1)


def plain_masks(motion: Tensor, spec: MaskSpec, step: int) -> tuple[Tensor, Tensor]:
    block = block_size(spec, GRID, step)
    contexts, targets = [], []
    for one in motion:
        kept = torch.ones(GRID, dtype=torch.bool)
        draw = plain_drawer(one, block, spec)
        for _ in range(spec.num_blocks):
            a, b, c = draw()
            kept[a : a + block[0], b : b + block[1], c : c + block[2]] = False
        contexts.append(kept.flatten().nonzero().squeeze(1))
        targets.append((~kept).flatten().nonzero().squeeze(1))
    return tuple(torch.stack([x[: min(map(len, lists))] for x in lists]) for lists in (contexts, targets))


def plain_drawer(motion: Tensor, block: tuple[int, int, int], spec: MaskSpec):
    (T, H, W), (t, h, w) = GRID, block
    origins = [(a, b, c) for a in range(T - t + 1) for b in range(H - h + 1) for c in range(W - w + 1)]
    scores = torch.stack([motion[a : a + t, b : b + h, c : c + w].mean() for a, b, c in origins]).clamp(min=1e-6)
    weights = scores**spec.motion_gamma

    def draw() -> tuple[int, int, int]:
        if torch.rand(1).item() < spec.random_rate:
            return origins[torch.randint(len(origins), (1,)).item()]
        return origins[torch.multinomial(weights, 1).item()]

    return draw


def seconds(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--batch", type=int, default=8)
    options = parser.parse_args()
    torch.set_num_threads(1)
    clip = torch.randn(options.batch, 3, 16, 224, 224)
    generator = torch.Generator().manual_seed(0)

    def ours(step: int) -> None:
        motion = motion_map(clip, GRID)
        for spec in SPECS:
            sample_masks(spec, options.batch, GRID, step, generator, motion)

    def plain(step: int) -> None:
        for spec in SPECS:
            plain_masks(plain_motion_map(clip), spec, step)

    ours(0), plain(0)
    pairs = [(seconds(lambda step=step: plain(step)), seconds(lambda step=step: ours(step))) for step in range(options.pairs)]
    slow, fast = (statistics.median(side) for side in zip(*pairs, strict=True))
    one_map = statistics.median(seconds(lambda: plain_motion_map(clip)) for _ in range(5))
    result = {
        "ratio": statistics.median(a / b for a, b in pairs),
        "plain_ms": 1000 * slow,
        "plain_shared_ms": 1000 * (slow - one_map),
        "ours_ms": 1000 * fast,
        "pairs": options.pairs,
        "batch": options.batch,
        "grid": GRID,
        "threads": 1,
    }
    print(json.dumps(result) if options.json else f"plain {1000 * slow:.1f} ms, ours {1000 * fast:.1f} ms, ratio {result['ratio']:.1f}")


if __name__ == "__main__":
    main()
