"""Does a table bear out what a sentence states of it?

Each statement is worked out on the cells it is bound to and comes out true, false or open; the sums are kept in words. A sentence is
refuted only by a statement that its cells contradict throughout, supported only if something was checked and nothing was left
unread, and otherwise left open.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Literal

from claimcheck.dossier import Interval, Quantity
from claimcheck.tabular.cues import EVERYWHERE, FAINT, MEAN, MOSTLY, NEGATION, SOME, STRONG
from claimcheck.tabular.fitting import fits_difference
from claimcheck.tabular.outcomes import Duel, Outcome
from claimcheck.tabular.sheet import BOUND, LOWER, Axis, Figure, Sheet, plain
from claimcheck.tabular.statements import Reader, Reading, Statement
from claimcheck.tabular.values import stated_values

Answer = Literal["supports", "refutes", "abstain"]

NUMERIC = ("value", "stands")

ALIKE = Decimal("0.04")
"""Relative difference up to which scores may be called comparable."""

BROADLY = 0.75
"""Share of the cells on which a general comparison must hold, where the sentence does not say that it holds everywhere."""

CLEAR = Decimal("0.03")
"""Relative difference that is more than a slight one."""

APART = Decimal("0.25")
"""Relative difference from which they may not."""


RIVALS = re.compile(
    r"\b(?:among|of\s(?:the|all|our)|single|ensembles?|non-?\w+|without|unsupervised|supervised|except|real[-\s]?time|comparable|similar|same|category|class|size|setting|published|previous"
    r"|existing|reported|second|one\sof|nearly|almost|near|close|other|when|variant)\b"
)
"""Words that may limit what a superlative competes with."""


@dataclass(frozen=True)
class Verified:
    """A sentence against one sheet."""

    answer: Answer
    outcomes: tuple[Outcome, ...]
    named: frozenset[int] = frozenset()
    """Which characters of the sentence name a row or a column."""


def verify(sentence: str, reader: Reader) -> Verified:
    """What a table says of a sentence."""
    reading = reader.read(sentence)
    outcomes = tuple(check(reading, reader.sheet))
    named = frozenset(place for mention in reading.mentions for place in range(mention.start, mention.end))
    return Verified(answer(reading, outcomes), outcomes, named)


def answer(reading: Reading, outcomes: Sequence[Outcome]) -> Answer:
    """Refuted by what is contradicted; supported if more statements were checked and hold than were left open, or each number has its one cell."""
    strange = any(o.holds is None and o.kind == "value" for o in outcomes)
    if any(o.holds is False and (o.kind in NUMERIC or not strange) for o in outcomes):
        return "refutes"
    if any(o.holds is False for o in outcomes):
        return "abstain"
    firm = sum(o.holds is True and o.kind not in NUMERIC for o in outcomes)
    if firm:
        return "supports" if firm > sum(o.holds is None and o.kind not in NUMERIC for o in outcomes) else "abstain"
    unread = reading.unread or NEGATION.search(reading.text) is not None  # what is denied was not read, since no statement was
    return "supports" if outcomes and not unread and all(o.holds is True and o.kind == "value" for o in outcomes) else "abstain"


def check(reading: Reading, sheet: Sheet) -> Iterator[Outcome]:
    used: set[int] = set()
    for statement in reading.statements:
        used |= {a.start for a in (*(a for a, _ in statement.by), *(statement.step or ()), *([statement.of] if statement.of else []))}
        yield RULES[statement.kind](statement, sheet)
    yield from stated_values(
        reading, sheet, used, [d for s in reading.statements if s.objects for d in duelled(replace(s, quality=False), sheet)]
    )


def compare(statement: Statement, sheet: Sheet) -> Outcome:
    duels = list(duelled(statement, sheet))
    if not duels:
        return Outcome(None, "no comparable cells", kind="compare")
    if statement.anyone:
        return told_by_number(statement, duels, sheet)
    if statement.others:
        widened = [*duels, *duelled(replace(statement, objects=statement.others), sheet)]
        if verdict(statement, widened) != verdict(statement, duels):
            return Outcome(None, "depends on whether reference lines are counted", kind="compare")
    text = counted(statement, duels, sheet)
    figures = tuple(f for d in duels[:4] for f in (d.one, d.two))
    holds = verdict(statement, duels)
    if statement.aligned and len({d.ahead for d in duels}) > 1:
        lined = [
            d for d in duels if ((d.one.row, d.two.row) if statement.axis == "row" else (d.one.column, d.two.column)) in statement.aligned
        ]
        holds = verdict(statement, lined) if lined else None
    if holds is not None and statement.says(STRONG) and statement.negated:
        holds = False if holds is False and median(d.apart for d in duels) >= CLEAR else None
    elif holds and not statement.negated and statement.says(FAINT) and min(d.apart for d in duels) > ALIKE:
        holds = None
    if statement.by:
        holds = by_so_much(statement, duels, sheet, holds)
    gaps = tuple(a for a, _ in statement.by) if holds and not statement.negated and not statement.says(MEAN) else ()
    return Outcome(holds, text, figures, "compare", unanimous(duels), gaps=gaps)


def told_by_number(statement: Statement, duels: Sequence[Duel], sheet: Sheet) -> Outcome:
    """Which line is that far from the object, alone or on average: it must lie on the stated side."""
    (amount, _), *_ = statement.by
    sided = {}
    for side in (1, -1):
        mine = [d for d in duels if d.ahead == side]
        gaps = mean_gaps(statement, mine, sheet) if statement.says(MEAN) else []
        sided[side] = any(Quantity(value=amount.value).interval.overlaps(g) for g in gaps) or (
            not statement.says(MEAN) and any(fits_difference(amount, d.one, d.two) for d in mine)
        )
    if sided[1] == sided[-1]:
        return Outcome(None, f"{amount.text} tells no line", kind="compare")
    return Outcome(sided[1] != statement.negated, f"a line {amount.text} {'ahead of' if sided[1] else 'behind'} the object", kind="compare")


def unanimous(duels: Sequence[Duel]) -> bool:
    """Whether all cells say the same and the table tells which way is better."""
    return len({d.ahead for d in duels}) == 1 and duels[0].ahead != 0 and all(d.known for d in duels)


def verdict(statement: Statement, duels: Sequence[Duel]) -> bool | None:
    return settled(statement, sum(d.ahead > 0 for d in duels), sum(d.ahead < 0 for d in duels), len(duels))


def settled(statement: Statement, wins: int, losses: int, total: int) -> bool | None:
    """Whether a comparison holds over all its cells; None where some say so and some not."""
    holds: bool | None
    if statement.each and total <= len(statement.where) and losses and not statement.says(MOSTLY):
        holds = False
    elif statement.of is not None:
        holds = wins == int(statement.of.value) if statement.of.total == total else None
    elif statement.says(SOME):
        holds = True if wins else None
    elif wins == total or (losses == 0 and wins * 2 > total):
        holds = True
    elif losses == total or (wins == 0 and (losses * 2 > total or not losses)):
        holds = False
    elif not statement.says(EVERYWHERE) and (wins + losses) * 2 > total and max(wins, losses) >= BROADLY * (wins + losses):
        holds = wins > losses
    elif statement.says(EVERYWHERE) and not statement.says(MOSTLY) and losses * 2 >= total:
        holds = False
    elif statement.says(MOSTLY) and wins != losses:
        holds = True if wins * 3 >= total * 2 else False if losses * 3 >= total * 2 else None
    else:
        holds = None
    return holds if holds is None or not statement.negated else not holds


def duelled(statement: Statement, sheet: Sheet) -> Iterator[Duel]:
    for one, two in pairs(statement, sheet):
        for other in sorted(statement.where):
            first, second = sheet.at(statement.axis, one, other), sheet.at(statement.axis, two, other)
            if first is None or second is None or first.value is None or second.value is None:
                continue
            better, known = sheet.better(first, statement.axis) if statement.quality else (1, True)
            if better:
                ahead = (first.value > second.value) - (first.value < second.value)
                yield Duel(first, second, ahead * better * statement.sign, known)


def pairs(statement: Statement, sheet: Sheet) -> list[tuple[int, int]]:
    """Which line is compared with which: those alike in all else where there are such, else each with each."""
    found = []
    for one in sorted(statement.subject):
        mine = sheet.by_index[statement.axis, one]
        shared = {}
        for two in sorted(statement.objects - {one}):
            theirs = sheet.by_index[statement.axis, two]
            shared[two] = len(set(mine.labels) & set(theirs.labels)) + (
                mine.varies is not None and mine.varies in (theirs.index, theirs.varies)
            )
        most = max(shared.values(), default=0)
        found += [(one, two) for two, count in shared.items() if count == most]
    return found


def by_so_much(statement: Statement, duels: Sequence[Duel], sheet: Sheet, holds: bool | None) -> bool | None:
    """What a comparison is worth with its stated differences: each must be that of a pair, or of the mean where the text says so."""
    if holds is None or statement.negated:
        return holds
    if statement.says(MEAN):
        gaps = mean_gaps(statement, duels, sheet)
        return True if all(any(Quantity(value=a.value).interval.overlaps(gap) for gap in gaps) for a, _ in statement.by) and holds else None
    if not holds or all(
        any(fits_difference(a, d.one, d.two) for d in duels if d.ahead > 0 and crossing(d, statement) in lines) for a, lines in statement.by
    ):
        return holds
    return False if len(duels) == 1 and len(statement.by) == 1 and not statement.by[0][0].relation else None


def crossing(duel: Duel, statement: Statement) -> int:
    """The line of the other axis that both cells stand on."""
    return duel.one.column if statement.axis == "row" else duel.one.row


def mean_gaps(statement: Statement, duels: Sequence[Duel], sheet: Sheet) -> list[Interval]:
    """For each pair of lines, how far apart they are on average."""
    gaps: dict[tuple[int, int], list[Decimal]] = {}
    for d in duels:
        key = (d.one.row, d.two.row) if statement.axis == "row" else (d.one.column, d.two.column)
        if sheet.better(d.one, statement.axis)[0] > 0:
            gaps.setdefault(key, []).append(abs(d.one.numbers[0] - d.two.numbers[0]))
    means = [sum(values, Decimal(0)) / len(values) for values in gaps.values()]
    return [Interval(mean - Decimal("0.01"), mean + Decimal("0.01")) for mean in means]


def best(statement: Statement, sheet: Sheet) -> Outcome:
    ranks = list(ranked(statement, sheet))
    if not ranks:
        return Outcome(None, "nothing to rank", kind="best")
    wins = sum(first for first, *_ in ranks)
    text = "; ".join(f"{sheet.quote(leader)}" for _, leader, _ in ranks[:3])
    figures = tuple(f for _, leader, mine in ranks[:3] for f in (leader, mine))
    holds = settled(statement, wins, len(ranks) - wins, len(ranks))
    known = not statement.quality or all(sheet.better(mine, statement.axis)[1] for _, _, mine in ranks)
    firm = known and (wins == len(ranks) if holds else not wins and not limited(statement)) and not statement.negated
    return Outcome(holds, f"first: {text}", figures, "best", firm and holds is not None)


def limited(statement: Statement) -> bool:
    """Whether a superlative may be meant among some of the lines only."""
    return len(statement.subject) != 1 or statement.says(RIVALS)


def ranked(statement: Statement, sheet: Sheet) -> Iterator[tuple[bool, Figure, Figure]]:
    """For each line of the other axis: whether the subject is first, which cell is, and the subject's own best."""
    bounds = {line.index for line in sheet.lines(statement.axis) if BOUND.search(line.name.casefold())} - statement.subject
    for group in groups(statement.axis, sheet):
        lines = [i for i in group if i not in bounds]
        if not statement.subject & set(lines) or len(lines) < 2:
            continue
        for other in sorted(statement.where):
            cells = {i: f for i in lines if (f := sheet.at(statement.axis, i, other)) is not None and f.value is not None}
            mine = [cells[i] for i in sorted(statement.subject) if i in cells]
            if not mine or len(cells) < 2:
                continue
            better = sheet.better(mine[0], statement.axis)[0] if statement.quality else 1
            sense = better * statement.sign
            if sense:
                top = max(cells.values(), key=lambda f: sense * (f.value or 0))
                own = max(mine, key=lambda f: sense * (f.value or 0))
                yield own.value == top.value, top, own


def groups(axis: Axis, sheet: Sheet) -> list[list[int]]:
    """Lines that compete: those under one heading, or all."""
    if axis == "column" or len({line.labels[0] for line in sheet.rows if len(line.labels) > 1}) < 2:
        return [[line.index for line in sheet.lines(axis)]]
    found: dict[str, list[int]] = {}
    for line in sheet.rows:
        found.setdefault(line.labels[0] if len(line.labels) > 1 else "", []).append(line.index)
    return list(found.values())


def alike(statement: Statement, sheet: Sheet) -> Outcome:
    lines = sorted(statement.subject)
    duels = (
        list(duelled(statement, sheet))
        if statement.objects
        else [
            Duel(a, b, 0)
            for other in sorted(statement.where)
            for a, b in [(sheet.at(statement.axis, lines[0], other), sheet.at(statement.axis, lines[-1], other))]
            if len(lines) == 2 and a is not None and b is not None and a.value is not None and b.value is not None
        ]
    )
    duels = [d for d in duels if sheet.better(d.one, statement.axis)[0] or statement.limited]
    if not duels:
        return Outcome(None, "no comparable cells", kind="alike")
    holds = True if all(d.apart <= ALIKE for d in duels) else False if all(d.apart >= APART for d in duels) else None
    figures = tuple(f for d in duels[:4] for f in (d.one, d.two))
    return Outcome(holds if holds is None or not statement.negated else not holds, counted(statement, duels, sheet), figures, "alike")


def change(statement: Statement, sheet: Sheet) -> Outcome:
    """A line that varies another is compared with it; a stated step from one number to another speaks for itself."""
    if statement.step is not None:
        low, high = statement.step
        moved = (high.value > low.value) - (high.value < low.value)
        return Outcome((moved == statement.sign) != statement.negated, f"from {low.text} to {high.text}", kind="change")
    duels = list(varied(statement, sheet))
    if not duels and not statement.by and (printed := list(differences(statement, sheet))):
        wins, losses = (sum((f.numbers[0] > 0) == (statement.sign == side) for f in printed) for side in (1, -1))
        text = "; ".join(sheet.quote(f) for f in printed[:3])
        return Outcome(settled(statement, wins, losses, len(printed)), f"differences: {text}", tuple(printed[:4]), "change")
    if not duels and statement.by:
        return somewhere(statement, sheet)
    if not duels:
        return Outcome(None, "no line that differs only in this", kind="change")
    holds = verdict(statement, duels)
    if statement.by:
        holds = by_so_much(statement, duels, sheet, holds)
    firm = varying(statement, sheet) and unanimous(duels)
    gaps = tuple(a for a, _ in statement.by) if holds and not statement.negated and not statement.says(MEAN) else ()
    return Outcome(holds, counted(statement, duels, sheet), tuple(f for d in duels[:4] for f in (d.one, d.two)), "change", firm, gaps=gaps)


def varied(statement: Statement, sheet: Sheet) -> Iterator[Duel]:
    """A line against the one it varies, or where none varies another, against the one called the baseline."""
    plain_line = None if varying(statement, sheet) else baseline(statement, sheet)
    for line in sorted(statement.subject):
        varies = sheet.by_index[statement.axis, line].varies
        base = plain_line if varies is None else varies
        for other in sorted(statement.where) if base is not None else ():
            first, second = sheet.at(statement.axis, line, other), sheet.at(statement.axis, base or 0, other)
            if first is None or second is None or first.value is None or second.value is None:
                continue
            better, known = sheet.better(first, statement.axis) if statement.quality else (1, True)
            if better:
                yield Duel(first, second, better * statement.sign * ((first.value > second.value) - (first.value < second.value)), known)


def varying(statement: Statement, sheet: Sheet) -> bool:
    """Whether any line of the subject is a variant of another."""
    return any(sheet.by_index[statement.axis, line].varies is not None for line in statement.subject)


def baseline(statement: Statement, sheet: Sheet) -> int | None:
    """The one line called the baseline, if the subject is not part of it."""
    found = [line.index for line in sheet.lines(statement.axis) if "baseline" in line.name.casefold()]
    return found[0] if len(found) == 1 and found[0] not in statement.subject else None


def differences(statement: Statement, sheet: Sheet) -> Iterator[Figure]:
    """The cells of the subject that print a difference from a reference, where higher is better or it does not matter."""
    other: Axis = "column" if statement.axis == "row" else "row"
    lower = statement.quality and LOWER.search(plain(sheet.caption)) is not None
    for line in sorted(statement.subject) if not lower else ():
        found = (sheet.at(statement.axis, line, i) for i in sorted(sheet.differences[other]))
        yield from (f for f in found if f is not None and f.value)


def somewhere(statement: Statement, sheet: Sheet) -> Outcome:
    """ "improves by 15": whether some line is that far behind the subject; nothing follows if none is."""
    wide = replace(statement, objects=frozenset(line.index for line in sheet.lines(statement.axis)) - statement.subject)
    found = [d for a, _ in statement.by for d in duelled(wide, sheet) if d.ahead > 0 and fits_difference(a, d.one, d.two)]
    if not found or len(statement.by) != 1 or statement.by[0][0].relation:
        return Outcome(None, "no line that differs by so much", kind="change")
    return Outcome(not statement.negated, counted(statement, found[:1], sheet), (found[0].one, found[0].two), "change")


def gap(statement: Statement, sheet: Sheet) -> Outcome:
    """Whether differences are larger on some lines of the other axis than on others, each line with those alike in all else."""
    sums = []
    for one, two in pairs(statement, sheet):
        if sheet.by_index[statement.axis, one].varies not in (None, two):
            continue
        for here, there in alike_lines(statement, sheet):
            gaps = [distance(statement, sheet, one, two, line) for line in (here, there)]
            if gaps[0] is not None and gaps[1] is not None:
                sums.append((gaps[0], gaps[1]))
    if not sums:
        return Outcome(None, "no differences to compare", kind="gap")
    wins = sum((a > b) - (a < b) == statement.sign for a, b in sums)
    losses = sum((a > b) - (a < b) == -statement.sign for a, b in sums)
    text = "; ".join(f"{a:.2f} against {b:.2f}" for a, b in sums[:4])
    return Outcome(settled(statement, wins, losses, len(sums)), f"differences {text}", kind="gap")


def alike_lines(statement: Statement, sheet: Sheet) -> list[tuple[int, int]]:
    """Lines of `where` with those of `beyond` that share most labels: the same metric on another dataset."""
    other: Axis = "column" if statement.axis == "row" else "row"
    turned = replace(statement, axis=other, subject=statement.where, objects=statement.beyond)
    return pairs(turned, sheet)


def distance(statement: Statement, sheet: Sheet, one: int, two: int, line: int) -> Decimal | None:
    """How far two cells of a line are apart, shares counted in points."""
    first, second = sheet.at(statement.axis, one, line), sheet.at(statement.axis, two, line)
    if first is None or second is None or first.value is None or second.value is None:
        return None
    scale = 100 if max(abs(first.value), abs(second.value)) <= 1 else 1
    return abs(first.value - second.value) * scale


def counted(statement: Statement, duels: Sequence[Duel], sheet: Sheet) -> str:
    """The comparisons in words."""
    wins, losses = sum(d.ahead > 0 for d in duels), sum(d.ahead < 0 for d in duels)
    shown = "; ".join(f"{sheet.quote(d.one)} against {sheet.quote(d.two)}" for d in duels[:2])
    return f"as stated in {wins}, otherwise in {losses} of {len(duels)} cells: {shown}"


RULES = {"compare": compare, "best": best, "alike": alike, "change": change, "gap": gap}
