"""Plain text and Markdown into Documents, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimcheck.document import Document, Unreadable
from claimcheck.readers import read
from claimcheck.readers.sentences import cut_off, split

SYNTHESIS = """
# A title

Somebody

## Abstract

First sentence. The second one is cut off in the mid

## 2 Claims

Claim\tVerified\tConfidence
A improves B by 2.5 points.\t\u2713\t0.29
A improves C by 1.5 points and remains close to\t\u00d7\t0.21
A (+1.3 pp B, +1.1 pp Cif\t\u2713\t0.21
B is worse.\t\u2713\t0.1

## References

- <http://arxiv.org/abs/2011.09634v2>

- Doe, J. A paper. doi:10.1000/xyz123.
"""


def document(text: str, name: str = "x.txt") -> Document:
    return read(text.encode(), name)


def refusal(source: bytes | Path | str, name: str = "") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(source, name)
    assert "\n" not in str(caught.value)
    return caught.value


def test_headings_make_title_and_sections() -> None:
    found = document(SYNTHESIS)
    assert found.title == "A title"
    assert [(s.title, s.level) for s in found.sections] == [("", 0), ("Abstract", 1), ("2 Claims", 1), ("References", 1)]


def test_sentences_know_their_line() -> None:
    assert [(s.text, s.where.line) for s in document("One. Two\nthree. Four.").sentences()] == [
        ("One.", 1),
        ("Two three.", 1),
        ("Four.", 2),
    ]


def test_last_sentence_of_a_paragraph_without_a_full_stop_is_cut_off() -> None:
    assert [s.truncated for s in document(SYNTHESIS).sections[1].sentences] == [False, True]


def test_tabs_make_a_table_with_its_header() -> None:
    (table,) = document(SYNTHESIS).tables
    assert [c.text for c in table.cells if c.header] == ["Claim", "Verified", "Confidence"]
    assert table.caption == "2 Claims"
    assert table.cells[3].where is not None
    assert table.cells[3].where.line == 13


def test_references_show_their_ids() -> None:
    first, second = document(SYNTHESIS).references
    assert (first.arxiv, first.url) == ("2011.09634v2", "http://arxiv.org/abs/2011.09634v2")
    assert second.doi == "10.1000/xyz123"


def test_markdown_marks_are_taken_off() -> None:
    found = document("# T\n\nSome **bold** and *slanted* [link](http://x.y) with `code` and 2\\*3.\n", "x.md")
    assert [s.text for s in found.sentences()] == ["Some bold and slanted link with code and 2*3."]


def test_pipe_table_keeps_bold_as_a_flag() -> None:
    (table,) = document("| m | A |\n|---|:-:|\n| x | **81.2** |\n| y | 79.0 |\n", "x.md").tables
    assert [(c.text, c.bold, c.header) for c in table.cells if c.column == 1] == [
        ("A", False, True),
        ("81.2", True, False),
        ("79.0", False, False),
    ]


def test_html_tables_in_markdown_are_tables_too() -> None:
    text = "# T\n\n## Probing\n\n<table>\n<tr><th>m</th><th>A</th></tr>\n<tr><td>x</td><td><b>81.2</b></td></tr>\n</table>\n\nText after.\n"
    found = document(text, "x.md")
    (table,) = found.tables
    assert [(c.text, c.bold) for c in table.cells if c.column == 1] == [("A", False), ("81.2", True)]
    assert (table.caption, table.where.line) == ("Probing", 5)
    assert [s.text for s in found.sentences()] == ["Text after."]


def test_code_and_comments_are_not_prose() -> None:
    text = "```\nA improves B by 5.\n```\n<!-- C improves D by 5. -->\n\nReal text here.\n"
    assert [s.text for s in document(text, "x.md").sentences()] == ["Real text here."]


def test_numbered_items_keep_their_number_and_cut_mark() -> None:
    found = document("## Claims\n\n1. One is here.\n2. Two stops [cut off]\n", "x.md")
    assert [(s.text, s.where.detail, s.truncated) for s in found.sentences()] == [
        ("One is here.", "item 1", False),
        ("Two stops", "item 2", True),
    ]


def test_an_underlined_line_is_a_heading() -> None:
    assert document("Title\n=====\n\nText here.\n", "x.md").title == "Title"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It remains close to", True),
        ("It improves (+1.3 pp A, +1.1 pp Ci", True),
        ("Objectives (A, B) are particularly we", True),
        ("It improves A by 3 points.", False),
        ("It improves A by 3 points", False),
        ("Results on ImageNet", False),
        ('He said "it works."', False),
        ("Is it so?", False),
        ("It goes on\u2026", True),
    ],
)
def test_cut_off(text: str, cut: bool) -> None:
    assert cut_off(text) is cut


def test_an_entry_without_a_full_stop_is_cut_off_where_its_peers_have_one() -> None:
    assert cut_off("It improves A by 3 points", peers_end=True)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("D-48 falls by 2.5\u20132.9 points. Then it rises.", 2),
        ("See Fig. 3 and Sec. 4 of Smith et al. for more.", 1),
        ("We follow Smith et al. [12] and Doe et al. (2020).", 1),
        ("We follow Smith et al. 2020 here.", 1),
        ("We follow Smith et al. We differ from them.", 2),
        ("It works in general. [12] agrees.", 2),
        ("We use e.g. ImageNet. iGPT is worse.", 2),
        ("It works (really!). Good.", 2),
        ("J. Doe wrote it.", 1),
        ("What? Yes.", 2),
    ],
)
def test_split(text: str, sentences: int) -> None:
    assert len(split(text)) == sentences


def test_content_decides_before_the_suffix() -> None:
    assert refusal(b"\x00\x01\x02" * 500, "x.txt").reason == "binary"


def test_missing_file_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path / "none.txt")
    assert error.reason == "not_found"
    assert "none.txt" in str(error)


def test_empty_and_blank_files(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text("")
    assert refusal(tmp_path / "e.txt").reason == "empty"
    assert refusal(b" \n\t ").reason == "empty"


def test_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).reason == "directory"


def test_undecodable_text_says_where() -> None:
    error = refusal("caf\u00e9 is here".encode("latin-1"), "x.txt")
    assert error.reason == "undecodable"
    assert "0xE9 at offset 3" in str(error)


def test_a_path_with_a_nul_byte_is_refused() -> None:
    assert refusal("a\x00b").reason == "not_readable"


def test_a_byte_order_mark_is_no_text() -> None:
    assert read(b"\xef\xbb\xbf# T\n\nText.", "x.md").title == "T"
    assert read("# T\n\nText.".encode("utf-16"), "x.txt").title == "T"


@settings(max_examples=60)
@given(st.text(max_size=400), st.sampled_from(["x.txt", "x.md"]))
def test_any_text_becomes_a_document(text: str, name: str) -> None:
    try:
        found = document(text, name)
    except Unreadable:
        return
    assert all(s.text for s in found.sentences())


@pytest.mark.parametrize(
    "piece", [".", ". ", "A. ", "(", "|", "|-", "#", "* ", "`", "**", "[", "![", "<", "\t", "[cut off]", "_", "\\", "- - "]
)
@pytest.mark.parametrize("name", ["x.txt", "x.md"])
def test_a_long_line_of_anything_is_read(piece: str, name: str) -> None:
    """Not timed: a pattern that backtracks would not come back before the suite's time limit."""
    assert document("x" + piece * (200_000 // len(piece)), name).sha256


def test_references_of_markdown_keep_the_addresses_of_their_links():
    entries = """## References

- <http://arxiv.org/abs/2605.00001v1>
- [A linked title](https://arxiv.org/abs/2605.00002v3), 2026
- [Another](https://doi.org/10.1234/abc.5).
  It goes on here.
- No link, but doi:10.1234/def
- Nothing at all

[A link of no reference](https://example.org/x)

## Appendix

See [this](https://example.org/y).
"""
    found = document(f"# T\n\nText.\n\n{entries}", "x.md").references
    assert [(entry.arxiv, entry.doi) for entry in found[:5]] == [
        ("2605.00001v1", ""), ("2605.00002v3", ""), ("", "10.1234/abc.5"), ("", "10.1234/def"), ("", ""),
    ]  # fmt: skip
    assert [entry.url for entry in found[4:]] == ["", "https://example.org/x"]
    assert found[1].text == "A linked title, 2026"
