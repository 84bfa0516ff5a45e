"""One sentence, marked up: its names, numbers and cue words, and the clauses they stand in.

Rules over a plain reading from left to right, without a parser. Each cue is one line of the table `CUES`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.names import guessed
from claimcheck.extract.phrases import described
from claimcheck.extract.quantities import MASK, Amount, amounts, mask

LONGEST = 3000
"""Characters of the longest sentence that is read; longer ones are tables or data that lost their lines."""

CueKind = Literal["change", "compare", "score", "delta", "adjective", "manner", "rank", "trend", "causal", "hypothetical", "copula"]
Sign = Literal["+", "-", ""]

CUES: tuple[tuple[CueKind, Sign, bool, str], ...] = (
    # kind, sign, whether the word speaks of the number itself ("increase") rather than of better or worse, pattern
    (
        "compare",
        "+",
        False,
        r"outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|beats?|beating|outscor(?:es?|ed|ing)"
        r"|compar(?:es?|ed|ing)\s(?:very\s)?favou?rably\s(?:to|with|against)",
    ),
    (
        "compare",
        "-",
        False,
        r"underperform(?:s|ed|ing)?|(?:lag(?:s|ged|ging)?|fall(?:s|ing)?|fell|trail(?:s|ed|ing)?)\s(?:far\s|slightly\s)?(?:behind|below|short of)|trails",
    ),
    (
        "change",
        "+",
        False,
        r"improv(?:es?|ed|ing)|boost(?:s|ed|ing)?|enhanc(?:es?|ed|ing)|benefit(?:s|ed|ing)?|help(?:s|ed|ing)?|strengthen(?:s|ed|ing)?|promot(?:es|ed|ing)",
    ),
    (
        "change",
        "+",
        True,
        r"increas(?:es?|ed|ing)|rais(?:es?|ed|ing)|gain(?:s|ed|ing)?|ris(?:es?|ing)|rose|add(?:s|ing)?(?=\s(?:another\s|an\sadditional\s)?[+\d])|climb(?:s|ed|ing)?|lift(?:s|ed|ing)?",
    ),
    (
        "change",
        "-",
        False,
        r"hurt(?:s|ing)?|harm(?:s|ed|ing)?|degrad(?:es?|ed|ing)|worsen(?:s|ed|ing)?|deteriorat(?:es?|ed|ing)|impair(?:s|ed|ing)?|suffer(?:s|ed|ing)?",
    ),
    (
        "change",
        "-",
        True,
        r"decreas(?:es?|ed|ing)|reduc(?:es?|ed|ing)|drop(?:s|ped|ping)?|los(?:es?|t|ing)|lower(?:s|ed|ing)|fall(?:s|ing)?|fell|declin(?:es?|ed|ing)"
        r"|cut(?:s|ting)?|costs?(?=\s(?:[+\d−-]|accuracy|performance|about|up|it|us|nearly|\ue000))|sacrific(?:es?|ed|ing)|sav(?:es?|ed|ing)(?=\s[\d~])|bring(?:s|ing)?\s(?:\w+\s|\ue000+\s){1,3}?down(?=\sto\s)|shrink(?:s|ing)?|shrank",
    ),
    (
        "score",
        "",
        False,
        r"achiev(?:es?|ed|ing)|reach(?:es|ed|ing)?|obtain(?:s|ed|ing)?|attain(?:s|ed|ing)?|scor(?:es|ed|ing)|gets?|got|getting|yield(?:s|ed|ing)?"
        r"|giv(?:es|ing)|gave|deliver(?:s|ed|ing)?|report(?:s|ed)?|record(?:s|ed)|produc(?:es?|ed|ing)|show(?:s|ed|ing)?|provid(?:es?|ed|ing)|has|have"
        r"|establish(?:es|ed)(?=\s(?:a|the)\s)|sets?(?=\sa\snew)|(?:takes?|requires?|needs?)(?=\s[\d~])|rang(?:es?|ed)(?=\s(?:from|between))|(?:lead(?:s|ing)?|led)\s(?:only\s|also\s)?to|result(?:s|ed|ing)?\sin|bring(?:s|ing)?|brought|perform(?:s|ed)?\sat",
    ),
    ("manner", "-", False, r"(?:perform(?:s|ed|ing)?|does|do|did|doing|far(?:es?|ed))\s(?:\w+\s)?(?:poorly|badly|worse)"),
    ("manner", "+", False, r"(?:perform(?:s|ed|ing)?|does|do|did|doing|far(?:es?|ed))\s(?:\w+\s)?(?:well|better|strongly)"),
    ("rank", "+", False, r"(?:perform(?:s|ed|ing)?|does|do|did|far(?:es?|ed))\s(?:the\s)?(?:(?:second|third)[ -])?best"),
    ("rank", "-", False, r"(?:perform(?:s|ed|ing)?|does|do|did|far(?:es?|ed))\s(?:the\s)?(?:(?:second|third)[ -])?worst"),
    ("delta", "+", False, r"improvements?|gains?|boosts?|advantages?|uplifts?|margins?"),
    ("delta", "+", True, r"increases?|increments?|rises?"),
    ("delta", "-", False, r"degradations?|deteriorations?|penalt(?:y|ies)|deficits?|regressions?"),
    ("delta", "-", True, r"drops?|loss(?:es)?|decreases?|reductions?|declines?"),
    ("adjective", "+", False, r"better|stronger|superior|faster|more efficient"),
    ("adjective", "+", True, r"higher|greater|larger|more accurate"),
    ("adjective", "-", False, r"worse|weaker|inferior|poorer|slower"),
    ("adjective", "-", True, r"lower|smaller|fewer|less(?: accurate)?"),
    (
        "rank",
        "+",
        False,
        r"(?:(?:second|third|2nd|3rd)[ -])?(?:largest|biggest|highest|greatest|strongest|best)(?:[ -]performing|[ -]scoring)?",
    ),
    ("rank", "-", False, r"(?:(?:second|third|2nd|3rd)[ -])?(?:smallest|lowest|weakest|worst)(?:[ -]performing|[ -]scoring)?"),
    (
        "trend",
        "+",
        False,
        r"(?:often\s|usually\s)?(?:coincid(?:es?|ed)|correlat(?:es?|ed)(?:\spositively)?|(?:is|are|was|were)\s(?:positively\s)?(?:associated|correlated)"
        r"|go(?:es)?(?:\shand\sin\shand)?|com(?:es?)|came|accompany|accompanies|(?:is|are)\saccompanied)\s(?:with|by)",
    ),
    (
        "trend",
        "-",
        False,
        r"(?:com(?:es?)|came)\sat\sthe\s(?:cost|expense|price)\sof|(?:correlat(?:es?|ed)\s(?:negatively|inversely)"
        r"|(?:is|are|was|were)\s(?:negatively|inversely)\s(?:associated|correlated))\swith|trad(?:es?|ed|ing)\soff?\s(?:against|with|for)|trad(?:es?|ed)\s(?:away\s)?for",
    ),
    (
        "causal",
        "",
        False,
        r"confirm(?:s|ed|ing)?|prov(?:es?|ed|ing)|because|due to|owing to|thanks to|as a result of|caus(?:es?|ed|ing)|attribut(?:ed|able) to"
        r"|demonstrat(?:es?|ed|ing)(?: that)?"
        r"|responsible for|explains why|explained by",
    ),
    (
        "hypothetical",
        "",
        False,
        r"not|n['’]t|cannot|neither|nor|never|without|fail(?:s|ed|ing)?\sto|unable\sto|may|might|could|would|should|will|expect(?:s|ed)?|aim(?:s|ed)?|hope|if"
        r"|suspect|believe|conjecture|speculate|assume|in order to|hypothesi[sz]e|whether|as long as|provided that|unless"
        r"|goal|designed to|intended to|able to|try|tries|no",
    ),
    ("copula", "", False, r"is|are|was|were|remains?|stands? at|stays? at"),
)
CUE = re.compile(r"(?<![\w-])(?:" + "|".join(f"({pattern})" for *_, pattern in CUES) + r")(?![\w]|-[a-z])", re.IGNORECASE)

ARTICLE = re.compile(
    r"\b(?:an?\s[a-z-]{3,20}|gives?|gave|an?|the|this|these|its|their|our|no|any|of|larger?|largest|biggest|small|significant|consistent|substantial|relative|absolute"
    r"|reasoning|performance|accuracy|point)$",
    re.IGNORECASE,
)
"""What stands before a noun: "the gain", "a consistent drop"."""

ADJECTIVAL = re.compile(
    r"\b(?:an?|the|our|its|this|their|with|of|for)\s(?:improved|enhanced|increased|reduced|degraded|lowered|lost)$", re.IGNORECASE
)
"""A participle before a noun: "our improved training"."""

STRONG_BREAK = re.compile(
    r";|(?<=[\d%]\s)where(?=\s(?:the|our|its|\ue000))|(?<!\w)(?:but|while|whilst|whereas|although|though|yet|however|whereby)(?!\w)|(?<=\s)[—–](?=\s)|—"
    r"|,\s(?:suggesting|indicating|implying|showing|demonstrating|meaning|confirming|verifying|highlighting)(?!\w)"
    r"|(?<=[a-z]{3}\s)we(?=\s(?:can\s|could\s)?(?:further\s|also\s)?[a-z]{3,})",
    re.IGNORECASE,
)
CITATION = re.compile(r"\s\[[^\[\]]{0,200}\]")
WEAK_BREAK = re.compile(r",\s(?:and\s|or\s|which\s|thereby\s|thus\s|then\s)?|\s(?:and|which|that|to|by|when)\s", re.IGNORECASE)
PREDICATES = ("change", "compare", "score", "manner")
NOMINAL = ("trend", "rank", "delta", "adjective", "copula")
"""Cues that make a statement without such a verb."""


@dataclass(frozen=True)
class Cue:
    """A word that says what the names and numbers around it mean."""

    kind: CueKind
    sign: Sign
    numeric: bool
    start: int
    end: int
    text: str


Item = Mention | Amount | Cue


@dataclass(frozen=True)
class Clause:
    """A stretch of the sentence with at most one predicate, and the items in it."""

    start: int
    end: int
    items: tuple[Item, ...]

    def of(self, *kinds: str) -> tuple[Mention, ...]:
        return tuple(mention for mention in self._mentions if mention.kind in kinds)

    def cues(self, *kinds: str) -> tuple[Cue, ...]:
        return tuple(cue for cue in self._cues if cue.kind in kinds)

    # Asked for once a number, so that a clause of many numbers looks through its items once.

    @cached_property
    def _mentions(self) -> tuple[Mention, ...]:
        return tuple(item for item in self.items if isinstance(item, Mention))

    @cached_property
    def _cues(self) -> tuple[Cue, ...]:
        return tuple(item for item in self.items if isinstance(item, Cue))

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        return tuple(item for item in self.items if isinstance(item, Amount))

    @cached_property
    def predicate(self) -> Cue | None:
        """The verb: a change or comparison before a mere "achieves"."""
        cues = self.cues(*PREDICATES)
        return next((cue for cue in cues if cue.kind != "score"), cues[0] if cues else None)


@dataclass(frozen=True)
class Marked:
    """A sentence with everything recognised in it."""

    text: str
    masked: str
    truncated: bool
    items: tuple[Item, ...]
    clauses: tuple[Clause, ...]
    complete: bool = False
    """True if a study knows every name the paper uses."""

    def between(self, left: Item | int, right: Item | int) -> str:
        """The words between two items, masked, without citations."""
        start = left if isinstance(left, int) else left.end
        end = right if isinstance(right, int) else right.start
        words = self.masked[start:end]
        return CITATION.sub("", words) if "[" in words else words


def marked(text: str, vocabulary: Vocabulary, *, truncated: bool = False) -> Marked:
    """The sentence's names, numbers and cues, in clauses. A name that the source cuts off is resolved only if unique."""
    mentions = vocabulary.mentions(text)
    if not vocabulary.complete:
        mentions = described(text, guessed(text, mentions))
    if truncated:
        mentions = with_cut_name(text, mentions, vocabulary)
    masked = mask(text, ((m.start, m.end) for m in mentions))
    numbers = amounts(masked)
    cues = tuple(read_cues(masked, numbers))
    items: list[Item] = [*mentions, *numbers, *cues]
    items.sort(key=lambda item: (item.start, item.end))
    return Marked(text, masked, truncated, tuple(items), tuple(clauses(masked, items)), vocabulary.complete)


def with_cut_name(text: str, mentions: tuple[Mention, ...], vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """The mentions, with the last word completed to a dataset of the paper if just one begins so."""
    word = re.search(r"[^\s(\[,;]{1,40}$", text[-41:])
    if word is None or (mentions and mentions[-1].end == len(text)):
        return mentions
    entry = vocabulary.completing(word.group())
    if entry is None:
        return mentions
    start = len(text) - len(word.group())
    return (
        *(m for m in mentions if m.end <= start),
        Mention(entry.kind, entry.name, word.group(), start, len(text), True, cut=True, entries=(entry,)),
    )


def read_cues(masked: str, numbers: Sequence[Amount]) -> Iterator[Cue]:
    """The cue words, a noun told from a verb by what stands before it."""
    for match in CUE.finditer(masked):
        if match.lastindex is None or any(a.start <= match.start() < a.end for a in numbers):
            continue
        kind, sign, numeric, _ = CUES[match.lastindex - 1]
        if kind == "change" and ADJECTIVAL.search(masked[max(0, match.start() - 12) : match.end()]):
            continue
        if kind == "change" and is_noun(masked, match, numbers):
            kind, numeric = "delta", numeric and not re.match(r"gain|boost", match.group(), re.IGNORECASE)  # "perplexity gains" lower it
        yield Cue(kind, sign, numeric, match.start(), match.end(), match.group())


def is_noun(masked: str, match: re.Match[str], numbers: Sequence[Amount]) -> bool:
    """Whether "gains", "drop", "increase" is a noun here: after an article, an adjective or a number, or before "of"."""
    word = match.group().lower()
    if not re.fullmatch(r"gains?|boosts?|drops?|increases?|decreases?|declines?|falls?|rises?|lifts?|cuts?|help|benefits?|hurt|harm", word):
        return False
    before = masked[max(0, match.start() - 30) : match.start()].rstrip()
    if re.match(r"\s(?:the|our|its|their)\s", masked[match.end() : match.end() + 8]):
        return False  # "a flow decreases the error"
    if any(0 <= match.start() - a.end <= 2 for a in numbers):
        return True
    if re.search(rf"(?:\.\d+|\d\s?%)\s(?:absolute\s|relative\s)?{MASK}+$", before):  # "a 3.2 mAP gain"
        return True
    if re.match(r"\s(?:of|in)\s", masked[match.end() : match.end() + 4]) and word not in ("falls", "rises"):
        return not before.endswith((MASK, "s"))
    return ARTICLE.search(before) is not None


def clauses(masked: str, items: Sequence[Item]) -> Iterator[Clause]:
    """The sentence cut where a new predicate begins.

    A part without one belongs to its neighbour, but not across "but" or "while": what follows may have a verb we do not know.
    """
    cuts = sorted({0, *breaks(masked, items), len(masked)})
    parts = [(start, end) for start, end in pairwise(cuts) if end > start]
    merged: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in parts:
        begin = start if waiting is None else waiting
        inside = [item for item in items if begin <= item.start < end]
        if any(isinstance(item, Cue) and item.kind in PREDICATES + NOMINAL for item in inside) or (
            merged and STRONG_BREAK.match(masked, start)
        ):
            merged.append((begin, end))
            waiting = None
        else:
            waiting = begin
    if waiting is not None:
        merged = [*merged[:-1], (merged[-1][0], len(masked))] if merged else [(waiting, len(masked))]
    for start, end in merged:
        yield Clause(start, end, tuple(item for item in items if start <= item.start < end))


def breaks(masked: str, items: Sequence[Item]) -> Iterator[int]:
    """Where one clause may end: at "but", "while", ";", and at "and", "," if a subject and a verb follow."""
    depth = depths(masked)
    for match in STRONG_BREAK.finditer(masked):
        if depth[match.start()] == 0:
            yield match.start()
    within = [(item.start, item.end) for item in items if isinstance(item, Amount)]
    for match in WEAK_BREAK.finditer(masked):
        if any(start <= match.start() < end for start, end in within):
            continue  # "from 0.073 to 0.061 on A and improves"
        if depth[match.start()] == 0 and opens_clause(masked, match, items):
            yield match.start()


def depths(text: str) -> list[int]:
    """How many brackets are open at each character; one that is never closed opens nothing."""
    found, level = [], 0
    for character in text:
        if character in ")]" and level:
            level -= 1
        found.append(level)
        if character in "([":
            level += 1
    return found


def opens_clause(masked: str, separator: re.Match[str], items: Sequence[Item]) -> bool:
    """Whether names at most, and then a verb, follow the separator before any number or further separator."""
    for item in items:
        if item.start < separator.end():
            continue
        if isinstance(item, Mention) and item.kind != "metric":
            continue
        if not isinstance(item, Cue) or item.kind not in PREDICATES:
            return False
        gap = masked[separator.end() : item.start]
        return len(gap.replace(MASK, "").split()) <= 6 and not re.search(r"[,;()]", gap)
    return False
