"""Answers of the network, kept by content: `--offline` replays from here, and a document is never fetched twice.

answers/KEY.json     what was asked (no key in it), where the answer came from, when, and the sha256 of its bytes; or the fault
blobs/AB/SHA256      the bytes
parts/               downloads under way; never read, and swept away once they are a day old
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from claimcheck.files import write_atomically
from claimcheck.sources.faults import Fault, SourceFault

_SHA256 = re.compile(r"[0-9a-f]{64}")
_STALE = 86_400.0
"""Seconds after which a part was left by a process that died."""


class Damaged(Exception):
    """An entry of the cache is not what was put there."""


@dataclass(frozen=True)
class Answer:
    """What a server sent, whole."""

    url: str
    """That was asked for, without any key."""

    final_url: str
    """That answered, after redirects."""

    content_type: str
    file_name: str
    """That the server suggests; only ever shown or searched for a version."""

    fetched_at: str
    """UTC, `2026-11-28T12:00:00Z`."""

    sha256: str
    size: int
    path: Path
    """The blob."""

    def content(self) -> bytes:
        """The bytes, checked against their hash. Damaged if they are not what came."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise Damaged(f"{self.path}: the cached bytes of {self.url} are gone; run again without --offline") from None
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise Damaged(f"{self.path}: is not what {self.url} sent; delete it and run again without --offline")
        return data


@dataclass(frozen=True)
class Failure:
    """That a request failed for good, so that a replay fails as the run did."""

    fault: Fault
    detail: str


class Part:
    """A download under way: hashed as it is written, in a file nobody reads before it is whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.size, self._hash = path, 0, hashlib.sha256()
        self._file = path.open("x+b")

    def write(self, data: bytes) -> None:
        with self._named():
            self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def content(self) -> bytes:
        """All that was written."""
        self._file.flush()
        return self.path.read_bytes()

    def replace(self, data: bytes) -> None:
        """Write `data` instead of what was written."""
        self._file.seek(0)
        self._file.truncate()
        self.size, self._hash = 0, hashlib.sha256()
        self.write(data)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Give a disk's error the name of the file, which tells it from an error of the network."""
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from None

    def close(self) -> None:
        with self._named():
            self._file.close()  # not forced to the disk: what a power cut leaves is checked against its hash before it is used

    def abandon(self) -> None:
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Cache:
    """A folder of answers. Entries appear whole; two processes that fetch the same thing leave the same bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def blob(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise Damaged(f"{self.folder}: {sha256[:80]!r} is not a sha256; delete the folder's answers and run again without --offline")
        return self.folder / "blobs" / sha256[:2] / sha256

    def entry(self, url: str) -> Path:
        return self.folder / "answers" / f"{hashlib.sha256(url.encode()).hexdigest()}.json"

    def find(self, url: str) -> Answer | Failure | None:
        """What is kept for an address; None if nothing is. Damaged if the entry is of something else or does not read."""
        kept = self._read(url)
        if kept is None:
            return None
        try:
            if "fault" in kept:
                return Failure(Fault(kept["fault"]), str(kept["detail"]))
            return Answer(**{**kept, "path": self.blob(kept["sha256"])})
        except (ValueError, KeyError, TypeError) as error:
            raise self._unusable(url, error) from None

    def _read(self, url: str) -> dict[str, Any] | None:
        """An entry as it was written, or None. Damaged if it does not read, is of another address, or is not what was written."""
        try:
            kept = json.loads(self.entry(url).read_bytes())
            digest = kept.pop("digest")
            if kept["url"] != url or digest != _digest(kept):
                raise ValueError("it is not what was written there")
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._unusable(url, error) from None
        return dict(kept)

    def _write(self, record: dict[str, Any]) -> None:
        """An entry with the digest of what it says, so that a changed date or address is noticed as changed bytes are."""
        content = json.dumps({**record, "digest": _digest(record)}, indent=1)
        write_atomically(self.entry(record["url"]), content.encode())

    def _unusable(self, url: str, error: Exception) -> Damaged:
        return Damaged(f"{self.entry(url)}: cannot be used ({error}); delete it and run again without --offline")

    @contextmanager
    def part(self) -> Iterator[Part]:
        """A file to download into; gone again unless `keep` took it."""
        folder = self.folder / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        self._sweep(folder)
        part = Part(folder / f"{os.getpid()}-{os.urandom(6).hex()}.part")
        try:
            yield part
        finally:
            part.abandon()

    def keep(self, part: Part, url: str, describe: Callable[[str, int, Path], Answer]) -> Answer:
        """Take a whole download under its hash, and remember it as the answer to `url`."""
        part.close()
        target = self.blob(part.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part.path, target)
        answer = describe(part.sha256, part.size, target)
        self._write({name: value for name, value in asdict(answer).items() if name != "path"})
        return answer

    def remember(self, url: str, failure: SourceFault) -> None:
        """Note that a request failed, unless an earlier answer to it is kept."""
        with suppress(Damaged):
            if isinstance(self.find(url), Answer):
                return
        self._write({"url": url, "fault": failure.fault.value, "detail": str(failure)})

    def stamp(self, key: str) -> str | None:
        """The time that was set under a key; None if none was. Damaged if it is not what was set."""
        kept = self._read(key)
        return None if kept is None else str(kept.get("stamp", ""))

    def set_stamp(self, key: str, stamp: str) -> None:
        self._write({"url": key, "stamp": stamp})

    @staticmethod
    def _sweep(folder: Path) -> None:
        for part in folder.glob("*.part"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _STALE:
                    part.unlink()


def _digest(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
