"""What every reader returns: a Document of sections, sentences, tables and references, each in its place.

Readers keep the text as printed (signs, thin spaces and dashes included) and say where each piece stands; they never
interpret a number. `extract` reads Documents and nothing else.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

Format = Literal["latex", "html", "pdf", "markdown", "text", "csv", "json"]


class Record(BaseModel):
    """A frozen noun; a field it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Location(Record):
    """Where in a document something stands."""

    document: str
    """The document's id: `arxiv:2605.17165v1`, a file name, or `released.csv`."""

    line: int | None = None
    """1-based line of a text format."""

    page: int | None = None
    """1-based page of a paged format."""

    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom on that page, in points (1/72 inch)."""

    span: tuple[int, int] | None = None
    """Half-open character span inside the sentence, cell or file named by the other fields."""

    detail: str = ""
    """Whatever else the format can point at: a table and cell, a key path, a section title."""

    def __str__(self) -> str:
        parts = [self.document]
        parts += [f"page {self.page}"] if self.page is not None else []
        parts += [f"line {self.line}"] if self.line is not None else []
        parts += [self.detail] if self.detail else []
        return ", ".join(parts)


class Sentence(Record):
    """One sentence as printed, white space folded."""

    text: str
    where: Location
    truncated: bool = False
    """True if the source cuts it off before its end."""


class Cell(Record):
    """One table cell. A spanning cell is stored once, at its top left."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    bold: bool = False
    underline: bool = False
    where: Location | None = None
    """Only where it is finer than the table's own place."""


class Table(Record):
    """A table as a list of cells on a grid, with its caption."""

    label: str = ""
    """The printed label or number ("Table 2") or the source's key (`tab:main`)."""

    caption: str = ""
    cells: tuple[Cell, ...]
    where: Location

    def grid(self) -> list[list[Cell | None]]:
        """Rows of cells, a spanning cell repeated in every position it covers; None where nothing stands."""
        height = max((cell.row + cell.rowspan for cell in self.cells), default=0)
        width = max((cell.column + cell.colspan for cell in self.cells), default=0)
        rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    rows[row][column] = cell
        return rows


class Section(Record):
    """A titled run of sentences, in reading order; `level` 1 is a top section, 0 the matter before the first."""

    title: str
    level: int = 1
    sentences: tuple[Sentence, ...] = ()


class Reference(Record):
    """One entry of the bibliography, as printed, with the ids it shows."""

    text: str
    arxiv: str = ""
    doi: str = ""
    url: str = ""
    where: Location | None = None


class Document(Record):
    """One source, read."""

    id: str
    format: Format
    title: str = ""
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    references: tuple[Reference, ...] = ()
    version: str = ""
    """The version of the source that was read (`v1` of an arXiv paper), if it says."""

    sha256: str = ""
    """Of the bytes that were read."""

    flags: tuple[str, ...] = ()
    """What the reader could not do, as reason codes: `no_text_layer`, `truncated_file`, …"""

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence of every section, in reading order."""
        for section in self.sections:
            yield from section.sentences


class Unreadable(Exception):
    """A source that cannot be read, with a reason code a program can act on and a line a person can."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        """`not_found`, `empty`, `binary`, `encrypted`, `damaged`, `too_big`, `another_format`, …"""
