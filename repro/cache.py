"""Decoded clips on disk: bytes as they come from the decoder, mapped into memory, so that training reads frames instead of decoding them.

A cache is a folder of shards, `shard-00000.u8` with its table of contents `shard-00000.json`, and `cache.json`, which is written last. A
shard is whole or absent, so an interrupted build goes on where it stopped. Each clip carries the SHA-256 of its frames, compared when a
process first touches the clip: disks that hold hundreds of gigabytes do flip bits.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from repro.checkpoint import write_atomically
from repro.clips import Frames, Inspection, Reader, shrunk_size

INDEX = "cache.json"
SHARD_BYTES = 1 << 30
AT_ONCE = 8
"""Videos decoded together."""

Told = Callable[[int, int], None]
"""Called with bytes written and bytes in all."""


class CacheDamaged(Exception):
    """A cache is not what was written. The message says which part and what to do."""


class CacheTooLarge(Exception):
    """The disk has no room for the cache. Nothing was written."""


@dataclass(frozen=True, kw_only=True)
class CachedClip:
    """Where the frames of one file lie."""

    path: str
    source_size: int
    """Bytes of the file that was decoded."""
    offset: int
    frames: int
    height: int
    width: int
    sha256: str

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self.frames, self.height, self.width, 3


def decoded_bytes(found: Iterable[Inspection], short_side: int | None = None) -> int:
    """Size of the cache of these files, exact but for files that no longer are what was inspected. Decodes nothing."""
    return sum(_bytes(video, short_side) for video in found if video.usable)


def build(
    folder: Path, found: Sequence[Inspection], reader: Reader, *, short_side: int | None = None, told: Told | None = None
) -> "ClipCache":
    """Decode every usable file of `found` into `folder`, frames shrunk to `short_side` pixels where larger, and open the cache.

    CacheTooLarge: there is no room; ClipUnreadable: a file has changed. Shards that are already there for the same files are kept.
    """
    videos = [video for video in found if video.usable]
    total = decoded_bytes(videos, short_side)
    folder.mkdir(parents=True, exist_ok=True)
    for left in (folder / INDEX, *folder.glob("*.partial")):
        left.unlink(missing_ok=True)
    kept = sum(path.stat().st_size for path in folder.glob("shard-*.u8"))
    free = shutil.disk_usage(folder).free
    if total - kept > free:
        raise CacheTooLarge(f"{folder} needs {total:,} bytes and the disk has {free:,}; give a smaller short side than {short_side}")
    done = number = 0
    for number, part in enumerate(_shards(videos, short_side), 1):
        name = folder / f"shard-{number - 1:05d}"
        if not _is_there(name, part, short_side):
            _write_shard(name, part, reader, short_side)
        done += decoded_bytes(part, short_side)
        if told is not None:
            told(done, total)
    record = {"format": 1, "short_side": short_side, "shards": number, "clips": len(videos), "bytes": total}
    write_atomically(folder / INDEX, json.dumps(record).encode())
    return ClipCache(folder)


class ClipCache:
    """A finished cache, read through memory maps."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`; CacheDamaged if it holds no finished cache or a shard has another length than was written."""
        self.folder = folder
        self._where: dict[str, tuple[int, CachedClip]] = {}
        self._maps: list[np.memmap[tuple[int], np.dtype[np.uint8]]] = []
        self._checked: set[str] = set()
        try:
            index = json.loads((folder / INDEX).read_bytes())
            self.short_side: int | None = index["short_side"]
            """What larger frames were shrunk to; None: every frame has the size of its file."""
            for shard in range(index["shards"]):
                self._open(shard)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CacheDamaged(f"{folder} is not a finished cache of decoded clips ({error}); build it again") from error

    def __contains__(self, video: Inspection) -> bool:
        """Whether the frames of this very file are here."""
        return video.path in self._where and self._where[video.path][1].source_size == video.size

    def __len__(self) -> int:
        return len(self._where)

    def video(self, path: str) -> Frames:
        """All frames of a file, uint8, (frames, height, width, 3), not copied and not writable.

        CacheDamaged if they are not what was written; KeyError if the file is not in the cache.
        """
        shard, clip = self._where[path]
        frames = self._maps[shard][clip.offset : clip.offset + int(np.prod(clip.shape))]
        if path not in self._checked:
            if hashlib.sha256(frames.data).hexdigest() != clip.sha256:
                raise CacheDamaged(
                    f"{self._name(shard)}: the frames of {path} are not those that were written; delete the file and build again"
                )
            self._checked.add(path)
        return np.asarray(frames).reshape(clip.shape)

    def read(self, path: str, indices: Sequence[int]) -> Frames:
        """A copy of the frames at `indices`, (F, height, width, 3)."""
        return np.ascontiguousarray(self.video(path)[np.asarray(indices)])

    def _name(self, shard: int) -> Path:
        return self.folder / f"shard-{shard:05d}.u8"

    def _open(self, shard: int) -> None:
        path = self._name(shard)
        clips = [CachedClip(**entry) for entry in json.loads(path.with_suffix(".json").read_bytes())["clips"]]
        size = sum(int(np.prod(clip.shape)) for clip in clips)
        if path.stat().st_size != size:
            raise ValueError(f"{path.name} has {path.stat().st_size:,} bytes instead of {size:,}")
        self._maps.append(np.memmap(path, np.uint8, "r"))
        self._where |= {clip.path: (shard, clip) for clip in clips}


def _bytes(video: Inspection, short_side: int | None) -> int:
    height, width = shrunk_size(video.height, video.width, short_side)
    return video.frames * height * width * 3


def _shards(videos: Sequence[Inspection], short_side: int | None) -> Iterator[list[Inspection]]:
    """Videos in their order, cut where a shard is full."""
    part: list[Inspection] = []
    size = 0
    for video in videos:
        part.append(video)
        size += _bytes(video, short_side)
        if size >= SHARD_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _plan(part: Sequence[Inspection], short_side: int | None) -> list[list[object]]:
    return [[video.path, video.size, video.outcome, video.frames, short_side] for video in part]


def _is_there(name: Path, part: Sequence[Inspection], short_side: int | None) -> bool:
    """Whether an earlier build finished this shard, of the same files at the same size."""
    try:
        plan = json.loads(name.with_suffix(".json").read_bytes())["plan"]
        size = name.with_suffix(".u8").stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(plan == _plan(part, short_side) and size == decoded_bytes(part, short_side))


def _write_shard(name: Path, part: Sequence[Inspection], reader: Reader, short_side: int | None) -> None:
    """Frames first, then their table: without a table a shard does not exist."""
    name.with_suffix(".json").unlink(missing_ok=True)
    partial = name.with_suffix(f".u8.{os.getpid()}.partial")
    clips: list[CachedClip] = []
    try:
        with partial.open("wb") as file:
            for start in range(0, len(part), AT_ONCE):
                batch = part[start : start + AT_ONCE]
                read = reader.read([(video, range(video.frames)) for video in batch], short_side)
                for video, frames in zip(batch, read, strict=True):
                    clips.append(_entry(video, frames, file.tell()))
                    file.write(np.ascontiguousarray(frames).data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(name.with_suffix(".u8"))
    finally:
        partial.unlink(missing_ok=True)
    table = {"plan": _plan(part, short_side), "clips": [asdict(clip) for clip in clips]}
    write_atomically(name.with_suffix(".json"), json.dumps(table).encode())


def _entry(video: Inspection, frames: Frames, offset: int) -> CachedClip:
    digest = hashlib.sha256(np.ascontiguousarray(frames).data).hexdigest()
    count, height, width, _ = frames.shape
    return CachedClip(path=video.path, source_size=video.size, offset=offset, frames=count, height=height, width=width, sha256=digest)
