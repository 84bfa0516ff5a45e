"""Plain text: `#` headings, paragraphs, tab-separated tables, bullet items and references by URL.

This is also the format of machine-written syntheses: a claims table `Claim<TAB>Verified<TAB>Confidence` whose sentences
may be cut at a fixed length.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from claimcheck.document import Cell, Document, Format, Location, Reference, Section, Sentence, Table, Unreadable
from claimcheck.readers.sentences import finished, fold, sentence, sentences_of

SUFFIXES: tuple[str, ...] = (".txt", ".text")

HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
BULLET = re.compile(r"(?:[-*+•]|(\d{1,3})[.)])\s+(?=\S)")
ARXIV = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?:v\d{1,2})?(?![\d.]\d)|(?<![\w/-])[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,2})?(?!\d)")
DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s<>\"{}|\\^`\[\]]{1,200}")
URL = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]{1,500}")
BIBLIOGRAPHY = ("references", "bibliography", "works cited", "literature")

Line = tuple[int, str]
"""A 1-based line number and the line."""


def recognises(head: bytes) -> bool:
    """Never: text is what remains when no other format claims the bytes."""
    return False


def read(data: bytes, name: str) -> Document:
    return document(blocks(decode(data, name).splitlines()), data, name, "text")


def decode(data: bytes, name: str) -> str:
    """The text in the bytes: UTF-8, or UTF-16 with its mark. Anything else is refused, not guessed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:8192]:
        raise Unreadable("binary", f"{name}: is a binary file of no format that is read; give text, Markdown, HTML, LaTeX or PDF")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        control = sum(byte < 9 or 13 < byte < 32 for byte in data[:1024])
        if control > 10:
            raise Unreadable("binary", f"{name}: is a binary file of no format that is read; give text, Markdown, HTML or PDF") from None
        where = f"byte 0x{data[error.start]:02X} at offset {error.start:,}"
        raise Unreadable("undecodable", f"{name}: is not UTF-8 text ({where}); convert it, for example with iconv") from None


class Block:
    """A heading, a table, an item or a paragraph: its kind, its lines, and for a heading its level."""

    def __init__(self, kind: str, lines: Sequence[Line], level: int = 0) -> None:
        self.kind, self.lines, self.level = kind, list(lines), level


def blocks(lines: Iterable[str]) -> Iterator[Block]:
    """The blocks of a plain text, in order."""
    paragraph: list[Line] = []
    kind = "paragraph"
    for number, line in enumerate(lines, 1):
        heading = HEADING.match(line)
        now = "table" if "\t" in line.strip() else "item" if BULLET.match(line.lstrip()) else "paragraph"
        if not line.strip() or heading or now == "item" or (now == "table") != (kind == "table"):
            if paragraph:
                yield Block(kind, paragraph)
            paragraph, kind = [], "paragraph"
        if heading:
            yield Block("heading", [(number, heading.group(2).strip())], len(heading.group(1)))
        elif line.strip():
            kind = kind if paragraph and now == "paragraph" else now
            paragraph.append((number, line))
    if paragraph:
        yield Block(kind, paragraph)


def document(found: Iterable[Block], data: bytes, name: str, form: Format) -> Document:
    """Blocks folded into titled sections, tables and references."""
    sections: list[tuple[str, int, list[Sentence]]] = [("", 0, [])]
    tables: list[Table] = []
    references: list[Reference] = []
    title = ""
    for block in found:
        heading = sections[-1][0]
        if block.kind == "heading":
            text = fold(block.lines[0][1])
            if not title and block.level == 1 and len(sections) == 1:
                title = text
            else:
                sections.append((text, max(1, block.level - (1 if title else 0)), []))
        elif block.kind == "table":
            tables.append(tab_table(block.lines, name, heading))
        elif is_bibliography(heading):
            references += [reference(line, number, name) for number, line in joined(block) if line.strip()]
        elif block.kind == "item":
            sections[-1][2].extend(item_sentences(block.lines, name))
        else:
            sections[-1][2].extend(sentences_of(block.lines, name))
    return Document(
        id=name,
        format=form,
        title=title,
        sections=tuple(Section(title=t, level=level, sentences=tuple(s)) for t, level, s in sections if t or s),
        tables=tuple(tables),
        references=tuple(references),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def joined(block: Block) -> list[Line]:
    """An item's lines as one, a paragraph's lines each for itself: one reference each."""
    if block.kind == "item":
        return [(block.lines[0][0], " ".join(line for _, line in block.lines))]
    return block.lines


def item_sentences(lines: Sequence[Line], name: str) -> tuple[Sentence, ...]:
    """The sentences of a list item without its bullet; `detail` is `item 3` if it is numbered so."""
    number, line = lines[0]
    bullet = BULLET.match(line.lstrip())
    detail = f"item {bullet.group(1)}" if bullet and bullet.group(1) else ""
    rest = line.lstrip()[bullet.end() :] if bullet else line
    return sentences_of([(number, rest), *lines[1:]], name, detail)


def tab_table(lines: Sequence[Line], name: str, caption: str) -> Table:
    return table([(number, [fold(cell) for cell in line.split("\t")]) for number, line in lines], name, caption)


def table(rows: Sequence[tuple[int, Sequence[str]]], name: str, caption: str) -> Table:
    """A table of rows of cell texts. The first row is a header if it holds no number."""
    header = len(rows) > 1 and not any(re.search(r"(?<![\w.-])[-+−]?\d", cell) for cell in rows[0][1])
    cells = [
        Cell(text=text, row=row, column=column, header=header and row == 0, where=Location(document=name, line=number))
        for row, (number, texts) in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return Table(caption=caption, cells=tuple(cells), where=Location(document=name, line=rows[0][0]))


def column_sentences(cells: Sequence[Cell], name: str) -> tuple[Sentence, ...]:
    """The cells of a table's column as sentences; where most of them end in a final mark, one without it is cut off."""
    peers_end = 2 * sum(finished(cell.text) for cell in cells) > len(cells)
    return tuple(sentence(cell.text, cell.where or Location(document=name), peers_end=peers_end) for cell in cells)


def is_bibliography(heading: str) -> bool:
    return heading.lstrip("0123456789. ").lower() in BIBLIOGRAPHY


def reference(text: str, line: int, name: str) -> Reference:
    """A reference as printed, without its bullet, and the ids it shows."""
    printed = fold(BULLET.sub("", text.lstrip(), count=1))
    arxiv, doi, url = ARXIV.search(printed), DOI.search(printed), URL.search(printed)
    return Reference(
        text=printed,
        arxiv=arxiv.group() if arxiv else "",
        doi=doi.group().rstrip(".,;)") if doi else "",
        url=url.group().rstrip(".,;)") if url else "",
        where=Location(document=name, line=line),
    )
