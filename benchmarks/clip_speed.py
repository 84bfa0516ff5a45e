"""Time of training clips: this package's cache and batched transform against decord and interpolate, in interleaved pairs on one core.

    python benchmarks/clip_speed.py --json

Both sides read the same windows of the same generated videos (MPEG-4 in AVI, 320x240, 186 frames, as UCF-101 has them) under the same crops and
flips. `ratio_bytes` compares frames as bytes, decoded by decord or copied from the cache; `ratio` compares whole clips, cropped, resized,
flipped and normalised. The plain side opens a file, decodes, and works through the transform a step at a time.
`cores_per_step` is how many cores of this kind keep up with one training step of 32 clips in `--step-seconds`; the default is the 28.4 TFLOP of a
paper-scale step at 40% of the 989 TFLOP/s that an H100 is rated at in bf16, an estimate and not a measurement.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import av
import decord
import numpy as np
import torch
from torch.nn.functional import interpolate

from repro.cache import build
from repro.clips import Reader
from repro.transforms import MEAN, STD, clip_indices, crop_box, train_batch

FRAMES, CROP, LENGTH, STEP_CLIPS = 16, 224, 186, 32


def write_video(path: Path, seed: int) -> None:
    """Textured squares over a panning background, at about the bit rate of UCF-101."""
    rng = np.random.default_rng(seed)
    coarse = torch.from_numpy(rng.uniform(0, 255, (1, 3, 40, 100)).astype(np.float32))
    ground = interpolate(coarse, size=(240, 320 + LENGTH), mode="bicubic")[0].permute(1, 2, 0).clamp(0, 255).byte().numpy()
    patch = rng.integers(0, 256, (50, 50, 3)).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25, options={"b": "600k", "g": "250"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for t in range(LENGTH):
            picture = ground[:, t : t + 320].copy()
            left = (seed * 31 + 2 * t) % 270
            picture[90:140, left : left + 50] = patch
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def plain_clip(path: str, window: list[int], box, flip: bool):
    """One item of a plain loader."""
    frames = torch.from_numpy(decord.VideoReader(path).get_batch(window).asnumpy())
    pixels = frames.float().permute(3, 0, 1, 2)
    pixels = pixels[:, :, box.top : box.top + box.height, box.left : box.left + box.width]
    pixels = interpolate(pixels, size=(CROP, CROP), mode="bilinear", align_corners=False)
    if flip:
        pixels = pixels.flip(-1)
    mean, std = (255 * torch.tensor(x).view(3, 1, 1, 1) for x in (MEAN, STD))
    return (pixels - mean) / std


def seconds(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--videos", type=int, default=12)
    parser.add_argument("--step-seconds", type=float, default=0.072, help="time of the training step that is to be fed")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        result = measured(Path(folder), options)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{key}: {value}" for key, value in result.items()))


def measured(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    paths = [folder / f"{i}.avi" for i in range(options.videos)]
    for i, path in enumerate(paths):
        write_video(path, i)
    with Reader(1) as reader:
        start = time.perf_counter()
        found = list(reader.inspect(paths))
        inspect_seconds = time.perf_counter() - start
        cache = build(folder / "cache", found, reader)
    first_touch = seconds(lambda: [cache.video(str(path)) for path in paths])

    def batch(number: int):
        rng = random.Random(number)
        chosen = [str(rng.choice(paths)) for _ in range(options.batch)]
        windows = [clip_indices(LENGTH, FRAMES, 1, rng.randrange(FRAMES, LENGTH)).tolist() for _ in chosen]
        boxes = [crop_box(240, 320, (0.3, 1.0), (0.75, 1.35), rng) for _ in chosen]
        return chosen, windows, boxes, [rng.random() < 0.5 for _ in chosen]

    def plain(number: int):
        return torch.stack([plain_clip(*item) for item in zip(*batch(number), strict=True)])

    def plain_bytes(number: int):
        chosen, windows, _, _ = batch(number)
        return [decord.VideoReader(path).get_batch(window).asnumpy() for path, window in zip(chosen, windows, strict=True)]

    def ours_bytes(number: int):
        chosen, windows, _, _ = batch(number)
        return [cache.read(path, window) for path, window in zip(chosen, windows, strict=True)]

    def ours(number: int):
        _, _, boxes, flips = batch(number)
        return train_batch([torch.from_numpy(frames) for frames in ours_bytes(number)], boxes, flips, FRAMES, CROP)

    difference = (plain(0) - ours(0)).abs().max().item()
    times = [[seconds(lambda f=f, n=n: f(n)) for f in (plain, ours, plain_bytes, ours_bytes)] for n in range(options.pairs)]
    medians = [1000 * statistics.median(column) / options.batch for column in zip(*times, strict=True)]
    clips_per_second = 1000 / medians[1]
    return {
        "ratio_bytes": statistics.median(row[2] / row[3] for row in times),
        "ratio": statistics.median(row[0] / row[1] for row in times),
        **dict(zip(("plain_ms", "ours_ms", "plain_bytes_ms", "ours_bytes_ms"), medians, strict=True)),
        "max_difference": difference,
        "clips_per_second_per_core": clips_per_second,
        "cores_per_step": STEP_CLIPS / options.step_seconds / clips_per_second,
        "step_seconds": options.step_seconds,
        "first_touch_ms": 1000 * first_touch / len(paths),
        "inspect_ms": 1000 * inspect_seconds / len(paths),
        "outcomes": sorted({video.outcome for video in found}),
        "file_bytes": statistics.mean(video.size for video in found),
        "pairs": options.pairs,
        "batch": options.batch,
        "threads": 1,
    }


if __name__ == "__main__":
    main()
