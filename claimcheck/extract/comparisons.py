"""Which words of a sentence say, without a number, that something is better, worse, best or worst: a decision learned from annotated sentences.

Each comparing word ("outperforms", "better", "best") states a direction, a rank, or neither: a softmax whose weights are in
`comparisons.json`, fitted by benchmarks/fit_comparisons.py, with what the rules made of the word as evidence.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Literal

from claimcheck.dossier import Assertion, Direction, Rank
from claimcheck.extract.assertions import Read
from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.number_features import Reading, costs, numbers
from claimcheck.extract.outcomes import softmax
from claimcheck.extract.quantities import Amount
from claimcheck.extract.ranking import cue_anchor
from claimcheck.extract.sentences import Cue

Class = Literal["none", "+", "-", "largest", "smallest"]
CLASSES: tuple[Class, ...] = ("none", "+", "-", "largest", "smallest")
COMPARING = ("compare", "change", "adjective", "manner", "delta", "rank")

ADD = 0.55
"""How likely a word must state something that the rules passed over."""

KEEP = 0.4
"""How likely one must be that they took."""

MOST = 40
"""Comparing words of a sentence; one with more is no sentence."""

QUOTED = 60
"""Characters from the word on that are quoted."""


@cache
def weights() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads(files("claimcheck.extract").joinpath("comparisons.json").read_text(encoding="utf-8"))
    return found


def compared(read: Read, vocabulary: Vocabulary) -> Read:
    """What was read, with the comparisons that are stated after all, and without those that are not.

    Only of a sentence that prints a number, as nearly all have that were learned from: without one, most comparing words tell of what
    methods are for.
    """
    if read.marked is None or vocabulary.complete or not 0 < len(comparing(read)) <= MOST or not any(numbers(read.marked)):
        return read
    chosen = classes(read, vocabulary, weights())
    return replace(read, assertions=tuple(asserted(read, chosen)))


def comparing(read: Read) -> list[Cue]:
    """The sentence's comparing words."""
    assert read.marked is not None
    return [item for item in read.marked.items if isinstance(item, Cue) and item.kind in COMPARING]


def placed(read: Read) -> dict[int, list[Assertion]]:
    """The rules' directions and ranks, by the start of the word they hang on."""
    assert read.marked is not None
    found: dict[int, list[Assertion]] = {}
    for assertion in read.assertions:
        if isinstance(assertion, Direction | Rank):
            anchor = cue_anchor(read.marked, assertion.kind, assertion.text)
            if anchor is not None:
                found.setdefault(anchor.start, []).append(assertion)
    return found


def class_of(assertion: Assertion) -> Class:
    if isinstance(assertion, Rank):
        return assertion.order
    return "-" if getattr(assertion, "sign", "+") == "-" else "+"


def classes(read: Read, vocabulary: Vocabulary, weight: Mapping[str, Sequence[float]]) -> dict[int, Class]:
    """What each comparing word states."""
    made = placed(read)
    return {
        cue.start: choose(softmax(names, weight, len(CLASSES)), class_of(made[cue.start][0]) if cue.start in made else "none")
        for cue, names in features(read, vocabulary)
    }


def choose(chances: Sequence[float], rule: Class) -> Class:
    """The class of a word by its probabilities and what the rules said."""
    best = max(range(1, len(CLASSES)), key=lambda n: chances[n])
    if 1 - chances[0] < (ADD if rule == "none" else KEEP):
        return "none"
    return CLASSES[best]


def asserted(read: Read, chosen: Mapping[int, Class]) -> list[Assertion]:
    """The rules' assertions kept or dropped, and new ones; of a direction that turns, the sign."""
    assert read.marked is not None
    made = placed(read)
    of_words = {id(a): start for start, assertions in made.items() for a in assertions}
    result: list[Assertion] = []
    for assertion in read.assertions:
        kind = chosen.get(of_words.get(id(assertion), -1))
        if id(assertion) not in of_words or kind is None or kind == class_of(assertion):
            result.append(assertion)
        elif isinstance(assertion, Direction) and kind in ("+", "-"):
            result.append(assertion.model_copy(update={"sign": kind, "learned": ("sign",)}))
        elif kind != "none":
            result.append(stated(read, of_words[id(assertion)], kind, assertion))
    return result + [stated(read, start, kind, None) for start, kind in sorted(chosen.items()) if kind != "none" and start not in made]


def stated(read: Read, start: int, kind: Class, old: Assertion | None) -> Assertion:
    """A new assertion, with the names that the rules gave the word."""
    assert read.marked is not None
    names = {name: getattr(old, name, "") for name in ("method", "baseline", "dataset", "metric", "regime")}
    quote = read.marked.text[start : start + QUOTED]
    quote = quote if start + QUOTED >= len(read.marked.text) else quote.rsplit(" ", 1)[0]
    open_ = tuple(name for name in ("method", "baseline", "dataset") if not names[name])
    if kind in ("+", "-"):
        return Direction(**names, ambiguous=open_, learned=("value",), infers=True, sign="+" if kind == "+" else "-", text=quote)
    order: Literal["largest", "smallest"] = "largest" if kind == "largest" else "smallest"
    return Rank(**names, ambiguous=open_, learned=("value",), infers=True, order=order, sign="+", text=quote)


def features(read: Read, vocabulary: Vocabulary) -> list[tuple[Cue, list[str]]]:
    """What is known of each comparing word."""
    assert read.marked is not None
    reading, made = Reading(read.marked, read.assertions, vocabulary), placed(read)
    words = comparing(read)
    found = []
    for cue in words:
        own = [
            *itself(reading, cue),
            *ruled(read, made, cue),
            *around(reading, cue),
            *named(reading, cue),
            *shared(read, reading, words, cue),
        ]
        pairs = [f"{cue.kind}{cue.sign}|{x}" for x in own if not x.startswith(("w=", "text="))]
        found.append((cue, list(dict.fromkeys([*own, *pairs, "bias"]))))
    return found


def itself(reading: Reading, cue: Cue) -> Iterator[str]:
    yield f"kind={cue.kind}{cue.sign}"
    yield f"text={cue.text.lower()}"
    yield f"numeric={cue.numeric}"
    yield f"participle={cue.text.lower().endswith('ing')}"


def ruled(read: Read, made: Mapping[int, list[Assertion]], cue: Cue) -> Iterator[str]:
    """What the rules made of the word, and of the sentence."""
    own = class_of(made[cue.start][0]) if cue.start in made else "none"
    yield f"R:{own}"
    yield f"R:{own}&{cue.kind}{cue.sign}"
    kinds = [a.kind for a in read.assertions]
    yield f"R:{own}&values={min(2, kinds.count('Value'))}&differences={min(2, kinds.count('Difference') + kinds.count('Range'))}"
    yield f"R:{own}&others={min(2, sum(start != cue.start for start in made))}"


def around(reading: Reading, cue: Cue) -> Iterator[str]:
    """The words before and after it."""
    n = bisect_left(reading.starts, cue.start)
    last = bisect_left(reading.starts, cue.end)
    left, right = ["^", "^", "^", *reading.words[:n]], [*reading.words[last:], "$", "$", "$"]
    left_tags, right_tags = ["^", "^", "^", *reading.tags[:n]], [*reading.tags[last:], "$", "$", "$"]
    for place in (1, 2, 3):
        yield f"L{place}={left[-place]}"
        yield f"R{place}={right[place - 1]}"
    yield f"L21={left[-2]}_{left[-1]}"
    yield f"R12={right[0]}_{right[1]}"
    yield f"l321={'_'.join(left_tags[-3:])}"
    yield f"r123={'_'.join(right_tags[:3])}"
    yield from (f"lw={w}" for w in dict.fromkeys(left[3:][-6:]))
    yield from (f"rw={w}" for w in dict.fromkeys(right[:-3][:6]))
    yield from (f"rt={t}" for t in dict.fromkeys(right_tags[:-3][:8]))
    yield f"first={reading.words[0] if reading.words else ''}"


def named(reading: Reading, cue: Cue) -> Iterator[str]:
    """Numbers and names on both sides of it, in its clause and beyond, and whether less of what is measured is better."""
    clause = next((c for c in reading.sentence.clauses if c.start <= cue.start < c.end), None)
    for kind in ("method", "dataset", "metric"):
        sides = [(m, "L" if m.end <= cue.start else "R") for m in reading.mentions if m.kind == kind]
        for side in "LR":
            inside = [m for m, s in sides if s == side and clause is not None and clause.start <= m.start < clause.end]
            yield f"{kind}{side}={min(2, len(inside))}/{min(2, sum(s == side for _, s in sides))}"
        if kind == "metric":
            yield f"lower={any(costs(m, reading.vocabulary) for m, _ in sides)}"
    amounts = [a for a in reading.amounts if a.role == "amount"]
    within = [a for a in amounts if clause is not None and clause.start <= a.start < clause.end]
    yield f"numbers={min(3, len(within))}/{min(3, len(amounts))}"
    after = min((a.start - cue.end for a in amounts if a.start >= cue.end), default=999)
    yield f"number-after={'0' if after < 6 else '1' if after < 30 else '2' if after < 90 else '3'}"
    made = sorted({"n" if rule == "none" else "d" if rule in "+-" else "s" for rule in map(reading.rule, within)})
    yield f"R:inside={''.join(made)}"
    own = any(m.own for m in reading.mentions if isinstance(m, Mention))
    yield f"own={own}"


def shared(read: Read, reading: Reading, words: Sequence[Cue], cue: Cue) -> Iterator[str]:
    """The other comparing words, doubts and denials before it, and its place among them."""
    order = words.index(cue)
    yield f"order={min(3, order)}/{min(4, len(words))}"
    for name, near in (("before", order - 1), ("after", order + 1)):
        if 0 <= near < len(words):
            other = words[near]
            gap = cue.start - other.end if near < order else other.start - cue.end
            yield f"{name}={other.kind}{other.sign}{'0' if gap < 4 else '1' if gap < 25 else '2'}"
    doubts = [c for c in reading.cues if c.kind == "hypothetical" and c.end <= cue.start]
    if doubts:
        gap = cue.start - doubts[-1].end
        yield f"doubt={doubts[-1].text.lower()}{'0' if gap < 4 else '1' if gap < 25 else '2'}"
    verb = next((c for c in reversed(reading.cues) if c.end <= cue.start and c.kind in ("score", "copula")), None)
    if verb is not None:
        yield f"verb={verb.text.lower()}{'0' if cue.start - verb.end < 20 else '1'}"
    last = next((i for i in reversed(reading.sentence.items) if i.end <= cue.start and isinstance(i, Amount | Mention)), None)
    yield f"last={'N' if isinstance(last, Amount) else last.kind if isinstance(last, Mention) else ''}"
    yield f"long={min(4, len(reading.words) // 12)}"
    yield f"assertions={min(3, len(read.assertions))}"
