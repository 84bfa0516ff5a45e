"""Foreign text made safe to print: in a terminal, in HTML and in Markdown. Titles, claims and paths are data, never markup."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import Markup
from markupsafe import escape as html

LINKED = ("http", "https", "mailto")
"""Schemes a report links to. Autoescaping alone would let `javascript:` through."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_URL = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\\|{}^\[\]]+", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)")

_SPECIAL = re.compile(r"([\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_LEADING = re.compile(r"^(?:([-+=#])|(\d{1,9})([.)]))(?=\s|$|[-+=#])")


def cleaned(value: object) -> str:
    """A value as it may be printed: no control, escape or text-direction characters; None as a dash. Markup stays Markup."""
    if value is None:
        return "–"
    text = _INVISIBLE.sub("", str(value))
    return made(text) if isinstance(value, Markup) else text


def made(text: str) -> Markup:
    """Declare text to be markup: only for what this package wrote itself or has already escaped for the format at hand."""
    return Markup(text)  # noqa: S704  # the one place where it is said


def linked(text: str) -> Markup:
    """Foreign text with its web and mail addresses, and an arXiv id that is the whole of it, made into links."""
    text = cleaned(text)
    if found := _ARXIV.fullmatch(text):
        return Markup('<a href="https://arxiv.org/abs/{0}" rel="noreferrer noopener">{1}</a>').format(found[1], text)
    anchor = Markup('<a class="url" href="{0}" rel="noreferrer noopener">{0}</a>')
    return Markup("").join(anchor.format(part) if is_address else html(part) for part, is_address in split_addresses(text))


def split_addresses(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is an address that may be linked."""
    end = 0
    for found in _URL.finditer(text):
        address = found[0].rstrip(".,;:!?)")
        if allowed(address):
            yield text[end : found.start()], False
            yield address, True
            end = found.start() + len(address)
    yield text[end:], False


def allowed(url: str) -> bool:
    """Only schemes in LINKED; a web address must name a host and carry no user name, which could pass for one."""
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    return split.scheme.lower() in LINKED and (split.scheme.lower() == "mailto" or (bool(split.hostname) and "@" not in split.netloc))


def markdown(value: object) -> Markup:
    """A value as Markdown that reads as its plain text, on one line, in running text and in table cells alike."""
    if isinstance(value, Markup):
        return made(cleaned(value))
    text = " ".join(cleaned(value).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\1", text)
    return made(_LEADING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text))


def code(value: object) -> Markup:
    """A name, path or command as a code span, if nothing in it could end one or split a table cell; else as plain text."""
    text = " ".join(cleaned(value).split())
    return markdown(text) if not text or set(text) & set("`|\\<>&") else made(f"`{text}`")


def linked_markdown(text: str) -> Markup:
    """Foreign text with its addresses as autolinks, and an arXiv id that is the whole of it as a link."""
    text = " ".join(cleaned(text).split())
    if found := _ARXIV.fullmatch(text):
        return made(f"[{text}](https://arxiv.org/abs/{found[1]})")
    return made("".join(f"<{part}>" if is_address else markdown_piece(part) for part, is_address in split_addresses(text)))


def markdown_piece(text: str) -> str:
    """Escaped like `markdown`, with the white space at its ends, which parts it from its neighbours."""
    return " " * text.startswith(" ") + markdown(text) + " " * (text.endswith(" ") and text != " ")


def printable(name: str) -> str:
    """A file's name as text: bytes of it that are no UTF-8 become replacement characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
