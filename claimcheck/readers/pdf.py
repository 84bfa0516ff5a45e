"""PDF: words and ruling lines to text and tables, in a child process whose memory and time are limited.

MuPDF is a large C library and PDF a format that bombs fit in; what happens to the child is an outcome here, never ours.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from claimcheck.document import Document, Unreadable
from claimcheck.readers.archive import version
from claimcheck.readers.limits import Limits, Outcome, Server

SUFFIXES: tuple[str, ...] = (".pdf",)

_server = Server(("pymupdf", "claimcheck.readers.pdf_child"))

_MESSAGES = {
    "encrypted": "is encrypted; give its password",
    "not_a_pdf": "is not a PDF, whatever its name says; download it again",
    "damaged": "is damaged beyond reading; download it again",
    "no_pages": "has no page that can be found; download it again",
    "too_big": "is larger than a paper (limits: 2,000 pages, 1,000,000 words, 2 GB of memory)",
    "timeout": "takes longer than 45 s to read; give another source of the paper",
}


def recognises(head: bytes) -> bool:
    """True if the magic number stands where readers look for it."""
    return b"%PDF-" in head[:1024]


def read(data: bytes, name: str, password: str = "", limits: Limits | None = None) -> Document:
    """The Document of a PDF. Raises Unreadable with what hindered; a PDF without text comes back flagged `no_text_layer`."""
    if not recognises(data):
        raise _unreadable("not_a_pdf", name, "")
    outcome = _server.call("claimcheck.readers.pdf_child:read", data, {"name": name, "password": password}, limits or Limits())
    if outcome.status != "ok":
        raise _unreadable(*_reason(outcome, name))
    result: dict[str, Any] = outcome.result
    if "refused" in result:
        raise _unreadable(result["refused"], name, result["detail"])
    result["document"]["sha256"] = hashlib.sha256(data).hexdigest()
    result["document"]["version"] = version(PurePath(name).name)
    return Document.model_validate(result["document"])


def page_image(data: bytes, name: str, page: int, boxes: Sequence[tuple[float, float, float, float]] = (), password: str = "") -> bytes:
    """A PNG of one page, 1-based, with boxes (as Locations give them) drawn in red. Raises Unreadable."""
    options = {"page": page, "boxes": [list(box) for box in boxes], "password": password}
    outcome = _server.call("claimcheck.readers.pdf_child:image", data, options, Limits())
    if outcome.status != "ok":
        raise _unreadable(*_reason(outcome, name))
    result: dict[str, str] = outcome.result
    if "refused" in result:
        raise _unreadable(result["refused"], name, result["detail"])
    return base64.b64decode(result["png"])


def _reason(outcome: Outcome, name: str) -> tuple[str, str, str]:
    reason = {"memory": "too_big", "too_big": "too_big", "timeout": "timeout"}.get(outcome.status, "damaged")
    return reason, name, outcome.detail


def _unreadable(reason: str, name: str, detail: str) -> Unreadable:
    clean = re.sub(r"[^\x20-\x7e]", "?", detail)[:120]
    return Unreadable(reason, f"{name}: {_MESSAGES[reason]}" + (f" ({clean})" if clean else ""))
