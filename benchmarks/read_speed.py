"""How fast the readers are, as ratios taken in one run: seconds a paper, pages a second, and PyMuPDF's own tables beside ours.

    python benchmarks/read_speed.py --data ../shared/data --json

The two ways to read a PDF are timed in interleaved pairs, page for page, so that a busy machine slows both alike. "Cells right" are the
numeric cells of papers compiled here that stand in the PDF reading, by either way (needs pdflatex; left out without it).
"""

import argparse
import contextlib
import html
import importlib
import json
import os
import resource
import shutil
import statistics
import sys
import tarfile
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claimcheck import readers
from claimcheck.benchmarks import twin_papers, twins
from claimcheck.document import Cell, Document, Location, Table
from claimcheck.readers import batch, latex, pdf_child, pdf_pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--papers", type=int, default=60, help="LaTeX papers to time")
    parser.add_argument("--twins", type=int, default=6, help="papers to compile for the count of right cells")
    parser.add_argument(
        "--batch", type=int, default=0, help="papers to read as one folder, to see that memory stays flat (1000 takes minutes)"
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = {
        "latex": latex_speed(arguments.data, arguments.papers),
        "pdf": pdf_speed(sorted((arguments.data / "nlp_pdfs").glob("*.pdf"))),
        "cells_right": right_cells(arguments.twins),
    }
    if arguments.batch:
        found["batch"] = batch_memory(arguments.data, arguments.batch)
    print(json.dumps(found, indent=None if arguments.json else 2))


def latex_sources(data: Path, count: int) -> list[tuple[str, bytes]]:
    with tarfile.open(data / "axcell" / "latex.tar.xz") as archive:
        held = [(member.name, archive.extractfile(member).read()) for member in archive if member.isfile()]
    return held[:: max(1, len(held) // count)][:count]


def latex_speed(data: Path, count: int) -> dict[str, float]:
    """Processor seconds a paper from LaTeX, and from the same papers as HTML."""
    tex, web = [], []
    for name, source in latex_sources(data, count):
        start = time.process_time()
        document = latex.read(source, name)
        tex.append(time.process_time() - start)
        page = as_html(document).encode()
        start = time.process_time()
        readers.read(page, "page.html")
        web.append(time.process_time() - start)
    return {
        "papers": len(tex),
        "latex_mean_s": round(statistics.mean(tex), 4),
        "latex_p95_s": round(sorted(tex)[int(0.95 * len(tex))], 4),
        "html_mean_s": round(statistics.mean(web), 4),
    }


def as_html(document: Document) -> str:
    """A plain page with the document's prose and tables."""
    parts = [
        f"<h{min(6, s.level + 1)}>{html.escape(s.title)}</h{min(6, s.level + 1)}>" + paragraphs(s.sentences) for s in document.sections
    ]
    for table in document.tables:
        rows: dict[int, list[Cell]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, []).append(cell)
        body = "".join(
            "<tr>" + "".join(f'<td rowspan="{c.rowspan}" colspan="{c.colspan}">{html.escape(c.text)}</td>' for c in row) + "</tr>"
            for row in rows.values()
        )
        parts.append(f"<figure><table>{body}</table><figcaption>{html.escape(table.caption)}</figcaption></figure>")
    return f"<!DOCTYPE html><html><body>{''.join(parts)}</body></html>"


def paragraphs(sentences) -> str:
    return "".join(f"<p>{html.escape(sentence.text)}</p>" for sentence in sentences)


def pdf_speed(paths: list[Path]) -> dict[str, float]:
    """Pages a second of ours (words, rules, tables, text) and of find_tables, file by file in turn."""
    ours = theirs = 0.0
    pages = 0
    for path in paths:
        data = path.read_bytes()
        for ours_first in (True, False):
            for mine in (ours_first, not ours_first):
                start = time.process_time()
                if mine:
                    with silent():
                        pdf_child.read(data, path.name)
                    ours += time.process_time() - start
                else:
                    pages += len(find_tables(data))
                    theirs += time.process_time() - start
    return {
        "pages": pages // 2,
        "ours_pages_per_s": round(pages / ours, 1),
        "find_tables_pages_per_s": round(pages / theirs, 1),
        "times_faster": round(theirs / ours, 2),
    }


def find_tables(data: bytes) -> list[list[list[list[str]]]]:
    """For each page, the rows of each table that PyMuPDF finds."""
    with silent():
        document = pdf_pages.open_pdf(data, "")
        return [[table.extract() for table in page.find_tables().tables] for page in document]


def right_cells(count: int) -> dict[str, float]:
    """Of the numeric cells in compiled papers, how many each way of reading finds."""
    if shutil.which("pdflatex") is None or not count:
        return {"skipped": 1.0}
    cells = ours = theirs = 0
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            written, printed = twins.read_both(Path(folder), twin_papers.paper(number), "main.tex", f"own{number}")
            found = find_tables((Path(folder) / "paper" / "main.pdf").read_bytes())
        mine = twins.compare(written, printed)
        other = twins.compare(written, as_document(found))
        cells, ours, theirs = cells + mine.cells, ours + mine.found, theirs + other.found
    return {"numeric_cells": cells, "ours": round(ours / cells, 4), "find_tables": round(theirs / cells, 4)}


def as_document(pages) -> Document:
    tables = []
    for page in pages:
        for rows in page:
            cells = [
                Cell(text=line, row=row, column=column)
                for row, texts in enumerate(rows)
                for column, text in enumerate(texts)
                for line in (text or "").split("\n")
                if line
            ]
            tables.append(Table(cells=tuple(cells), where=Location(document="x")))
    return Document(id="x", format="pdf", tables=tuple(tables))


def batch_memory(data: Path, count: int) -> dict[str, float]:
    """Read `count` papers as one folder in parallel; the parent's memory before and after, and papers a second."""
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place) / "in", Path(place) / "out"
        folder.mkdir()
        sources = latex_sources(data, min(count, 300))
        for number in range(count):
            (folder / f"{number}.tex").write_bytes(sources[number % len(sources)][1] + b"\n%" + str(number).encode())
        (folder / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        outcomes = [done.status for done in batch.read_folder(folder, out)]
        seconds = time.perf_counter() - start
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "files": len(outcomes),
        "read": outcomes.count("read"),
        "papers_per_s": round(count / seconds, 1),
        "parent_grew_mb": round(grown / 1024, 1),
    }


@contextlib.contextmanager
def silent():
    """PyMuPDF prints to the descriptor itself."""
    importlib.import_module("pymupdf")
    sys.stdout.flush()
    kept, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)


if __name__ == "__main__":
    main()
