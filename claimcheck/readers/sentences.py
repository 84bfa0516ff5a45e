"""Where one sentence of running text ends and the next begins: for readers of every format.

Rules, no model: a paper's full stops stand mostly in numbers, abbreviations, initials and citations, and those can be listed.
"""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)")
_OPENS_SENTENCE = re.compile(r"[\"'“‘(\[]*[A-Z0-9α-ωΑ-Ω$↑↓∼~≈]|[\"'“‘(\[]*[a-z]+[A-Z0-9]|[\"'“‘(\[]*[a-z]\s*[-–]")
_LAST_WORD = re.compile(r"(\S+)$")
_INITIAL = re.compile(r"(?:[A-Z]\.)*[A-Z]")

_NEVER_END = frozenset(
    [
        "e.g",
        "i.e",
        "cf",
        "vs",
        "viz",
        "resp",
        "approx",
        "ca",
        "fig",
        "figs",
        "eq",
        "eqs",
        "eqn",
        "sec",
        "secs",
        "tab",
        "tabs",
        "ref",
        "refs",
        "app",
        "thm",
        "def",
        "prop",
        "no",
        "nos",
        "vol",
        "pp",
        "ch",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "jr",
        "sr",
        "w.r.t",
        "i.i.d",
        "a.k.a",
        "w.l.o.g",
        "s.t",
    ]
)
"""Abbreviations that a capital letter or a number may follow inside one sentence, without their last full stop."""

_END_BEFORE_CAPITAL = frozenset(["al", "etc", "inc", "ltd", "co", "corp"])
"""Abbreviations that end a sentence only if a capital follows that does not look like a citation."""


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences of `text`, in order, without the white space between them."""
    start = _skip_space(text, 0)
    for match in _END.finditer(text):
        end = match.end()
        if end >= len(text) or end <= start:
            continue
        if _ends(text, start, match):
            yield start, end
            start = _skip_space(text, end)
    tail = len(text.rstrip())
    if tail > start:
        yield start, tail


def split(text: str) -> list[str]:
    """The sentences of `text` as printed."""
    return [text[start:end] for start, end in spans(text)]


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    following = text[_skip_space(text, match.end()) :][:24]
    if not _OPENS_SENTENCE.match(following):
        return False
    if match.group()[0] != "." or match.group().startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(start, match.start() - 40), match.start())
    if word is None:
        return True
    bare = word.group(1).lstrip("\"'“‘([").lower()
    if bare in _NEVER_END:
        return False
    if bare in _END_BEFORE_CAPITAL:
        return following[0].isupper()
    # "J. Smith" is a name; "option B. We" and "the value of K. Then" are rarer than initials before a capitalised word.
    return not (_INITIAL.fullmatch(word.group(1).lstrip("\"'“‘([")) and len(word.group(1)) == 1 and following[0].isupper())


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
