"""The words of a sentence that could fill a slot of an assertion: its names, and the stretches of words between function words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from claimcheck.extract.lexicon import Mention
from claimcheck.extract.quantities import Amount
from claimcheck.extract.sentences import Cue, Item, Marked

WORD = re.compile(r"\[[^\[\]]{0,200}\]|[^\W_]+(?:[-'’./+_&:*][^\W_]+)*[+*]?|\S")
"""A citation, a word with what joins its parts, or one mark."""

FUNCTION_WORDS = frozenset(
    """a an the this that these those it its their our his her they we i he she them us which who whose what there here both all each every
    some any no not only also very much more most less least than on in at of for with without by to from into over under above below between
    among across through during after before while when where whereas if as and or but nor so because since though although however via per vs
    versus against upon about around up down off out then thus hence therefore moreover furthermore additionally further even still already
    just almost nearly approximately roughly respectively again too can could may might must shall should will would do does did be been being
    am using used use uses based compared comparing relative such same other another one two three four five six seven eight nine ten see shows
    shown show note observe observed find found indicate indicates suggest suggests demonstrate demonstrates i.e e.g et al""".split()  # noqa: SIM905
)
PREPOSITIONS = frozenset("of with without on for in using from by at w/o w/ over to as under plus".split())  # noqa: SIM905
ARTICLES = frozenset("the a an our its their".split())  # noqa: SIM905
LINKING = ARTICLES | {"of", "on", "with", "for", "other", "both", "to"}
OPENING = frozenset("without w/o our no other all same previous".split())  # noqa: SIM905
AND = (["and"], ["&"], ["+"], ["and", "the"])
COUNTS = frozenset("two three four five six seven eight nine ten most all both several".split())  # noqa: SIM905
OWN_HEAD = re.compile(r"(?:proposed|presented|new|final|full)\b.*|(?:model|method|system|paper|approach)")
LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Word:
    """A word or mark of a sentence, with the name, number or cue it is part of."""

    text: str
    start: int
    end: int
    item: Item | None
    apart: bool
    """True if no candidate reaches across it: a number, a verb, a function word, a mark."""

    @property
    def lower(self) -> str:
        return self.text.lower()


@dataclass(frozen=True)
class Candidate:
    """Words `first` to `last` of a sentence, and how they were found."""

    start: int
    end: int
    first: int
    last: int
    how: str
    mentions: tuple[Mention, ...]
    """The names within or across it."""

    exact: Mention | None
    """The name that is just these words."""

    text: str

    @property
    def name(self) -> str:
        return self.exact.name if self.exact is not None else self.text


def words(sentence: Marked) -> list[Word]:
    """The sentence's words in order."""
    found, waiting = [], list(sentence.items)
    for match in WORD.finditer(sentence.text):
        start, end = match.span()
        waiting = [item for item in waiting if item.end > start]
        over = [item for item in waiting if item.start < end]
        item = next((i for i in over if isinstance(i, Mention)), over[-1] if over else None)
        found.append(Word(match.group(), start, end, item, is_apart(match.group().lower(), item)))
    return found


def is_apart(word: str, item: Item | None) -> bool:
    if isinstance(item, Mention):
        return False
    verb = isinstance(item, Cue) and item.kind not in ("rank", "adjective", "delta")
    return verb or isinstance(item, Amount) or word in FUNCTION_WORDS or word.startswith("[") or LETTER.search(word) is None


def candidates(sentence: Marked, found: list[Word]) -> list[Candidate]:
    """Every stretch of words that may name something, each once."""
    mentions = [item for item in sentence.items if isinstance(item, Mention)]
    spans: dict[tuple[int, int], tuple[int, int, str]] = {}
    for mention in mentions:
        within = [n for n, word in enumerate(found) if word.start < mention.end and mention.start < word.end]
        if within:
            spans.setdefault((mention.start, mention.end), (within[0], within[-1], "mention"))
    for first, last, how in stretches(found):
        spans.setdefault((found[first].start, found[last].end), (first, last, how))
    result = []
    for (start, end), (first, last, how) in spans.items():
        over = tuple(m for m in mentions if m.start < end and start < m.end)
        exact = next((m for m in over if m.start == start and m.end == end), None)
        result.append(Candidate(start, end, first, last, how, over, exact, sentence.text[start:end]))
    return result


def stretches(found: list[Word]) -> Iterator[tuple[int, int, str]]:
    """Runs of words that nothing sets apart, their ends and beginnings, two with a preposition between, and what is done with one."""
    runs = list(unbroken(found))
    for first, last in runs:
        yield first, last, "run"
        yield from ((n, last, "end") for n in range(max(first + 1, last - 3), last + 1))
        yield from ((first, n, "beginning") for n in range(max(first, last - 2), last))
    for (left, right), (begin, end) in pairwise(runs):
        gap = [word.lower for word in found[right + 1 : begin]]
        if 1 <= len(gap) <= 3 and gap[0] in PREPOSITIONS and ARTICLES.issuperset(gap[1:]):
            yield left, end, "joined"
        elif gap in AND:
            yield left, end, "listed"
    for first, last in runs:
        if first and counts(found[first - 1]):
            yield first - 1, last, "counted"
        if first and found[first - 1].lower in ("the", "this") and OWN_HEAD.fullmatch(" ".join(w.lower for w in found[first : last + 1])):
            yield first - 1, last, "definite"
    for n, word in enumerate(found[:-1]):
        if word.lower in ("we", "our", "ours"):
            yield n, n, "we"
        if word.text.startswith("[") and len(word.text) > 2:
            yield n, n, "cited"
        if word.lower.endswith("ing") or word.lower in OPENING:
            for first, last in runs:
                if n < first <= n + 3 and LINKING.issuperset(w.lower for w in found[n + 1 : first]):
                    yield n, last, "doing"


def counts(word: Word) -> bool:
    """Whether a word says how many: "four settings", "11 categories"."""
    return isinstance(word.item, Amount) or word.lower in COUNTS or word.text.isdecimal()


def unbroken(found: list[Word]) -> Iterator[tuple[int, int]]:
    first: int | None = None
    for n, word in enumerate(found):
        if word.apart:
            if first is not None:
                yield first, n - 1
            first = None
        elif first is None:
            first = n
    if first is not None:
        yield first, len(found) - 1
