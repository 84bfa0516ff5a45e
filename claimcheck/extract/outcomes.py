"""Which numbers of a sentence are results, and of which kind: a decision learned from annotated sentences, with the rules' as evidence.

A number is no result, a score, or a difference upwards or downwards: a softmax whose weights are in `outcomes.json`, fitted by
benchmarks/fit_outcomes.py. Only papers that no study knows are read so.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from claimcheck.dossier import Assertion, Difference, Range, Value
from claimcheck.extract.assertions import Read, averaged
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.measures import delta_unit, score_unit, unclear
from claimcheck.extract.number_features import Part, amounts_of, class_of, features, numbers, ruled
from claimcheck.extract.quantities import Amount

Class = Literal["none", "score", "+", "-"]
CLASSES: tuple[Class, ...] = ("none", "score", "+", "-")

ADD = 0.75
"""How likely a number must be a result that the rules passed over."""

KEEP = 0.5
"""How likely one must be that they found."""

CHANGE = 0.5
"""The share of its being a result that another kind or sign must have than the rules gave."""

MOST = 60
"""Numbers of a sentence; one with more is a table or data that lost its lines."""

SLOTS = ("method", "dataset", "metric", "regime")
Place = tuple[int, Part]


@cache
def weights() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads(files("claimcheck.extract").joinpath("outcomes.json").read_text(encoding="utf-8"))
    return found


def decided(read: Read, vocabulary: Vocabulary) -> Read:
    """What was read, with the numbers that are results after all, without those that are none, and kinds and signs set right."""
    if read.marked is None or vocabulary.complete or len(amounts_of(read.marked)) > MOST or not any(numbers(read.marked)):
        return read
    chosen = classes(read, vocabulary, weights())
    assertions = tuple(asserted(read, chosen, vocabulary))
    return read if assertions == read.assertions else accounted(read, assertions)


def classes(read: Read, vocabulary: Vocabulary, weight: Mapping[str, Sequence[float]]) -> dict[Place, Class]:
    """The class of every number of the sentence."""
    assert read.marked is not None
    asked = features(read.marked, read.assertions, vocabulary)
    made = ruled(read.marked, read.assertions)
    found = {}
    for (amount, part, _), chances in zip(asked, likelihoods(asked, weight), strict=True):
        rules = made.get((amount.start, part))
        chosen = choose(chances, class_of(rules[0]) if rules else "none")
        found[amount.start, part] = amount.sign if chosen in ("+", "-") and amount.sign else chosen  # what is printed is no guess
    return found


def likelihoods(asked: Sequence[tuple[Amount, Part, list[str]]], weight: Mapping[str, Sequence[float]]) -> list[list[float]]:
    """The probabilities of every number's classes. Both of "from A to B" are scores, or neither is."""
    found = [softmax(names, weight) for _, _, names in asked]
    for n, (_, part, _) in enumerate(asked):
        if part == "was":  # stands right after its "value"
            none = (found[n - 1][0] + found[n][0]) / 2
            found[n - 1] = found[n] = [none, 1 - none, 0.0, 0.0]
    return found


def softmax(names: Sequence[str], weight: Mapping[str, Sequence[float]], classes: int = len(CLASSES)) -> list[float]:
    """The probability of each class by the weights of the features."""
    scores = [0.0] * classes
    for name in names:
        for n, each in enumerate(weight.get(name, ())):
            scores[n] += each
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


def choose(chances: Sequence[float], rule: Class) -> Class:
    """The class of a number by its probabilities and what the rules said."""
    best = max(range(1, len(CLASSES)), key=lambda n: chances[n])
    if rule == "none":
        return CLASSES[best] if 1 - chances[0] >= ADD else "none"
    if 1 - chances[0] < KEEP:
        return "none"
    return CLASSES[best] if chances[best] >= CHANGE * (1 - chances[0]) else rule


def asserted(read: Read, chosen: Mapping[Place, Class], vocabulary: Vocabulary) -> list[Assertion]:
    """The rules' assertions kept, dropped or made of another kind, and new ones; those of numbers in the order of the numbers."""
    assert read.marked is not None
    made = ruled(read.marked, read.assertions)
    placed = {id(rule) for rules in made.values() for rule in rules}
    of_numbers: list[Assertion] = []
    for amount, part in numbers(read.marked):
        rules, kind = made.get((amount.start, part), []), chosen[amount.start, part]
        same = [rule for rule in rules if class_of(rule) == kind]
        if not same and kind != "none":
            same = list(built(read, amount, part, kind, rules[0] if rules else None, vocabulary))
        of_numbers += same
    if of_numbers == [rule for rule in read.assertions if id(rule) in placed]:
        return list(read.assertions)
    return [rule for rule in read.assertions if id(rule) not in placed] + of_numbers


def built(read: Read, amount: Amount, part: Part, kind: Class, old: Assertion | None, vocabulary: Vocabulary) -> list[Assertion]:
    """A new assertion, with the names that the rules gave the number; none for a range of scores."""
    assert read.marked is not None
    base: dict[str, Any] = {name: getattr(old, name, "") for name in SLOTS}
    base |= {"text": old.text if old is not None else amount.text, "averaged": averaged(read.marked.text), "infers": kind != "score"}
    base["learned"] = ("value",)
    base["supplied"] = tuple(name for name in getattr(old, "supplied", ()) if name != "baseline")
    value = amount.was if part == "was" else amount.value
    assert value is not None
    if kind == "score":
        if amount.high is not None:
            return []
        open_ = opened(base, amount, ("method", "dataset"))
        signed = amount.signed if part == "value" else value
        return [Value(**base, ambiguous=open_, value=signed, unit=score_unit(amount, base["metric"], vocabulary))]
    base["baseline"] = getattr(old, "baseline", "")
    base |= {"unit": delta_unit(amount, base["metric"], vocabulary), "sign": kind}
    open_ = opened(base, amount, ("method", "dataset", "baseline"))
    open_ = (*open_, "unit") if unclear(amount) else open_
    if amount.high is not None:
        return [Range(**base, ambiguous=open_, low=amount.value, high=amount.high)]
    return [Difference(**base, ambiguous=open_, value=value)]


def opened(base: Mapping[str, Any], amount: Amount, names: Sequence[str]) -> tuple[str, ...]:
    """The slots that nothing fills, and the value if it is a limit."""
    return (*(name for name in names if not base[name]), *(("value",) if amount.relation else ()))


def accounted(read: Read, assertions: tuple[Assertion, ...]) -> Read:
    """The reading with other assertions, and what became of its numbers in step."""
    assert read.marked is not None
    before, after = ruled(read.marked, read.assertions), ruled(read.marked, assertions)
    fates, unbound = list(read.fates), list(read.unbound)
    for n, amount in enumerate(amounts_of(read.marked)):
        was_result, is_result = (any((amount.start, part) in made for part in ("value", "was")) for made in (before, after))
        if is_result and not was_result:
            fates[n] = "bound"
            if amount.text in unbound:
                unbound.remove(amount.text)
        elif was_result and not is_result:
            fates[n] = "undecided"
            unbound.append(amount.text)
    return replace(read, assertions=assertions, fates=tuple(fates), unbound=tuple(unbound))
