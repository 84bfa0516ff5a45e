"""The body of an answer: unpacked, and known to be whole or not.

What a library takes for whole is not always: urllib3 accepts a gzip stream that ends early, and a server that closes the connection instead
of announcing a length may have been cut off.
"""

import json
import zlib
from collections.abc import Iterator
from email.message import Message

import requests

from claimcheck.sources.faults import Fault, SourceFault

_CHUNK = 1 << 16


def unpacked(response: requests.Response, host: str) -> Iterator[bytes]:
    """The body in pieces, unpacked here: the library takes a gzip stream that ends early for whole."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    raw: Iterator[bytes] = response.raw.stream(_CHUNK, decode_content=False)
    if encoding in ("", "identity"):
        return raw
    if encoding in ("gzip", "x-gzip"):
        return _inflated(raw)
    raise SourceFault(Fault.MALFORMED, f"{host} packs its answer in a way we did not ask for")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """A gzip stream of one or more members, and what some servers pad it with. zlib.error if it is damaged or ends early."""
    member, whole, begun = zlib.decompressobj(16 + zlib.MAX_WBITS), False, False
    for chunk in packed:
        left = chunk
        while left:
            if member.eof:
                member, whole = zlib.decompressobj(16 + zlib.MAX_WBITS), True
            try:
                piece = member.decompress(left, _CHUNK * 16)
            except zlib.error:
                if whole and not member.eof:
                    return
                raise
            begun, left = True, member.unconsumed_tail or member.unused_data
            yield piece
    while begun and not member.eof and (piece := member.decompress(b"", _CHUNK * 16)):
        yield piece
    if begun and not member.eof and not whole:
        raise zlib.error("ended early")


def told_its_length(response: requests.Response) -> bool:
    """Whether the end of the body was announced, so that an early one was noticed: by length, by chunks or by the gzip stream."""
    headers = response.headers
    chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
    return headers.get("Content-Length", "").isdigit() or chunked or "gzip" in headers.get("Content-Encoding", "").lower()


def is_whole(data: bytes) -> bool:
    """Whether bytes of unknown length end as their format does. What has no such end is not known to be whole."""
    head, tail = data[:64].lstrip(), data[-2048:].rstrip()
    if head.startswith(b"%PDF"):
        return b"%%EOF" in tail
    if head.startswith(b"\x1f\x8b"):
        try:
            for count, _ in enumerate(_inflated(iter([data]))):
                if count > 1_000:  # a thousand million bytes: no paper
                    return False
        except zlib.error:
            return False
        return True
    if head.startswith((b"{", b"[")):
        try:
            json.loads(data)
        except ValueError:
            return False
        return True
    return head.startswith(b"<") and tail.lower().endswith((b"</html>", b"</feed>"))


def file_name(response: requests.Response) -> str:
    message = Message()
    message["Content-Disposition"] = response.headers.get("Content-Disposition", "")[:500].replace("\n", " ").replace("\r", " ")
    return (message.get_filename() or "")[:200]
