"""Which table of a cited paper a table repeats, and which of its cells stand in which.

Two cells are candidates if they print the same number. A number alone proves little (many accuracies are 83.5), so a candidate
counts by what stands with it: other equal numbers in the same pair of rows and the same pair of columns, and labels that agree.
arXiVeri (Shin et al. 2023) poses the two questions; no model and no embedding is needed for them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from rapidfuzz import fuzz

from claimcheck.document import Cell, Table
from claimcheck.readers.grid import is_numeric

MOST_CELLS = 6_000
"""Numeric cells of the largest table that is matched."""

MOST_ALIKE = 400
"""Candidate pairs of one printed number; more say nothing (a column of zeros)."""

WORTH = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5)
"""What an equal number proves by its significant digits, at most the last."""

LEAST = 3.0
"""Strength below which two tables are not taken to share anything."""

LEAST_BOND = 1.0
"""What must bind two rows, and two columns, beside the pair itself: labels that agree by half, or a clear second number."""

_DRESS = re.compile(r"\\(?:math|text)?(?:bf|rm|it|sf|tt|bm|series)\b|\\(?:underline|boldsymbol|emph|color|cellcolor)\b|\\(?=%)|[{}$]")
"""What only dresses a number, where a source leaves LaTeX in its cells."""

_NUMBER = re.compile(r"(?<![\w.])[-−–+]?\d+(?:,\d{3})*(?:\.\d+)?|(?<![\w.])\.\d+")
_CITED = re.compile(
    r"\[[\d,;\s–-]{1,40}\]|\([^()]{0,60}\b(?:19|20)\d\d[a-z]?\)|\bet\sal\.?|\{\}|[†‡*∗§]|\^\{[^{}]{0,20}\}|_\{[^{}]{0,40}\}"
)


@dataclass(frozen=True)
class Number:
    """A numeric cell: its place, the number it prints without trailing zeros, and the labels of its row and column."""

    row: int
    column: int
    value: str
    digits: int
    """Significant digits printed: how much an equal number elsewhere proves."""

    decimal: bool
    beside: str
    above: str

    @property
    def turned(self) -> "Number":
        """The cell in the table turned on its side."""
        return replace(self, row=self.column, column=self.row, beside=self.above, above=self.beside)


@dataclass(frozen=True)
class Pair:
    """A cell of one table and the cell of another that it repeats."""

    target: Number
    source: Number
    strength: float


@dataclass(frozen=True)
class Match:
    """What two tables share."""

    pairs: tuple[Pair, ...]
    strength: float


def numbers(table: Table) -> tuple[Number, ...]:
    """The numeric cells of a table; a spanning cell stands at its top left."""
    grid = table.grid()
    printed = {(cell.row, cell.column): number for cell in table.cells if (number := number_in(cell.text)) is not None}
    found = []
    heading = ""
    for row, cells in enumerate(grid):
        here = list({(c.row, c.column): c for c in cells if c is not None}.values())
        if len(here) == 1 and len(cells) > 1 and (here[0].row, here[0].column) not in printed:
            heading = here[0].text
            continue
        beside = label([heading, *(c.text for c in here if (c.row, c.column) not in printed)])
        for cell in here:
            number = printed.get((cell.row, cell.column))
            if number is not None and cell.row == row:
                found.append(
                    Number(row, cell.column, canonical(number), significant(number), "." in number, beside, tops(grid, cell, printed))
                )
    return tuple(found[:MOST_CELLS])


def tops(grid: list[list[Cell | None]], cell: Cell, printed: Mapping[tuple[int, int], str]) -> str:
    """The labels above a cell; a text that fills its whole row heads the rows below it and no column."""
    above = []
    for row in grid[: cell.row]:
        other = row[cell.column]
        if other is not None and (other.row, other.column) not in printed and len({id(c) for c in row if c is not None}) > 1:
            above.append(other.text)
    return label(above)


def number_in(text: str) -> str | None:
    """The first number of a cell that holds numbers, as printed but for sign and separators; None for words."""
    bare = _DRESS.sub("", text).strip()
    match = _NUMBER.search(bare) if is_numeric(bare) else None
    return match.group().replace(",", "").lstrip("+").replace("−", "-").replace("–", "-") if match else None


def canonical(printed: str) -> str:
    """A number without trailing zeros and leading zero: 0.50 and .5 are one."""
    bare = printed.rstrip("0").rstrip(".") if "." in printed else printed
    sign, digits = ("-", bare[1:]) if bare.startswith("-") else ("", bare)
    return f"{sign}{digits.lstrip('0') or '0'}"


def significant(printed: str) -> int:
    return len(re.sub(r"\D", "", printed).lstrip("0"))


def label(texts: Iterable[str]) -> str:
    """Label cells as one line, citations and marks left out."""
    bare = (
        " ".join(re.sub(r"[^\w%@+.]+", " ", _CITED.sub(" ", text.replace("\\uparrow", "↑").replace("\\downarrow", "↓"))).split())
        for text in dict.fromkeys(texts)
    )
    return " ".join(text for text in bare if text).casefold()


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> float:
    """How far two labels agree, from 0 to 1."""
    return fuzz.token_set_ratio(one, other) / 100 if one and other else 0.0


def match(target: Sequence[Number], source: Sequence[Number]) -> Match:
    """The cells of two tables that are one and the same, whichever way round either stands."""
    candidates = list(equal(target, source))
    ways = (shared(candidates, turned) for turned in (False, True))
    return max(ways, key=lambda found: found.strength)


def equal(target: Sequence[Number], source: Sequence[Number]) -> Iterable[tuple[Number, Number, float]]:
    """Pairs of cells that print the same number, or one the other rounded, with how much that alone proves."""
    there: dict[str, list[Number]] = defaultdict(list)
    for number in source:
        for form in forms(number):
            there[form].append(number)
    mine = [(number, other) for number in target for form in forms(number) for other in there.get(form, ())]
    times = Counter((number.value, other.value) for number, other in set(mine))
    for number, other in dict.fromkeys(mine):
        alone = times[number.value, other.value]
        if alone <= MOST_ALIKE and (number.value == other.value or rounds(number.value, other.value) or rounds(other.value, number.value)):
            digits = min(number.digits, other.digits)
            worth = WORTH[min(digits, len(WORTH) - 1)] * (1.0 if number.value == other.value else 0.6)
            yield number, other, worth / alone**0.5


def forms(number: Number) -> tuple[str, ...]:
    """Keys under which equal numbers meet: the number itself, and rounded to one and two decimals fewer."""
    exact = Decimal(number.value)
    places = -int(exact.as_tuple().exponent)
    fewer = [exact.quantize(Decimal(1).scaleb(-p), mode) for p in range(max(0, places - 2), places) for mode in (ROUND_HALF_UP, ROUND_DOWN)]
    return tuple(dict.fromkeys([number.value, *(canonical(str(f)) for f in fewer)])) if number.decimal else (number.value,)


def rounds(precise: str, coarse: str) -> bool:
    """Whether `coarse` is `precise` to fewer decimals."""
    exact, short = Decimal(precise), Decimal(coarse)
    return (
        exact != short and significant(coarse) > 1 and -int(exact.as_tuple().exponent) > 0 and exact.quantize(short, ROUND_HALF_UP) == short
    )


def shared(candidates: Sequence[tuple[Number, Number, float]], turned: bool) -> Match:
    """The pairs kept if rows answer to rows (or to columns, if turned), each cell used once, the strongest first."""
    rows, columns = Lines(), Lines()
    for mine, theirs, worth in candidates:
        other = theirs.turned if turned else theirs
        rows.add(mine.row, other.row, worth, mine.beside, other.beside)
        columns.add(mine.column, other.column, worth, mine.above, other.above)
    weighed = []
    for mine, theirs, worth in candidates:
        other = theirs.turned if turned else theirs
        line, stack = rows.bond(mine.row, other.row, worth), columns.bond(mine.column, other.column, worth)
        if line >= LEAST_BOND and stack >= LEAST_BOND and (mine.decimal or theirs.decimal):
            weighed.append(Pair(mine, theirs, worth + line + stack))
    return chosen(weighed)


class Lines:
    """How firmly each row of one table is bound to each row of another; or each column."""

    def __init__(self) -> None:
        self.worth: dict[tuple[int, int], float] = defaultdict(float)
        self.agree: dict[tuple[int, int], float] = {}
        self.best: dict[tuple[str, int], float] = defaultdict(float)

    def add(self, mine: int, theirs: int, worth: float, label: str, other: str) -> None:
        """Two equal numbers stand in these two lines."""
        self.agree.setdefault((mine, theirs), 2 * alike(label, other))
        self.worth[mine, theirs] += worth
        total = min(self.worth[mine, theirs], 4) + self.agree[mine, theirs]
        self.best["mine", mine] = max(self.best["mine", mine], total)
        self.best["theirs", theirs] = max(self.best["theirs", theirs], total)

    def bond(self, mine: int, theirs: int, worth: float) -> float:
        """What else binds the two lines beside one pair of this worth, less where either has a better partner."""
        total = min(self.worth[mine, theirs], 4) + self.agree[mine, theirs]
        rival = max(self.best["mine", mine], self.best["theirs", theirs])
        return max(0.0, min(self.worth[mine, theirs] - worth, 4) + self.agree[mine, theirs]) * (total / rival) ** 2


def chosen(weighed: Iterable[Pair]) -> Match:
    used: set[tuple[str, int, int]] = set()
    pairs = []
    for pair in sorted(weighed, key=lambda p: (-p.strength, p.target.row, p.target.column, p.source.row, p.source.column)):
        places = {("target", pair.target.row, pair.target.column), ("source", pair.source.row, pair.source.column)}
        if pair.strength >= LEAST and not places & used:
            used |= places
            pairs.append(pair)
    return Match(tuple(pairs), sum(pair.strength for pair in pairs))


def best(matches: Sequence[Match]) -> int | None:
    """Position of the strongest match; None if no table shares anything."""
    strongest = max(range(len(matches)), key=lambda i: matches[i].strength, default=None)
    return strongest if strongest is not None and matches[strongest].pairs else None
