"""Running text of PDF pages: lines, captions, headings, paragraphs over two columns and page breaks, references.

The order is the file's own: TeX and Word write a column after the other. Lines at a page's edge that repeat from page to page (running
heads, page numbers) are left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from claimcheck.document import Location, Reference, Section, Sentence, Table
from claimcheck.readers.captions import opens_caption, split_label
from claimcheck.readers.pdf_pages import Page, Word
from claimcheck.readers.pdf_tables import Found, Frame, join, rounded
from claimcheck.readers.sentences import spans
from claimcheck.readers.text import is_bibliography, reference

_HEADING = re.compile(r"(?:(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-H](?:\.\d{1,2}){0,2}|[IVX]{1,5})\.?\s+)(?P<title>[A-Z(“\"].{1,90})$")
_NAMED = re.compile(
    r"(?:abstract|introduction|references|bibliography|acknowledge?ments?|appendix|conclusions?|limitations|related work)\.?$", re.I
)
_ENTRY = re.compile(r"\[\d{1,3}\]\s|\d{1,3}\.\s+[A-Z]|\[[A-Z][A-Za-z+]{1,12}\d{2}[a-z]?\]\s")
_NEAR_CAPTION = 42.0
_EDGE = 0.075
"""Share of the page's height at top and bottom where running heads stand."""


@dataclass(slots=True)
class Line:
    """A line of text."""

    words: list[Word]
    page: int
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    block: int
    used: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass
class Text:
    """What the pages say besides their tables."""

    document: str
    title: str = ""
    sections: list[tuple[str, int, list[Sentence]]] = field(default_factory=lambda: [("", 0, [])])
    references: list[Reference] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def lines_of(page: Page) -> list[Line]:
    """The page's lines in the file's order; pieces of one printed line that touch side by side are one."""
    grouped: dict[int, list[Word]] = {}
    for word in page.words:
        grouped.setdefault(word.line, []).append(word)
    lines: list[Line] = []
    for words in grouped.values():
        line = _line(words, page.number)
        last = lines[-1] if lines else None
        if last is not None and _continues(last, line):
            lines[-1] = _line([*last.words, *words], page.number)
        else:
            lines.append(line)
    return lines


def _line(words: list[Word], page: int) -> Line:
    size = max((word.size for word in words if word.script == 0), default=words[0].size)
    bold = 2 * sum(word.bold for word in words) > len(words)
    return Line(
        words,
        page,
        join(words),
        min(word.x0 for word in words),
        min(word.y0 for word in words),
        max(word.x1 for word in words),
        max(word.y1 for word in words),
        size,
        bold,
        words[0].block,
    )


def _continues(left: Line, right: Line) -> bool:
    """Whether `right` goes on where `left` stops, on the same height: mathematics often breaks a line in pieces."""
    return (
        abs(left.words[-1].baseline - right.words[0].baseline) < 0.4 * left.size
        and -2.0 <= right.x0 - left.x1 < 1.2 * left.size
        and right.x0 > left.x0
    )


def build(document: str, pages: Sequence[Page], found: Sequence[Sequence[Found]]) -> Text:
    """Text, tables with their captions, and references of all pages."""
    text = Text(document)
    every = [lines_of(page) for page in pages]
    edges = _running(every, pages)
    body = _body_size(every)
    for page, lines, tables in zip(pages, every, found, strict=True):
        for line in lines:
            line.used = _edge_key(line) in edges or any(_covers(table.frame, line) for table in tables)
        _captions(text, page, lines, tables, document)
    text.title = _title(every[0] if every else [], body)
    _flow([line for lines in every for line in lines if not line.used], text, body)
    return text


def _covers(frame: Frame, line: Line) -> bool:
    inside = frame.top - 2 <= (line.y0 + line.y1) / 2 <= frame.bottom + 2
    return inside and line.x0 >= frame.x0 - 8 and line.x1 <= frame.x1 + 8


def _running(every: Sequence[Sequence[Line]], pages: Sequence[Page]) -> set[tuple[str, int]]:
    """Keys of the lines at page edges that are page numbers or stand on several pages."""
    seen: Counter[tuple[str, int]] = Counter()
    for page, lines in zip(pages, every, strict=True):
        for line in lines:
            if line.y1 < _EDGE * page.height or line.y0 > (1 - _EDGE) * page.height:
                seen[_edge_key(line)] += 1
    return {key for key, count in seen.items() if count > 1 or key[0].strip("# .-–|") == ""}


def _edge_key(line: Line) -> tuple[str, int]:
    return (re.sub(r"\d+", "#", line.text), round(line.y0 / 6))


def _body_size(every: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for lines in every:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _title(lines: Sequence[Line], body: float) -> str:
    """The lines of the largest type on the first page's upper half."""
    upper = [line for line in lines if len(line.text) > 3 and any(map(str.isalpha, line.text))][:40]
    largest = max((line.size for line in upper), default=0.0)
    if largest < body * 1.15:
        return ""
    return " ".join(line.text for line in upper if line.size > largest - 0.6)[:300]


def _captions(text: Text, page: Page, lines: list[Line], tables: Sequence[Found], document: str) -> None:
    """Give each table the nearest caption above or below it; captions of other floats become sentences."""
    blocks = [_caption_block(lines, number) for number, line in enumerate(lines) if not line.used and opens_caption(line.text)]
    chosen = min((_paired(blocks, tables, side) for side in ("", "above", "below")), key=lambda found: (-len(found[0]), found[1]))[0]
    pairs = [(_distance(block, table.frame), at, number) for number, block in enumerate(blocks) for at, table in enumerate(tables)]
    for at, table in enumerate(tables):
        if at not in chosen:  # two parts of one table share its caption
            shared = [
                (d, number) for d, place, number in pairs if place == at and d < _NEAR_CAPTION and _above(blocks[number], table.frame)
            ]
            if shared:
                chosen[at] = shared[0][1]
    for at, table in enumerate(tables):
        block = blocks[chosen[at]] if at in chosen else []
        label, caption = split_label(_paragraph_text(block))
        frame = table.frame
        box = rounded((frame.x0, frame.top, frame.x1, frame.bottom))
        where = Location(document=document, page=page.number, box=box)
        text.tables.append(Table(label=label, caption=caption, cells=table.cells, where=where))
        for line in block:
            line.used = True


def _paired(blocks: Sequence[Sequence[Line]], tables: Sequence[Found], side: str) -> tuple[dict[int, int], float]:
    """Captions to tables, nearest first, those on the other side than `side` taken to stand farther; and the white between them."""
    pairs = []
    for number, block in enumerate(blocks):
        for at, table in enumerate(tables):
            distance = _distance(block, table.frame)
            if distance < _NEAR_CAPTION:
                other = bool(side) and _above(block, table.frame) != (side == "above")
                pairs.append((distance + (_NEAR_CAPTION if other else 0.0), at, number))
    chosen: dict[int, int] = {}
    total = 0.0
    for distance, at, number in sorted(pairs):
        if at not in chosen and number not in chosen.values():
            chosen[at] = number
            total += distance
    return chosen, total


def _above(block: Sequence[Line], frame: Frame) -> bool:
    return max(line.y1 for line in block) <= frame.top + 3


def _caption_block(lines: Sequence[Line], start: int) -> list[Line]:
    """The opening line of a caption and the lines that go on under it."""
    block = [lines[start]]
    for line in lines[start + 1 :]:
        last = block[-1]
        step = line.y0 - last.y0
        if line.used or not 0 < step < 1.75 * last.size or abs(line.size - last.size) > 0.7 or len(block) > 25 or opens_caption(line.text):
            break
        if line.x0 > last.x1 or line.x1 < last.x0:
            break
        block.append(line)
    return block


def _distance(block: Sequence[Line], frame: Frame) -> float:
    """Points of white between a caption and a table; infinite if they do not stand above each other."""
    x0, x1 = min(line.x0 for line in block), max(line.x1 for line in block)
    if min(x1, frame.x1) - max(x0, frame.x0) < 0.3 * min(x1 - x0, frame.x1 - frame.x0):
        return float("inf")
    top, bottom = block[0].y0, max(line.y1 for line in block)
    if bottom <= frame.top + 3:
        return max(0.0, frame.top - bottom)
    if top >= frame.bottom - 3:
        return max(0.0, top - frame.bottom) + 0.5
    return float("inf")


def _paragraph_text(lines: Iterable[Line]) -> str:
    pieces: list[str] = []
    for line in lines:
        last = pieces[-1] if pieces else ""
        pieces[-1:] = [_joined(last, line.text)] if len(last) < 400 else [last[:-200], _joined(last[-200:], line.text)]
    return "".join(pieces)


def _joined(text: str, more: str) -> str:
    """Two lines as one text, a word broken over them made whole; a hyphen between names or numbers stays."""
    if text.endswith("-") and text[-2:-1].islower() and more[:1].islower():
        return text[:-1] + more
    return f"{text} {more}" if text and not text.endswith("-") else text + more


def _flow(lines: Sequence[Line], text: Text, body: float) -> None:
    """Lines into headings and paragraphs. A paragraph goes on over columns and pages until a sentence ends a short line."""
    paragraph: list[Line] = []
    for line in lines:
        heading = _heading(line, body)
        if heading or (paragraph and _breaks(paragraph, line, body)):
            _close(paragraph, text)
            paragraph = []
        if heading:
            text.sections.append((*heading, []))
        else:
            paragraph.append(line)
    _close(paragraph, text)


def _heading(line: Line, body: float) -> tuple[str, int] | None:
    """Title and level of a line that is a section heading."""
    if len(line.text) > 100 or not (line.bold or line.size > body + 0.8 or line.text.isupper()):
        return None
    match = _HEADING.match(line.text)
    if match and not line.text.endswith((".", ",", ";")):
        return match["title"].strip(), min(4, 1 + match["number"].count("."))
    if _NAMED.match(line.text):
        return line.text.rstrip("."), 1
    return None


def _breaks(paragraph: Sequence[Line], line: Line, body: float) -> bool:
    """Whether `line` begins a new paragraph."""
    last = paragraph[-1]
    if abs(line.size - last.size) > 1.2 and line.size != last.size:
        return True
    same_column = line.page == last.page and 0 < line.y0 - last.y0 < 3.0 * last.size and line.x0 < last.x1 and line.x1 > last.x0
    if same_column:
        if _ENTRY.match(line.text) or line.text[:2] in ("• ", "– "):
            return True
        if line.y0 - last.y0 > 1.75 * last.size:
            return True
        indented = line.x0 - min(other.x0 for other in paragraph[-3:])
        return 6.0 < indented < 40.0 and last.text.rstrip().endswith((".", "?", "!", ":"))
    # Elsewhere on the page: after a float, a column or a page the sentence may go on.
    return last.text.rstrip().endswith((".", "?", "!")) or line.text[:1].isupper() or abs(line.size - body) > 1.0


def _close(paragraph: Sequence[Line], text: Text) -> None:
    """Set a paragraph as sentences, or as an entry of the bibliography."""
    if not paragraph:
        return
    printed = _paragraph_text(paragraph)
    title, _, sentences = text.sections[-1]
    if is_bibliography(title):
        if len(printed) > 20:
            text.references.append(reference(printed, 1, text.document).model_copy(update={"where": _where(text.document, paragraph)}))
        return
    places = _places(paragraph)
    for start, end in spans(printed):
        piece = printed[start:end]
        if sum(map(str.isalpha, piece)) < 3:
            continue
        first = max((index for index, (at, _) in enumerate(places) if at <= start), default=0)
        last = max((index for index, (at, _) in enumerate(places) if at < end), default=first)
        covered = [line for _, line in places[first : last + 1] if line.page == places[first][1].page]
        sentences.append(Sentence(text=piece, where=_where(text.document, covered)))


def _places(paragraph: Sequence[Line]) -> list[tuple[int, Line]]:
    """Where each line begins in the paragraph's text. Only the end of a text decides how the next line joins it."""
    places, length, last = [], 0, ""
    for line in paragraph:
        places.append((length, line))
        length += len(_joined(last, line.text)) - len(last)
        last = _joined(last, line.text)[-400:]
    return places


def _where(document: str, lines: Sequence[Line]) -> Location:
    box = (min(line.x0 for line in lines), min(line.y0 for line in lines), max(line.x1 for line in lines), max(line.y1 for line in lines))
    return Location(document=document, page=lines[0].page, box=rounded(box))


def sections(text: Text) -> tuple[Section, ...]:
    """The sections that hold anything."""
    return tuple(Section(title=title, level=level, sentences=tuple(held)) for title, level, held in text.sections if title or held)
