"""A table laid out for reading: what each row and column is called, and the number in each cell.

A row is called by the heading above its group, the texts at its left and, where its label only says what is added or left out
("+ coverage", "w/o gate"), the row it varies. A column is called by the header cells above it, from the top down.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property
from itertools import accumulate
from typing import Literal

from claimcheck.document import Cell, Location, Table
from claimcheck.dossier import Interval, Quantity
from claimcheck.extract.tables import SETTING_LABEL

Axis = Literal["row", "column"]

MOST_CELLS = 4_000
"""Cells of the largest table that is read against sentences; a larger one is a data dump."""

POWER = r"(?:[eE][-−–+]?\d{1,2}(?![\w.]))?(?![eE][-−–+]?\d)"
NUMBER = re.compile(
    rf"(?<![\w.])(?<![eE][-−–+])[-−–+]?\s?(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?!\d))(?:[.,]\d+(?!\d))?{POWER}|(?<![\w.])(?<![eE][-−–+])[-−–+]?\.\d+(?!\d){POWER}"
)
"""A number of a cell; one whose power of ten has three digits or more is none, and no part of it is."""

SPREAD = re.compile(r"(?:±|\+/-|\\pm)\s*(?:\d+(?:\.\d+)?|\.\d+)")
DRESS = re.compile(r"\\(?:math|text)?(?:bf|rm|it|sf|tt)\b|\\(?:underline|emph)\b|\\(?=%)|[{}$*†‡§∗]")
REMARK = re.compile(r"(?<=[\d%])\s\([^\W\d][^()]*\)$")
"""After a number, in brackets: whose it is."""

WORDS = re.compile(r"[^\W\d_]{3,}")
VARIANT = re.compile(r"\s*(?:[+＋−–-]\s?(?=[^\W\d])|w/o?\b|without\b|no\s|with\b|∖|\\)", re.IGNORECASE)
LOWER = re.compile(
    r"↓|\b(?:errors?|err|m?wer|cer|per|ter|eer|der|perplexity|ppl|(?:log)?loss|nll|m?rmse|mse|mae|mape|mpjpe|epe|fid|fvd|kid|lpips|kl|distance|divergence"
    r"|dce|ece|fpr95|bpc|bpd|mdr|mnr|med\s?r|mean\srank|mr|regret|edit rate|emd|chamfer)\b"
)
UPPER = re.compile(
    r"↑|\b(?:acc|accuracy|accuracies|precision|recall|f-?1|f-?scores?|f-?measure|bleu|rouge|meteor|cider|spice|m?ap|map\d*|ap\d*|m?iou|auc|auroc|mrr|ndcg|hits?|psnr|ssim|dice"
    r"|success|em|exact match|top-?[15]|rank-?[15]|r@\d+|rewards?|returns?|correlation|spearman|pearson|kappa|las|uas|[prf])\b"
)
METRIC = re.compile(f"{LOWER.pattern}|{UPPER.pattern}")
ALL_LOWER = re.compile(r"\b(?:lower|smaller|less)\sis\sbetter|\b% errors?\b|\berror\srates?\b")
COST = re.compile(
    r"#|\b(?:params?|parameters?|flops|macs|epochs?|size|time|latency|runtime|seconds|speed|fps|memory|support|count|number|num|n|pairs|steps|seed|year|turns?|length|layers?"
    r"|neurons|units|value|relations?|instances?|p[- ]value|std|dev\.|variance|vocab\w*|ratio|delta|boxe?s?|depth)\b|Δ|δ"
)
"""Labels of numbers that are neither good nor bad when high."""

DIFFERENCE = re.compile(r"\W*(?:δ|delta|diff(?:erences?)?|changes?)\W*")
"""A label of differences from a reference."""

BOUND = re.compile(r"\b(?:human|humans|oracle|gold|upper\sbound|clean|ceiling|random|majority|chance|topline)\b")
"""Rows printed for orientation, which a superlative does not compete with."""


@dataclass(frozen=True)
class Line:
    """One row or column: its place on the grid and its labels, outermost first."""

    axis: Axis
    index: int
    labels: tuple[str, ...]
    varies: int | None = None
    """Index of the line it is a variant of, where its label begins with what is added or left out."""

    @property
    def name(self) -> str:
        return " / ".join(self.labels)


@dataclass(frozen=True)
class Figure:
    """The numbers one cell prints. Where it prints several, `value` is none of them."""

    row: int
    column: int
    text: str
    numbers: tuple[Decimal, ...]
    bold: bool = False

    @property
    def value(self) -> Decimal | None:
        return self.numbers[0] if len(self.numbers) == 1 else None

    @property
    def interval(self) -> Interval:
        return Quantity(value=self.numbers[0]).interval

    @cached_property
    def readings(self) -> tuple[tuple[Interval, Interval, Interval], ...]:
        """For each number what it can stand for: as it is, as a share in percent, as percent of a share; without its sign."""
        cells = [Quantity(value=abs(number)).interval for number in self.numbers]
        return tuple((c, Interval(c.low * 100, c.high * 100), Interval(c.low / 100, c.high / 100)) for c in cells)


class Sheet:
    """The rows, columns and numbers of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.caption = table.caption
        self.grid = table.grid() if len(table.cells) <= MOST_CELLS else []
        self.head = leading(self.grid)
        self.stub = stub_width(self.grid[self.head :])
        self.rows: list[Line] = []
        self.columns: list[Line] = []
        self.figures: dict[tuple[int, int], Figure] = {}
        self._read()

    @cached_property
    def labels(self) -> str:
        """Everything that labels and caption say, folded."""
        return " ".join([self.caption, *(line.name for line in (*self.rows, *self.columns))]).casefold()

    def _read(self) -> None:
        width = len(self.grid[0]) if self.grid else 0
        tops: dict[int, list[str]] = {c: distinct(row[c] for row in self.grid[: self.head]) for c in range(width)}
        heading, left, base = "", [""] * self.stub, None
        renamed: dict[int, dict[int, str]] = {}
        for index in range(self.head, len(self.grid)):
            row = self.grid[index]
            kind = row_kind(row, self.stub)
            if kind == "heading":
                heading = next(c.text.strip() for c in row if c is not None and c.text.strip())
                continue
            if kind == "names":
                renamed[index] = {c: cell.text.strip() for c, cell in enumerate(row) if cell is not None and c >= self.stub}
                heading = row[0].text.strip() if row[0] is not None and self.stub else heading
                continue
            left = [text(cell) or (left[i] if i < self.stub - 1 else "") for i, cell in enumerate(row[: self.stub])]
            labels = tuple(dict.fromkeys(t for t in (heading, *left) if t))
            variant = bool(left) and VARIANT.match(left[-1]) is not None
            base = base if variant else index
            self.rows.append(Line("row", index, labels, base if variant else None))
            for column in range(self.stub, width):
                cell = row[column]
                found = figure(cell, index, column) if cell is not None and cell.column == column and cell.row == index else None
                if found is not None:
                    self.figures[index, column] = found
        self.renamed = renamed
        used = {column for _, column in self.figures}
        tops = in_levels({c: tops[c] for c in sorted(used)})
        self.columns = [
            Line("column", c, tuple(dict.fromkeys([*tops[c], *(n[c] for n in renamed.values() if c in n)]))) for c in sorted(used)
        ]
        self.rows = list(extended(self.rows))
        filled = {row for row, _ in self.figures}
        self.rows = [line for line in self.rows if line.index in filled]

    def lines(self, axis: Axis) -> list[Line]:
        return self.rows if axis == "row" else self.columns

    @cached_property
    def by_index(self) -> dict[tuple[Axis, int], Line]:
        return {(line.axis, line.index): line for line in (*self.rows, *self.columns)}

    def at(self, axis: Axis, line: int, other: int) -> Figure | None:
        """The cell where a line of one axis crosses one of the other."""
        return self.figures.get((line, other) if axis == "row" else (other, line))

    @cached_property
    def _by_number(self) -> dict[Decimal, list[Figure]]:
        """Cells by their numbers, and by these rounded to fewer decimals."""
        found: dict[Decimal, list[Figure]] = {}
        for figure in self.figures.values():
            for number in figure.numbers:
                places = -int(number.as_tuple().exponent)
                for value in {number, *(number.quantize(Decimal(1).scaleb(-p), ROUND_HALF_UP) for p in range(1, min(places, 6)))}:
                    found.setdefault(value, []).append(figure)
        return found

    def printing(self, value: Decimal) -> list[Figure]:
        """The cells that print a number, or one of more decimals that rounds to it: 0.858 is no 0.860."""
        return [f for f in self._by_number.get(value, []) if any(n == value or rounds_to(n, value) for n in f.numbers)]

    @cached_property
    def differences(self) -> dict[Axis, frozenset[int]]:
        """Lines that print differences: those labelled so, or all where every number of the table has its sign printed."""
        signed = any(f.text.startswith("+") for f in self.figures.values()) and all(f.text[0] in "+-−–" for f in self.figures.values())
        return {
            axis: frozenset(n.index for n in self.lines(axis) if signed or (n.labels and DIFFERENCE.fullmatch(plain(n.labels[-1]))))
            for axis in ("row", "column")
        }

    @cached_property
    def _caption_sense(self) -> int:
        """What the caption says of all its numbers: 1 if higher is better, -1 if lower is, 0 if both or neither are named."""
        caption = plain(self.caption)
        lower, upper = LOWER.search(caption) or ALL_LOWER.search(caption), UPPER.search(caption)
        return 0 if bool(lower) == bool(upper) else 1 if upper else -1

    @cached_property
    def _bold_sense(self) -> dict[tuple[Axis, int], int]:
        """For each line, whether its bold numbers are its highest or its lowest: authors set the best in bold."""
        found: dict[tuple[Axis, int], int] = {}
        for axis in ("row", "column"):
            for line in self.lines(axis):
                cells = [f for f in self.figures.values() if (f.row if axis == "row" else f.column) == line.index and f.value is not None]
                values = [f.value for f in cells if f.value is not None]
                bold = {f.value for f in cells if f.bold}
                if len(values) > 1 and len(bold) == 1 and min(values) < max(values):
                    found[axis, line.index] = (max(values) in bold) - (min(values) in bold)
        return found

    def better(self, figure: Figure, axis: Axis) -> tuple[int, bool]:
        """1 if a higher number in this cell is better, -1 if a lower one is, 0 if neither; and whether that is known or taken for granted.

        `axis` is that of the things compared. The metric's own label decides, then bold numbers, then the caption.
        """
        own = self.column_labels(figure) if axis == "row" else self.by_index["row", figure.row].labels
        labels = plain(" ".join(own))
        if "↑" in labels or "↓" in labels:
            return (1 if "↑" in labels else -1), True
        shared = [plain(line.name) for line in self.lines(axis)]
        if LOWER.search(labels) or all(LOWER.search(name) for name in shared):
            return -1, True
        if (COST.search(labels) or SETTING_LABEL.search(labels)) and not UPPER.search(labels):
            return 0, True
        if UPPER.search(labels):
            return 1, True
        bold = self._bold_sense.get(("column", figure.column) if axis == "row" else ("row", figure.row), 0)
        if bold:
            return bold, True
        return (self._caption_sense or 1), self._caption_sense != 0

    def column_labels(self, figure: Figure) -> tuple[str, ...]:
        """The header cells that hold for this cell: a row of names inside the body renames the columns below it."""
        above = [names for index, names in self.renamed.items() if index < figure.row]
        labels = self.by_index["column", figure.column].labels
        renaming = {names[figure.column] for names in self.renamed.values() if figure.column in names}
        return (*(t for t in labels if t not in renaming), *(names[figure.column] for names in above[-1:] if figure.column in names))

    def place(self, figure: Figure) -> Location:
        """Where a cell stands."""
        cell = self.grid[figure.row][figure.column]
        detail = f"{self.table.label or 'table'}, row {figure.row + 1}, column {figure.column + 1}"
        return ((cell.where if cell else None) or self.table.where).model_copy(update={"detail": detail})

    def quote(self, figure: Figure) -> str:
        """A cell with the labels of its row and column."""
        return f"{self.by_index['row', figure.row].name or 'row'} | {' / '.join(self.column_labels(figure)) or 'column'} | {figure.text}"


def extended(rows: Sequence[Line]) -> Iterator[Line]:
    """The rows, each that is called after another with something added ("A", "A + B") as a variant of it."""
    for line in rows:
        name = line.labels[-1] if line.labels else ""
        bases = [o for o in rows if o is not line and o.labels and o.labels[:-1] == line.labels[:-1] and adds_to(name, o.labels[-1])]
        base = max(bases, key=lambda o: len(o.labels[-1]), default=None)
        yield line if line.varies is not None or base is None else replace(line, varies=base.index)


def adds_to(name: str, base: str) -> bool:
    """Whether one label is the other with something added."""
    return len(base) > 1 and name.startswith(base) and re.match(r"\s*(?:[+&]|w/(?!o)|with\b|\()", name[len(base) :]) is not None


def in_levels(tops: dict[int, list[str]]) -> dict[int, list[str]]:
    """Headers written on one line ("A P", "A R", "B P", "B R") as two levels, where every group has the same members."""
    if len(tops) < 4 or any(len(labels) != 1 for labels in tops.values()):
        return tops
    split = {c: re.fullmatch(r"(\S.*?)[\s:]+(\S+(?:\s\([^()]*\))?)", labels[0]) for c, labels in tops.items()}
    members: dict[str, list[str]] = {}
    for match in split.values():
        if match is not None:
            members.setdefault(match.group(1), []).append(match.group(2))
    shared = {group for group, own in members.items() if sum(own == other for other in members.values()) > 1 and len(own) > 1}
    return {c: [m.group(1), m.group(2)] if (m := split[c]) is not None and m.group(1) in shared else labels for c, labels in tops.items()}


def rounds_to(number: Decimal, coarse: Decimal) -> bool:
    """Whether a number rounds to one of fewer decimals."""
    return int(number.as_tuple().exponent) < int(coarse.as_tuple().exponent) and number.quantize(coarse, ROUND_HALF_UP) == coarse


def plain(printed: str) -> str:
    """A text with compatibility forms and case folded: "F₁" is f1."""
    return unicodedata.normalize("NFKC", printed).casefold()


def text(cell: Cell | None) -> str:
    return cell.text.strip() if cell is not None else ""


def distinct(cells: Iterator[Cell | None]) -> list[str]:
    return list(dict.fromkeys(t for cell in cells if (t := text(cell))))


def leading(grid: Sequence[Sequence[Cell | None]]) -> int:
    """How many rows at the top are header: flagged so, or without a number beside the first column."""
    head = 0
    for row in grid:
        body = [cell for cell in row[1:] if cell is not None and cell.text.strip()]
        flagged = any(cell is not None and cell.header for cell in row) and all(cell is None or cell.header for cell in row)
        wordy = bool(body) and len({text(c) for c in body}) > 1 and not any(is_figure(cell.text) for cell in body) and text(row[0]) == ""
        if not flagged and not (wordy and head) and not (head == 0 and wordy):
            break
        head += 1
    if head == 0 and len(grid) > 1 and not any(is_figure(text(cell)) for cell in grid[0][1:]):
        return 1
    return head if head < len(grid) else max(0, len(grid) - 1)


def stub_width(body: Sequence[Sequence[Cell | None]]) -> int:
    """How many columns at the left are row labels. None are in a single row of decimals."""
    if not body or not body[0]:
        return 0
    width = 0
    for column in range(len(body[0])):
        texts = [t for row in body if (t := text(row[column])) and row_kind(row, 0) != "heading"]
        numeric = sum(is_figure(t) or t in "-–—" for t in texts)
        if texts and numeric * 2 > len(texts):
            break
        width += 1
    if width == 0:
        firsts = [text(row[0]) for row in body]
        return 0 if len(body) == 1 and "." in firsts[0] else 1
    return width if width < len(body[0]) else 1


GENERIC = re.compile(
    r"(?:[\w-]+\s){0,2}(?:methods?|models?|approach(?:es)?|systems?|algorithms?|networks?|architectures?|classifiers?|techniques?|variants?|backbones?)",
    re.IGNORECASE,
)
"""What heads a column of names, and names nothing by itself."""


def settings_named(row: Sequence[Cell | None], stub: int) -> bool:
    """Whether a row that prints numbers is a header: generic words at its left, and settings in order ("0.3 0.4 0.5") over the columns."""
    left = {t for cell in row[:stub] if (t := text(cell))}
    values = [decimal(t) if NUMBER.fullmatch(t) else None for cell in row[stub:] if (t := text(cell))]
    known = [v for v in values if v is not None]
    rising = sorted(set(known))
    return bool(left) and all(GENERIC.fullmatch(t) for t in left) and len(known) == len(values) > 2 and known in (rising, rising[::-1])


def row_kind(row: Sequence[Cell | None], stub: int) -> Literal["heading", "names", "body"]:
    """Whether a row heads a group with one text, renames the columns, or holds numbers."""
    texts = {t for cell in row if (t := text(cell))}
    if stub and settings_named(row, stub):
        return "names"
    if len(texts) == 1 and len(row) > 1 and not is_figure(next(iter(texts))):
        return "heading"
    beside = [t for cell in row[max(stub, 1) :] if (t := text(cell)) and t not in "-–—"]
    if stub and len(set(beside)) > 1 and not any(is_figure(t) for t in beside):
        return "names"
    return "heading" if stub and len(set(beside)) == 1 and not is_figure(beside[0]) and beside[0] in text(row[0]) else "body"


def is_numeric(table: Table) -> bool:
    """Whether a table is worth keeping beside its document: it prints numbers, and is no data dump."""
    return len(table.cells) <= MOST_CELLS and sum(is_figure(cell.text) for cell in table.cells) > 1


def is_figure(printed: str) -> bool:
    """Whether a cell prints numbers and little else."""
    bare = REMARK.sub("", DRESS.sub("", SPREAD.sub("", printed)))
    return NUMBER.search(bare) is not None and len(WORDS.findall(NUMBER.sub("", bare))) == 0 and len(bare) < 60


def figure(cell: Cell, row: int, column: int) -> Figure | None:
    """The numbers of a cell; None if it prints none, or prints words."""
    if not is_figure(cell.text):
        return None
    bare = REMARK.sub("", DRESS.sub("", SPREAD.sub("", cell.text)))
    found = tuple(number for match in NUMBER.finditer(bare) if (number := decimal(match.group())) is not None)
    return Figure(row, column, cell.text.strip(), found, cell.bold) if found else None


def decimal(printed: str) -> Decimal | None:
    bare = re.sub(r"\s", "", printed).replace("−", "-").replace("–", "-")
    bare = bare.replace(",", "") if re.search(r",\d{3}(?!\d)", bare) else bare.replace(",", ".")
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def spans(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open spans of pieces joined by one space."""
    ends = list(accumulate(length + 1 for length in lengths))
    return [(end - length - 1, end - 1) for end, length in zip(ends, lengths, strict=True)]
