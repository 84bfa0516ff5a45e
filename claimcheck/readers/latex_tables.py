r"""Tables out of LaTeX nodes: cells, spans, rules, headers, captions and sub-captions of everything inside a float."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pylatexenc.latexwalker import LatexCharsNode, LatexEnvironmentNode, LatexGroupNode, LatexMacroNode, LatexMathNode, LatexSpecialsNode

from claimcheck.document import Cell, Location
from claimcheck.readers.grid import Grid, Placed
from claimcheck.readers.latex_text import Names, Style, Text, arguments, verbatim
from claimcheck.readers.latex_walk import TABULARS, Node

Locate = Callable[[int], Location]
"""The place of an offset in the text the nodes were parsed from."""

_ROW_ENDS = frozenset(["\\", "tabularnewline", "cr", "crcr", "endline"])
_FULL_RULES = frozenset(
    ["hline", "toprule", "midrule", "bottomrule", "hlineB", "Xhline", "hdashline", "thickhline", "specialrule", "hhline"]
)
_PART_RULES = frozenset(["cline", "cmidrule", "clineB", "Xcline", "cdashline"])
_SCOPES = frozenset(
    [
        *("table", "table*", "figure", "figure*", "wraptable", "wrapfigure", "sidewaystable", "sidewaystable*", "subtable", "subfigure"),
        *("minipage", "floatrow", "SCtable", "margintable", "longtable", "longtabu", "deluxetable", "deluxetable*"),
    ]
)
"""Environments that own the captions inside them."""
_SUB_BOXES = frozenset(["subfloat", "subfigure", "subtable", "subtop", "subcaptionbox", "ttabbox"])
_CAPTIONS = frozenset(["caption", "captionof", "subcaption", "tcaption", "tabcaption", "tablecaption"])
_BY_HAND = re.compile(r"\s*\(?[a-h]\)\s*(\S[^\n]{1,80}?)\s*(?:\n|$)")
_AASTEX = frozenset(["tablehead", "startdata", "enddata", "cutinhead", "sidehead"])
_DECLARATIONS = frozenset(["bf", "bfseries", "boldmath", "B"])
_SPAN_WRAPPERS = frozenset(
    ["textbf", "textit", "emph", "underline", "textcolor", "mbox", "text", "cellcolor", "rotatebox", "makecell", "textsc"]
)
_MAX_ROWS = 5_000
_MAX_SPAN = 200


@dataclass
class Scope:
    """A float or a box in one: its captions and tables in the order they stand."""

    parent: "Scope | None" = None
    kind: str = ""
    captions: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Offset of each caption."""

    labels: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    """`caption` or `table`, in order."""


@dataclass
class Found:
    """One table as found, before it has its number."""

    cells: tuple[Cell, ...]
    scope: Scope
    index: int
    """Which of its scope's tables it is."""

    where: Location
    below: str = ""
    """Its sub-caption if that is set by hand, as "(a) Test set" below it."""


def find(nodes: Sequence[Node], names: Names, locate: Locate) -> tuple[list[Found], Scope]:
    """Every table in `nodes`, and the outermost scope with its captions."""
    finder = _Finder(names, locate)
    outer = Scope()
    finder.walk(nodes, outer)
    return finder.found, outer


def caption_of(found: Found) -> tuple[str, list[int]]:
    """The caption of a table (its own scope's, after those of the scopes around it) and where those captions stand, outermost first."""
    parts: list[str] = []
    places: list[int] = []
    scope: Scope | None = found.scope
    own = True
    while scope is not None:
        number = _own_caption(scope, found.index) if own else (0 if len(scope.captions) == 1 else None)
        if number is not None and scope.captions[number] not in parts:
            parts.insert(0, scope.captions[number])
            places.insert(0, scope.places[number])
        own = False
        scope = scope.parent
    if found.below and found.below not in parts:
        parts.append(found.below)
    return " ".join(parts), places


def _own_caption(scope: Scope, index: int) -> int | None:
    """Which of its scope's captions a table has."""
    if not scope.captions:
        return None
    tables = scope.events.count("table")
    if len(scope.captions) == 1 or index >= tables:
        return 0
    if len(scope.captions) >= tables:
        return min(index, len(scope.captions) - 1)
    # Fewer captions than tables: the nearest one on the side where captions stand here.
    first_is_caption = scope.events[0] == "caption"
    seen_tables, seen_captions = 0, 0
    for event in scope.events:
        if event == "caption":
            seen_captions += 1
        else:
            if seen_tables == index:
                break
            seen_tables += 1
    position = seen_captions - 1 if first_is_caption else seen_captions
    return min(max(position, 0), len(scope.captions) - 1)


class _Finder:
    def __init__(self, names: Names, locate: Locate) -> None:
        self.names = names
        self.locate = locate
        self.found: list[Found] = []

    def walk(self, nodes: Sequence[Node], scope: Scope) -> None:
        for node in nodes:
            if isinstance(node, LatexEnvironmentNode):
                self._environment(node, scope)
            elif isinstance(node, LatexGroupNode | LatexMathNode):
                self.walk(node.nodelist, scope)
            elif isinstance(node, LatexMacroNode):
                self._macro(node, scope)
            elif isinstance(node, LatexCharsNode) and scope.events[-1:] == ["table"] and not self.found[-1].below:
                by_hand = _BY_HAND.match(node.chars)
                self.found[-1].below = by_hand.group(1) if by_hand else ""

    def _environment(self, node: Node, scope: Scope) -> None:
        name = node.environmentname
        if name in _SCOPES:
            inner = Scope(scope, name)
            if name in TABULARS:
                self._table(node, inner)
                self._captions_in_rows(node.nodelist, inner)
            else:
                self.walk(node.nodelist, inner)
            if name == "minipage" and not inner.captions:
                self._hand_up(inner, scope)
        elif name in TABULARS:
            if name == "array" and not _is_numeric_array(node):
                return
            self._table(node, scope)
            self._captions_in_rows(node.nodelist, scope)
        else:
            self.walk(node.nodelist, scope)

    def _hand_up(self, inner: Scope, scope: Scope) -> None:
        """A box without a caption of its own belongs to the scope around it."""
        for found in self.found:
            if found.scope is inner:
                found.scope, found.index = scope, scope.events.count("table")
                scope.events.append("table")
        scope.labels += inner.labels

    def _captions_in_rows(self, nodes: Sequence[Node], scope: Scope) -> None:
        for node in nodes:
            if isinstance(node, LatexMacroNode) and node.macroname in (*_CAPTIONS, "label"):
                self._macro(node, scope)

    def _macro(self, node: Node, scope: Scope) -> None:
        given = arguments(node)
        if node.macroname in _CAPTIONS and given:
            text = Text(self.names)
            text.add(given[-1:])
            scope.captions.append(str(text))
            scope.places.append(node.pos)
            scope.events.append("caption")
            self._labels(given, scope)
        elif node.macroname == "label" and given:
            scope.labels.append(verbatim(given[-1:]))
        elif node.macroname in _SUB_BOXES and given:
            inner = Scope(scope, node.macroname)
            self._labels(given[:-1], inner)
            for argument in given[:-1][-1:]:
                text = Text(self.names)
                text.add([argument])
                if str(text).strip("[]"):
                    inner.captions.append(str(text).removeprefix("[").removesuffix("]"))
                    inner.places.append(node.pos)
            self.walk(given[-1:], inner)
            if node.macroname == "ttabbox" and not inner.captions:
                self.walk(given[:-1], inner)
        else:
            self.walk(given, scope)

    def _labels(self, nodes: Sequence[Node], scope: Scope) -> None:
        for node in nodes:
            if isinstance(node, LatexGroupNode):
                self._labels(node.nodelist, scope)
            elif isinstance(node, LatexMacroNode) and node.macroname == "label":
                scope.labels.append(verbatim(arguments(node)[-1:]))

    def _table(self, node: Node, scope: Scope) -> None:
        inner = _layout_tables(node)
        if inner:
            for nested in inner:
                self._environment(nested, scope)
            return
        cells = _Rows(self.names, self.locate).read(node.nodelist)
        if cells:
            index = scope.events.count("table")
            scope.events.append("table")
            self.found.append(Found(cells, scope, index, self.locate(node.pos)))


def _is_numeric_array(node: Node) -> bool:
    """Whether an array of mathematics is really a table: it has rules."""
    return any(isinstance(child, LatexMacroNode) and child.macroname in _FULL_RULES for child in node.nodelist)


def _layout_tables(node: Node) -> list[Node]:
    """The tables inside a tabular that only sets them side by side; empty for a table of cells."""
    nested = list(_tabulars(node.nodelist))
    real = [inner for inner in nested if _columns_and_rows(inner) >= (2, 2)]
    if len(real) * 2 <= len(nested) or not real:
        return []
    own = sum(isinstance(child, LatexSpecialsNode) and child.specials_chars == "&" for child in node.nodelist)
    return real if own <= 3 * len(real) else []


def _tabulars(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, LatexEnvironmentNode):
            if node.environmentname in TABULARS and node.environmentname != "array":
                yield node
            else:
                yield from _tabulars(node.nodelist)
        elif isinstance(node, LatexGroupNode):
            yield from _tabulars(node.nodelist)
        elif isinstance(node, LatexMacroNode):
            yield from _tabulars(arguments(node))


def _columns_and_rows(node: Node) -> tuple[int, int]:
    columns = rows = 1
    width = 1
    for child in node.nodelist:
        if isinstance(child, LatexSpecialsNode) and child.specials_chars == "&":
            width += 1
            columns = max(columns, width)
        elif isinstance(child, LatexMacroNode) and child.macroname in _ROW_ENDS:
            rows += 1
            width = 1
    return columns, rows


@dataclass
class _Spans:
    rows: int = 1
    columns: int = 1


class _Rows:
    """The node list of one tabular, split at its top-level & and \\\\."""

    def __init__(self, names: Names, locate: Locate) -> None:
        self.names = names
        self.locate = locate
        self.grid = Grid()

    def read(self, nodes: Sequence[Node]) -> tuple[Cell, ...]:
        self._rows_of(nodes)
        return self.grid.cells()

    def _rows_of(self, nodes: Sequence[Node]) -> None:
        row: list[list[Node]] = [[]]
        for node in nodes:
            if isinstance(node, LatexSpecialsNode) and node.specials_chars == "&":
                row.append([])
            elif isinstance(node, LatexMacroNode) and node.macroname in _ROW_ENDS:
                self._row(row)
                row = [[]]
                if self.grid.height > _MAX_ROWS:
                    break
            elif isinstance(node, LatexMacroNode) and node.macroname in _FULL_RULES:
                self._rule(row, full=True)
            elif isinstance(node, LatexMacroNode) and node.macroname in _PART_RULES:
                self._rule(row, full=_spans_all(node))
            elif isinstance(node, LatexMacroNode) and node.macroname in ("endhead", "endfirsthead", "endfoot", "endlastfoot"):
                # A longtable repeats its header on every page: the part before \endhead after \endfirsthead is a copy.
                self._long_part(node.macroname, row)
                row = [[]]
            elif isinstance(node, LatexMacroNode) and node.macroname in _AASTEX:
                if node.macroname == "enddata":
                    break
                self._aastex(node)
                row = [[]]
            else:
                row[-1].append(node)
        if any(_prints(cell) for cell in row):
            self._row(row)

    def _aastex(self, node: Node) -> None:
        r"""The parts of a deluxetable: its column heads come as one argument, before its rows; what stands between them are settings."""
        for argument in arguments(node) if node.macroname in ("tablehead", "cutinhead", "sidehead") else ():
            self._rows_of(_content(argument))
        if node.macroname == "tablehead":
            self.grid.rule()

    def _rule(self, row: list[list[Node]], *, full: bool) -> None:
        if len(row) > 1 or _prints(row[0]):
            return  # a rule amid a row is an error TeX reports; keep the row whole
        if full:
            self.grid.rule()

    def _long_part(self, name: str, row: list[list[Node]]) -> None:
        if any(_prints(cell) for cell in row):
            self._row(row)
        if name == "endfirsthead":
            self.grid.mark()
            self.grid.rule()
        elif name == "endhead":
            self.grid.back_to_mark()
            self.grid.rule()
        else:
            self.grid.drop_foot()

    def _row(self, row: list[list[Node]]) -> None:
        if len(row) == 1 and not _prints(row[0]):
            return
        column = 0
        placed = []
        for nodes in row:
            cell, spans = self._cell(nodes, column)
            if cell is not None:
                placed.append(cell)
            column += spans.columns
        self.grid.add_row(placed, column)

    def _cell(self, nodes: list[Node], column: int) -> tuple[Placed | None, _Spans]:
        spans = _Spans()
        content, style = _unwrap(nodes, spans, Style())
        text = Text(self.names, citing=False)
        text.add(content, style)
        printed = str(text)
        if not printed:  # a cell that holds nothing but a citation names what it cites
            text = Text(self.names)
            text.add(content, style)
            printed = str(text)
        if not printed and spans == _Spans():
            return None, spans
        where = self.locate(next((node.pos for node in nodes if node is not None), 0))
        upward = spans.rows < 0
        placed = Placed(printed, column, abs(spans.rows), spans.columns, text.bold, text.underline, where, upward)
        spans.columns = max(1, spans.columns)
        return placed, spans


def _unwrap(nodes: Sequence[Node], spans: _Spans, style: Style) -> tuple[list[Node], Style]:
    """The content of a cell with its \\multicolumn and \\multirow taken off, wherever they are nested."""
    kept = [node for node in nodes if not _is_blank(node)]
    bold = style.bold
    while kept and isinstance(kept[0], LatexMacroNode) and kept[0].macroname in _DECLARATIONS and not arguments(kept[0]):
        bold = True
        kept = kept[1:]
    style = Style(style.math, bold, style.underline)
    spanning = [
        index for index, node in enumerate(kept) if isinstance(node, LatexMacroNode) and node.macroname in ("multicolumn", "multirow")
    ]
    if spanning and len(kept) - sum(_is_silent(node) for node in kept) <= 2:
        index = spanning[0]
        node = kept[index]
        given = arguments(node)
        if node.macroname == "multicolumn" and len(given) == 3:
            spans.columns = min(_integer(given[0], 1), _MAX_SPAN)
            return _around(kept, index, _unwrap(_content(given[-1]), spans, style))
        if node.macroname == "multirow" and len(given) >= 3:
            mandatory = [argument for argument in given if not _is_optional(argument)]
            spans.rows = max(-_MAX_SPAN, min(_integer(mandatory[0], 1), _MAX_SPAN)) or 1
            return _around(kept, index, _unwrap(_content(given[-1]), spans, style))
    if len(kept) == 1 and isinstance(kept[0], LatexGroupNode):
        return _unwrap(kept[0].nodelist, spans, style)
    if len(kept) == 1 and isinstance(kept[0], LatexMacroNode) and kept[0].macroname in _SPAN_WRAPPERS:
        given = arguments(kept[0])
        inner_spans = _Spans()
        if given:
            content, inner_style = _unwrap(_content(given[-1]), inner_spans, style)
            if inner_spans != _Spans():
                spans.rows, spans.columns = inner_spans.rows, inner_spans.columns
                wrapped = Style(style.math, inner_style.bold or kept[0].macroname == "textbf", inner_style.underline)
                return content, wrapped
    return list(nodes), style


def _around(kept: list[Node], index: int, inner: tuple[list[Node], Style]) -> tuple[list[Node], Style]:
    content, style = inner
    return [*kept[:index], *content, *kept[index + 1 :]], style


def _content(node: Node) -> list[Node]:
    return list(node.nodelist) if isinstance(node, LatexGroupNode) else [node]


def _is_optional(node: Node) -> bool:
    return isinstance(node, LatexGroupNode) and node.delimiters[0] == "["


def _is_blank(node: Node) -> bool:
    return isinstance(node, LatexCharsNode) and not node.chars.strip()


def _is_silent(node: Node) -> bool:
    return isinstance(node, LatexMacroNode) and node.macroname in (
        "cellcolor",
        "rowcolor",
        "centering",
        "small",
        "footnotesize",
        "raggedright",
    )


def _integer(node: Node, default: int) -> int:
    match = re.search(r"-?\d{1,4}", verbatim([node]))
    return int(match.group()) if match else default


def _spans_all(node: Node) -> bool:
    r"""Whether a partial rule starts at the first column: then it may well close the header (\cline{1-5})."""
    match = re.search(r"\{\s*1\s*-\s*(\d+)\s*\}", node.latex_verbatim())
    return match is not None and int(match.group(1)) >= 4


def _prints(nodes: Sequence[Node]) -> bool:
    """Whether a cell holds anything but white space and settings."""
    for node in nodes:
        if _is_blank(node):
            continue
        if isinstance(node, LatexMacroNode):
            text = Text(Names(), citing=True)
            text.add([node])
            if str(text) or node.macroname in ("multicolumn", "multirow"):
                return True
        else:
            return True
    return False
