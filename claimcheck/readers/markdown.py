"""Markdown: headings, paragraphs, lists, pipe tables and references, with inline marks taken off.

A study's synopsis is Markdown in which the section "Claims" is a numbered list, one claim an item; `[cut off]` at an
item's end says that its source is cut off there.
"""

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from claimcheck.document import Cell, Document, Location, Reference, Table
from claimcheck.readers import html as html_reader
from claimcheck.readers.sentences import fold
from claimcheck.readers.text import BULLET, HEADING, Block, Line, decode, document, reference

SUFFIXES: tuple[str, ...] = (".md", ".markdown", ".mkd", ".rmd", ".qmd")

FENCE = re.compile(r"\s{0,3}(```|~~~)")
RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*")
COMMENT = re.compile(r"<!--.{0,20000}?-->", re.DOTALL)
HTML_TABLE = re.compile(r"<table\b[^<>]{0,500}>(?:(?!<table\b).){0,200000}?</table>", re.DOTALL | re.IGNORECASE)
MOST_HTML_TABLES = 200
HEADING_LINE = re.compile(r"^#{1,6}[ \t]+(\S.{0,500})$", re.MULTILINE)
IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\]\([^)\n]{0,1000}\)")
LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\([^)\n]{0,1000}\)")
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>", re.IGNORECASE)
LINK_TARGET = re.compile(r"\]\((https?://[^)\s]{1,1000})")
TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>")
CODE = re.compile(r"`([^`\n]{1,500})`")
STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1")
EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def recognises(head: bytes) -> bool:
    """Never: Markdown is known by its suffix, since every plain text is Markdown too."""
    return False


def read(data: bytes, name: str) -> Document:
    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), decode(data, name))
    lines = HTML_TABLE.sub(lambda match: "\n" * match.group().count("\n"), text).splitlines()
    parts = list(blocks(lines))
    found = document((block for block in parts if block.kind != "pipe"), data, name, "markdown")
    tables = tuple(pipe_tables(parts, name)) + tuple(html_tables(text, name))
    return found.model_copy(update={"tables": found.tables + tables, "references": linked(found.references, text.splitlines(), name)})


def linked(references: Sequence[Reference], lines: Sequence[str], name: str) -> tuple[Reference, ...]:
    """The references with the ids that only their links show: `[A title](https://arxiv.org/abs/…)` prints none."""
    starts = [entry.where.line or 1 if entry.where else 1 for entry in references]
    found = []
    for entry, start, end in zip(references, starts, [*starts[1:], len(lines) + 1], strict=False):
        own = takewhile(str.strip, lines[start - 1 : end - 1])
        shown = reference(" ".join(LINK_TARGET.findall(" ".join(own))), start, name)
        bare = not (entry.arxiv or entry.doi or entry.url)
        found.append(shown.model_copy(update={"text": entry.text}) if bare and shown.url else entry)
    return tuple(found)


def plain(text: str) -> str:
    """Inline Markdown without its marks: emphasis, code, links (their text stays), images and tags."""
    text = IMAGE.sub(r"\1", text)
    text = LINK.sub(r"\1", text)
    text = CODE.sub(r"\1", text)
    text = STRONG.sub(r"\2", text)
    text = EMPHASIS.sub(r"\2", text)
    text = TAG.sub(" ", AUTOLINK.sub(r"\1", text))
    return html.unescape(ESCAPED.sub(r"\1", text))


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The blocks of a Markdown text, in order; `pipe` is a pipe table, still with its marks."""
    paragraph: list[Line] = []
    kind, index = "paragraph", front_matter(lines)
    while index < len(lines):
        line, number = lines[index], index + 1
        heading, start = HEADING.match(line), starts_table(lines, index)
        underlined = kind == "paragraph" and len(paragraph) == 1 and UNDERLINE.fullmatch(line)
        ends = not line.strip() or heading or start or underlined or FENCE.match(line) or BULLET.match(line.lstrip())
        if ends and paragraph:
            if underlined:
                yield Block("heading", paragraph, 1 if line.strip().startswith("=") else 2)
            else:
                yield Block(kind, paragraph)
            paragraph, kind = [], "paragraph"
            if underlined:
                index += 1
                continue
        if heading:
            yield Block("heading", [(number, plain(heading.group(2).rstrip("# ")))], len(heading.group(1)))
        elif start:
            end = index
            while end < len(lines) and "|" in lines[end]:
                end += 1
            yield Block("pipe", [(row + 1, lines[row]) for row in range(index, end)])
            index = end
            continue
        elif FENCE.match(line):
            index = end_of_fence(lines, index)
        elif line.strip() and not re.fullmatch(r"\s*(?:[-*_]\s*){3,}", line):
            kind = kind if paragraph else "item" if BULLET.match(line.lstrip()) else "paragraph"
            paragraph.append((number, plain(line)))
        index += 1
    if paragraph:
        yield Block(kind, paragraph)


def front_matter(lines: Sequence[str]) -> int:
    """How many lines a YAML head between `---` lines takes."""
    if lines and lines[0].strip() == "---":
        for index, line in enumerate(lines[1:200], 1):
            if line.strip() in ("---", "..."):
                return index + 1
    return 0


def end_of_fence(lines: Sequence[str], start: int) -> int:
    """The line that closes a code block; code is not prose and is left out."""
    mark = lines[start].strip()[:3]
    for index in range(start + 1, len(lines)):
        if lines[index].strip().startswith(mark):
            return index
    return len(lines)


def starts_table(lines: Sequence[str], index: int) -> bool:
    return "|" in lines[index] and index + 1 < len(lines) and "-" in lines[index + 1] and is_rule(lines[index + 1])


def is_rule(line: str) -> bool:
    """A row of dashes between pipes. The plain look first keeps the pattern off long lines."""
    return "|" in line and not line.strip(" \t|:-") and RULE.fullmatch(line[:2000]) is not None


def html_tables(text: str, name: str) -> Iterator[Table]:
    """Tables written as HTML, as the result lists of many repositories are, each at the line it begins on."""
    headings = [(match.start(), fold(plain(match.group(1)))) for match in HEADING_LINE.finditer(text)]
    for match in islice(HTML_TABLE.finditer(text), MOST_HTML_TABLES):
        line = text.count("\n", 0, match.start()) + 1
        above = next((title for start, title in reversed(headings) if start < match.start()), "")
        for table in html_reader.read(match.group().encode(), name).tables:
            yield table.model_copy(update={"where": Location(document=name, line=line), "label": "", "caption": table.caption or above})


def pipe_tables(found: Sequence[Block], name: str) -> Iterator[Table]:
    heading = ""
    for block in found:
        if block.kind == "heading":
            heading = fold(block.lines[0][1])
        elif block.kind == "pipe":
            yield pipe_table(block.lines, name, heading)


def pipe_table(lines: Sequence[Line], name: str, caption: str) -> Table:
    """A pipe table; the row above the dashes is its header. Bold cells are marked, as papers print the best so."""
    rows = [lines[0], *lines[2:]]
    cells = []
    for row, (number, line) in enumerate(rows):
        for column, raw in enumerate(split_row(line)):
            bold = bool(re.match(r"\s*(\*\*|__|<b>|<strong>)", raw))
            underline = bool(re.match(r"\s*(\*\*|__|<b>|<strong>)?<u>", raw))
            looks = {"header": row == 0, "bold": bold, "underline": underline}
            cells.append(Cell(text=fold(plain(raw)), row=row, column=column, **looks, where=Location(document=name, line=number)))
    return Table(caption=caption, cells=tuple(cells), where=Location(document=name, line=lines[0][0]))


def split_row(line: str) -> list[str]:
    """The raw cells of a row: split at pipes that are not escaped."""
    parts = re.split(r"(?<!\\)\|", line.strip())
    parts = parts[1:] if parts and not parts[0].strip() else parts
    return parts[:-1] if parts and not parts[-1].strip() else parts
