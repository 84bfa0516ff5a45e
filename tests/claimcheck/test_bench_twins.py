import shutil

import pytest

from claimcheck.benchmarks import twin_papers, twins
from claimcheck.document import Cell, Document, Location, Table
from claimcheck.readers import latex

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def table(*rows: tuple[str, ...]) -> Table:
    cells = [Cell(text=text, row=r, column=c, header=r == 0) for r, texts in enumerate(rows) for c, text in enumerate(texts) if text]
    return Table(cells=tuple(cells), where=Location(document="x"))


def document(*tables: Table) -> Document:
    return Document(id="x", format="latex", tables=tables)


def test_same_cells_under_same_headers_agree():
    one = table(("M", "Top-1"), ("Ours", "81.2"), ("Base", "−3.5"))
    other = table(("M", "Top-1"), ("Ours", "81.2"), ("Base", "-3.5"))
    tally = twins.compare(document(one), document(other))
    assert (tally.cells, tally.found, tally.headed) == (2, 2, 2)


def test_number_in_the_wrong_column_is_found_but_not_headed():
    one = table(("M", "Top-1", "Top-5"), ("Ours", "81.2", "90.1"))
    other = table(("M", "Top-1", "Top-5"), ("Ours", "90.1", "81.2"))
    tally = twins.compare(document(one), document(other))
    assert (tally.found, tally.headed) == (2, 0)


def test_missing_and_glued_numbers_are_not_found():
    one = table(("M", "A", "B"), ("Ours", "81.2", "90.1"))
    other = table(("M", "A", "B"), ("Ours", "81.290.1", ""), ("Base", "81.2", ""))
    assert twins.compare(document(one), document(other)).found == 1


def test_a_table_is_compared_once():
    one = table(("M", "A"), ("Ours", "81.2"))
    assert twins.compare(document(one, one), document(one)).found == 1


def test_papers_are_the_same_every_time_and_differ_from_each_other():
    assert twin_papers.paper(3) == twin_papers.paper(3)
    assert len({twin_papers.paper(number) for number in range(twin_papers.COUNT)}) == twin_papers.COUNT


def test_every_paper_has_tables_with_numbers():
    for name, text in twin_papers.papers():
        read = latex.read(text.encode(), name)
        assert len(read.tables) >= 3
        assert all(twins.numeric(found) for found in read.tables)


@needs_tex
@pytest.mark.parametrize("number", [0, 11, 60])
def test_pdf_of_a_paper_says_what_its_latex_says(number, tmp_path):
    tally = twins.compare(*twins.read_both(tmp_path, twin_papers.paper(number), "main.tex", f"own{number}"))
    assert tally.found >= 0.97 * tally.cells
    assert tally.headed >= 0.90 * tally.found
