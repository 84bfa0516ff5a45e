r"""LaTeX nodes to the text they print, with what is bold or underlined. Mathematics becomes plain characters: −, ×, ±, 10⁻⁴, AP₅₀."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
)

from claimcheck.readers.latex_symbols import ACCENTS, RELATIONS, SILENT, SYMBOLS, UNITS
from claimcheck.readers.latex_walk import Node, Walker
from claimcheck.readers.scripts import subscript, superscript
from claimcheck.readers.sentences import INVISIBLE

_SPECIALS = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "—", "&": " "}
_BOLD = frozenset(["bf", "bfseries", "boldmath", "textbf", "mathbf", "boldsymbol", "bm", "pmb", "B"])
_NOT_BOLD = frozenset(["normalfont", "mdseries", "textnormal", "textmd"])
_UNDERLINE = frozenset(["underline", "uline", "ul", "uwave"])
_CITATIONS = frozenset(
    [
        *("cite", "citep", "citet", "citealt", "citealp", "citeauthor", "citeyear", "citeyearpar", "Citet", "Citep", "parencite"),
        *("textcite", "footcite", "autocite", "citenum", "shortcite", "newcite", "citeyearNP", "citeNP", "fullcite", "onlinecite"),
        *("citetalias", "citepalias"),
    ]
)
_SHORTHANDS = frozenset(["eg", "ie", "etal", "etc", "cf", "vs", "wrt", "iid"])
_REFERENCES = frozenset(["ref", "eqref", "autoref", "cref", "Cref", "pageref", "nameref", "fnref"])
_FOOTNOTES = frozenset(["footnote", "footnotetext", "tablefootnote"])
LINE_MARK = re.compile(r"[\ue000-\uf8ff]")
"""Private characters a reader may set at line starts to find the lines again in the printed text."""
_FOLD = re.compile(r"[ \t\r\n\f\v]+")


@dataclass(frozen=True)
class Names:
    """What citations and references print, by key."""

    citations: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Style:
    """How text is set at one point."""

    math: bool = False
    bold: bool = False
    underline: bool = False


@dataclass
class Text:
    """Text as it prints, piece by piece."""

    names: Names = field(default_factory=Names)
    citing: bool = True
    """False in table cells: there a citation only labels a row."""

    pieces: list[str] = field(default_factory=list)
    bold: bool = False
    """Whether any letter or digit so far is bold."""

    underline: bool = False
    formula: int = 0
    """How many pieces stood before the formula being written."""

    owes_space: bool = False
    """After \\xspace: a space follows unless punctuation does."""

    footnotes: list[str] = field(default_factory=list)
    line_break: str = " "

    def __str__(self) -> str:
        return fold("".join(self.pieces))

    def tail(self) -> str:
        """The last characters so far."""
        return "".join(self.pieces[-6:])[-6:]

    def write(self, text: str, style: Style) -> None:
        if not text:
            return
        if self.owes_space:
            self.owes_space = False
            if text[0] not in ".,'’/?;:!~-–)]}" and not text[0].isspace():
                self.pieces.append(" ")
        self.pieces.append(text)
        if (style.bold or style.underline) and any(character.isalnum() for character in text):
            self.bold |= style.bold
            self.underline |= style.underline

    def add(self, nodes: Sequence[Node], style: Style = Style()) -> None:
        """Write what `nodes` print; declarations such as \\bf hold to the end of the list."""
        script = ""
        for node in nodes:
            if script:
                self._script(script, [node], style)
                script = ""
            elif isinstance(node, LatexCharsNode):
                script = self._characters(node.chars, style)
            else:
                style = self._node(node, style)

    def _characters(self, characters: str, style: Style) -> str:
        """Write characters; returns `^` or `_` if they end in one, whose argument is the next node."""
        if not style.math and "^" not in characters:
            self.write(characters, style)
            return ""
        for position, piece in enumerate(re.split(r"(\^|_(?=.|$))", characters) if style.math else re.split(r"(\^)", characters)):
            if position == 0 or piece in ("^", "_"):
                script = piece if piece in ("^", "_") else ""
                if position == 0:
                    self._plain(piece, style)
                continue
            piece = piece.lstrip() if script else piece
            if script and piece:
                self._script(script, [piece[0]], style)
                piece, script = piece[1:], ""
            self._plain(piece, style)
        return script

    def _plain(self, text: str, style: Style) -> None:
        if not style.math:
            self.write(text, style)
            return
        for character in text:
            if character.isspace():
                continue
            if character == "-":
                self.write("−", style)
            elif character in RELATIONS:
                self._relation(character, style)
            else:
                self.write("′" if character == "'" else character, style)

    def _relation(self, character: str, style: Style) -> None:
        tail = self.tail() if len(self.pieces) > self.formula else ""
        binary = bool(tail) and not tail[-1].isspace() and tail[-1] not in "([{"
        self.write(f" {character} " if binary else character, style)

    def _script(self, kind: str, nodes: Sequence[Node], style: Style) -> None:
        inner = Text(self.names, self.citing)
        if nodes and isinstance(nodes[0], str):
            inner._plain(nodes[0], style)
        else:
            inner.add(nodes, style)
        base = self.tail()
        self.write((superscript if kind == "^" else subscript)(str(inner), base), style)
        self.bold |= inner.bold

    def _node(self, node: Node, style: Style) -> Style:
        """Write one node; returns the style that holds after it."""
        if isinstance(node, LatexGroupNode):
            self.add(node.nodelist, style)
        elif isinstance(node, LatexMathNode):
            self._mathematics(node, style)
        elif isinstance(node, LatexSpecialsNode):
            self.write(_SPECIALS.get(node.specials_chars, node.specials_chars), style)
        elif isinstance(node, LatexEnvironmentNode):
            self.write(" ", style)
            self.add(node.nodelist, Style(node.environmentname in _MATH or style.math, style.bold, style.underline))
            self.write(" ", style)
        elif isinstance(node, LatexMacroNode):
            return self._macro(node, style)
        return style

    def _mathematics(self, node: Node, style: Style) -> None:
        if style.math:
            self.write(" ", style)  # a dollar sign is missing somewhere: never glue what it should part
        before, self.formula = self.formula, len(self.pieces)
        self.add(node.nodelist, Style(True, style.bold, style.underline))
        if len(self.pieces) > self.formula and self.pieces[-1].strip() in RELATIONS:
            self.pieces[-1] = self.pieces[-1].strip()  # nothing stands behind the sign: 2× is no product
        self.formula = before

    def _macro(self, node: Node, style: Style) -> Style:
        name = node.macroname
        given = arguments(node)
        if name in _BOLD or name in _NOT_BOLD:
            changed = Style(style.math, name in _BOLD, style.underline)
            if not given:
                return changed
            self.add(given, changed)
        elif name in _UNDERLINE:
            self.add(given, Style(style.math, style.bold, True))
        elif name in SYMBOLS:
            self._symbol(SYMBOLS[name], style)
            self.owes_space = name in _SHORTHANDS
        elif name == "xspace":
            self.owes_space = True
        elif name in _CITATIONS:
            self._citation(name, node, style)
        elif name in _REFERENCES:
            self._reference(given, style)
        elif name in _FOOTNOTES:
            self.footnotes.append(self._inner(given[-1:], style))
        elif name in _WRITERS:
            _WRITERS[name](self, given, style)
        elif name in SILENT:
            pass
        elif name in ACCENTS:
            self._accent(ACCENTS[name], given, style)
        elif name in ("\\", "tabularnewline", "cr"):
            self.write(self.line_break, style)
        elif given:
            self.add(
                given[-1:], Style(style.math and name not in ("text", "mbox", "hbox", "textrm", "textnormal"), style.bold, style.underline)
            )
        if not given and not style.math and getattr(node, "macro_post_space", "").count("\n") > 1:
            self.write(" ", style)
        return style

    def _symbol(self, character: str, style: Style) -> None:
        if style.math and character in RELATIONS:
            self._relation(character, style)
        else:
            self.write(character, style)

    def _inner(self, nodes: Sequence[Node], style: Style) -> str:
        inner = Text(self.names, self.citing)
        inner.add(nodes, Style(False, style.bold, style.underline))
        return str(inner)

    def _citation(self, name: str, node: Node, style: Style) -> None:
        if not self.citing:
            return
        labels = [self.names.citations.get(key.strip(), key.strip()) for key in verbatim(arguments(node)[-1:]).split(",")]
        joined = "; ".join(label for label in labels if label)
        textual = name.lower() in ("citet", "textcite", "newcite", "citealt", "citealp", "citeauthor", "citeyear")
        named = any(not label.isdigit() for label in labels)
        self.write(
            joined if textual and named else f"({joined})" if named and all(" " in label for label in labels) else f"[{joined}]", style
        )

    def _reference(self, given: Sequence[Node], style: Style) -> None:
        keys = [key.strip() for key in verbatim(given[-1:]).split(",")]
        self.write(", ".join(self.names.references.get(key, key) for key in keys), style)

    def _accent(self, mark: str, given: Sequence[Node], style: Style) -> None:
        text = self._inner(given[-1:], style) or " "
        self.write(unicodedata.normalize("NFC", text[0] + mark + text[1:]), style)

    def _fraction(self, given: Sequence[Node], style: Style) -> None:
        for part, separator in ((given[0:1], "/"), (given[1:2], "")):
            inner = Text(self.names, self.citing)
            inner.add(part, style)
            text = str(inner)
            self.write(f"({text})" if len(text) > 1 and not text.isalnum() else text, style)
            self.write(separator, style)

    def _root(self, given: Sequence[Node], style: Style) -> None:
        self.write("√(", style)
        self.add(given[-1:], style)
        self.write(")", style)

    def _raised(self, given: Sequence[Node], style: Style) -> None:
        self._script("^", given[-1:], style)

    def _lowered(self, given: Sequence[Node], style: Style) -> None:
        self._script("_", given[-1:], style)

    def _number(self, given: Sequence[Node], style: Style) -> None:
        self.write(_siunitx_number(verbatim(given[-1:])), style)

    def _quantity(self, given: Sequence[Node], style: Style) -> None:
        unit = _siunitx_unit(verbatim(given[-1:]))
        space = "" if unit.startswith(("%", "°")) else "\u2009"
        self.write(_siunitx_number(verbatim(given[-2:-1])) + (space + unit if unit else ""), style)

    def _number_range(self, given: Sequence[Node], style: Style) -> None:
        self.write("–".join(_siunitx_number(verbatim([node])) for node in given[-2:]), style)

    def _quantity_range(self, given: Sequence[Node], style: Style) -> None:
        self._number_range(given[:2], style)
        self.write("\u2009" + _siunitx_unit(verbatim(given[-1:])), style)

    def _unit(self, given: Sequence[Node], style: Style) -> None:
        self.write(_siunitx_unit(verbatim(given[-1:])), style)

    def _angle(self, given: Sequence[Node], style: Style) -> None:
        self.write(_siunitx_number(verbatim(given[-1:])) + "°", style)

    def _split_header(self, given: Sequence[Node], style: Style) -> None:
        """The two labels of a cell cut by a diagonal."""
        self.add(given[-2:-1], style)
        self.write(" / ", style)
        self.add(given[-1:], style)

    def _first(self, given: Sequence[Node], style: Style) -> None:
        self.add(given[:1], style)

    def _dingbat(self, given: Sequence[Node], style: Style) -> None:
        number = verbatim(given[-1:])
        self.write({"51": "✓", "52": "✓", "55": "✗", "56": "✗"}.get(number, ""), style)


_MATH = frozenset(
    ["array", "equation", "equation*", "align", "align*", "eqnarray", "eqnarray*", "gather", "gather*", "displaymath", "math"]
)

_WRITERS: dict[str, Callable[[Text, Sequence[Node], Style], None]] = {
    "frac": Text._fraction,
    "dfrac": Text._fraction,
    "tfrac": Text._fraction,
    "nicefrac": Text._fraction,
    "sfrac": Text._fraction,
    "sqrt": Text._root,
    "textsuperscript": Text._raised,
    "tnote": Text._raised,
    "tablenotemark": Text._raised,
    "textsubscript": Text._lowered,
    "num": Text._number,
    "tablenum": Text._number,
    "SI": Text._quantity,
    "qty": Text._quantity,
    "numrange": Text._number_range,
    "SIrange": Text._quantity_range,
    "si": Text._unit,
    "unit": Text._unit,
    "ang": Text._angle,
    "diagbox": Text._split_header,
    "backslashbox": Text._split_header,
    "slashbox": Text._split_header,
    "texorpdfstring": Text._first,
    "ding": Text._dingbat,
    "footnotemark": lambda text, given, style: None,
}


def fold(text: str) -> str:
    """White space folded to single spaces, thin spaces kept as printed."""
    return _FOLD.sub(" ", INVISIBLE.sub("", text)).strip()


def arguments(node: Node) -> list[Node]:
    """The arguments a macro or environment was given, absent optional ones and stars left out."""
    if node.nodeargd is None or not node.nodeargd.argnlist:
        return []
    return [
        argument
        for argument in node.nodeargd.argnlist
        if argument is not None and not (isinstance(argument, LatexCharsNode) and argument.chars == "*")
    ]


def verbatim(nodes: Sequence[Node]) -> str:
    """The source of nodes, outer braces off."""
    text = LINE_MARK.sub("", "".join(node.latex_verbatim() for node in nodes if node is not None)).strip()
    return text[1:-1].strip() if text[:1] == "{" and text[-1:] == "}" else text


def plain(source: str, names: Names | None = None, *, citing: bool = True, math: bool = False) -> str:
    """What a piece of LaTeX source prints."""
    text = Text(names or Names(), citing)
    try:
        text.add(Walker(source, flat=True).nodes(), Style(math=math))
    except RecursionError:
        return fold(re.sub(r"\\[A-Za-z]+|[{}]", " ", source))
    return str(text)


_EXPONENT = re.compile(r"(?<=[\d.])[eEdD]([+-]?\d+)$")
_SPREAD = re.compile(r"\s*(?:\+-|\+/-|\\pm)\s*")


def _siunitx_number(source: str) -> str:
    r"""`1e-4` as 1×10⁻⁴, `0.5 +- 0.1` as 0.5 ± 0.1, `72.2(3)` as it is."""
    text = _SPREAD.sub(" ± ", source.strip())
    exponent = _EXPONENT.search(text)
    if exponent:
        raised = superscript(exponent.group(1).lstrip("+").replace("-", "−"), "10")
        mantissa = text[: exponent.start()]
        text = f"{mantissa}×10{raised}" if mantissa else f"10{raised}"
    return plain(text) if "\\" in text else text.replace("-", "−").replace(" x ", "×")


def _siunitx_unit(source: str) -> str:
    words = re.findall(r"\\([A-Za-z]+)|([^\\\s{}~]+)", source)
    return "".join(UNITS.get(macro, macro) if macro else literal.replace(".", "·") for macro, literal in words)
