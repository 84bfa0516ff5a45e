"""Rows of placed cells to a table's cells: which rows are the header, and what a spanning cell covers. For every format."""

import re
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from claimcheck.document import Cell, Location

_NUMBER = re.compile(r"(?<![A-Za-z\w.-])[-+−±<>∼~≈$€£]?\s*\d[\d,\u2009 ]*(?:\.\d+)?\s*(?:[xkKMBGT]\b|[%×]|$|[\s(±/†‡*∗⁰¹²³])")
_MAX_HEADER_SHARE = 0.5


@dataclass
class Placed:
    """A cell of a row being built: `upward` if its rows lie above it (a negative \\multirow)."""

    text: str
    column: int
    rowspan: int = 1
    colspan: int = 1
    bold: bool = False
    underline: bool = False
    where: Location | None = None
    upward: bool = False


@dataclass
class Grid:
    """Rows of a table, with the rules between them."""

    rows: list[list[Placed]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    rules: set[int] = field(default_factory=set)
    """Row numbers above which a rule over the whole width stands."""

    declared: int = 0
    """How many rows at the top the source itself calls header (`<thead>`)."""

    _mark: int | None = None

    @property
    def height(self) -> int:
        return len(self.rows)

    def add_row(self, cells: list[Placed], width: int) -> None:
        self.rows.append(cells)
        self.widths.append(width)

    def rule(self) -> None:
        self.rules.add(len(self.rows))

    def mark(self) -> None:
        """Remember this row: what follows up to `back_to_mark` is a repeated header."""
        self._mark = len(self.rows)

    def back_to_mark(self) -> None:
        if self._mark is not None:
            self._cut(self._mark)
        self._mark = len(self.rows)

    def drop_foot(self) -> None:
        """Leave out the rows since the header: a foot repeated on each page."""
        if self._mark is not None:
            self._cut(self._mark)

    def _cut(self, row: int) -> None:
        del self.rows[row:], self.widths[row:]
        self.rules = {rule for rule in self.rules if rule <= row}

    def cells(self) -> tuple[Cell, ...]:
        """The cells with their places; empty positions under a span are not cells, nor are empty cells."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        placed: dict[tuple[int, int], Placed] = {}
        for number, row in enumerate(self.rows):
            for cell in row:
                top = max(0, number - cell.rowspan + 1) if cell.upward else number
                if not cell.text and cell.rowspan == 1 and cell.colspan == 1:
                    continue
                placed[top, cell.column] = cell
        header = self.header_rows(placed)
        self._spread_labels(placed, header)
        for (row_number, column), cell in list(placed.items()):
            cell.rowspan = min(cell.rowspan, len(self.rows) - row_number)
            cell.rowspan = self._free_rows(placed, row_number, column, cell)
            for row_at in range(row_number, row_number + cell.rowspan):
                for column_at in range(column, column + cell.colspan):
                    owner.setdefault((row_at, column_at), (row_number, column))
        made = [
            Cell(
                text=cell.text,
                row=row_number,
                column=column,
                rowspan=cell.rowspan,
                colspan=cell.colspan,
                header=row_number < header,
                bold=cell.bold,
                underline=cell.underline,
                where=cell.where,
            )
            for (row_number, column), cell in sorted(placed.items(), key=lambda item: item[0])
            if cell.text and owner.get((row_number, column)) == (row_number, column)
        ]
        return tuple(squeeze(made))

    def _spread_labels(self, placed: dict[tuple[int, int], Placed], header: int) -> None:
        """A lone label set by hand in the middle row of a group between rules labels the whole group."""
        edges = sorted({header, *(rule for rule in self.rules if rule > header), len(self.rows)})
        for top, bottom in pairwise(edges):
            held = [row for row in range(top, bottom) if placed.get((row, 0)) is not None and placed[row, 0].text]
            if len(held) != 1 or bottom - top < 3 or held[0] == top or abs(held[0] - (top + bottom - 1) / 2) > 0.6:
                continue
            cell = placed[held[0], 0]
            if cell.rowspan == 1 and cell.colspan == 1 and not is_numeric(cell.text):
                del placed[held[0], 0]
                cell.rowspan = bottom - top
                placed[top, 0] = cell

    def _free_rows(self, placed: dict[tuple[int, int], Placed], row: int, column: int, cell: Placed) -> int:
        """How far down the cell reaches before another cell that prints something."""
        for below in range(row + 1, row + cell.rowspan):
            for column_at in range(column, column + cell.colspan):
                other = placed.get((below, column_at))
                if other is not None and other.text:
                    return below - row
        return cell.rowspan

    def header_rows(self, placed: dict[tuple[int, int], Placed]) -> int:
        """How many rows at the top are the header: those above the first rule below a row, if they look it."""
        if len(self.rows) < 2:
            return 0
        if 0 < self.declared < len(self.rows):
            return self.declared
        ruled = next((row for row in sorted(self.rules) if 0 < row < len(self.rows)), 0)
        while ruled and ruled < len(self.rows) and self._spanned(placed, ruled):
            ruled = next((row for row in sorted(self.rules) if ruled < row), 0)
        if ruled and ruled <= max(3, len(self.rows) * _MAX_HEADER_SHARE) and not self._mostly_numbers(range(ruled)):
            while ruled + 1 < len(self.rows) and ruled + 1 in self.rules and self._is_sub_header(ruled):
                ruled += 1
            return ruled
        return 0 if self._mostly_numbers(range(1)) else 1

    def _spanned(self, placed: dict[tuple[int, int], Placed], row: int) -> bool:
        """Whether a cell of a header row above reaches down to `row`."""
        return any(top < row < top + cell.rowspan and top == 0 and cell.rowspan <= 4 for (top, _), cell in placed.items() if top < row)

    def _is_sub_header(self, row: int) -> bool:
        cells = [cell for cell in self.rows[row] if cell.text]
        named = [cell for cell in cells if cell.column > 0]
        return len(named) >= 2 and not any(cell.column == 0 for cell in cells) and not any(is_numeric(cell.text) for cell in named)

    def _mostly_numbers(self, rows: range) -> bool:
        cells = [cell for row in rows for cell in self.rows[row] if cell.text and cell.column > 0]
        numeric = sum(is_numeric(cell.text) and ("." in cell.text or "%" in cell.text) for cell in cells)
        return bool(cells) and numeric * 2 > len(cells)


def squeeze(cells: list[Cell]) -> list[Cell]:
    """The cells without the columns nothing stands in: spacers between groups are layout, and only LaTeX shows them."""
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    used = {cell.column for cell in cells if cell.colspan == 1}
    for cell in cells:
        if not used.intersection(range(cell.column, cell.column + cell.colspan)):
            used.add(cell.column)
    if len(used) == width:
        return cells
    position = [0, *accumulate(column in used for column in range(width))]
    return [
        cell.model_copy(
            update={"column": position[cell.column], "colspan": max(1, position[cell.column + cell.colspan] - position[cell.column])}
        )
        for cell in cells
    ]


def is_numeric(text: str) -> bool:
    """Whether a cell's text is a number, perhaps with a sign, unit, spread or mark: `72.3 ± 0.4`, `−5%`, `1,234`."""
    stripped = text.strip("()[]{}*†‡§ ")
    return bool(stripped) and len(stripped) < 40 and bool(_NUMBER.match(stripped)) and sum(map(str.isalpha, stripped)) <= 4
