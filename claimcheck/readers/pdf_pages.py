"""PDF pages as words and ruling lines, by PyMuPDF. Runs in the limited child; nothing else touches the library.

A word is split where its type size or height changes, so that the footnote mark of 72.2³ is a token of its own.
"""

import importlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_PAGES = 2_000
MAX_TOKENS = 1_000_000
_MAX_DRAWINGS = 60_000
"""Paths on a page. A scatter plot has ten thousand; beyond this no table is looked for there."""

_BLANK = frozenset(" \t\n\u00a0")
_CODED = re.compile(r"[\x0b-\x1f]")

_RULE_THICKNESS = 2.5
_MIN_RULE = 8.0


@dataclass(slots=True)
class Word:
    """A token and how it is set. Coordinates in points from the top left of the page."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    bold: bool = False
    script: int = 0
    """1 raised, -1 lowered, 0 on the line."""

    baseline: float = 0.0
    """Where the line stands that the word is set on, raised or not."""

    line: int = 0
    """Number of the text line in the page's own order."""

    block: int = 0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Rule:
    """A straight line: horizontal if `y0 == y1`, else vertical."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Page:
    """One page's tokens and lines."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    """Horizontal rules, from the top down."""

    down: list[Rule] = field(default_factory=list)


class Refused(Exception):
    """The file can't be read; the first argument is the reason code."""


def _library() -> Any:  # noqa: ANN401  # PyMuPDF has no types
    """PyMuPDF, loaded only where a PDF is read: it takes 0.2 s."""
    return importlib.import_module("pymupdf")


def open_pdf(data: bytes, password: str) -> Any:  # noqa: ANN401  # PyMuPDF has no types
    """The document in the bytes. Refuses what is not PDF: PyMuPDF would open a login page as HTML."""
    pymupdf = _library()
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    if b"%PDF-" not in data[:1024]:
        raise Refused("not_a_pdf")
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        raise Refused("damaged", str(error)) from None
    if not document.is_pdf:
        raise Refused("not_a_pdf")
    if document.needs_pass and not document.authenticate(password):
        raise Refused("encrypted")
    if document.page_count == 0:
        raise Refused("no_pages")
    if document.page_count > MAX_PAGES:
        raise Refused("too_big", f"{document.page_count:,} pages")
    return document


def pages(document: Any) -> Iterator[Page]:  # noqa: ANN401  # PyMuPDF has no types
    """Every page. Refuses after a million tokens; a page that can't be read is empty."""
    tokens = failed = 0
    for number in range(document.page_count):
        try:
            page = _page(document[number], number + 1)
        except MemoryError:
            raise
        except Exception as error:
            if "alloc" in str(error):
                raise MemoryError from None
            failed += 1
            page = Page(number + 1, 612.0, 792.0)
        tokens += len(page.words)
        if tokens > MAX_TOKENS:
            raise Refused("too_big", f"more than {MAX_TOKENS:,} words")
        yield page
    if failed == document.page_count:
        raise Refused("damaged", "no page can be read")


def _page(source: Any, number: int) -> Page:  # noqa: ANN401  # PyMuPDF has no types
    pymupdf = _library()
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE
    text = source.get_textpage(flags=flags)
    page = Page(number, source.rect.width, source.rect.height)
    page.words = _words(text)
    if any(character.isdigit() for word in page.words for character in word.text):
        page.across, page.down = _rules(source)
    if source.rotation:
        _turn(page, source)
    return page


def _turn(page: Page, source: Any) -> None:  # noqa: ANN401  # PyMuPDF has no types
    """Bring a rotated page upright: text comes in the unrotated frame."""
    pymupdf = _library()
    matrix = source.rotation_matrix
    for word in page.words:
        box = pymupdf.Rect(word.x0, word.y0, word.x1, word.y1) * matrix
        word.x0, word.y0, word.x1, word.y1 = box.x0, box.y0, box.x1, box.y1
        word.baseline = word.y1 - 0.2 * word.size
    page.across = page.down = []


def _words(text: Any) -> list[Word]:  # noqa: ANN401  # PyMuPDF has no types
    found: list[Word] = []
    by_line: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    blocks = text.extractDICT()["blocks"]
    coded = any(_CODED.search(span["text"]) for block in blocks for line in block.get("lines", ()) for span in line["spans"])
    for word in _split_by_hand(text) if coded else text.extractWORDS():
        by_line.setdefault((word[5], word[6]), []).append(word)
    count = 0
    for block_number, block in enumerate(blocks):
        for line_number, line in enumerate(block.get("lines", ())):
            if abs(line["dir"][1]) > 0.1:
                continue  # sideways text: arXiv's stamp in the margin, axis labels
            words = by_line.get((block.get("number", block_number), line_number), [])
            count += 1
            found += _line(words, line["spans"], count, block_number)
    return found


def _split_by_hand(text: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  # PyMuPDF has no types
    """Words as the library gives them, but kept whole at control codes: old TeX fonts have ligatures and dashes there."""
    words: list[tuple[Any, ...]] = []
    for block_number, block in enumerate(text.extractRAWDICT()["blocks"]):
        for line_number, line in enumerate(block.get("lines", ())):
            gathered: list[tuple[str, tuple[float, float, float, float]]] = []
            for character in [*(found for span in line["spans"] for found in span["chars"]), {"c": " ", "bbox": (0, 0, 0, 0)}]:
                if character["c"] not in _BLANK:
                    gathered.append((character["c"], character["bbox"]))
                elif gathered:
                    boxes = [box for _, box in gathered]
                    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
                    words.append((*box, "".join(c for c, _ in gathered), block.get("number", block_number), line_number, len(words)))
                    gathered = []
    return words


def _line(words: list[tuple[Any, ...]], spans: list[dict[str, Any]], line: int, block: int) -> Iterator[Word]:
    """The words of a line with the type they are set in, split where its size or height changes."""
    if not words:
        return
    characters = [(character, index) for index, span in enumerate(spans) for character in span["text"] if character not in _BLANK]
    largest = max(span["size"] for span in spans)
    base = max((span for span in spans if span["size"] > 0.85 * largest), key=lambda span: len(span["text"]))
    position = 0
    for x0, y0, x1, y1, text, *_ in words:
        letters = [index for _, index in characters[position : position + len(text)]]
        position += len(text)
        pieces = list(_pieces(text, letters, spans, base))
        for number, (piece, span, last) in enumerate(pieces):
            script = _script(span, base)
            left = x0 if number == 0 else max(x0, span["bbox"][0])
            right = x1 if number == len(pieces) - 1 else min(x1, last["bbox"][2])
            top, bottom = (y0, y1) if script == 0 else (span["bbox"][1], span["bbox"][3])
            yield Word(
                left, top, max(left, right), bottom, clean(piece), span["size"], _is_bold(span), script, base["origin"][1], line, block
            )


def _pieces(
    text: str, letters: list[int], spans: list[dict[str, Any]], base: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The word's stretches on one height, with the spans they begin and end in."""
    if len(letters) < len(text):  # the library's two views of a line disagree: take the word whole
        whole = spans[letters[0]] if letters else base
        yield text, whole, whole
        return
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or _script(spans[letters[at]], base) != _script(spans[letters[start]], base):
            yield text[start:at], spans[letters[start]], spans[letters[at - 1]]
            start = at


def _script(span: dict[str, Any], base: dict[str, Any]) -> int:
    """Whether a span is raised or lowered beside the line's main type."""
    if span["size"] > 0.88 * base["size"]:
        return 0
    shift = base["origin"][1] - span["origin"][1]
    if shift > 0.15 * base["size"]:
        return 1
    return -1 if shift < -0.08 * base["size"] else 0


def _is_bold(span: dict[str, Any]) -> bool:
    if span["flags"] & 16:
        return True
    name = span["font"].lower()
    return (
        "bold" in name
        or "-bd" in name
        or bool(re.search(r"(?:^|\+)(?:cmbx|cmb\d|sfbx|ecbx|cmmib|cmbsy|lmb|ptmb|phvb|nimbusromno9l-medi|.*-medi\b)", name))
    )


_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
    "\x0b": "ff",
    "\x0c": "fi",
    "\x0d": "fl",
    "\x0e": "ffi",
    "\x0f": "ffl",  # TeX's own font encoding (OT1), where nothing translates it
    "\x1b": "ff",
    "\x1c": "fi",
    "\x1d": "fl",
    "\x1e": "ffi",
    "\x1f": "ffl",
    "\x15": "–",
    "\x16": "—",
    "\x10": "“",
    "\x11": "”",  # T1
    "\u00ad": "-",
    "\u2215": "/",
    "\u2206": "Δ",
    "\u2126": "Ω",
    "\ufffd": "",
}
_TRANSLATE = str.maketrans(_LIGATURES)


def clean(text: str) -> str:
    """Ligatures as letters, composed accents; nothing that changes a number."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text.translate(_TRANSLATE))


def _rules(source: Any) -> tuple[list[Rule], list[Rule]]:  # noqa: ANN401  # PyMuPDF has no types
    """Horizontal and vertical ruling lines, drawn as strokes or as thin filled boxes, broken ones joined."""
    drawings = source.get_cdrawings()
    if len(drawings) > _MAX_DRAWINGS:
        return [], []
    across: list[Rule] = []
    down: list[Rule] = []
    for drawing in drawings:
        items = drawing["items"]
        if len(items) > 400:
            continue
        for item in items:
            if item[0] == "l":
                (x0, y0), (x1, y1) = item[1], item[2]
                _keep(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), across, down)
            elif item[0] == "re":
                x0, y0, x1, y1 = item[1][:4]
                if min(abs(x1 - x0), abs(y1 - y0)) <= _RULE_THICKNESS:
                    _keep(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), across, down)
    return _join(across), down


def _keep(x0: float, y0: float, x1: float, y1: float, across: list[Rule], down: list[Rule]) -> None:
    if y1 - y0 <= _RULE_THICKNESS and x1 - x0 >= _MIN_RULE:
        across.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif x1 - x0 <= _RULE_THICKNESS and y1 - y0 >= 4.0:
        down.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))


def _join(rules: list[Rule]) -> list[Rule]:
    """Rules at one height that touch are one: tables with vertical lines draw each cell's edge."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda found: (round(found.y0), found.x0)):
        last = joined[-1] if joined else None
        if last is not None and abs(last.y0 - rule.y0) <= 1.0 and rule.x0 <= last.x1 + 1.2:
            last.x1 = max(last.x1, rule.x1)
        else:
            joined.append(rule)
    return sorted(joined, key=lambda found: found.y0)
