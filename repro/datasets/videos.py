"""The generated sets as MP4 files with lists, for programs that read files: the same pictures as the tensors, H.264 at quality 23.

Compression loses a little of the noise, as it did for the study (arXiv:2605.17165, released clip generator); numbers of this
package are made from the tensors.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from torch import Tensor

from repro.checkpoint import write_atomically
from repro.datasets import motion8, sprites

FRAMES_PER_SECOND = 8
QUALITY = "23"
"""Constant rate factor of x264."""

Told = Callable[[int, int], None]
"""Called with clips written and clips in all."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One clip to write."""

    name: str
    """Path below the set's folder, with forward slashes."""
    draw: Callable[[], Tensor]
    """The clip, uint8, (3, F, height, width)."""
    labels: Mapping[str, int]
    """Label space to class."""
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class VideoSet:
    """A generated set that can be written as files."""

    sizes: Mapping[str, int]
    """Split to how many clips it has unless asked otherwise."""
    pieces: Callable[[str, int], Iterator[Piece]]
    """The first so many clips of a split."""


def write(name: str, folder: Path, sizes: Mapping[str, int] | None = None, told: Told | None = None) -> list[Path]:
    """Leave the set `name` in `folder`: SPLIT/NUMBER.mp4, a list "path label" per split and label space, captions.csv if it has captions.

    Files that are there already are kept: each appears whole or not at all, so that an interrupted call goes on where it was. Returns the
    lists. ValueError: a size for a split that the set does not have, or beyond what the set defines. OSError: the disk.
    """
    chosen = VIDEO_SETS[name]
    if unknown := set(sizes or {}) - set(chosen.sizes):
        raise ValueError(f"{name} has no split {', '.join(sorted(unknown))}; it has {', '.join(chosen.sizes)}")
    wanted = {split: (sizes or {}).get(split, size) for split, size in chosen.sizes.items()}
    done, total, lists = 0, sum(wanted.values()), []
    for split, size in wanted.items():
        pieces = list(chosen.pieces(split, size))
        (folder / split).mkdir(parents=True, exist_ok=True)
        for piece in pieces:
            path = folder / piece.name
            if not path.exists():
                write_atomically(path, encoded(piece.draw()))
            done += 1
            if told is not None:
                told(done, total)
        lists += _write_lists(folder, split, pieces)
    return lists


def encoded(clip: Tensor) -> bytes:
    """One clip (3, F, height, width) of bytes as an MP4 file; equal clips and libraries give equal files, on any processor and in any run.

    With one thread alone they do not: x264 picks its routines by the processor, and with AVX-512 its choices differ from run to run.
    """
    import av

    frames = np.ascontiguousarray(clip.permute(1, 2, 3, 0).numpy())
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options={"crf": QUALITY, "x264-params": "cpu-independent=1"})
        stream.height, stream.width, stream.pix_fmt = frames.shape[1], frames.shape[2], "yuv420p"
        stream.codec_context.thread_count = 1
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def _write_lists(folder: Path, split: str, pieces: list[Piece]) -> list[Path]:
    """The lists that training and probe programs of V-JEPA's kind read; the label space is in the name where there are several."""
    spaces = list(pieces[0].labels) if pieces else []
    written = []
    for space in spaces:
        path = folder / (f"{split}.csv" if len(spaces) == 1 else f"{split}_{space}.csv")
        lines = (f"{(folder / piece.name).resolve()} {piece.labels[space]}\n" for piece in pieces)
        write_atomically(path, "".join(lines).encode())
        written.append(path)
    if any(piece.caption for piece in pieces):
        rows = io.StringIO()
        csv.writer(rows, lineterminator="\n").writerows([("path", "caption"), *((piece.name, piece.caption) for piece in pieces)])
        path = folder / f"{split}_captions.csv"
        write_atomically(path, rows.getvalue().encode())
        written.append(path)
    return written


def _motion8(split: str, size: int) -> Iterator[Piece]:
    """The study's clips in full length: 160 to train a probe on, 40 to test it (more follow the same law), 24 to pretrain on."""
    first = motion8.NUM_PROBE_TRAIN if split == "test" else 0
    limit = {"train": motion8.NUM_PROBE_TRAIN}.get(split, size)
    if size > limit:
        raise ValueError(f"motion8 has {limit} clips in {split}, not {size}")
    for number in range(size):
        name = f"{split}/{number:05d}.mp4"
        if split == "pretrain":  # the study labels these by number modulo 4 and never reads the label
            yield Piece(name=name, draw=partial(motion8.generate, number, None), labels={"direction": number % 4})
            continue
        index = first + number
        label = index % len(motion8.CLASSES)
        velocity = motion8.DIRECTIONS[motion8.CLASSES[label]]
        yield Piece(name=name, draw=partial(motion8.generate, motion8.FIRST_PROBE_SEED + index, velocity), labels={"direction": label})


def _sprites(split: str, size: int) -> Iterator[Piece]:
    """Clips of 16 frames at 64 pixels, with their three labels and their sentence."""
    drawn = sprites.Sprites()
    labels, captions = drawn.labels(split, range(size)), drawn.captions(split, range(size))
    for number in range(size):
        yield Piece(
            name=f"{split}/{number:05d}.mp4",
            draw=partial(_sprite, drawn, split, number),
            labels={space: int(values[number]) for space, values in labels.items()},
            caption=captions[number],
        )


def _sprite(drawn: sprites.Sprites, split: str, number: int) -> Tensor:
    return drawn.batch(split, [number]).clips[0]


VIDEO_SETS: dict[str, VideoSet] = {
    "motion8": VideoSet(
        sizes={
            "train": motion8.NUM_PROBE_TRAIN,
            "test": motion8.NUM_PROBE_CLIPS - motion8.NUM_PROBE_TRAIN,
            "pretrain": motion8.NUM_PRETRAIN_CLIPS,
        },
        pieces=_motion8,
    ),
    "sprites": VideoSet(
        sizes={"train": sprites.PROBE_SIZES["smoke"][0], "test": sprites.PROBE_SIZES["smoke"][1], "pretrain": 4000}, pieces=_sprites
    ),
}
