"""Claims made from a column of scores: a true one, and the same with one error planted in its number or in the table.

What is true is reckoned here in fractions, over every value that prints as the cell does; the product reckons in decimals. An error is
only planted where no value that prints so could make the sentence true.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from claimcheck.benchmarks.plain_tables import Column, Score

POINT = Decimal(1)


@dataclass(frozen=True)
class Planted:
    """A claim and its twin with an error."""

    kind: str
    """What was planted."""

    true: str
    """The sentence that follows from the cells."""

    false: str
    """The sentence with the error; the same as `true` if the error is in the table."""

    column: Column
    cells: tuple[tuple[int, Decimal], ...] = ()
    """Rows of the column and what the twin's table prints there, for an error in the evidence."""

    seeds: tuple[Decimal, ...] = ()
    """Scores over seeds that a release holds for the method, where the claim is of their mean."""

    method: str = ""


def step(value: Decimal) -> Decimal:
    """One unit of the last printed digit."""
    exponent = value.as_tuple().exponent
    return POINT.scaleb(exponent if isinstance(exponent, int) else 0)


def reach(value: Decimal) -> tuple[Fraction, Fraction]:
    """The values that print so."""
    half = Fraction(step(value)) / 2
    return Fraction(value) - half, Fraction(value) + half


def meet(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def minus(a: Decimal, b: Decimal) -> tuple[Fraction, Fraction]:
    """The differences that two printed scores allow."""
    (a_low, a_high), (b_low, b_high) = reach(a), reach(b)
    return a_low - b_high, a_high - b_low


def relative(a: Decimal, b: Decimal) -> tuple[Fraction, Fraction]:
    """The gains in percent of b that two printed scores allow."""
    ends = [100 * (x - y) / y for x in reach(a) for y in reach(b)]
    return min(ends), max(ends)


def fmt(value: Decimal) -> str:
    return f"{abs(value)}"


Maker = Callable[[Column, random.Random], Planted | None]


def wording(draw: random.Random, forms: tuple[str, ...], column: Column, **slots: object) -> tuple[str, dict[str, object]]:
    """A form at random, of those that the column can fill, and what fills it beside the numbers."""
    form = draw.choice([form for form in forms if column.metric or "{metric}" not in form])
    if column.metric and "{metric}" not in form:
        inside = draw.choice(("in {metric} on {data}", "on {data} in {metric}", "on {data} in terms of {metric}"))
        form = form.replace("On {data}", "In {metric} on {data}") if "On {data}" in form else form.replace("on {data}", inside)
    return form, {"data": column.dataset, "metric": spoken(column.metric), **slots}


def spoken(metric: str) -> str:
    """A metric's label as prose prints it, without its unit."""
    return metric.split("(")[0].strip(" ↑%") or metric


VALUE = (
    "{a} reaches {v} on {data}.",
    "On {data}, {a} obtains {v}.",
    "{a} achieves a {metric} of {v} on {data}.",
    "{a} scores {v} {metric} on {data}.",
    "On {data}, {a} attains {v} {metric}.",
    "The {metric} of {a} on {data} is {v}.",
    "We find that {a} achieves {v} on {data}.",
    "{a} gets {v} {metric} on the {data} benchmark.",
    "As the table shows, {a} obtains a {metric} of {v} on {data}.",
)
MORE = (
    "{a} outperforms {b} by {d} points on {data}.",
    "On {data}, {a} is {d} points better than {b}.",
    "{a} improves over {b} by {d} points on {data}.",
    "Compared with {b}, {a} gains {d} points on {data}.",
    "{a} yields a gain of {d} points over {b} on {data}.",
    "{a} surpasses {b} on {data} by {d} points.",
    "On {data}, {a} beats {b} by {d} points in {metric}.",
    "{a} scores {d} points higher than {b} on {data}.",
    "{a} exceeds {b} by {d} {metric} points on {data}.",
)
LESS = (
    "{a} trails {b} by {d} points on {data}.",
    "{a} scores {d} points lower than {b} on {data}.",
    "On {data}, {a} falls behind {b} by {d} points.",
    "{a} is {d} points worse than {b} on {data}.",
    "On {data}, {a} underperforms {b} by {d} points.",
    "Compared with {b}, {a} loses {d} points on {data}.",
)
RELATIVE = (
    "{a} improves over {b} by a relative {r}% on {data}.",
    "{a} outperforms {b} by {r}% relative on {data}.",
    "On {data}, {a} brings a relative improvement of {r}% over {b}.",
    "{a} yields a relative gain of {r}% over {b} on {data}.",
    "Compared with {b}, {a} gains {r}% (relative) on {data}.",
)
RANGE = (
    "All other methods improve over {b} by {low} to {high} points on {data}.",
    "The other methods outperform {b} by between {low} and {high} points on {data}.",
    "On {data}, every other method gains {low} to {high} points over {b}.",
    "The gains of the other methods over {b} range from {low} to {high} points on {data}.",
)
COUNT = (
    "{k} of the {n} other methods outperform {b} by more than {t} points on {data}.",
    "On {data}, {k} of {n} methods gain more than {t} points over {b}.",
    "{k} out of {n} methods improve over {b} by more than {t} points on {data}.",
    "Compared with {b}, {k} of the {n} methods improve by more than {t} points on {data}.",
)
BEST = (
    "{a} achieves the best {metric} on {data}.",
    "{a} performs best on {data}.",
    "On {data}, {a} obtains the highest score in the table.",
    "{a} has the highest {metric} on {data}.",
    "{a} gives the best result on {data} among all methods.",
    "Among the compared methods, {a} performs best on {data}.",
)
WORST = (
    "{a} performs worst on {data}.",
    "{a} has the lowest {metric} on {data}.",
    "On {data}, {a} obtains the lowest score in the table.",
)
SECOND = (
    "{a} achieves the second best {metric} on {data}.",
    "{a} has the second highest score on {data}.",
    "{a} performs second best on {data}.",
)
MEAN = (
    "Averaged over {n} seeds, {a} reaches {v} on {data}.",
    "{a} achieves a mean {metric} of {v} on {data} over {n} seeds.",
    "Over {n} runs, {a} obtains {v} on average on {data}.",
    "The average of {a} on {data} over {n} random seeds is {v}.",
)


def values_beside(column: Column, score: Score) -> list[Decimal]:
    """Every other score of the column, named or not; none if the column holds more than competitors."""
    return [*(s.value for s in column.scores if s is not score), *column.unnamed] if column.whole else []


def rounding(column: Column, draw: random.Random) -> Planted | None:
    """A score with one decimal less, cut or raised where it should have been rounded; or one last digit off."""
    score = draw.choice(column.scores)
    form, slots = wording(draw, VALUE, column, a=score.method)
    unit = step(score.value)
    if unit < 1 and draw.random() < 0.5:
        shorter = score.value.quantize(unit * 10, ROUND_HALF_UP)
        wrong = score.value.quantize(unit * 10, ROUND_FLOOR)
        wrong = wrong if wrong != shorter else shorter + unit * 10
    else:
        shorter, wrong = score.value, score.value + draw.choice((-2, 2)) * unit
    if meet(reach(wrong), reach(score.value)) or not meet(reach(shorter), reach(score.value)) or wrong < 0:
        return None
    return Planted("rounding", form.format(v=shorter, **slots), form.format(v=wrong, **slots), column)


def swapped_cell(column: Column, draw: random.Random) -> Planted | None:
    """The score of another row; half of the time the table's cells are exchanged, and not the number."""
    one, other = draw.sample(column.scores, 2)
    if meet(reach(one.value), reach(other.value)):
        return None
    form, slots = wording(draw, VALUE, column, a=one.method)
    true, false = form.format(v=one.value, **slots), form.format(v=other.value, **slots)
    if draw.random() < 0.5:
        return Planted("swapped_cell", true, true, column, cells=((one.row, other.value), (other.row, one.value)))
    return Planted("swapped_cell", true, false, column)


def pair(column: Column, draw: random.Random) -> tuple[Score, Score] | None:
    """Two scores that clearly differ, the larger first."""
    one, other = draw.sample(column.scores, 2)
    if one.value < other.value:
        one, other = other, one
    return None if minus(one.value, other.value)[0] <= 0 else (one, other)


def sign(column: Column, draw: random.Random) -> Planted | None:
    """The difference the other way round; half of the time by exchanging the table's cells."""
    found = pair(column, draw)
    if found is None:
        return None
    best, least = found
    form, slots = wording(draw, MORE, column, d=fmt(best.value - least.value))
    true, false = form.format(a=best.method, b=least.method, **slots), form.format(a=least.method, b=best.method, **slots)
    if draw.random() < 0.5:
        worse, filled = wording(draw, LESS, column, d=fmt(best.value - least.value))
        true = worse.format(a=least.method, b=best.method, **filled)
        return Planted("sign", true, true, column, cells=((best.row, least.value), (least.row, best.value)))
    return Planted("sign", true, false, column)


def relative_absolute(column: Column, draw: random.Random) -> Planted | None:
    """Points called a relative gain, or a relative gain called points."""
    found = pair(column, draw)
    if found is None or found[1].value <= 0:
        return None
    best, least = found
    names = {"a": best.method, "b": least.method}
    points = best.value - least.value
    share = (100 * points / least.value).quantize(Decimal("0.1"))
    if meet(reach(share), minus(best.value, least.value)) or meet(reach(points), relative(best.value, least.value)) or share <= 0:
        return None
    if draw.random() < 0.5:
        form, slots = wording(draw, RELATIVE, column, **names)
        return Planted("relative_absolute", form.format(r=share, **slots), form.format(r=points, **slots), column)
    form, slots = wording(draw, MORE, column, **names)
    return Planted("relative_absolute", form.format(d=points, **slots), form.format(d=share, **slots), column)


def wrong_baseline(column: Column, draw: random.Random) -> Planted | None:
    """The difference from another row than the sentence names."""
    found = pair(column, draw)
    if found is None:
        return None
    best, least = found
    rivals = [s for s in column.scores if s not in found and s.value < best.value]
    rivals = [s for s in rivals if not meet(reach(best.value - s.value), minus(best.value, least.value))]
    if not rivals:
        return None
    form, slots = wording(draw, MORE, column, a=best.method, b=least.method)
    wrong = best.value - draw.choice(rivals).value
    return Planted("wrong_baseline", form.format(d=best.value - least.value, **slots), form.format(d=wrong, **slots), column)


def count(column: Column, draw: random.Random) -> Planted | None:
    """One more or one fewer than there are."""
    least = min(column.scores, key=lambda s: s.value)
    others = values_beside(column, least)
    if not others or min(others) < least.value:
        return None
    threshold = draw.randint(0, max(0, int(max(others) - least.value) - 1))
    sure = [x for x in others if minus(x, least.value)[0] > threshold]
    possible = [x for x in others if minus(x, least.value)[1] > threshold]
    if len(sure) != len(possible) or len(sure) < 2 or len(others) < 3:
        return None
    wrong = draw.choice([k for k in (len(sure) - 1, len(sure) + 1) if 2 <= k <= len(others)] or [0])
    if not wrong:
        return None
    form, slots = wording(draw, COUNT, column, b=least.method, n=len(others), t=threshold)
    return Planted("off_by_one_count", form.format(k=len(sure), **slots), form.format(k=wrong, **slots), column)


def range_edge(column: Column, draw: random.Random) -> Planted | None:
    """A range that leaves its smallest or its largest member out."""
    least = min(column.scores, key=lambda s: s.value)
    gaps = sorted(x - least.value for x in values_beside(column, least))
    if not gaps:
        return None
    low, high = gaps[0], gaps[-1]
    if low <= 2 * step(low) or len(gaps) < 3 or high - low < 4 * step(low):
        return None
    move = 3 * step(low)
    narrow = (low + move, high) if draw.random() < 0.5 else (low, high - move)
    form, slots = wording(draw, RANGE, column, b=least.method)
    true, false = form.format(low=low, high=high, **slots), form.format(low=narrow[0], high=narrow[1], **slots)
    return Planted("range_edge", true, false, column)


def superlative(column: Column, draw: random.Random) -> Planted | None:
    """The best, the worst or the second best, said of another row."""
    ordered = sorted(column.scores, key=lambda s: s.value, reverse=True)
    place, forms = draw.choice(((0, BEST), (0, BEST), (-1, WORST), (1, SECOND)))
    right = ordered[place]
    others = sorted(values_beside(column, right), reverse=True)
    ahead = sum(x > right.value for x in others)
    wanted = {0: 0, 1: 1, -1: len(others)}[place]
    if not others or ahead != wanted or any(meet(reach(x), reach(right.value)) for x in others):
        return None
    wrong = draw.choice([s for s in ordered if s is not right])
    form, slots = wording(draw, forms, column)
    return Planted("superlative", form.format(a=right.method, **slots), form.format(a=wrong.method, **slots), column)


def best_seed(column: Column, draw: random.Random) -> Planted | None:
    """The best of several released seeds, printed in the table and stated as their mean."""
    score = draw.choice(column.scores)
    unit, number = step(score.value), draw.choice((3, 4, 5))
    spread = [draw.randint(1, 30) * unit for _ in range(number - 1)]
    seeds = [score.value + s * draw.choice((-1, 1)) for s in spread]
    seeds.append(number * score.value - sum(seeds))
    wrong = max(seeds)
    if min(seeds) < 0 or wrong - score.value <= 2 * unit:
        return None
    form, slots = wording(draw, MEAN, column, a=score.method, n=number)
    true, false = form.format(v=score.value, **slots), form.format(v=wrong, **slots)
    return Planted("best_seed", true, false, column, ((score.row, wrong),), tuple(seeds), score.method)


MAKERS: tuple[Maker, ...] = (
    rounding,
    swapped_cell,
    sign,
    relative_absolute,
    wrong_baseline,
    count,
    range_edge,
    superlative,
    best_seed,
)


def claims(columns: list[Column], draw: random.Random, most: int) -> Iterator[Planted]:
    """For every kind of error, claims from up to `most` columns where it can be planted."""
    for maker in MAKERS:
        made = 0
        for column in draw.sample(columns, len(columns)):
            found = maker(column, draw) if made < most else None
            if found is not None:
                made += 1
                yield found
