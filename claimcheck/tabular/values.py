"""The numbers a sentence states, against the cells they are said of."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from claimcheck.extract.quantities import Amount
from claimcheck.tabular.cues import AND, BREAK, NEGATION, OURS
from claimcheck.tabular.fitting import comparable, fits, fits_difference
from claimcheck.tabular.names import Named
from claimcheck.tabular.outcomes import Duel, Outcome
from claimcheck.tabular.phrasing import TOWARDS, changed
from claimcheck.tabular.sheet import Axis, Figure, Sheet
from claimcheck.tabular.statements import Reading

AFTER = re.compile(
    r"\s?%?\s?\(?(?:(?:for|in|on|by|of|with|at|under)\s)?(?:the\s|our\s)?(?:(?!(?:and|or|but|while|after|before|during|until|when)\b)\w+\s)?\(?"
)
"""Between a number and a name after it that it is said of."""

WHOSE = re.compile(r"\s?%?\s?(?:\w+\s){0,3}(?:from|by|of|for|with)\s(?:the\s)?")
"""Between a number and the method whose it is, which then is not the one before it."""

SLIP = Decimal("0.02")
"""Relative difference up to which a number is a slip of the cell it is said of, and not another quantity."""

MOST_VARIANTS = 4
"""Rows of its own that a paper may mean by "our model"."""

BESIDE = 20
"""Characters between a number and the metric it is said to be of."""


def stated_values(reading: Reading, sheet: Sheet, used: set[int], duels: Sequence[Duel]) -> Iterator[Outcome]:
    for amount in reading.amounts:
        if (
            any(m.start == amount.start for m in reading.mentions)
            or amount.start in used
            or amount.high is not None
            or amount.was is not None
            or beside_the_point(amount, reading, sheet)
        ):
            continue
        if amount.sign or amount.unit == "pp":
            found = [d for d in duels if fits_difference(amount, d.one, d.two)]
            yield Outcome(
                True if found else None, f"{amount.text} between two cells", tuple(f for d in found[:1] for f in (d.one, d.two)), "stands"
            )
            continue
        cells = said_of(amount, reading, sheet)
        fitting = [f for f in cells if fits(amount, f)]
        negated = NEGATION.search(reading.text[max(0, amount.start - 12) : amount.start]) is not None
        if fitting:
            variant = len(fitting) == 1 and len(cells) <= MOST_VARIANTS and bool(owned(amount, reading, "row"))
            kind = "value" if len(cells) == 1 or variant else "stands"  # "our model" is one of the paper's own
            text = f"{amount.text} stands in {sheet.quote(fitting[0])}"
            yield Outcome(not negated, text, tuple(fitting[:2]), kind, stated=amount)
        elif len(cells) == 1 and not negated and contradicts(amount, cells[0], reading, sheet):
            yield Outcome(False, f"{amount.text} stated; {sheet.quote(cells[0])}", tuple(cells), "value", True, amount)
        else:
            yield Outcome(None, f"{amount.text} is bound to no cell", tuple(cells[:4]), "value", stated=amount)


def contradicts(amount: Amount, cell: Figure, reading: Reading, sheet: Sheet) -> bool:
    """Whether a number is said of this very cell and is another's: its row alone is named, its metric stands beside it."""
    if amount.relation or amount.sign or not comparable(amount, cell) or any(fits(a, cell) for a in reading.amounts):
        return False
    if TOWARDS.search(reading.text, 0, amount.start) or any(
        changed(reading.text[: m.start]) for m in reading.mentions if m.start < amount.start
    ):
        return False  # a mark to be reached; "adding a layer to A" is not A
    rows = [m for m in reading.mentions if m.axis == "row"]
    beside = [
        m
        for m in reading.mentions
        if m.axis == "column" and m.exact and min(abs(m.start - amount.end), abs(amount.start - m.end)) <= BESIDE
    ]
    alone = all(m.exact and m.lines == rows[0].lines for m in rows)
    elsewhere = any(fits(amount, f) for f in sheet.figures.values() if cell.row == f.row or cell.column == f.column)
    slip = (
        cell.value is not None
        and decimals(amount.value) == decimals(cell.value) > 0
        and abs(amount.value - cell.value) <= SLIP * abs(cell.value)
    )
    return alone and bool(rows) and bool(beside or len(sheet.columns) == 1) and (elsewhere or slip)


def decimals(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def beside_the_point(amount: Amount, reading: Reading, sheet: Sheet) -> bool:
    """Numbers that are no scores: settings, significance levels, and what the caption already says."""
    before, after = reading.text[max(0, amount.start - 12) : amount.start], reading.text[amount.end : amount.end + 16]
    whole = "." not in amount.text
    return bool(
        (whole and re.search(r"\w\s?=\s?$|\btop[\s-]$", before))
        or re.search(r"\bp(?:[- ]values?)?\s?[<=]?\s?$", before)
        or re.match(r"\s?(?:confidence|significan)", after)
        or ((unit := LASTED.match(after)) is not None and unit.group("unit")[:4] not in sheet.labels)
        or (whole and re.search(rf"(?<![\d.,]){re.escape(amount.text)}(?![\d.,])", sheet.caption))
    )


LASTED = re.compile(r"\s?(?P<unit>days?|hours?|minutes?|seconds?|weeks?|gpus?|tpus?|epochs?|iterations?)\b")
"""What training takes, which a table of scores does not hold."""


def said_of(amount: Amount, reading: Reading, sheet: Sheet) -> list[Figure]:
    """The cells a number can be said of: where the nearest names of either axis cross."""
    rows, columns = (nearest(amount, reading, axis) for axis in ("row", "column"))
    rows, columns = owned(amount, reading, "row") or rows, owned(amount, reading, "column") or columns
    if not rows and not columns:
        return []
    return [f for (r, c), f in sorted(sheet.figures.items()) if (not rows or r in rows) and (not columns or c in columns)]


def owned(amount: Amount, reading: Reading, axis: Axis) -> frozenset[int]:
    """The paper's own lines, where "our method" stands in the clause before a number and no name of that axis does."""
    clause = max((b.end() for b in BREAK.finditer(reading.text, 0, amount.start)), default=0)
    named = [m for m in reading.mentions if m.axis == axis and clause <= m.start and m.end <= amount.start]
    said = OURS.search(reading.text, clause, amount.start)
    whose = [
        m for m in reading.mentions if m.axis == axis and m.start >= amount.end and WHOSE.fullmatch(reading.text[amount.end : m.start])
    ]
    return reading.own[axis] if said is not None and not named and not whose else frozenset()


def nearest(amount: Amount, reading: Reading, axis: Axis) -> frozenset[int]:
    """The lines named nearest to a number: before it in its clause, else right after it, else anywhere before."""
    mentions = [m for m in reading.mentions if m.axis == axis]
    paired = in_order(amount, reading, mentions)
    if paired is not None:
        return paired.lines
    text = reading.text
    previous = max((a.end for a in reading.amounts if a.end <= amount.start), default=0)
    following = min((a.start for a in reading.amounts if a.start >= amount.end), default=len(text))
    low = max(
        [
            previous,
            *(b.end() for b in BREAK.finditer(text, 0, amount.start)),
            *(b.end() for b in AND.finditer(text, previous, amount.start)),
        ]
    )
    before = [m for m in mentions if low <= m.start and m.end <= amount.start]
    beside = {m.start: text[amount.end : m.start] for m in mentions if amount.end <= m.start < following}
    after = [m for m in mentions if m.start in beside and (AFTER.fullmatch(beside[m.start]) or WHOSE.fullmatch(beside[m.start]))]
    earlier = [m for m in mentions if m.end <= amount.start and m not in before]
    lines: frozenset[int] = frozenset()
    for mention in reversed([*earlier, *before, *after]):  # what stands farther away only narrows: "On A, …, a score of 5"
        lines = (lines & mention.lines or lines) if lines else mention.lines
    return lines


def in_order(amount: Amount, reading: Reading, mentions: Sequence[Named]) -> Named | None:
    """For "A and B score 1 and 2, respectively": the name at the number's own place in its list."""
    if "respectively" not in reading.text:
        return None
    stop = reading.text.index("respectively")
    run = [a for a in reading.amounts if a.end <= stop]
    names = [m for m in mentions if m.end <= run[0].start] if run else []
    if amount not in run or len(run) < 2 or len(names) < len(run):
        return None
    return names[len(names) - len(run) + run.index(amount)]
