"""Numbers of the prose that stand in the paper's own tables: what their cells' labels say of a slot that the sentence leaves open.

A label counts only if the sentence says its words, so that a number that is not its method's, or not its dataset's, keeps what the
sentence says of it and can be refuted. The one exception is the paper's own method, which "our model" stands for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from claimcheck.dossier import Assertion, Result, Value
from claimcheck.extract.assertions import Read
from claimcheck.extract.lexicon import Vocabulary, key

WORD = re.compile(r"[^\W_]+")
PRONOUN = re.compile(r"we|it|they|this|that|ours|", re.IGNORECASE)
OWN_PHRASE = re.compile(
    r"(?:our|(?:the\s)?(?:proposed|presented))\s(?P<which>(?:[\w-]+\s){0,3})(?:models?|methods?|approach|networks?|frameworks?|systems?)|we|ours",
    re.IGNORECASE,
)
EMPTY_WORDS = frozenset(
    "the a an of on in for with and or our ours full final proposed own new best single set test dev val validation score scores model method".split()  # noqa: SIM905
)
"""Words of a label that a sentence need not repeat."""

LEAST_DIGITS = 3
"""Digits of a number that is unlikely to stand in a table by chance."""

LONGEST_OWN = 3
"""Words of a row's label that is a name for "our model" and no description of a variant."""

TABLE = re.compile(r"\b[Tt]ab(?:le|\.)\s?~?(\w{1,6})")


def telling(value: Decimal) -> bool:
    """Whether a number has so many digits that a cell which prints it is likely meant."""
    _, digits, exponent = value.as_tuple()
    return isinstance(exponent, int) and exponent < 0 and len(digits) >= LEAST_DIGITS


def content(label: str) -> frozenset[str]:
    """The words of a label that say which one it is."""
    return frozenset(word for word in WORD.findall(label.casefold()) if word not in EMPTY_WORDS)


def alike(one: str, other: str) -> bool:
    """Whether one of two names has all words of the other."""
    left, right = content(one), content(other)
    return key(one) == key(other) or (bool(left) and bool(right) and (left <= right or right <= left))


class Said:
    """The words of a sentence and the names they are."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.words = frozenset(WORD.findall(text.casefold()))
        self.spelled = frozenset(WORD.findall(text))
        self.names = {e.name for m in vocabulary.mentions(text) for e in m.entries}
        self.tables = {match.group(1) for match in TABLE.finditer(text)}

    def says(self, label: str) -> bool:
        """Whether the sentence has the name, or all of its words that say something."""
        words = content(label)
        return label in self.names or (bool(words) and words <= self.words)

    def prints(self, label: str) -> bool:
        """The same, written as the label writes it: "greedy" is not the head "Greedy"."""
        return label in self.names or set(WORD.findall(label)) <= self.spelled

    def agreement(self, result: Result) -> tuple[int, bool]:
        """How many of a cell's labels the sentence says, and whether it names the cell's table."""
        title = result.where.detail.split(",")[0]
        named = any(re.search(rf"\b{re.escape(table)}\b", title) for table in self.tables)
        return sum(self.says(name) for name in (result.method, result.dataset, result.metric) if name), named


@dataclass(frozen=True)
class Cells:
    """The scores of a paper's tables, by what they print."""

    by_value: dict[Decimal, list[Result]] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Iterable[Result]) -> "Cells":
        found: dict[Decimal, list[Result]] = {}
        for result in results:
            found.setdefault(abs(result.score.value), []).append(result)
        return cls(found)

    @property
    def printed(self) -> frozenset[Decimal]:
        return frozenset(value for value, found in self.by_value.items() if any(telling(r.score.value) for r in found))

    def settle(self, read: Read, text: str, vocabulary: Vocabulary) -> Read:
        """What was read, with open slots closed by the cells that print the numbers."""
        if not any(isinstance(a, Value) for a in read.assertions):
            return read
        said = Said(text, vocabulary)
        return replace(read, assertions=tuple(self.settled(a, said) for a in read.assertions))

    def settled(self, assertion: Assertion, said: Said) -> Assertion:
        if not isinstance(assertion, Value):
            return assertion
        found = [r for r in self.by_value.get(abs(assertion.value), ()) if fits(r, assertion)]
        best = max((said.agreement(r) for r in found), default=None)
        changes = dict(closed(assertion, [r for r in found if said.agreement(r) == best], said))
        if not changes:
            return assertion
        unsaid = (name for name, label in changes.items() if not said.says(label))
        return assertion.model_copy(
            update={
                **changes,
                "ambiguous": tuple(name for name in assertion.ambiguous if name not in changes),
                "supplied": tuple(dict.fromkeys((*assertion.supplied, *unsaid))),
            }
        )


def fits(result: Result, assertion: Value) -> bool:
    """Whether a cell contradicts nothing that the sentence says of the number."""
    for name in ("dataset", "metric"):
        stated, cell = getattr(assertion, name), getattr(result, name)
        if stated and cell and name not in assertion.ambiguous and not alike(stated, cell):
            return False
    open_ = PRONOUN.fullmatch(assertion.method) or OWN_PHRASE.fullmatch(assertion.method)
    return open_ is not None or alike(assertion.method, result.method)


def closed(assertion: Value, found: Sequence[Result], said: Said) -> Iterator[tuple[str, str]]:
    """The slots that all the cells agree on and the sentence leaves open, if it says their labels."""
    for name in ("method", "dataset", "metric"):
        labels = {getattr(r, name) for r in found}
        label, stated = labels.pop() if len(labels) == 1 else "", getattr(assertion, name)
        if not label:
            continue
        left_open = not stated or (name == "method" and PRONOUN.fullmatch(stated) is not None)
        if (left_open and said.says(label) and (name != "dataset" or said.prints(label))) or (
            name == "method" and is_ours(stated, label, {r.whose for r in found})
        ):
            yield name, label


def is_ours(stated: str, label: str, whose: set[str]) -> bool:
    """Whether a row is what "we" or "our big model" stands for: it is the paper's own, or is told by the same word ("big"), and says little more."""
    own = OWN_PHRASE.fullmatch(stated)
    if own is None or "cited" in whose or len(WORD.findall(label)) > LONGEST_OWN:
        return False
    told = content(own.group("which") or "")
    return told <= content(label) and (bool(told) or whose == {"ours"})
