"""Which number goes with which name: "+3.2 on A", "A by 3.2", "A (+3.2)", "1 and 2 on A and B, respectively".

Numbers and names of a clause are taken in runs ("A, B and C"), and neighbouring runs are paired by the words between.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from claimcheck.extract.lexicon import Mention
from claimcheck.extract.quantities import MASK, Amount
from claimcheck.extract.sentences import Item, Marked

SETS = re.compile(
    r"\s(?:(?:train-?val|training|train|validation|val|dev|development|test|minival|evaluation)\s)?(?:sets?|splits?|datasets?|corpus|benchmarks?)(?:,\s|\sand\s|,\sand\s)(?:on\s)?(?:the\s)?"
)
"""Between datasets of one list: "on A test set and B test set"."""


def runs(items: Sequence[Amount | Mention], sentence: Marked) -> list[list[Amount] | list[Mention]]:
    """Numbers and names in order, neighbours of one kind that a comma or "and" joins taken together."""
    found: list[Any] = []
    for item in sorted(items, key=lambda i: i.start):
        same = bool(found) and isinstance(item, Amount) == isinstance(found[-1][-1], Amount)
        if same and isinstance(item, Mention) and not sentence.complete and SETS.fullmatch(sentence.between(found[-1][-1], item)):
            found[-1].append(item)
            continue
        if same and re.fullmatch(
            rf"(?:\s?\(?{MASK}+\)?)?\s?(?:,|and|or|&|/|,\sand|,\sor)\s?(?:on\s|the\s|from\s)?(?:on\s)?",
            sentence.between(found[-1][-1], item),
        ):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def paired(groups: Sequence[list[Amount] | list[Mention]], sentence: Marked) -> list[tuple[list[Amount], list[Mention]]]:
    """Runs of numbers with runs of names, the most closely tied first; each is used once."""
    ties = sorted(
        ((-tie(left, right, sentence), index) for index, (left, right) in enumerate(pairwise(groups))),
    )
    partner: dict[int, int] = {}
    for strength, index in ties:
        if strength < 0 and index not in partner and index + 1 not in partner:
            partner |= {index: index + 1, index + 1: index}
    result: list[tuple[list[Amount], list[Mention]]] = []
    for index, group in enumerate(groups):
        other = groups[partner[index]] if index in partner else []
        if index in partner and partner[index] < index:
            continue
        numbers = [i for i in (*group, *other) if isinstance(i, Amount)]
        names = [i for i in (*group, *other) if isinstance(i, Mention)]
        result.append((numbers, names))
    return result


def adopted(pairs: list[tuple[list[Amount], list[Mention]]]) -> list[tuple[list[Amount], list[Mention]]]:
    """The clause's one run of names given to its numbers, if no words tie any of them to it."""
    named = [names for _, names in pairs if names]
    if len(named) != 1 or any(numbers and names for numbers, names in pairs):
        return pairs
    return [(numbers, named[0]) for numbers, _ in pairs if numbers] or pairs


def tie(left: Sequence[Item], right: Sequence[Item], sentence: Marked) -> int:
    """How closely the words between a number and a name bind them: 0 not at all, 3 by a preposition or a bracket."""
    if isinstance(left[-1], Amount) == isinstance(right[0], Amount):
        return 0
    between = sentence.between(left[-1], right[0]).replace(MASK, "x")
    if isinstance(left[-1], Amount):
        if re.fullmatch(r"(?:\s[\w-]+){0,5}?\s(?:on|for|in|at)\s(?:the\s|both\s)?(?:[\w-]+\s){0,2}", between):
            return 3
        return 2 if re.fullmatch(r"\s(?:\(\s?)?", between) else 1 if len(between.split()) <= 6 and not re.search(r"[;)]", between) else 0
    if re.fullmatch(r"\s?[(:=]\s?(?:[\w-]+\s){0,2}|(?:\s[\w-]+){0,4}?\s(?:by|to|from|at|with|of|is)\s(?:an?\s)?(?:[\w-]+\s){0,3}", between):
        return 3
    return 1 if len(between.split()) <= 6 and not re.search(r"[;)]", between) else 0
