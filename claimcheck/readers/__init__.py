"""Bytes in, a Document out. A new format is one module here and its name in the literal below."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from claimcheck.document import Document, Unreadable
from claimcheck.escape import printable
from claimcheck.readers import archive, csv, html, json, latex, markdown, pdf, text

MAX_BYTES = 200_000_000
"""No paper we met is a tenth of this; a larger file is a mistake or an attack."""

HEAD = 4096
"""Bytes a reader may look at to recognise its format."""


class Reader(Protocol):
    """What a module of this package offers. Content decides before the suffix does: a PDF named `.txt` is a PDF."""

    @property
    def SUFFIXES(self) -> tuple[str, ...]: ...

    def recognises(self, head: bytes) -> bool:
        """True if the first bytes can only be this format."""
        ...

    def read(self, data: bytes, name: str) -> Document: ...


READERS: tuple[Reader, ...] = (archive, pdf, csv, html, json, latex, markdown, text)


def read(source: str | Path | bytes, name: str = "") -> Document:
    """The Document in a file, or in bytes already at hand; `name` is what locations call it. Raises Unreadable."""
    if isinstance(source, bytes):
        data, name = source, name or "standard input"
    else:
        path = Path(source)
        data, name = load(path), name or printable(path.name)
        beside = path.is_file() and path.suffix.lower() in latex.SUFFIXES  # a pipe can be read but once
        if beside and data.strip() and not any(reader.recognises(data[:HEAD]) for reader in (archive, pdf)):
            return latex.read_path(path, name)
    if not data.strip():
        raise Unreadable("empty", f"{name}: the file is empty; give a file with the text of a paper")
    return choose(data, name).read(data, name)


def load(path: Path) -> bytes:
    """The bytes of a file, with each way this can fail told apart."""
    try:
        if path.is_dir():
            raise Unreadable("directory", f"{path}: is a folder; give one file in it")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable("too_big", f"{path}: {size:,} bytes, more than the {MAX_BYTES:,} that are read; give a smaller file")
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable("not_found", f"{path}: no such file; check the path") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        detail = error.strerror if isinstance(error, OSError) else error
        raise Unreadable("not_readable", f"{path}: cannot be opened ({detail}); check the path and its permissions") from None


def choose(data: bytes, name: str, readers: Sequence[Reader] = READERS) -> Reader:
    """The reader that recognises the first bytes, else the one whose suffix the name has, else plain text."""
    head, suffix = data[:HEAD], Path(name).suffix.lower()
    if suffix in pdf.SUFFIXES:
        return pdf  # a login page saved as paper.pdf is no paper; the PDF reader says so
    for reader in readers:
        if reader.recognises(head):
            return reader
    for reader in readers:
        if suffix in reader.SUFFIXES:
            return reader
    return text
