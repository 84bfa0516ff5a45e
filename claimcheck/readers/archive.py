"""Source archives (arXiv's .tar.gz, a gzipped file, a zip): read in memory, member by member, under limits; nothing is written to disk.

What an archive may do to its reader is bounded here: number of files, inflated size, inflation ratio. Links, devices, hidden files
and names that leave the archive are passed over.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, cast

from claimcheck.document import Document, Unreadable
from claimcheck.readers import latex, latex_source

SUFFIXES: tuple[str, ...] = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".txz", ".zip")

MAX_FILES = 5_000
MAX_INFLATED = 500_000_000
"""Bytes."""
MAX_RATIO = 200
"""Inflated to packed. Text packs 3 to 10 times, PDF figures hardly at all."""
_RATIO_FROM = 10_000_000
"""Inflated bytes from which the ratio counts: a small file of blanks is no bomb."""
_MAX_TEXT = 20_000_000
_TEXTS = (".tex", ".ltx", ".latex", ".bbl", ".sty", ".txt", ".tikz", ".def", ".cls")


def recognises(head: bytes) -> bool:
    """True for gzip, bzip2, xz, zip and tar."""
    return head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"PK\x03\x04")) or head[257:262] == b"ustar"


def read(data: bytes, name: str) -> Document:
    """The paper in an archive: its LaTeX if there is any, else what the single file in it is."""
    files, skipped = unpack(data, name)
    texts = {path: latex.decode(content, path) for path, content in files.items() if _is_text(path, content)}
    main = latex_source.main_file({path: text for path, text in texts.items() if _may_be_main(path, text)})
    sha256 = hashlib.sha256(data).hexdigest()
    if main is not None:
        found = latex.read_files(texts, main, sha256, name)
        return found.model_copy(update={"flags": tuple(sorted({*found.flags, *skipped})), "version": version(name)})
    return _only_file(files, name, sha256)


def version(name: str) -> str:
    """The version in an arXiv file name: `v5` of `1706.03762v5.tar.gz`."""
    match = re.search(r"(?:\d{4}\.\d{4,5}|\d{7})(v\d{1,2})(?!\d)", name)
    return match.group(1) if match else ""


def unpack(data: bytes, name: str, also: tuple[str, ...] = ()) -> tuple[dict[str, bytes], set[str]]:
    """The ordinary files of an archive by their path in it, and flags for what was passed over. Raises Unreadable.

    Only what a paper is read from is unpacked, and files whose names end as `also` says; others are there without content.
    """
    files: dict[str, bytes] = {}
    flags: set[str] = set()
    try:
        for path, content in _zip_members(data, name, also) if data.startswith(b"PK") else _stream_members(data, name, also):
            clean = _safe(path)
            if clean is None or content is None:
                flags.add("unsafe_member")
            elif clean:
                files[clean] = content
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        OSError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        if not files:
            why = "its headers lead nowhere" if isinstance(error, RecursionError) else error
            raise Unreadable("damaged", f"{name}: the archive is damaged ({why}); fetch it again") from None
        flags.add("truncated_file")
    if not files:
        raise Unreadable("empty", f"{name}: the archive holds no ordinary file; give the paper's source archive")
    return files, flags


class _Bounded(io.RawIOBase):
    """An inflating stream that refuses to give more than the limits allow."""

    def __init__(self, inner: IO[bytes], packed: int, name: str) -> None:
        self.inner, self.packed, self.name, self.given = inner, packed, name, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        wanted = size if 0 <= size <= 1 << 20 else 1 << 20
        chunk = self.inner.read(wanted)
        self.given += len(chunk)
        if self.given > MAX_INFLATED or (self.given > _RATIO_FROM and self.given > MAX_RATIO * self.packed):
            raise _too_big(self.name, f"inflates to more than {min(MAX_INFLATED, MAX_RATIO * self.packed):,} bytes")
        return chunk


def _too_big(name: str, what: str) -> Unreadable:
    return Unreadable("too_big", f"{name}: the archive {what}; give the paper's own source archive")


def _stream_members(data: bytes, name: str, also: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes | None]]:
    raw: IO[bytes] = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        raw = cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    elif data.startswith(b"BZh"):
        raw = cast(IO[bytes], bz2.BZ2File(raw))
    elif data.startswith(b"\xfd7zXZ"):
        raw = cast(IO[bytes], lzma.LZMAFile(raw))  # noqa: SIM115  # lives as long as the stream around it
    stream = _Bounded(raw, len(data), name)
    head = _read_up_to(stream, 512)
    rest = _Bounded(cast(IO[bytes], _Chained(head, stream)), len(data), name)
    if head[257:262] != b"ustar" and not _old_tar(head):
        yield PurePosixPath(name).stem or "paper", head + _read_up_to(stream, _MAX_TEXT * 5)
        return
    with tarfile.open(fileobj=cast(IO[bytes], rest), mode="r|") as archive:
        for count, member in enumerate(archive):
            if count >= MAX_FILES:
                raise _too_big(name, f"holds more than {MAX_FILES:,} files")
            if member.isdir():
                continue
            if not member.isfile():
                yield member.name, None
                continue
            if member.size > MAX_INFLATED:
                raise _too_big(name, f"holds a file of {member.size:,} bytes")
            file = archive.extractfile(member)
            endings = (*_TEXTS, ".pdf", ".html", ".htm", ".bib", *also)
            wanted = file is not None and member.size <= _MAX_TEXT and member.name.lower().endswith(endings)
            yield member.name, file.read() if file is not None and (wanted or "." not in PurePosixPath(member.name).name) else b""


class _Chained:
    """A head already read, then the stream it came from."""

    def __init__(self, head: bytes, stream: _Bounded) -> None:
        self.head, self.stream = head, stream

    def read(self, size: int) -> bytes:
        if self.head:
            given, self.head = self.head[:size], self.head[size:]
            return given
        return self.stream.read(size)


def _read_up_to(stream: _Bounded, size: int) -> bytes:
    pieces, length = [], 0
    while length < size:
        piece = stream.read(min(1 << 20, size - length))
        if not piece:
            break
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def _old_tar(head: bytes) -> bool:
    """Whether 512 bytes are a tar header of before 1988: its checksum is right."""
    if len(head) < 512:
        return False
    try:
        told = int(head[148:156].strip(b" \x00") or b"-1", 8)
    except ValueError:
        return False
    return told == sum(head[:148]) + 8 * 32 + sum(head[156:512])


def _zip_members(data: bytes, name: str, also: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes | None]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_FILES:
            raise _too_big(name, f"holds {len(members):,} files")
        total = sum(member.file_size for member in members)
        if total > MAX_INFLATED or (total > _RATIO_FROM and total > MAX_RATIO * len(data)):
            raise _too_big(name, f"inflates to {total:,} bytes")
        for member in members:
            if member.is_dir():
                continue
            if member.external_attr >> 28 == 0xA:  # a symbolic link
                yield member.filename, None
            elif member.filename.lower().endswith((*_TEXTS, *also)) and member.file_size <= _MAX_TEXT:
                with archive.open(member) as file:
                    yield member.filename, file.read(member.file_size + 1)
            else:
                yield member.filename, b""


def _safe(path: str) -> str | None:
    """The path inside the archive; None if it points out of it, empty for a hidden file."""
    pure = PurePosixPath(path.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or "\x00" in path or (pure.parts and pure.parts[0].endswith(":")):
        return None
    clean = [part for part in pure.parts if part != "."]
    if any(part.startswith((".", "__MACOSX")) for part in clean):
        return ""
    return "/".join(clean)


def _is_text(path: str, content: bytes) -> bool:
    if not content or b"\x00" in content[:4096] or content.startswith(b"%PDF"):
        return False
    return path.lower().endswith(_TEXTS) or "." not in PurePosixPath(path).name or latex.recognises(content[:4096])


def _may_be_main(path: str, text: str) -> bool:
    return path.lower().endswith((".tex", ".ltx", ".latex")) or "\\document" in text[:20_000] or "\\begin{document}" in text


def _only_file(files: dict[str, bytes], name: str, sha256: str) -> Document:
    """An archive without LaTeX: read its one file by what it is."""
    from claimcheck import readers  # the registry imports this module

    held = {path: content for path, content in files.items() if content}
    pick = next((p for p in held if p.lower().endswith((".html", ".htm"))), None) or next(
        (p for p in held if held[p].startswith(b"%PDF")), None
    )
    if pick is None and len(held) == 1:
        pick = next(iter(held))
    if pick is None or recognises(held[pick][:4096]):
        raise Unreadable("no_source", f"{name}: the archive holds no LaTeX, HTML or PDF file; give the paper itself")
    found = readers.choose(held[pick], pick).read(held[pick], name)
    return found.model_copy(update={"id": name, "sha256": sha256, "version": version(name)})
