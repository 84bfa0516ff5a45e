"""The folder `.claimcheck/`: dossiers and runs as plain files, written atomically under one lock.

dossiers/000001.json   every dossier a command wrote; the highest number is the current one
runs/                  what the experiment engine leaves behind
lock                   held by the command that writes
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from claimcheck.dossier import SCHEMA, Dossier
from claimcheck.files import write_atomically

DEFAULT = Path(".claimcheck")


class Locked(Exception):
    """Another command is writing to the workspace."""


class Damaged(Exception):
    """A file of the workspace is not what was written."""


class Workspace:
    """One folder of dossiers and runs. Reading needs no lock; files appear whole."""

    def __init__(self, folder: Path = DEFAULT) -> None:
        self.folder = folder

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @contextmanager
    def writing(self, wait: float = 60.0) -> Iterator[None]:
        """Hold the workspace's lock; `Locked` if another command keeps it for `wait` seconds. The system frees the lock
        of a process that dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "lock", timeout=wait)
        try:
            lock.acquire()
        except Timeout as error:
            raise Locked(f"{self.folder} is in use by another claimcheck command; wait for it or name another --workspace") from error
        try:
            yield
        finally:
            lock.release()

    def dossiers(self) -> list[Path]:
        """Every dossier written here, oldest first."""
        return sorted(path for path in (self.folder / "dossiers").glob("*.json") if path.stem.isdigit())

    def current(self) -> Dossier | None:
        """The newest dossier; None if there is none. `Damaged` if it does not read."""
        written = self.dossiers()
        if not written:
            return None
        content = written[-1].read_bytes()
        try:
            return Dossier.model_validate_json(content)
        except ValidationError as error:
            if newer(content):
                raise Damaged(
                    f"{written[-1]} was written by another version of claimcheck; use that one, or another --workspace"
                ) from error
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the file"
            raise Damaged(f"{written[-1]}: {place}: {first['msg']}; move the file away and run claimcheck extract again") from error

    def write(self, dossier: Dossier) -> Path:
        """Make `dossier` the current one; the same content is not written twice."""
        content = to_json(dossier).encode()
        written = self.dossiers()
        if written and written[-1].read_bytes() == content:
            return written[-1]
        number = int(written[-1].stem) + 1 if written else 1
        path = self.folder / "dossiers" / f"{number:06}.json"
        write_atomically(path, content)
        return path


def newer(content: bytes) -> bool:
    """Whether a file is a dossier of another schema rather than damaged."""
    try:
        written = json.loads(content)
    except ValueError:
        return False
    return isinstance(written, dict) and str(written.get("schema", "")).startswith("claimcheck/") and written["schema"] != SCHEMA


def to_json(dossier: Dossier) -> str:
    """The dossier as the JSON that `--json` prints and the workspace keeps."""
    return dossier.model_dump_json(by_alias=True, indent=1) + "\n"
