"""Which of a sentence's names fills each slot of an assertion: a choice learned from annotated sentences, with the rules' own choice as evidence.

For each slot a conditional logit over the candidates (`candidates.py`) and "none of them", its weights in `ranking.json`, fitted by
benchmarks/fit_ranking.py. Only papers that no study knows are read so; where a study knows every name, the rules stand alone.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from claimcheck.dossier import Assertion, Difference, Direction, Range, Rank, Value
from claimcheck.extract.assertions import Read
from claimcheck.extract.features import SLOTS, Anchor, Scene, described, letters
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.measures import delta_unit, score_unit
from claimcheck.extract.phrases import LOWER
from claimcheck.extract.quantities import Amount
from claimcheck.extract.sentences import Cue, Marked

FEWEST = 0.55
"""A slot stays empty if "none of them" is likelier than this."""

MOST = 2500
"""Candidates times assertions of a sentence; one with more is a table or data that lost its lines."""

APART = (("method", "baseline"), ("method", "dataset"), ("method", "metric"), ("baseline", "dataset"), ("baseline", "metric"))
PLAIN = frozenset("task tasks dataset datasets data benchmark benchmarks corpus challenge translation score scores".split())  # noqa: SIM905
"""Words that make no other thing of a name that they stand beside; "test" and "validation" do."""

RANKED = (Value, Difference, Range, Direction, Rank)
CUES = {"Rank": ("rank",)}
COMPARING = ("compare", "adjective", "change", "manner")


@cache
def weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(files("claimcheck.extract").joinpath("ranking.json").read_text(encoding="utf-8"))
    return found


def refined(read: Read, vocabulary: Vocabulary) -> Read:
    """What was read, each slot filled by the candidate that its context speaks for most."""
    if read.marked is None or vocabulary.complete or not any(isinstance(a, RANKED) for a in read.assertions):
        return read
    scene = Scene(read.marked)
    if len(scene.candidates) * len(read.assertions) > MOST:
        return read
    anchors = anchored(read.marked, read.assertions)
    picked = [picks(scene, a, anchor) if isinstance(a, RANKED) else {} for a, anchor in zip(read.assertions, anchors, strict=True)]
    compared = {letters(each[slot][0]) for each in picked for slot in ("method", "baseline") if slot in each} - {""}
    for each, assertion in zip(picked, read.assertions, strict=True):
        if "metric" in each and holds(scene, each["metric"][0], compared):
            each["metric"] = ("" if holds(scene, assertion.metric, compared) else assertion.metric, each["metric"][1])
    made = (settled(scene, *each, vocabulary) for each in zip(read.assertions, anchors, picked, strict=True))
    return replace(read, assertions=tuple(made))


def picks(scene: Scene, assertion: Assertion, anchor: Anchor | None) -> dict[str, tuple[str, float]]:
    """The likeliest name of each slot that an assertion has, and its probability."""
    names, features = described(scene, anchor, assertion.kind, assertion)
    picked: dict[str, tuple[str, float]] = {}
    for slot in SLOTS:
        if getattr(assertion, slot, None) is not None:
            name, chance = likeliest(names, features, weights()[slot])
            picked[slot] = known_name(scene, slot, name), chance
    apart(picked, assertion)
    return picked


def settled(
    scene: Scene, assertion: Assertion, anchor: Anchor | None, picked: dict[str, tuple[str, float]], vocabulary: Vocabulary
) -> Assertion:
    """The assertion with the chosen names; one that agrees with the rules changes nothing."""
    changes: dict[str, Any] = {}
    for slot, (name, _) in picked.items():
        if letters(name) != letters(getattr(assertion, slot)) and not (name == "" and slot in assertion.supplied):
            changes[slot] = name
    if not changes:
        return assertion
    return with_changes(scene, assertion, changes, anchor, vocabulary)


def apart(picked: dict[str, tuple[str, float]], assertion: Assertion) -> None:
    """One name fills one slot: a method is not compared with, nor measured on or by, itself. The less likely of two keeps what the rules gave."""
    for pair in APART:
        if all(slot in picked for slot in pair) and letters(picked[pair[0]][0]) == letters(picked[pair[1]][0]) != "":
            slot = min(pair, key=lambda each: picked[each][1])
            given = getattr(assertion, slot)
            picked[slot] = ("" if letters(given) == letters(picked[slot][0]) else given, picked[slot][1])


def holds(scene: Scene, name: str, compared: set[str]) -> bool:
    """Whether a wording holds a method that the sentence compares: nothing is measured by that."""
    return any(letters(m.name) in compared for c in scene.candidates if name and c.name == name for m in c.mentions if m.kind == "method")


def known_name(scene: Scene, slot: str, name: str) -> str:
    """The name of the one dataset or metric that a longer wording holds beside words that name nothing: "the SQuAD benchmark" is SQuAD."""
    for candidate in scene.candidates if slot in ("dataset", "metric") else ():
        if candidate.name == name and candidate.exact is None:
            within = [m for m in candidate.mentions if m.kind == slot and candidate.start <= m.start and m.end <= candidate.end]
            if len(within) == 1 == len(candidate.mentions):
                rest = scene.sentence.text[candidate.start : within[0].start] + " " + scene.sentence.text[within[0].end : candidate.end]
                return within[0].name if PLAIN.issuperset(rest.lower().split()) else name
    return name


def with_changes(scene: Scene, assertion: Assertion, changes: dict[str, Any], anchor: Anchor | None, vocabulary: Vocabulary) -> Assertion:
    """The assertion with other names, what is open and what was supplied kept in step, and the unit that the new metric has."""
    opened = [slot for slot, name in changes.items() if not name]
    left = [slot for slot in assertion.ambiguous if slot not in changes]
    update = {
        **changes,
        "ambiguous": tuple(dict.fromkeys((*left, *opened))),
        "supplied": tuple(slot for slot in assertion.supplied if slot not in changes),
        "learned": tuple(dict.fromkeys((*assertion.learned, *(slot for slot, name in changes.items() if name)))),
    }
    if "metric" in changes and anchor is not None and anchor.amount is not None:
        if isinstance(assertion, Value):
            update["unit"] = score_unit(anchor.amount, changes["metric"], vocabulary)
        elif isinstance(assertion, Difference | Range):
            update["unit"] = delta_unit(anchor.amount, changes["metric"], vocabulary)
            if turns(scene, assertion, changes["metric"], anchor.amount, vocabulary):
                update["sign"] = "-" if assertion.sign == "+" else "+"
    return assertion.model_copy(update=update)


def turns(scene: Scene, assertion: Difference | Range, metric: str, amount: Amount, vocabulary: Vocabulary) -> bool:
    """Whether the number has the other sign with the new metric: "improves by 3" is 3 less of an error, "rises by 3" is 3 more of anything."""
    if amount.sign or less(metric, vocabulary) == less(assertion.metric, vocabulary):
        return False
    clause = next((c for c in scene.sentence.clauses if c.start <= amount.start < c.end), None)
    signed = [c for c in (clause.cues("change", "compare", "delta", "adjective") if clause is not None else ()) if c.sign]
    said = min(signed, key=lambda c: abs(c.start - amount.start), default=None)
    return said is not None and not said.numeric


def less(metric: str, vocabulary: Vocabulary) -> bool:
    """Whether less of a metric is better."""
    return vocabulary.lower_is_better(metric) or LOWER.fullmatch(metric) is not None


def chosen(names: Sequence[str], features: Sequence[Iterable[str]], weight: dict[str, float]) -> str:
    """The likeliest name; empty if "none of them" is likelier than FEWEST."""
    return likeliest(names, features, weight)[0]


def likeliest(names: Sequence[str], features: Sequence[Iterable[str]], weight: dict[str, float]) -> tuple[str, float]:
    """The chosen name and its probability."""
    scores = [sum(weight.get(feature, 0.0) for feature in dict.fromkeys(each)) for each in features]
    highest = max(scores)
    total = sum(math.exp(score - highest) for score in scores)
    if len(names) == 1 or math.exp(scores[-1] - highest) / total > FEWEST:
        return "", math.exp(scores[-1] - highest) / total
    best = max(range(len(names) - 1), key=lambda n: scores[n])
    return names[best], math.exp(scores[best] - highest) / total


def anchored(sentence: Marked, assertions: Sequence[Assertion]) -> list[Anchor | None]:
    """Where each assertion stands in the sentence."""
    used: set[tuple[int, str]] = set()
    found: list[Anchor | None] = []
    for assertion in assertions:
        if isinstance(assertion, Value | Difference | Range):
            value = assertion.low if isinstance(assertion, Range) else assertion.value
            found.append(number_anchor(sentence, value, assertion.text, used))
        else:
            found.append(cue_anchor(sentence, assertion.kind, assertion.text))
    return found


def number_anchor(sentence: Marked, value: Decimal, text: str, used: set[tuple[int, str]]) -> Anchor | None:
    """The number of an assertion: within its words if it stands there, and not one that another assertion has."""
    hits = [
        Anchor(amount.start, amount.end, part, amount)
        for amount in sentence.items
        if isinstance(amount, Amount)
        for part in ("value", "was", "high")
        if (printed := getattr(amount, part)) is not None and abs(printed) == abs(value)
    ]
    start = sentence.text.find(text) if text else -1
    if start >= 0:
        hits = [h for h in hits if start <= h.start <= start + len(text) or start <= h.end <= start + len(text)] or hits
    hits = [h for h in hits if (h.start, h.part) not in used] or hits
    if not hits:
        return None
    used.add((hits[0].start, hits[0].part))
    return hits[0]


def cue_anchor(sentence: Marked, kind: str, text: str) -> Anchor | None:
    """The word that a statement without a number hangs on."""
    cues = [item for item in sentence.items if isinstance(item, Cue) and item.kind in CUES.get(kind, COMPARING)]
    start = sentence.text.find(text) if text else -1
    within = [c for c in cues if start <= c.start < start + len(text)] if start >= 0 else []
    first = next(iter(within or cues), None)
    return Anchor(first.start, first.end, "cue") if first is not None else None
