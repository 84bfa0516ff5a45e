"""Frozen features of labelled clips: in memory while they are small, else streamed from a memory-mapped file (arXiv:2605.17165, probes).

The features of Diving-48 are 15,027 clips of 1,568 tokens of 768 numbers: 36 GB in half precision. The file has no name, so that it is
gone with the process that made it, however that ends, and can be neither reused half-written nor left behind.
"""

import copy
import mmap
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import torch
from torch import Tensor

from repro.datasets import LabelledClips, ProbeProtocol, normalise
from repro.models.encoder import Encoder
from repro.pretrain import Progress, Report

READ_AT_ONCE = 64
"""Clips encoded together."""

IN_MEMORY = 2 * 2**30
"""Bytes of float32 features of one side of a split that are kept in memory; larger ones go to a file, as float16."""


class StoredFeatures:
    """Features (n, N, width) in a file, float16. Indexing by a tensor of positions or a slice gives a float32 copy of those clips'.

    Pages are given back after each read, so that the memory of a probe does not grow with what it has read.
    """

    def __init__(self, file: IO[bytes], shape: tuple[int, ...]) -> None:
        self.shape = shape
        self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._values = np.frombuffer(self._map, dtype=np.float16).reshape(shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, chosen: Tensor | slice) -> Tensor:
        read = self._values[chosen if isinstance(chosen, slice) else chosen.numpy()].astype(np.float32)
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)
        return torch.from_numpy(read)


class DeviceFeatures:
    """Features (n, N, width) on a GPU, in half precision if they would be in a file. Indexing is that of `StoredFeatures`."""

    def __init__(self, values: Tensor) -> None:
        self.shape: tuple[int, ...] = tuple(values.shape)
        self._values = values

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, chosen: Tensor | slice) -> Tensor:
        return self._values[chosen if isinstance(chosen, slice) else chosen.to(self._values.device)].float()


Features = Tensor | StoredFeatures | DeviceFeatures
"""Features (n, N, width) or (n, width) of the clips of one side of a split; read as float32, by position."""


def brought_to(features: Features, device: str) -> Features:
    """The same features on the GPU that a head is trained on, if they take at most half of its free memory; else, and on a CPU, as they are."""
    if not device.startswith("cuda"):
        return features
    wanted = int(np.prod(features.shape)) * (4 if isinstance(features, Tensor) else 2)
    if wanted > torch.cuda.mem_get_info(device)[0] // 2:
        return features
    if isinstance(features, Tensor):
        return DeviceFeatures(features.to(device))
    values = torch.empty(features.shape, dtype=torch.float16, device=device)
    for start, part in zip(range(0, len(features), READ_AT_ONCE), batches(features), strict=True):
        values[start : start + len(part)] = part.to(device)
    return DeviceFeatures(values)


@torch.no_grad()
def extract(
    encoder: Encoder,
    clips: LabelledClips,
    device: str,
    report: Report | None = None,
    *,
    pooled: bool = False,
    folder: Path | None = None,
) -> Features:
    """Last-level tokens (n, N, width) of every clip, or with `pooled` their mean as the only one (n, 1, width), on the CPU.

    More than `IN_MEMORY` bytes of them are written to an unnamed file in `folder`, or where temporary files go. OSError: it does not fit.
    """
    encoder = copy.deepcopy(encoder).eval()
    file: IO[bytes] | None = None
    parts: list[Tensor] = []
    shape: tuple[int, ...] = ()
    for start in range(0, len(clips), READ_AT_ONCE):
        indices = range(start, min(start + READ_AT_ONCE, len(clips)))
        tokens = encoder(normalise(clips.read(indices).to(device)), levels=False).float()
        tokens = (tokens.mean(1, keepdim=True) if pooled else tokens).cpu()
        if start == 0:
            shape = (len(clips), *tokens.shape[1:])
            file = _reserve(shape, folder) if 4 * np.prod(shape) > IN_MEMORY else None
        if file is None:
            parts.append(tokens)
        else:
            file.write(tokens.half().numpy().tobytes())
        if report is not None:
            report(Progress("features", indices[-1] + 1, len(clips)))
    if file is None:
        return torch.cat(parts)
    with file:
        file.flush()
        return StoredFeatures(file, shape)


def seen(tokens: Features, protocol: ProbeProtocol) -> Features:
    """What a probe's head reads of tokens (n, N, width): all of them, their mean (n, width), or the mean as one token (n, 1, width)."""
    if not protocol.pooled:
        return tokens
    keepdim = protocol.head != "linear"
    if isinstance(tokens, Tensor):
        return tokens.mean(1, keepdim=keepdim)
    return torch.cat([part.mean(1, keepdim=keepdim) for part in batches(tokens)])


def batches(features: Features) -> Iterator[Tensor]:
    """The features in order, `READ_AT_ONCE` clips at a time, float32."""
    return (features[start : start + READ_AT_ONCE] for start in range(0, len(features), READ_AT_ONCE))


def _reserve(shape: tuple[int, ...], folder: Path | None) -> IO[bytes]:
    """An unnamed file with room for float16 features of this shape: a full disk is noticed now, not after hours of encoding."""
    place, size = Path(folder or tempfile.gettempdir()), 2 * int(np.prod(shape))
    file = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - it outlives this function
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError as error:
        file.close()
        free = shutil.disk_usage(place).free
        raise OSError(
            error.errno, f"{error.strerror}: the features of {shape[0]:,} clips take {size:,} bytes, {free:,} are free", str(place)
        ) from error
    return file
