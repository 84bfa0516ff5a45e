import pytest

from claimcheck import readers
from claimcheck.document import Document, Table
from claimcheck.readers import html


def read(body: str) -> Document:
    return html.read(f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>".encode(), "page.html")


def rows(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def test_spans_place_cells_where_a_browser_does():
    table = read(
        "<table><tr><th rowspan=2>M</th><th colspan=2>Ours</th></tr><tr><th>A</th><th>B</th></tr><tr><td>x<td>1<td>2</table>"
    ).tables[0]
    assert rows(table) == [["M", "Ours", "Ours"], ["M", "A", "B"], ["x", "1", "2"]]
    assert {cell.text for cell in table.cells if cell.header} == {"M", "Ours", "A", "B"}


def test_raised_footnote_mark_is_no_digit():
    assert [s.text for s in read("<p>It scores 72.2<sup>3</sup> at 10<sup>-4</sup>.</p>").sentences()] == ["It scores 72.2³ at 10⁻⁴."]


def test_mathematics_prints_from_its_latex_or_its_mathml():
    tex = '<math alttext="72.3\\pm 0.4"><mn>72.3</mn></math>'
    mathml = "<math><msup><mn>10</mn><mrow><mo>-</mo><mn>4</mn></mrow></msup><annotation>10^{-4}</annotation></math>"
    assert [s.text for s in read(f"<p>Of {tex} and {mathml}.</p>").sentences()] == ["Of 72.3 ± 0.4 and 10⁻⁴."]


def test_latexml_float_gives_label_caption_anchor_and_weight():
    body = (
        '<figure class="ltx_table" id="S4.T2"><figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_table">Table 2: </span>Main.</figcaption>'
        '<table class="ltx_tabular"><thead class="ltx_thead"><tr><th class="ltx_th">M</th><th>Acc</th></tr></thead>'
        '<tbody><tr><th class="ltx_th_row">x</th><td><span class="ltx_text ltx_font_bold">81.2</span></td></tr></tbody></table></figure>'
    )
    table = read(body).tables[0]
    assert (table.label, table.caption, table.where.detail) == ("Table 2", "Main.", "#S4.T2")
    assert [(cell.text, cell.header, cell.bold) for cell in table.cells] == [
        ("M", True, False),
        ("Acc", True, False),
        ("x", False, False),
        ("81.2", False, True),
    ]


def test_equation_and_layout_tables_are_not_tables_of_cells():
    assert read('<table class="ltx_equation ltx_eqn_table"><tr><td>y = 1</td></tr></table>').tables == ()
    inner = "<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"
    assert len(read(f"<table><tr><td>{inner}</td><td>{inner}</td></tr></table>").tables) == 2


def test_scripts_and_navigation_are_silent():
    assert [s.text for s in read("<nav>Menu 1.</nav><script>var x = 2;</script><p>Said 3.</p>").sentences()] == ["Said 3."]


def test_references_come_from_the_bibliography():
    document = read("<h2>References</h2><ul><li>A. Author. arXiv:1706.03762</li></ul>")
    assert [found.arxiv for found in document.references] == ["1706.03762"]


def test_cut_page_is_flagged_and_read_as_far_as_it_goes():
    document = html.read(b"<html><body><p>Read 1.</p><p>And th", "page.html")
    assert "truncated_file" in document.flags
    assert [s.text for s in document.sentences()] == ["Read 1.", "And th"]


@pytest.mark.parametrize("body", ["<div>" * 100_000, "<table><tr><td>" * 30_000, "<b>" * 100_000 + "x", "&" * 500_000])
def test_a_flood_of_tags_ends(body):
    assert read(body).format == "html"


def test_content_decides_before_the_suffix():
    assert readers.read(b"<!doctype html><p>Hi there 5.</p>", "paper.txt").format == "html"
