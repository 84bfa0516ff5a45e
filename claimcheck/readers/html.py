"""HTML: LaTeXML's (arXiv, ar5iv) and plain pages. Headings, paragraphs, tables with their captions, references."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from lxml import etree

from claimcheck.document import Cell, Document, Location, Reference, Section, Sentence, Table, Unreadable
from claimcheck.readers import latex_text
from claimcheck.readers.archive import version
from claimcheck.readers.captions import split_label
from claimcheck.readers.grid import Grid, Placed
from claimcheck.readers.latex_text import Style, Text, fold
from claimcheck.readers.scripts import subscript, superscript
from claimcheck.readers.sentences import spans
from claimcheck.readers.text import is_bibliography, reference

SUFFIXES: tuple[str, ...] = (".html", ".htm", ".xhtml")

Element: TypeAlias = Any
"""An lxml element: the library has no types."""

_OPENS = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_SILENT = frozenset(
    ["head", "script", "style", "nav", "template", "noscript", "svg", "iframe", "button", "select", "form", "annotation", "annotation-xml"]
)
_SILENT_CLASSES = frozenset(
    [
        "ltx_page_header",
        "ltx_page_footer",
        "ltx_page_navbar",
        "ltx_pagination",
        "ltx_authors",
        "ltx_dates",
        "ltx_tag_note",
        "ltx_ERROR",
        "ltx_TOC",
    ]
)
_BLOCKS = frozenset(
    [
        *(
            "p",
            "div",
            "section",
            "article",
            "main",
            "body",
            "html",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "blockquote",
            "figure",
            "header",
            "footer",
        ),
        *(
            "aside",
            "details",
            "summary",
            "address",
            "center",
            "hr",
            "pre",
            "figcaption",
            "tbody",
            "thead",
            "tfoot",
            "tr",
            "td",
            "th",
            "table",
        ),
    ]
)
_HEADING = re.compile(r"h([1-6])")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_SPAN_CLASS = re.compile(r"ltx_(col|row)span_(\d{1,3})")
_MAX_SPAN = 200
_MAX_DEPTH = 200


def recognises(head: bytes) -> bool:
    """True if the text opens as an HTML page does."""
    return bool(_OPENS.match(head.removeprefix(b"\xef\xbb\xbf")))


def read(data: bytes, name: str) -> Document:
    """The Document of a page. A cut page is read as far as it goes and flagged."""
    root = _parse(data, name)
    page = _Page(name)
    flags = set() if re.search(rb"</(?:html|body)\s*>", data[-4_000:], re.IGNORECASE) else {"truncated_file"}
    main = next((element for element in root.iter("article", "main") if "ltx_document" in _classes(element) or element.tag == "main"), root)
    try:
        page.walk(main, 0)
    except RecursionError:
        flags.add("unparsed_passage")
    page.flush()
    if not page.tables and not any(held for _, _, held in page.sections):
        flags.add("no_text")
    return Document(
        id=name,
        format="html",
        title=page.title or _head_title(root),
        sections=tuple(Section(title=t, level=level, sentences=tuple(s)) for t, level, s in page.sections if t or s),
        tables=tuple(page.tables),
        references=tuple(page.references),
        version=version(name),
        sha256=hashlib.sha256(data).hexdigest(),
        flags=tuple(sorted(flags)),
    )


def _parse(data: bytes, name: str) -> Element:
    encoding = None
    try:
        data.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        pass  # the page's own <meta charset> decides
    parser = etree.HTMLParser(encoding=encoding, no_network=True, recover=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("damaged", f"{name}: cannot be parsed as HTML ({error}); save the page again") from None
    if root is None:
        raise Unreadable("empty", f"{name}: the page holds nothing; save it again")
    return root


def _classes(element: Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _head_title(root: Element) -> str:
    found = next(root.iter("title"), None)
    return fold("".join(found.itertext())) if found is not None else ""


class _Page:
    """One walk over the tree: running text gathers until a block ends."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.title = ""
        self.sections: list[tuple[str, int, list[Sentence]]] = [("", 0, [])]
        self.tables: list[Table] = []
        self.references: list[Reference] = []
        self.text = Text()
        self.line: int | None = None
        self.anchor = ""

    def flush(self, detail: str = "") -> None:
        """End the paragraph gathered so far."""
        notes = self.text.footnotes
        printed, self.text = str(self.text), Text()
        for paragraph in (printed, *notes):
            if is_bibliography(self.sections[-1][0]) and paragraph:
                self.references.append(reference(paragraph, self.line or 1, self.name))
                continue
            for start, end in spans(paragraph):
                if any(character.isalpha() for character in paragraph[start:end]):
                    where = Location(document=self.name, line=self.line, detail=detail or self.anchor)
                    self.sections[-1][2].append(Sentence(text=paragraph[start:end], where=where))
        self.line = None

    def walk(self, element: Element, depth: int) -> None:
        tag = element.tag
        classes = _classes(element)
        if not isinstance(tag, str) or tag in _SILENT or classes & _SILENT_CLASSES or depth > _MAX_DEPTH:
            return
        heading = _HEADING.fullmatch(tag)
        if heading:
            self._heading(element, int(heading.group(1)), classes)
        elif _is_table(element):
            self._tables(element)
        elif tag == "figure" or "ltx_table" in classes or "ltx_figure" in classes:
            self._figure(element, depth)
        elif "ltx_bibitem" in classes:
            self.flush()
            self.references.append(reference(str(_inline(element)), element.sourceline or 1, self.name))
        elif _is_inline(element):
            self.line = self.line or element.sourceline
            _write(element, self.text, Style())
        else:
            self._block(element, depth)

    def _block(self, element: Element, depth: int) -> None:
        block = element.tag in _BLOCKS
        before, self.anchor = self.anchor, f"#{element.get('id')}" if element.get("id") else self.anchor
        if block:
            self.flush()
        self.line = self.line or element.sourceline
        self.text.write(element.text or "", Style())
        for child in element:
            self.walk(child, depth + 1)
            self.text.write(child.tail or "", Style())
        if block:
            self.flush()
        self.anchor = before

    def _heading(self, element: Element, level: int, classes: frozenset[str]) -> None:
        self.flush()
        title = str(_inline(element))
        if "ltx_title_document" in classes or (level == 1 and not self.title and len(self.sections) == 1):
            self.title = title
        elif title:
            self.sections.append((title, max(1, level - 1) if level < 6 or "ltx_title_abstract" not in classes else 1, []))

    def _figure(self, element: Element, depth: int) -> None:
        """A float: its tables with its caption; without a table, its caption as prose."""
        self.flush()
        if any(_is_table(inner) for inner in element.iter()):
            self._tables(element)
            return
        for inner in element.iter():
            if inner.tag == "figcaption":
                label, caption = split_label(str(_inline(inner)))
                self.text.write(caption, Style())
                self.line = inner.sourceline
                self.flush(f"{label} caption".strip())

    def _tables(self, element: Element) -> None:
        for table in _outermost(element):
            cells = _cells(table, self._locate)
            if cells:
                label, caption = split_label(" ".join(_captions(table)))
                where = Location(document=self.name, line=table.sourceline, detail=_anchor(table))
                self.tables.append(Table(label=label, caption=caption, cells=cells, where=where))

    def _locate(self, element: Element) -> Location:
        return Location(document=self.name, line=element.sourceline, detail=f"#{element.get('id')}" if element.get("id") else "")


def _anchor(element: Element) -> str:
    found: Element | None = element
    while found is not None:
        if found.get("id"):
            return f"#{found.get('id')}"
        found = found.getparent()
    return ""


def _is_inline(element: Element) -> bool:
    """Whether nothing inside ends a paragraph."""
    return element.tag not in _BLOCKS and not any(
        child.tag in _BLOCKS or _HEADING.fullmatch(str(child.tag)) or _is_table(child) for child in element.iter()
    )


def _is_table(element: Element) -> bool:
    classes = element.get("class") or ""
    if element.tag == "table":
        return "ltx_eqn" not in classes and "ltx_equation" not in classes and element.get("role") != "presentation"
    return "ltx_tabular" in classes.split()


def _outermost(element: Element) -> Iterator[Element]:
    """The tables in an element that hold cells; of a table that only sets others side by side, those others."""
    if _is_table(element):
        inner = [found for found in element.iterdescendants() if _is_table(found) and len(list(_rows(found))) > 1]
        own = [row for row in _rows(element) if not any(_is_table(found) for found in row.iterdescendants())]
        if inner and len(own) <= 1:
            for found in inner:
                if not any(_is_table(above) and above in inner for above in found.iterancestors()):
                    yield from _outermost(found)
        else:
            yield element
        return
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            yield from _outermost(child)


def _captions(table: Element) -> list[str]:
    """The captions of the figures around a table, outermost first, and its own."""
    found = [str(_inline(child)) for child in table if child.tag == "caption"]
    around: Element | None = table.getparent()
    while around is not None and around.tag not in ("section", "article", "body"):
        if around.tag == "figure" or "ltx_float" in _classes(around):
            found = [str(_inline(child)) for child in around if child.tag == "figcaption"] + found
        around = around.getparent()
    return found


def _rows(table: Element) -> Iterator[Element]:
    for element in table.iterdescendants():
        is_row = element.tag == "tr" or (element.tag != "table" and "ltx_tr" in _classes(element))
        if is_row and _own_table(element) is table:
            yield element


def _own_table(element: Element) -> Element | None:
    around = element.getparent()
    while around is not None and not (around.tag == "table" or "ltx_tabular" in _classes(around)):
        around = around.getparent()
    return around


def _cells(table: Element, locate: Callable[[Element], Location]) -> tuple[Cell, ...]:
    grid = Grid()
    covered: dict[int, int] = {}
    """Column to how many more rows a cell from above covers it."""
    heading = True
    for row in _rows(table):
        elements = [cell for cell in row if cell.tag in ("td", "th") or "ltx_td" in _classes(cell)]
        if elements and all("ltx_border_t" in _classes(cell) or "ltx_border_tt" in _classes(cell) for cell in elements):
            grid.rule()
        placed, column = [], 0
        for element in elements:
            while covered.get(column, 0) > 0:
                column += 1
            cell = _cell(element, column, locate)
            placed.append(cell)
            for at in range(column, column + cell.colspan):
                covered[at] = cell.rowspan
            column += cell.colspan
        width = max([column, *(at + 1 for at, rows in covered.items() if rows > 0)], default=column)
        covered = {at: rows - 1 for at, rows in covered.items() if rows > 1}
        if not any(cell.text for cell in placed) and not any(cell.rowspan > 1 for cell in placed):
            continue
        grid.add_row([cell for cell in placed if cell.text], width)
        heading = heading and (_in_head(row) or (bool(elements) and all(element.tag == "th" for element in elements)))
        grid.declared += heading
    return grid.cells()


def _in_head(row: Element) -> bool:
    parent = row.getparent()
    return parent is not None and (parent.tag == "thead" or "ltx_thead" in _classes(parent))


def _cell(element: Element, column: int, locate: Callable[[Element], Location]) -> Placed:
    text = _inline(element, citing=False)
    spans_by_class = {kind: int(number) for kind, number in _SPAN_CLASS.findall(element.get("class") or "")}
    return Placed(
        str(text),
        column,
        _span(element.get("rowspan"), spans_by_class.get("row", 1)),
        _span(element.get("colspan"), spans_by_class.get("col", 1)),
        text.bold,
        text.underline,
        locate(element),
    )


def _span(value: str | None, default: int) -> int:
    return max(1, min(int(value), _MAX_SPAN)) if value and value.isdigit() else default


def _inline(element: Element, *, citing: bool = True) -> Text:
    text = Text(citing=citing)
    _write(element, text, _style(element, Style()), inside=True)
    return text


def _style(element: Element, style: Style) -> Style:
    classes = _classes(element)
    bold = (
        style.bold or element.tag in ("b", "strong") or "ltx_font_bold" in classes or bool(_BOLD_STYLE.search(element.get("style") or ""))
    )
    if "ltx_font_medium" in classes:
        bold = False
    underline = style.underline or element.tag == "u" or bool(classes & {"ltx_framed_underline", "ltx_ulem_uline", "ltx_underline"})
    return Style(False, bold, underline)


def _write(element: Element, text: Text, style: Style, *, inside: bool = False) -> None:
    """Write what an inline element prints; `inside` leaves out the element's own meaning (it is a cell or a caption)."""
    tag, classes = element.tag, _classes(element)
    if not isinstance(tag, str) or tag in _SILENT or classes & _SILENT_CLASSES:
        return
    if classes & {"ltx_cite", "ltx_missing_citation"} and not text.citing:
        return
    if "ltx_note" in classes and not inside:
        _note(element, text)
    elif tag == "math":
        text.write(_mathematics(element), _bold_mathematics(element, style))
    elif tag in ("sup", "sub") and not inside:
        inner = str(_inline(element))
        text.write((superscript if tag == "sup" else subscript)(inner, text.tail()), style)
    elif tag in ("br", "hr"):
        text.write(" ", style)
    elif tag == "img":
        text.write(element.get("alt") or "" if "math" in (element.get("class") or "") else "", style)
    elif "ltx_tag_section" in classes or any(name.startswith("ltx_tag_") and name.endswith("section") for name in classes):
        return
    else:
        _children(element, text, _style(element, style))


def _children(element: Element, text: Text, style: Style) -> None:
    block = element.tag in _BLOCKS or "ltx_tr" in _classes(element) or "ltx_td" in _classes(element)
    if block:
        text.write(" ", style)
    text.write(element.text or "", style)
    for child in element:
        _write(child, text, style)
        text.write(child.tail or "", style)
    if block:
        text.write(" ", style)


def _note(element: Element, text: Text) -> None:
    content = next((inner for inner in element.iterdescendants() if "ltx_note_content" in _classes(inner)), None)
    if content is not None:
        for mark in [inner for inner in content if "ltx_note_mark" in _classes(inner) or "ltx_tag_note" in _classes(inner)]:
            mark.text = ""
            for inner in list(mark):
                mark.remove(inner)
        text.footnotes.append(str(_inline(content)))


def _mathematics(element: Element) -> str:
    """What a formula prints: from its LaTeX if it carries that, else from its MathML."""
    source = element.get("alttext")
    if source is None:
        found = next((inner for inner in element.iter("annotation") if "tex" in (inner.get("encoding") or "").lower()), None)
        source = found.text if found is not None else None
    return latex_text.plain(source, math=True) if source else _mathml(element).strip()


def _bold_mathematics(element: Element, style: Style) -> Style:
    source = element.get("alttext") or ""
    return Style(
        False, style.bold or bool(re.search(r"\\(?:mathbf|boldsymbol|bm|bf)\b", source)), style.underline or r"\underline" in source
    )


def _mathml(element: Element) -> str:
    tag = str(element.tag)
    if tag in ("annotation", "annotation-xml"):
        return ""
    parts = [_mathml(child) for child in element if isinstance(child.tag, str)]
    if tag in ("msup", "msub") and len(parts) == 2:
        return parts[0] + (superscript if tag == "msup" else subscript)(parts[1], parts[0])
    if tag == "msubsup" and len(parts) == 3:
        lowered = parts[0] + subscript(parts[1], parts[0])
        return lowered + superscript(parts[2], lowered)
    if tag == "mfrac" and len(parts) == 2:
        return "/".join(part if part.isalnum() else f"({part})" for part in parts)
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag == "mtext":
        return (element.text or "") + "".join(parts)
    own = (element.text or "").strip()
    if tag == "mo":
        own = {"-": "−", "\u2062": "", "\u2061": "", "\u2063": ""}.get(own, own)
        return f" {own} " if own in "±=<>≤≥≈∼×→" and own else own
    return own + "".join(parts)
