"""The names papers go by: arXiv ids and DOIs, recognised strictly, written one way. A name is never a path."""

import re
from html import unescape
from urllib.parse import quote

_ARXIV = r"(?P<id>\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7})(?P<version>v[1-9]\d{0,2})?"
ARXIV_ID = re.compile(rf"(?:arxiv:\s*)?{_ARXIV}", re.IGNORECASE | re.ASCII)
_ARXIV_ADDRESS = re.compile(
    rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html|src|e-print)/{_ARXIV}(?:\.pdf)?/?", re.IGNORECASE | re.ASCII
)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV}", re.IGNORECASE | re.ASCII)
_DOI = re.compile(r"10\.\d{4,9}/[!-~]{1,200}", re.ASCII)
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_TAGS = re.compile(r"</?(?:[ibupa]|sub|sup|em|tt|strong|scp|span|br|title|sec|(?:jats|mml):[\w-]+)\b[^<>]{0,200}>", re.IGNORECASE)


def arxiv_id(text: str) -> tuple[str, str] | None:
    """The id and the version (`v2`, or empty) in an arXiv id, address or DOI; None if it is nothing of the kind."""
    text = _DOI_PREFIX.sub("", text.strip(), count=1) if "arxiv." in text.lower() and "10.48550" in text else text.strip()
    found = ARXIV_ID.fullmatch(text) or _ARXIV_ADDRESS.fullmatch(text) or _ARXIV_DOI.fullmatch(text)
    if found is None:
        return None
    name = found["id"]
    if "/" in name:  # archives are lower case, their subject classes upper: math.GT/0309136
        archive, number = name.split("/")
        area, dot, subject = archive.partition(".")
        name = f"{area.lower()}{dot}{subject.upper()}/{number}"
    return name, (found["version"] or "").lower()


def doi(text: str | None) -> str:
    """A DOI in lower case without its prefix; empty if it is none."""
    bare = _DOI_PREFIX.sub("", (text or "").strip(), count=1).lower()
    return bare if _DOI.fullmatch(bare) else ""


def in_path(name: str) -> str:
    """A DOI or arXiv id as part of an address: its slash stays, everything else that could end the path does not."""
    return quote(name, safe="/:.-_()")


def plain(text: str | None) -> str:
    """A title or an abstract without the markup that databases leave in it, on one line."""
    return " ".join(unescape(_TAGS.sub(" ", text or "")).split())
