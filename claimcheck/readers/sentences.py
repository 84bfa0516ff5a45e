"""Where sentences end, and whether a text stops before its sentence does. For every reader of running text."""

import re
from collections.abc import Iterable

from claimcheck.document import Location, Sentence

END = re.compile(r"(?<![.!?…])[.!?…]++[)\]}\"'”’»*_]*+(?=\s)")
"""Possessive, and only at the start of a run of marks, so that a megabyte of dots takes linear time."""

ABBREVIATION = re.compile(
    r"e\.g|i\.e|figs?|eqs?|eqn|secs?|tabs?|thm|def|prop|app|appx|vs|cf|approx|resp|dr|prof|mrs?|ms|nos?|vol|pp|p\.p|ch|st|s\.t|refs?|w\.r\.t|wrt"
    r"|ca|viz|a\.k\.a|i\.i\.d|w\.l\.o\.g|avg|std|dept|univ|jr|sr|est|incl|excl",
    re.IGNORECASE,
)
"""A word whose full stop does not end a sentence, whatever follows."""

CITED = re.compile(r"[(\[]|(?:19|20)\d\d\b")
"""What goes on after "et al.": the citation's number or year. A capital begins a new sentence there as elsewhere."""

OPENS = re.compile(r"[\"'“‘(\[]{0,3}(?:[^\W_a-z]|[a-z]{1,4}[A-Z0-9]|[a-z]\s?[-–]|[$↑↓∼~≈+−-])")
"""What a new sentence may begin with: a capital, a digit, a sign, or a name such as `iGPT`, `mT5`, `k-NN`."""

FUNCTION_WORD = re.compile(
    r"an?|the|of|to|in|on|at|by|for|from|with|without|over|under|into|onto|than|and|or|but|nor|while|whereas|although|though|because|if|as|that"
    r"|which|who|whose|when|where|is|are|was|were|be|been|has|have|had|do|does|not|its?|their|our|we|they|this|these|those|more|less|most|least"
    r"|very|particularly|especially|only|also|both|n?either|between|among|across|against|via|per|such",
    re.IGNORECASE,
)
"""No finished English sentence ends in one of these, but for a few pronouns."""

CUT_MARK = re.compile(r"\s*+(?:\[cut off\]|\[truncated\]|\[…\]|\[\.\.\.\])$", re.IGNORECASE)
"""What our own synopses write after a sentence whose source is cut off."""


INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Where a line may or may not break, and byte order marks: printed by nobody, they would cut words and numbers in two."""


def fold(text: str) -> str:
    """The text with runs of breaking white space as one space; thin and no-break spaces are part of numbers and stay."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", INVISIBLE.sub("", text)).strip()


def spans(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of a folded paragraph."""
    found, start = [], 0
    for match in END.finditer(text):
        if ends_here(text, match):
            found.append((start, match.end()))
            start = match.end()
            while start < len(text) and text[start].isspace():
                start += 1
    if start < len(text):
        found.append((start, len(text)))
    return found


def split(text: str) -> list[str]:
    """The sentences of a folded paragraph, as printed."""
    return [text[start:end] for start, end in spans(text)]


def ends_here(text: str, end: re.Match[str]) -> bool:
    """Whether the marks at `end` end a sentence: a new one seems to begin, and they are not an abbreviation's."""
    after = text[end.end() : end.end() + 8].lstrip()
    if not after:
        return text[end.end() :].isspace()
    if not OPENS.match(after):
        return False
    if end.group()[0] != ".":
        return True
    word = text[max(0, end.start() - 24) : end.start()].replace("(", " ").replace("[", " ")
    word = "" if word.endswith(" ") else word.rsplit(" ", 1)[-1].lstrip("\"'“‘")
    if ABBREVIATION.fullmatch(word) and not (len(word) > 1 and word.isupper()):  # "Sr." is one, the acronym "SR" none
        return False
    if word.lower() == "al" and CITED.match(after):
        return False
    return not (len(word) == 1 and word.isupper() and word.isascii() and word not in "IAVX")  # an initial: "J. Doe"


def sentences_of(lines: Iterable[tuple[int, str]], document: str, detail: str = "") -> tuple[Sentence, ...]:
    """The sentences of one paragraph, given as numbered lines; each is located at the line it starts on."""
    starts: list[tuple[int, int]] = []
    parts, length = [], 0
    for number, line in lines:
        piece = fold(line)
        if piece:
            starts.append((length, number))
            parts.append(piece)
            length += len(piece) + 1
    text = " ".join(parts)
    found = spans(text)
    return tuple(
        sentence(
            text[start:end],
            Location(document=document, line=line_at(starts, start), detail=detail),
            peers_end=len(found) > 1,  # the sentences before it in its paragraph do end
        )
        for start, end in found
    )


def line_at(starts: list[tuple[int, int]], offset: int) -> int:
    return max((number for start, number in starts if start <= offset), default=1)


def sentence(text: str, where: Location, *, peers_end: bool = False) -> Sentence:
    """One Sentence; a trailing `[cut off]` is a mark of ours and no part of it."""
    mark = CUT_MARK.search(text[-16:])
    if mark:
        return Sentence(text=text[: len(text[:-16]) + mark.start()].rstrip(), where=where, truncated=True)
    return Sentence(text=text, where=where, truncated=cut_off(text, peers_end=peers_end))


def cut_off(text: str, *, peers_end: bool = False) -> bool:
    """Whether a text stops before its sentence does; nothing is ever completed.

    It does if it has no final mark and either a bracket is left open, or the last word cannot end a sentence, or the
    texts beside it (`peers_end`: the other entries of its column or list) do have final marks.
    """
    bare = text.rstrip().rstrip("\"'”’*_")
    if len(bare.split()) < 3 or finished(bare):
        return False
    if bare.endswith(("…", "-", "–", ",", "(", "/", "+")):
        return True
    last = re.split(r"[\s(\[{]", bare[-40:])[-1]
    return peers_end or FUNCTION_WORD.fullmatch(last) is not None or bare.count("(") > bare.count(")") or bare.count("[") > bare.count("]")


def finished(text: str) -> bool:
    """Whether the text ends in a final mark, perhaps inside closing brackets or quotes."""
    bare = text.rstrip().rstrip(")]}\"'”’»*_")
    return bare.endswith((".", "!", "?", ":", ";")) and not bare.endswith("...")
