"""Checkpoints that are whole or absent: written beside, flushed to disk, renamed into place, and checked by SHA-256 before they are read.

A folder holds one state file, `jepa-s<step>.pth.tar`, and the pointer `jepa-latest.json` with its name, step, size and SHA-256. Only
the pointer's replacement makes a state current, so a kill at any moment leaves the previous state or the new one. A zip archive of
tensors loads without complaint when a bit of it has flipped; the checksum is what notices.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import torch

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

POINTER = "jepa-latest.json"

State = dict[str, Any]
"""Tensors, numbers, strings, lists and dicts of them: what torch loads with `weights_only=True`."""


class CheckpointDamaged(Exception):
    """A checkpoint exists but is not what was saved. The run stops: restarting from random weights would look like a result."""


def save(folder: Path, state: State, step: int) -> Path:
    """Make `state` the current checkpoint of `folder`; OSError (disk full, read-only) leaves the previous one current."""
    target = folder / f"jepa-s{step:07d}.pth.tar"
    digest = hashlib.sha256()
    size = _write(target, lambda file: torch.save(state, cast(IO[bytes], _Hashing(file, digest))))
    record = {"file": target.name, "step": step, "bytes": size, "sha256": digest.hexdigest()}
    write_atomically(folder / POINTER, json.dumps(record).encode())
    for old in (*folder.glob("jepa-s*.pth.tar"), *folder.glob("*.partial")):
        if old != target:
            old.unlink(missing_ok=True)
    return target


def load(folder: Path, device: str = "cpu") -> State | None:
    """The current state of `folder`, None if it has none; CheckpointDamaged if it has one that must not be used."""
    pointer = folder / POINTER
    if not pointer.exists():
        return None
    try:
        record = json.loads(pointer.read_bytes())
        path, expected = folder / str(record["file"]), str(record["sha256"])
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointDamaged(f"{pointer} does not lead to a checkpoint ({error}); delete {folder} to start this run again") from error
    if found != expected:
        raise CheckpointDamaged(f"{path} has SHA-256 {found[:12]}…, saved as {expected[:12]}…; restore the file or delete {folder}")
    state: State = torch.load(path, map_location=device, weights_only=True)
    return state


def write_atomically(path: Path, content: bytes) -> None:
    """Give `path` this content, or leave it as it was."""
    _write(path, lambda file: file.write(content))


def _write(path: Path, fill: Callable[[IO[bytes]], object]) -> int:
    """Fill a partial file, flush it to disk and rename it to `path`; return its size in bytes."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return size


class _Hashing(io.RawIOBase):
    """A file that digests what is written to it, so that a checkpoint is not read again for its checksum."""

    def __init__(self, file: IO[bytes], digest: "hashlib._Hash") -> None:
        self._file, self._digest = file, digest

    def write(self, content: "ReadableBuffer") -> int:
        self._digest.update(content)
        return self._file.write(content)
