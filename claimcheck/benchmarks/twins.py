"""Does the PDF say what the LaTeX says? Papers compiled here, their tables read from both sources and compared cell by cell.

The LaTeX reading is taken as true. `data` is the folder that holds `docling_latex` and `nlp_pdfs`; without them only the papers of
`twin_papers` are compared.
"""

import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from claimcheck.benchmarks import twin_papers
from claimcheck.benchmarks.compiling import NotCompiled, compile_paper
from claimcheck.document import Cell, Document, Table
from claimcheck.readers import latex, pdf
from claimcheck.readers.grid import is_numeric

_REAL = (
    *(("docling_latex/1706.03762", "main.tex"), ("docling_latex/2305.03393", "main.tex"), ("docling_latex/2310.06825", "main.tex")),
    *(("docling_latex/2412.19437", "main.tex"), ("docling_latex/2501.00089", "main.tex")),
    *(("nlp_pdfs/latex/2004.14974", "emnlp2020.tex"), ("nlp_pdfs/latex/1911.02782", "main.tex")),
)


_CITATION = re.compile(r"\[[\d,;–\-\s]+\]|\((?:[^()]{0,60}\b)?(?:19|20)\d\d[a-z]?\)")


@dataclass
class Tally:
    """Numeric cells of the LaTeX tables, how many of them the PDF tables hold, and with the same headers."""

    papers: int = 0
    tables: int = 0
    cells: int = 0
    found: int = 0
    headed: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.papers += other.papers
        self.tables += other.tables
        self.cells += other.cells
        self.found += other.found
        self.headed += other.headed
        self.misses += other.misses


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Papers compared, and agreement over all, over our own papers, over those of them no rule was made with, and over real ones."""
    tallies = {"own": Tally(), "unseen": Tally(), "real": Tally()}
    for kind, name, folder, main in _sources(data):
        with tempfile.TemporaryDirectory() as place:
            try:
                tally = compare(*read_both(Path(place), folder, main, name))
            except NotCompiled:
                if shutil.which("pdflatex") is None:
                    raise
                continue
        tallies[kind].add(tally)
    everything = Tally()
    for tally in tallies.values():
        everything.add(tally)
    metrics = {"papers": float(everything.papers), "tables": float(everything.tables), "numeric_cells": float(everything.cells)}
    for suffix, tally in (("", everything), *((f"_{kind}", tally) for kind, tally in tallies.items())):
        metrics[f"cell_agreement{suffix}"] = tally.found / max(1, tally.cells)
        metrics[f"header_agreement{suffix}"] = tally.headed / max(1, tally.found)
    return everything.papers, metrics


def _sources(data: Path) -> Iterator[tuple[str, str, Path | str, str]]:
    """Kind, name, the folder or the text, and the main file of each paper."""
    for name, text in twin_papers.papers():
        yield name.rstrip("0123456789"), name, text, "main.tex"
    for folder, main in _REAL:
        if (data / folder / main).exists():
            yield "real", folder, data / folder, main


def read_both(place: Path, source: Path | str, main: str, name: str) -> tuple[Document, Document]:
    """The paper read from its LaTeX and from the PDF compiled of it in `place`."""
    folder = place / "paper"
    if isinstance(source, str):
        folder.mkdir()
        (folder / main).write_text(source, encoding="utf-8")
    else:
        shutil.copytree(source, folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    written = latex.read_path(folder / main, name)
    return written, pdf.read(compile_paper(folder, main), f"{name}.pdf")


def compare(written: Document, printed: Document) -> Tally:
    """Each LaTeX table against the PDF table that holds most of its numbers."""
    tally = Tally(papers=1)
    left = list(printed.tables)
    for table in sorted(written.tables, key=lambda found: -len(found.cells)):
        numbers = numeric(table)
        if not numbers:
            continue
        tally.tables += 1
        tally.cells += len(numbers)
        other = max(left, key=lambda candidate: _overlap(numbers, numeric(candidate)), default=None)
        if other is None or not _overlap(numbers, numeric(other)):
            tally.misses.append(f"{written.id} {table.label}: no table")
            continue
        left.remove(other)
        _match(table, other, tally, f"{written.id} {table.label}")
    return tally


def _match(table: Table, other: Table, tally: Tally, where: str) -> None:
    free: dict[str, list[Cell]] = {}
    for cell in numeric(other):
        free.setdefault(plain(cell.text), []).append(cell)
    for cell in numeric(table):
        candidates = free.get(plain(cell.text), [])
        if not candidates:
            tally.misses.append(f"{where}: {cell.text!r} at {cell.row},{cell.column}")
            continue
        wanted = headers(table, cell)
        same = next((found for found in candidates if headers(other, found) == wanted), None)
        candidates.remove(same or candidates[0])
        tally.found += 1
        tally.headed += same is not None
        if same is None:
            got = [headers(other, found) for found in [*candidates, *free.get("", [])][:1]]
            tally.misses.append(f"{where}: headers of {cell.text!r} {wanted} {got}")


def numeric(table: Table) -> list[Cell]:
    """The numeric cells below the header."""
    return [cell for cell in table.cells if is_numeric(cell.text) and not cell.header]


def _overlap(cells: Sequence[Cell], others: Sequence[Cell]) -> int:
    return (Counter(plain(cell.text) for cell in cells) & Counter(plain(cell.text) for cell in others)).total()


def headers(table: Table, cell: Cell) -> tuple[str, str]:
    """The labels of a cell's row and of its column, normalised."""
    row = [
        other.text
        for other in table.cells
        if not other.header
        and other.column < cell.column
        and other.row <= cell.row < other.row + other.rowspan
        and not is_numeric(other.text)
    ]
    column = [
        other.text
        for other in sorted(table.cells, key=lambda found: found.row)
        if other.header
        and other.row < cell.row
        and other.column <= cell.column < other.column + other.colspan
        and not _is_heading(other, table)
    ]
    return normal(" ".join(row)), normal(" ".join(column))


def _is_heading(cell: Cell, table: Table) -> bool:
    """Whether a header cell is a heading inside the body rather than a label above it."""
    return any(not other.header and other.row < cell.row for other in table.cells)


def plain(text: str) -> str:
    """A cell's characters without looks: compatibility forms, minus signs and spaces made one."""
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").replace("∼", "~")
    return "".join(folded.split())


def normal(text: str) -> str:
    """Letters and digits of a label; citations left out, which only the PDF prints as numbers or years."""
    bare = _CITATION.sub(" ", unicodedata.normalize("NFKC", text))
    return "".join(character for character in bare.lower() if character.isalnum())
