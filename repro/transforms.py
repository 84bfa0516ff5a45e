"""From decoded videos to the clips that the encoder sees: which videos, which frames, which pixels (arXiv:2605.17165, data pipeline)."""

import math
import random
import threading
import weakref
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
"""Colour statistics of ImageNet, for pixels between 0 and 1."""


SPARES = 2
"""Batches whose memory is kept for later ones: that in use and the one being made."""


class CropBox(NamedTuple):
    """A rectangle of a frame, in pixels."""

    top: int
    left: int
    height: int
    width: int


def weighted_indices(
    sizes: Sequence[int], weights: Sequence[float], *, epoch: int, rank: int = 0, ranks: int = 1, base_seed: int = 0
) -> NDArray[np.int64]:
    """What one rank reads in `epoch`: positions in the concatenation of sets of `sizes`, drawn with replacement.

    A set's items share its weight. All ranks draw the same list, one item for every item there is, and each takes every `ranks`-th.
    The release always seeds with 0, whatever the seed of the run.
    """
    shares = np.concatenate([np.full(size, weight / size) for size, weight in zip(sizes, weights, strict=True)])
    total = sum(sizes)
    count = math.ceil(total / ranks) * ranks
    drawn = np.random.default_rng(base_seed + epoch).choice(range(total), size=count, p=shares / shares.sum())
    return drawn[rank::ranks].astype(np.int64)


def frame_step(video_fps: float, target_fps: int) -> int:
    """Decoded frames from one frame of a clip to the next, for about `target_fps`. Raises ValueError for a slower video."""
    step = math.ceil(video_fps) // target_fps
    if step < 1:
        raise ValueError(f"a video of {video_fps} frames per second cannot be sampled at {target_fps}")
    return step


def window_end_range(num_frames: int, frames: int, step: int) -> range | None:
    """Where a training window of `frames` x `step` may end, or None if the video is no longer than the window."""
    window = frames * step
    return range(window, num_frames) if num_frames > window else None


def clip_indices(num_frames: int, frames: int, step: int, window_end: int | None) -> NDArray[np.int64]:
    """Frames of a training clip. `window_end` comes from `window_end_range`; a short video is spread and its last frame repeated.

    The window's both ends are sampled, so frames lie window / (frames - 1) apart, a little more than `step`.
    """
    if window_end is None:
        spread = np.linspace(0, num_frames, num_frames // step)
        padded = np.concatenate([spread, np.full(max(0, frames - len(spread)), num_frames)])
        short: NDArray[np.int64] = np.clip(padded, 0, num_frames - 1).astype(np.int64)
        return short
    start = window_end - frames * step
    indices: NDArray[np.int64] = np.clip(np.linspace(start, window_end, frames), start, window_end - 1).astype(np.int64)
    return indices


def crop_box(
    height: int, width: int, area: tuple[float, float], aspect: tuple[float, float], rng: random.Random, tries: int = 10
) -> CropBox:
    """A random rectangle: share of the frame uniform in `area`, width over height log-uniform in `aspect`.

    After `tries` rectangles that do not fit, the largest centred one whose aspect is allowed.
    """
    for _ in range(tries):
        pixels = rng.uniform(*area) * height * width
        ratio = math.exp(rng.uniform(math.log(aspect[0]), math.log(aspect[1])))
        w, h = round(math.sqrt(pixels * ratio)), round(math.sqrt(pixels / ratio))
        if 0 < w <= width and 0 < h <= height:
            return CropBox(rng.randint(0, height - h), rng.randint(0, width - w), h, w)
    ratio = min(max(width / height, aspect[0]), aspect[1])
    w, h = min(width, round(height * ratio)), min(height, round(width / ratio))
    return CropBox((height - h) // 2, (width - w) // 2, h, w)


def train_transform(
    video: Tensor,
    box: CropBox,
    flip: bool,
    size: int,
    mean: Sequence[float] = MEAN,
    std: Sequence[float] = STD,
    pixel_range: float = 255,
) -> Tensor:
    """Crop, resize, flip and normalise one clip (frames, height, width, 3), all frames alike, to (3, frames, size, size) in float32."""
    top, left, height, width = box
    pixels = video[:, top : top + height, left : left + width].permute(3, 0, 1, 2).float()
    pixels = interpolate(pixels, size=(size, size), mode="bilinear", align_corners=False)
    if flip:
        pixels = pixels.flip(-1)
    return _normalise(pixels, mean, std, pixel_range)


def train_batch(videos: Sequence[Tensor], boxes: Sequence[CropBox], flips: Sequence[bool], frames: int, size: int) -> Tensor:
    """`train_transform` of many clips on their device: (F, height, width, 3) in bytes each, of any sizes, to (B, 3, F, size, size) in float32.

    A clip of one frame is a still image and fills all `frames`.

    Within 1e-5 of it and faster, as colours are scaled on the way into the batch.
    """
    device = videos[0].device
    scale = (1 / (255 * torch.tensor(STD, device=device))).view(3, 1, 1, 1)
    shift = (-torch.tensor(MEAN, device=device) / torch.tensor(STD, device=device)).view(3, 1, 1, 1)
    shape = (len(videos), 3, frames, size, size)
    out = _memory(shape) if device.type == "cpu" else torch.empty(shape, device=device)
    for clip, video, box, flip in zip(out, videos, boxes, flips, strict=True):
        pixels = video[:, box.top : box.top + box.height, box.left : box.left + box.width].permute(3, 0, 1, 2).float()
        resized = clip[:, : len(video)]
        torch.ops.aten.upsample_bilinear2d.out(pixels, [size, size], False, None, None, out=resized)
        torch.addcmul(shift, resized.flip(-1) if flip else resized, scale, out=resized)
        if len(video) < frames:
            clip[:, 1:] = clip[:, :1]
    return out


_spare: list[tuple[NDArray[np.float32], weakref.ref[NDArray[np.float32]]]] = []
"""Memory of earlier batches, the latest last, and the view of it that their tensors hold."""
_spare_lock = threading.Lock()


def _memory(shape: tuple[int, ...]) -> Tensor:
    """A float32 tensor of unset values, in the memory of an earlier one that nothing refers to any more.

    The first touch of a batch's fresh memory can cost as much as all arithmetic on it. A tensor from `torch.from_numpy`, and every view of
    that tensor, keep the array alive that it was made from; once that is gone, so is everyone who could see the memory.
    """
    size = math.prod(shape)
    with _spare_lock:
        free = [array for array, used in _spare if used() is None and array.size >= size]
        array = free[0] if free else np.empty(size, np.float32)
        view = array[:size]
        _spare[:] = [(other, used) for other, used in _spare if other is not array][1 - SPARES :]
        _spare.append((array, weakref.ref(view)))
        return torch.from_numpy(view).view(shape)


def eval_indices(num_frames: int, frames: int) -> NDArray[np.int64]:
    """Frames of a probe clip: spread over the whole video, or all of a short one and then its last frame again."""
    if num_frames < frames:
        return np.minimum(np.arange(frames), num_frames - 1)
    return np.linspace(0, num_frames - 1, frames).astype(np.int64)


def eval_transform(video: Tensor, size: int, mean: Sequence[float] = MEAN, std: Sequence[float] = STD) -> Tensor:
    """Resize the short side to `size`, crop the centre and normalise: (frames, height, width, 3) to (3, frames, size, size).

    The release rounds the short side of some videos (284 or 332 pixels, for example) down to `size` - 1, which leaves one row of the
    clip; here the short side is `size` always.
    """
    return _normalise(eval_crop(video, size) / 255, mean, std, 1)


def eval_crop(video: Tensor, size: int) -> Tensor:
    """The same before normalisation: (frames, height, width, 3) to (3, frames, size, size), float32, in the units of `video`."""
    height, width = video.shape[1:3]
    scale = size / min(height, width)
    h, w = (size if side == min(height, width) else int(side * scale) for side in (height, width))
    pixels = interpolate(video.permute(3, 0, 1, 2).float(), size=(h, w), mode="bilinear", align_corners=False)
    top, left = (h - size) // 2, (w - size) // 2
    return pixels[..., top : top + size, left : left + size]


def _normalise(pixels: Tensor, mean: Sequence[float], std: Sequence[float], pixel_range: float) -> Tensor:
    centre, spread = (torch.tensor(x, device=pixels.device).view(3, 1, 1, 1) * pixel_range for x in (mean, std))
    return (pixels - centre) / spread
