"""Tables on a PDF page, from ruling lines and words: booktabs and \\hline tables, spanning and stacked headers, no vertical rules needed.

Rules of one length that stand above each other frame a table. Its rows are words on one baseline, its columns the strips no row of
the body crosses; a header cell spans the columns its own rule, or its middle, says.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from claimcheck.document import Cell, Location
from claimcheck.readers.captions import opens_caption
from claimcheck.readers.grid import Grid, Placed, is_numeric
from claimcheck.readers.pdf_pages import Page, Rule, Word
from claimcheck.readers.scripts import subscript, superscript

_MIN_WIDTH = 40.0
_SAME = 3.5
"""Points within which two rules are taken to begin or end alike."""
_TIGHT = 0.42
"""Of the type size: a smaller space is between words, a larger one may part columns. Word spaces are 0.25 to 0.35."""
_MIN_GAP = 0.2
_MAX_WORDS = 6_000
_SUB_CAPTION = re.compile(r"\([a-h]\)$")
_NUMBER_TOKEN = re.compile(r"[-+−–±<>∼~≈$]?\d[\d,.]*[%)\]*†‡kKMBGx×]*$|[-–—]+$")


@dataclass
class Row:
    """Words on one baseline, left to right."""

    baseline: float
    words: list[Word] = field(default_factory=list)


@dataclass
class Run:
    """Words of a row that belong together, and the columns they cover."""

    words: list[Word]
    first: int = 0
    last: int = 0

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass
class Frame:
    """The place of a table: its box, and the rules in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    full: list[float]
    """Heights of the rules over the whole width, top and bottom rule among them."""

    parts: list[Rule] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)


@dataclass
class Found:
    """A table read off a page."""

    frame: Frame
    cells: tuple[Cell, ...]


def find(page: Page, document: str) -> list[Found]:
    """The tables of a page, from the top down."""
    found = []
    for frame in _frames(page):
        cells = _Reading(frame, page, document).cells()
        if _is_table(cells):
            found.append(Found(frame, cells))
    return found


def _is_table(cells: Sequence[Cell]) -> bool:
    """Whether cells make a table: more than one row and column, and not a box of prose."""
    columns = {cell.column for cell in cells}
    rows = {cell.row for cell in cells}
    if len(columns) < 2 or len(rows) < 2:
        return False
    first = min(cells, key=lambda cell: (cell.row, cell.column)).text
    return not re.match(r"(?:Algorithm|Procedure|Listing)\s*\d", first)


def _frames(page: Page) -> Iterator[Frame]:
    families: list[list[Rule]] = []
    for rule in page.across:
        if rule.x1 - rule.x0 < _MIN_WIDTH:
            continue
        family = next((f for f in families if abs(f[0].x0 - rule.x0) <= _SAME and abs(f[0].x1 - rule.x1) <= _SAME), None)
        if family is None:
            families.append([rule])
        else:
            family.append(rule)
    frames = [frame for family in families if len(family) > 1 for frame in _parted(family, page)]
    frames.sort(key=lambda frame: -(frame.x1 - frame.x0) * (frame.bottom - frame.top))
    kept: list[Frame] = []
    for frame in frames:
        if any(_inside(frame, other) for other in kept):
            continue  # the clines of a table are a family too
        kept.append(frame)
        frame.parts = [
            rule
            for rule in page.across
            if frame.top < rule.y0 < frame.bottom
            and rule.x0 >= frame.x0 - _SAME
            and rule.x1 <= frame.x1 + _SAME
            and not any(abs(rule.y0 - height) < 1.5 for height in frame.full)
        ]
    yield from sorted(kept, key=lambda frame: frame.top)


def _inside(inner: Frame, outer: Frame) -> bool:
    return inner.x0 >= outer.x0 - _SAME and inner.x1 <= outer.x1 + _SAME and inner.top >= outer.top - 2 and inner.bottom <= outer.bottom + 2


def _parted(family: list[Rule], page: Page) -> Iterator[Frame]:
    """The tables that rules of one length frame: between two of them stands caption or prose where a table ends."""
    x0, x1 = min(rule.x0 for rule in family), max(rule.x1 for rule in family)
    strip = [word for word in page.words if word.middle > family[0].y0 - 1 and word.x1 > x0 - 2 and word.x0 < x1 + 2]
    current = [family[0]]
    kept: list[Word] = []
    for above, below in itertools.pairwise(family):
        words = [word for word in strip if above.y0 < word.middle < below.y0]
        if not words and below.y0 - above.y0 < 8.0:
            current.append(below)
        elif words and _continues(words, x0, x1):
            current.append(below)
            kept += words
        else:
            yield from _closed(current, kept, x0, x1, strip)
            current, kept = [below], []
    yield from _closed(current, kept, x0, x1, strip)


def _closed(rules: list[Rule], words: list[Word], x0: float, x1: float, strip: Sequence[Word]) -> Iterator[Frame]:
    """The frame that rules make, down to its last rule, or further where rows go on below without one."""
    if len(rules) < 2 or not 0 < len(words) <= _MAX_WORDS:
        return
    bottom, more = _open_end(rules[-1].y0, [word for word in strip if word.middle > rules[-1].y0], rows_of(words))
    yield Frame(x0, rules[0].y0, x1, bottom, [rule.y0 for rule in rules], words=[*words, *more])


def _open_end(bottom: float, below: Sequence[Word], rows: Sequence[Row]) -> tuple[float, list[Word]]:
    """Rows that go on below the last rule: close under it, on the columns of the last row above, mostly numbers."""
    more: list[Word] = []
    held: list[Word] = []
    last = end = bottom
    pattern = rows[-1].words
    steps = [after.baseline - before.baseline for before, after in itertools.pairwise(rows)]
    for row in rows_of([word for word in below if word.baseline < bottom + 400]):
        size = row.words[0].size
        numbers = [word for word in row.words if _is_number(word)]
        aligned = sum(any(abs(word.x1 - other.x1) < 6 or abs(word.x0 - other.x0) < 6 for other in pattern) for word in numbers)
        label_only = len(row.words) < 3 and row.words[0].x0 < pattern[0].x0 - 8
        tabular = len(numbers) >= 2 and 2 * len(numbers) >= len(row.words) and aligned >= 0.7 * len(numbers)
        reach = max(1.7 * size, min(2.4 * size, 1.1 * max(steps, default=0.0)))  # rows with a rule between them stand farther apart
        if row.baseline - last > reach or not (label_only or tabular):
            break
        held += row.words
        last = row.baseline
        if tabular:
            more, held, end = [*more, *held], [], row.baseline + 3.0
    return end, more


def _continues(words: list[Word], x0: float, x1: float) -> bool:
    """Whether the words between two rules are rows of a table."""
    rows = rows_of(words)
    if len(rows) > 120:
        return False
    outside = sum(word.x0 < x0 - 4 or word.x1 > x1 + 4 for word in words)
    if outside > 0.1 * len(words):
        return False
    if any(opens_caption(" ".join(word.text for word in row.words[:3])) or _SUB_CAPTION.match(row.words[0].text) for row in rows):
        return False
    prose = sum(_is_prose(row, x1 - x0) for row in rows)
    return prose <= 0.5 * len(rows) or len(rows) == 1


def _is_prose(row: Row, width: float) -> bool:
    """Whether a row is a line of running text: many words, evenly spaced, over the whole width."""
    words = row.words
    if len(words) < 7 or words[-1].x1 - words[0].x0 < 0.8 * width:
        return False
    widest = max(right.x0 - left.x1 for left, right in itertools.pairwise(words))
    letters = sum(word.text.isalpha() for word in words)
    return widest < 0.8 * words[0].size and letters > 0.5 * len(words)


def rows_of(words: Sequence[Word]) -> list[Row]:
    """Words grouped by baseline, from the top down, each row left to right."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda found: found.baseline):
        if rows and word.baseline - rows[-1].baseline <= 0.3 * max(6.0, word.size):
            rows[-1].words.append(word)
        else:
            rows.append(Row(word.baseline, [word]))
    for row in rows:
        row.words.sort(key=lambda found: found.x0)
        row.baseline = sorted(word.baseline for word in row.words)[len(row.words) // 2]
    return rows


class _Reading:
    """One table being read."""

    def __init__(self, frame: Frame, page: Page, document: str) -> None:
        self.frame, self.page, self.document = frame, page, document
        self.rows = _attach_scripts(rows_of(frame.words))
        self.size = _median([word.size for word in frame.words])
        self.underlines, self.parts = _underlines(frame, self.rows)
        self.body = self._body_start()
        self.columns = self._columns()
        self.labels: dict[int, Run] = {}

    def cells(self) -> tuple[Cell, ...]:
        if len(self.columns) < 2 or len(self.rows) < 2:
            return ()
        runs = [self._runs(number) for number in range(len(self.rows))]
        for number in reversed(range(self.body)):  # the lower labels first: the upper ones span them
            self._span_header(number, runs)
        floating = self._floating(runs)
        numbers = [number for number in range(len(self.rows)) if number not in floating]
        spans = self._spans(runs, floating, numbers)
        placed_words = {id(word) for run, _ in spans.values() for word in run.words}
        lost = [number for number in floating if any(id(run.words[0]) not in placed_words for run in runs[number])]
        if lost:  # what labels no group after all is a row of its own
            numbers = sorted({*numbers, *lost})
            spans = self._spans(runs, floating - set(lost), numbers)
        grid = Grid()
        for position, number in enumerate(numbers):
            if self._rule_above(number):
                grid.rule()
            placed = [self._placed(run) for run in runs[number] if (position, run.first) not in spans]
            placed += [self._placed(run, rowspan) for (at, _), (run, rowspan) in spans.items() if at == position]
            taken = {(at, column) for (at, column) in spans}
            placed = [cell for cell in placed if cell.rowspan > 1 or (position, cell.column) not in taken]
            grid.add_row(sorted(placed, key=lambda cell: cell.column), len(self.columns))
        return grid.cells()

    def _rule_above(self, number: int) -> bool:
        above = self.rows[number - 1].baseline if number else self.frame.top - 1
        return any(above - 0.5 < height < self.rows[number].baseline for height in self.frame.full)

    def _body_start(self) -> int:
        """The first row below the first full rule that stands under a row; 1 if there is none."""
        first = self.rows[0].baseline
        inner = [height for height in self.frame.full if height > first and height < self.rows[-1].baseline]
        if not inner:
            return min(1, len(self.rows) - 1)
        start = next(number for number, row in enumerate(self.rows) if row.baseline > inner[0])
        return start if start <= max(4, len(self.rows) // 2) else 1

    def _columns(self) -> list[tuple[float, float]]:
        """The extents of the columns: strips of the body that rows do not cross."""
        rows = self.rows[self.body :] or self.rows
        gaps = self._gaps(rows)
        if len(rows) <= 2 or not gaps:
            # So few rows part anywhere: the header must agree.
            gaps = self._gaps([*self._labels_row(), *rows]) or gaps
        edges = [(left + right) / 2 for left, right in gaps]
        edges = self._vertical_edges(edges, rows)
        strips: list[list[Word]] = [[] for _ in range(len(edges) + 1)]
        for row in rows:
            for run in self._split(row.words, edges):
                covered = {_strip(edges, word.x0, word.x1) for word in run}
                if len(covered) == 1 and len(run) < 25:
                    strips[covered.pop()] += run
        columns = []
        for number, words in enumerate(strips):
            if words:  # a heading in the body may run on over the next column: it makes its own no wider
                left = edges[number - 1] if number else self.frame.x0 - 9
                right = edges[number] if number < len(edges) else self.frame.x1 + 9
                columns.append((max(left, min(word.x0 for word in words)), min(right, max(word.x1 for word in words))))
            elif 0 < number < len(strips) - 1:
                columns.append((edges[number - 1] + 1, edges[number] - 1))
        return columns

    def _labels_row(self) -> list[Row]:
        """The lowest header row, which has a label for every column."""
        return self.rows[max(0, self.body - 1) : self.body]

    def _gaps(self, rows: Sequence[Row]) -> list[tuple[float, float]]:
        """Strips of white between columns, left to right."""
        considered = [row for row in rows if len(self._split(row.words, [])) > 1] or list(rows)
        allowed = len(considered) // 14
        events: list[tuple[float, int]] = []
        for row in considered:
            for x0, x1 in _intervals(row.words):
                events += [(x0, 1), (x1, -1)]
        events.sort()
        gaps: list[tuple[float, float]] = []
        depth, start = 0, None
        for at, change in events:
            before, depth = depth, depth + change
            if before > allowed >= depth:
                start = at
            elif before <= allowed < depth and start is not None:
                if at - start >= _MIN_GAP * self.size:
                    gaps.append((start, at))
                start = None
        found = [gap for gap in gaps if self._parts_columns(gap, considered)]
        # Labels over an even number of rows stand between rows, in a column no row has a word in.
        left = min(word.x0 for row in considered for word in row.words)
        labels = [row.words[-1].x1 for row in rows if row not in considered and row.words[-1].x1 < left]
        return [(max(labels), left), *found] if labels else found

    def _parts_columns(self, gap: tuple[float, float], rows: Sequence[Row]) -> bool:
        """Whether a strip of white is wider, in the rows that have words on both sides, than the space between words."""
        middle = (gap[0] + gap[1]) / 2
        tight = wide = 0
        for row in rows:
            left = [word for word in row.words if word.x1 <= middle + 0.5]
            right = [word for word in row.words if word.x0 >= middle - 0.5]
            if not left or not right:
                continue
            distance = min(word.x0 for word in right) - max(word.x1 for word in left)
            nearest_left = max(left, key=lambda word: word.x1)
            nearest_right = min(right, key=lambda word: word.x0)
            enough = _TIGHT * self.size
            if _is_number(nearest_left) and _is_number(nearest_right):
                enough = 0.3 * self.size if nearest_right.size > 0.88 * nearest_left.size else 0.6 * self.size
            if distance < enough:
                tight += 1
            else:
                wide += 1
        if not tight and not wide:  # labels over several rows share no row with what they label
            return gap[1] - gap[0] >= _TIGHT * self.size
        return wide > 0 and tight <= 0.34 * (tight + wide)

    def _vertical_edges(self, edges: list[float], rows: Sequence[Row]) -> list[float]:
        """Edges with those that vertical rules add where white alone did not show them."""
        frame = self.frame
        heights: dict[int, float] = {}
        for rule in self.page.down:
            if frame.x0 + 4 < rule.x0 < frame.x1 - 4 and rule.y1 > frame.top and rule.y0 < frame.bottom:
                heights[round(rule.x0)] = heights.get(round(rule.x0), 0.0) + min(rule.y1, frame.bottom) - max(rule.y0, frame.top)
        for x, height in heights.items():
            crossed = sum(any(word.x0 + 1 < x < word.x1 - 1 for word in row.words) for row in rows)
            left = max([word.x1 for row in rows for word in row.words if word.x1 <= x + 1], default=frame.x0)
            right = min([word.x0 for row in rows for word in row.words if word.x0 >= x - 1], default=frame.x1)
            if height > 0.5 * (frame.bottom - frame.top) and crossed == 0 and not any(left - 2 <= edge <= right + 2 for edge in edges):
                edges.append(float(x))
        return sorted(edges)

    def _split(self, words: Sequence[Word], edges: Sequence[float]) -> list[list[Word]]:
        """A row's words in runs: broken where the space is wide, or where a column edge falls in a space no word space could be."""
        runs: list[list[Word]] = []
        reach = 0.0
        for word in words:
            gap = word.x0 - reach
            between = any(reach - 0.5 <= edge <= word.x0 + 0.5 for edge in edges)
            enough = 0.3 * self.size if runs and between and _is_number(runs[-1][-1]) and _is_number(word) else _TIGHT * self.size
            attached = word.script != 0 and gap < 1.3 * word.size
            if runs and (attached or (gap < enough if between else gap < 0.75 * self.size)):
                runs[-1].append(word)
            else:
                runs.append([word])
            reach = max(reach, word.x1) if runs[-1] != [word] else word.x1
        return runs

    def _runs(self, number: int) -> list[Run]:
        """The cells of a row, each with the columns its words stand over."""
        edges = [(left[1] + right[0]) / 2 for left, right in zip(self.columns, self.columns[1:], strict=False)]
        runs = []
        for words in self._split(self.rows[number].words, edges):
            run = Run(words)
            over = [column for column, (x0, x1) in enumerate(self.columns) if min(x1, run.x1) - max(x0, run.x0) > 1.0]
            if not over:
                over = [min(range(len(self.columns)), key=lambda c: abs(run.middle - (self.columns[c][0] + self.columns[c][1]) / 2))]
            if len(over) > 1 and number >= self.body and self._is_stray(run, over):
                over = [_strip(edges, run.words[0].x0, run.words[-1].x1)]
            run.first, run.last = over[0], over[-1]
            runs.append(run)
        runs = _merged(runs)
        if number == self.body - 1:
            held = {column for run in runs if run.first == run.last for column in [run.first]}
            runs = [
                leaf for run in runs for leaf in ([run] if held & {*range(run.first, run.last + 1)} else self._leaves(run, edges, number))
            ]
        elif number < self.body - 1 and sum(run.first == run.last for run in runs) >= 0.6 * len(runs):
            runs = [part for run in runs for part in self._centred(run)]
        if number >= self.body and len(runs) == 1 and runs[0].last > runs[0].first:
            runs[0].first, runs[0].last = 0, len(self.columns) - 1  # a heading inside the body
        return runs

    def _leaves(self, run: Run, edges: list[float], number: int) -> list[Run]:
        """The labels in a run of the lowest header row: set tight, they stand one over each column."""
        if run.first == run.last or any(rule.x0 <= run.middle <= rule.x1 and rule.y0 > self.rows[number].baseline for rule in self.parts):
            return [run]
        if len(run.words) == run.last - run.first + 1:
            return [Run([word], run.first + at, run.first + at) for at, word in enumerate(run.words)]
        if any(word.x0 + 1.5 < edge < word.x1 - 1.5 for edge in edges for word in run.words):
            return [run]
        leaves: dict[int, list[Word]] = {}
        for word in run.words:
            leaves.setdefault(_strip(edges, word.x0, word.x1), []).append(word)
        return [Run(words, column, column) for column, words in leaves.items()] if len(leaves) == run.last - run.first + 1 else [run]

    def _centred(self, run: Run) -> list[Run]:
        """The upper halves of labels on two lines, set tight in a row of such halves: each word in the middle of a column of its own."""
        columns = range(run.first, run.last + 1)
        if len(run.words) != len(columns) or len(columns) == 1:
            return [run]
        off = [abs((word.x0 + word.x1) / 2 - sum(self.columns[column]) / 2) for word, column in zip(run.words, columns, strict=True)]
        return [Run([word], column, column) for word, column in zip(run.words, columns, strict=True)] if max(off) < 5.0 else [run]

    def _is_stray(self, run: Run, over: list[int]) -> bool:
        """Whether a run only brushes a second column: most of it stands over one."""
        widths = [min(self.columns[c][1], run.x1) - max(self.columns[c][0], run.x0) for c in over]
        return max(widths) > 0.85 * (run.x1 - run.x0) and len(over) == 2

    def _span_header(self, number: int, runs: list[list[Run]]) -> None:
        """Widen the labels of a header row over the columns they head."""
        row = self.rows[number]
        following = self.rows[number + 1].baseline if number + 1 < len(self.rows) else self.frame.bottom
        rules = [rule for rule in self.parts if row.baseline < rule.y0 < following]
        taken = {column for run in runs[number] for column in range(run.first, run.last + 1)}
        for run in runs[number]:
            rule = next((found for found in rules if found.x0 - 2 <= run.middle <= found.x1 + 2), None)
            if rule is not None:
                over = [c for c, (x0, x1) in enumerate(self.columns) if rule.x0 - 2 <= (x0 + x1) / 2 <= rule.x1 + 2]
                if over:
                    run.first, run.last = min(over[0], run.first), max(over[-1], run.last)
            elif number < self.body - 1 and not rules:
                self._centre(run, taken, runs[number + 1])
        for left, right in zip(runs[number], runs[number][1:], strict=False):
            if left.last >= right.first:
                left.last = max(left.first, right.first - 1)

    def _centre(self, run: Run, taken: set[int], below: list[Run]) -> None:
        """A label with no rule under it spans the columns it stands in the middle of, if labels stand below them all."""
        best, best_off = (run.first, run.last), self._off(run, run.first, run.last)
        if any(other.first < run.first <= other.last or other.first <= run.last < other.last for other in below):
            best_off += 50.0  # it stands over part of a label: that can't be all it spans
        for first in range(run.first, -1, -1):
            if first < run.first and first in taken:
                break
            for last in range(run.last, len(self.columns)):
                if last > run.last and last in taken:
                    break
                under = {c for other in below if first <= other.first and other.last <= last for c in range(other.first, other.last + 1)}
                off = self._off(run, first, last)
                if len(under) == last - first + 1 and off < best_off - 4.0 and off < 6.0:
                    best, best_off = (first, last), off
        run.first, run.last = best

    def _off(self, run: Run, first: int, last: int) -> float:
        return abs(run.middle - (self.columns[first][0] + self.columns[last][1]) / 2)

    def _floating(self, runs: list[list[Run]]) -> set[int]:
        """Rows that are only a label standing between two others: the text of a cell over several rows."""
        steps = [after.baseline - before.baseline for before, after in zip(self.rows, self.rows[1:], strict=False)]
        pitch = _median(steps)
        close = max(0.85 * self.size, 0.8 * pitch if len(steps) > 6 else 0.0)
        floating = set()
        for number in range(max(1, self.body), len(self.rows) - 1):
            columns = {column for run in runs[number] for column in range(run.first, run.last + 1)}
            beside = {column for near in (number - 1, number + 1) for run in runs[near] for column in range(run.first, run.last + 1)}
            alone = len(runs[number]) == 1 and runs[number][0].last <= 1
            fewer = len(runs[number]) < max(len(runs[number - 1]), len(runs[number + 1]))
            nearest, farthest = sorted((steps[number - 1], steps[number]))
            between = farthest < close and number - 1 not in floating and fewer and (alone or not columns & beside)
            if between or (alone and fewer and nearest < 0.7 * self.size):
                floating.add(number)
        return floating

    def _spans(self, runs: list[list[Run]], floating: set[int], numbers: list[int]) -> dict[tuple[int, int], tuple[Run, int]]:
        """Cells over several rows, by the place of their first row and column. A label of a group is not that of two rows in it."""
        groups = self._groups(runs, floating, numbers)
        words = {id(word) for run, _ in groups.values() for word in run.words}
        pairs = self._pairs(runs, floating, numbers)
        return groups | {place: found for place, found in pairs.items() if not any(id(word) in words for word in found[0].words)}

    def _pairs(self, runs: list[list[Run]], floating: set[int], numbers: list[int]) -> dict[tuple[int, int], tuple[Run, int]]:
        """Cells set in the middle of the two rows they belong to."""
        return {
            (numbers.index(number - 1), run.first): (run, 2)
            for number in floating
            if number - 1 in numbers
            for run in runs[number]
            if not any(run.first <= other.first <= run.last for near in (number - 1, number + 1) for other in runs[near])
        }

    def _groups(self, runs: list[list[Run]], floating: set[int], numbers: list[int]) -> dict[tuple[int, int], tuple[Run, int]]:
        """Labels over several rows: place of the first row and column, to the label and its number of rows."""
        spans: dict[tuple[int, int], tuple[Run, int]] = {}
        body = [number for number in numbers if number >= self.body]
        for column in (0, 1):
            if column + 1 >= len(self.columns):
                break
            labels = [
                (self.rows[number].baseline, run)
                for number in range(self.body, len(self.rows))
                for run in runs[number]
                if run.first == run.last == column and (number in floating or number in body)
            ]
            if not labels or len(labels) > 0.7 * len(body):
                continue
            for group in self._ruled_groups(body, column):
                inside = [(y, run) for y, run in labels if self._within(y, group, body)]
                if not inside or len(group) < 2 or any(b[0] - a[0] > 1.45 * self.size for a, b in itertools.pairwise(inside)):
                    continue
                if len(inside) > 1 and not self._stacked(runs, group, column, inside):
                    continue
                y = (inside[0][0] + inside[-1][0]) / 2
                run = Run([word for _, part in inside for word in part.words], column, column)
                middle = (self.rows[group[0]].baseline + self.rows[group[-1]].baseline) / 2
                pitch = (self.rows[group[-1]].baseline - self.rows[group[0]].baseline) / (len(group) - 1)
                if abs(y - middle) < 0.7 * pitch:
                    spans[numbers.index(group[0]), column] = (run, len(group))
                    parts = {id(part) for _, part in inside}
                    for number in group:
                        runs[number][:] = [other for other in runs[number] if id(other) not in parts]
        return spans

    def _stacked(self, runs: list[list[Run]], group: list[int], column: int, inside: Sequence[tuple[float, Run]]) -> bool:
        """Whether several lines in a label column are one label: fewer than the rows, which have labels of their own beside it."""
        covering = sum(any(run.first <= column <= run.last for run in runs[number]) for number in group)
        beside = sum(any(run.first == column + 1 and not is_numeric(_text(run)) for run in runs[number]) for number in group)
        return covering <= max(len(inside), 1) and len(inside) < len(group) and 2 * beside > len(group)

    def _within(self, y: float, group: list[int], body: list[int]) -> bool:
        return self.rows[group[0]].baseline - 1 <= y <= self.rows[group[-1]].baseline + 1

    def _ruled_groups(self, body: list[int], column: int) -> list[list[int]]:
        """Body rows in groups, parted by the rules that cross `column` and run on to its right."""
        x0, x1 = self.columns[column][1], self.columns[column + 1][0]
        heights = [*self.frame.full, *(rule.y0 for rule in self.parts if rule.x0 <= x0 - 1 and rule.x1 > x1 + 1)]
        groups: list[list[int]] = []
        for number in body:
            previous = groups[-1][-1] if groups else None
            parted = previous is not None and any(
                self.rows[previous].baseline - 0.5 < height < self.rows[number].baseline for height in heights
            )
            if previous is None or parted:
                groups.append([number])
            else:
                groups[-1].append(number)
        return groups

    def _placed(self, run: Run, rowspan: int = 1) -> Placed:
        box = (
            min(word.x0 for word in run.words),
            min(word.y0 for word in run.words),
            max(word.x1 for word in run.words),
            max(word.y1 for word in run.words),
        )
        lettered = [word for word in run.words if any(character.isalnum() for character in word.text)]
        bold = bool(lettered) and 2 * sum(word.bold for word in lettered) >= len(lettered)
        where = Location(document=self.document, page=self.page.number, box=rounded(box))
        underlined = any(_under(rule, word) for rule in self.underlines for word in run.words)
        return Placed(_text(run), run.first, rowspan, run.last - run.first + 1, bold, underlined, where)


def rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))


def _strip(edges: Sequence[float], x0: float, x1: float) -> int:
    middle = (x0 + x1) / 2
    return sum(edge <= middle for edge in edges)


def _merged(runs: list[Run]) -> list[Run]:
    """Runs over the same single column are one cell."""
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last is not None and last.first == last.last == run.first == run.last:
            last.words = [*last.words, *run.words]
        else:
            merged.append(run)
    return merged


def _intervals(words: Sequence[Word]) -> list[tuple[float, float]]:
    """The stretches words cover, those that touch joined."""
    joined: list[list[float]] = []
    for word in sorted(words, key=lambda found: found.x0):
        # A raised or lowered token belongs to what it stands behind, however it is spaced.
        if joined and word.x0 <= joined[-1][1] + (1.3 * word.size if word.script else 0.6):
            joined[-1][1] = max(joined[-1][1], word.x1)
        else:
            joined.append([word.x0, word.x1])
    return [(x0, x1) for x0, x1 in joined]


def _is_number(word: Word) -> bool:
    return bool(_NUMBER_TOKEN.match(word.text))


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 10.0


def _attach_scripts(rows: list[Row]) -> list[Row]:
    """Small type standing alone just above or below a row is a mark on that row's words, not a row."""
    size = _median([word.size for row in rows for word in row.words])
    kept: list[Row] = []
    for number, row in enumerate(rows):
        small = all(word.size < 0.8 * size for word in row.words)
        near = [
            other
            for other in (rows[number - 1 : number] + rows[number + 1 : number + 2])
            if abs(other.baseline - row.baseline) < 0.5 * size
        ]
        host = (
            next((other for other in near if all(any(_touches(word, base) for base in other.words) for word in row.words)), None)
            if small
            else None
        )
        if host is None:
            kept.append(row)
            continue
        for word in row.words:
            word.script = 1 if row.baseline < host.baseline else -1
            host.words.append(word)
        host.words.sort(key=lambda found: found.x0)
    return kept


def _touches(word: Word, base: Word) -> bool:
    return -1.0 <= word.x0 - base.x1 <= 2.0


def _underlines(frame: Frame, rows: Sequence[Row]) -> tuple[list[Rule], list[Rule]]:
    """Short rules right under a word are underlines; the others part cells."""
    words = [word for row in rows for word in row.words]
    under = [rule for rule in frame.parts if any(_under(rule, word) for word in words)]
    return under, [rule for rule in frame.parts if rule not in under]


def _under(rule: Rule, word: Word) -> bool:
    return 0.3 < rule.y0 - word.baseline < 3.6 and rule.x0 <= word.x0 + 1.5 and abs(rule.x1 - word.x1) < 12 and rule.x0 > word.x0 - 12


def _text(run: Run) -> str:
    return join(run.words)


def join(words: Sequence[Word]) -> str:
    """Words as text: spaces where the page has them, raised and lowered type marked as such."""
    text = ""
    reach: float | None = None
    for word in words:
        touching = reach is not None and -0.5 * word.size < word.x0 - reach < 0.12 * word.size
        if word.script and text:
            text += (superscript if word.script > 0 else subscript)(word.text, text)
        else:
            text += word.text if touching or not text else f" {word.text}"
        reach = word.x1
    return text
