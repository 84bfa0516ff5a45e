"""A sentence against a table: what it is bound to, and whether the cells bear it out."""

import re

import pytest

from claimcheck.document import Cell, Location, Table
from claimcheck.tabular.checks import verify
from claimcheck.tabular.sheet import Sheet
from claimcheck.tabular.statements import Reader

GRID = """
Model        | P    | R    | F1   | WER
Baseline     | 71.2 | 60.4 | 65.4 | 9.1
GateNet      | 70.1 | 63.0 | 66.4 | 8.7
+ attention  | 74.8 | 66.1 | 70.2 | 8.0
Tandem-2     | 74.8 | 66.0 | 70.1 | 8.2
Human        | 95.0 | 94.1 | 94.5 | 2.0
"""


def table(grid: str = GRID, caption: str = "Table 1: Results on the test set.") -> Table:
    rows = [[text.strip() for text in line.split("|")] for line in grid.strip().splitlines()]
    cells = [
        Cell(text=text.strip("*"), row=r, column=c, header=r == 0, bold=text.startswith("*"))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    ]
    return Table(caption=caption, cells=tuple(cells), where=Location(document="paper"))


def answer(sentence: str, grid: str = GRID, caption: str = "Table 1: Results on the test set.") -> str:
    return verify(sentence, Reader(Sheet(table(grid, caption)))).answer


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tandem-2 outperforms the baseline.", "supports"),
        ("The baseline outperforms Tandem-2.", "refutes"),
        ("Tandem-2 does not outperform the baseline.", "refutes"),
        ("Tandem-2 has a lower WER than the baseline.", "supports"),
        ("GateNet has a higher precision than the baseline.", "refutes"),
        ("GateNet reaches lower precision, but higher recall than the baseline.", "supports"),
        ("The baseline has the highest WER.", "supports"),
        ("GateNet achieves the best F1.", "refutes"),
        ("Adding attention to GateNet hurts precision.", "refutes"),
        ("Attention improves F1 by 3.8 points.", "supports"),
        ("Tandem-2 and attention perform comparably.", "abstain"),
        ("Tandem-2 reaches a recall of 66.0.", "supports"),
        ("Tandem-2 reaches a recall of 60.4.", "refutes"),
        ("Our method is much faster than others.", "abstain"),
        ("Nothing of this table is spoken of here.", "abstain"),
    ],
)
def test_sentence_against_its_table(sentence, expected):
    assert answer(sentence) == expected


def test_case_and_hyphens_of_a_name_do_not_matter():
    assert answer("TANDEM 2 OUTPERFORMS THE BASELINE.") == answer("tandem-2 outperforms the baseline.") == "supports"


def test_negation_alone_decides_nothing():
    """What the words say of things the table does not hold is left open, denied or not."""
    for sentence in ("The decoder is effective.", "The decoder is not effective.", "It never helps.", "It always helps."):
        assert answer(sentence) == "abstain"


def test_a_longer_name_is_not_the_shorter_one():
    grid = "Model | F1\nNet | 60.0\nNet-L | 70.0"
    assert answer("Net-XL outperforms Net-L.", grid) == "abstain"


def test_reference_rows_leave_a_superlative_alone():
    assert answer("GateNet with attention achieves the highest F1.") != "refutes"


def test_direction_comes_from_bold_where_no_label_tells():
    grid = "Model | Alpha | Beta\nRook | 3.1 | 4.0\nKnight | *1.2 | *2.5"
    assert answer("Knight performs better than Rook.", grid, "Table 1: Frobs.") == "supports"
    assert answer("Rook performs better than Knight.", grid, "Table 1: Frobs.") == "refutes"


def test_two_lists_are_compared_in_order():
    grid = "Model | WER\nA1 | 15.6\nB1 | 14.4\nC1 | 15.8\nD1 | 14.9"
    assert answer("A1 and B1 have a lower WER than C1 and D1.", grid) == "supports"
    assert answer("C1 and D1 have a lower WER than A1 and B1.", grid) == "refutes"


def test_a_name_the_table_lacks_is_known_by_its_score():
    grid = "Model | WER\nm-17 | 15.6\nm-18 | 14.4"
    assert answer("Joint training (14.4) has a lower WER than plain training (15.6).", grid) == "supports"


def test_abbreviations_of_the_caption_are_names():
    grid = "Model | F1\nBase | 60.0\nSA | 61.0"
    assert answer("Self-attention achieves the best F1.", grid, "Table 1: SA (self-attention) and its base.") == "supports"


def test_gaps_are_compared_metric_by_metric():
    grid = "Model | News BLEU | News TER | Talks BLEU | Talks TER\nSeq | 16.0 | 66.9 | 23.7 | 55.9\nDual | 19.2 | 63.0 | 25.5 | 54.8"
    assert answer("The gap between Seq and Dual is larger on News than on Talks.", grid) == "supports"
    assert answer("The gap between Seq and Dual is smaller on News than on Talks.", grid) == "refutes"


def test_every_outcome_quotes_its_cells():
    found = verify("Tandem-2 outperforms the baseline.", Reader(Sheet(table())))
    (outcome,) = found.outcomes
    assert outcome.figures
    assert re.search(r"Tandem-2 \| P \| 74.8 against Baseline \| P \| 71.2", outcome.explanation)


@pytest.mark.parametrize("grid", ["", "only words", "a | b\nc | d", "1 | 2\n3 | 4", " | \n | "])
def test_odd_tables_are_left_alone(grid):
    assert answer("A outperforms B by 3.", grid) == "abstain"


def test_a_long_sentence_takes_linear_time():
    assert answer("Tandem-2 outperforms " * 20_000) in ("supports", "refutes", "abstain")


VOTES = """
Against    | GateNet wins | Tie | GateNet loses
Baseline   | 61           | 20  | 19
Tandem-2   | 55           | 25  | 20
"""

SIZES = """
Model      | W    | L
GateNet    | 128  | 12
Tandem-2   | 64   | 6
"""

SETTINGS = """
Model          | k=1  | k=10
Baseline       | 61.2 | 65.4
Gated (ours)   | 63.0 | 68.1
Gated, shared  | 64.1 | 69.0
"""

SHIFTS = """
Left out   | WER  | Δ
Gate       | 8.0  | -1.2
Attention  | 9.9  | +0.7
"""

SIGNED = """
Training     | Seen | Unseen
Distilled    | +1.2 | +0.4
Pruned       | -2.0 | -3.1
"""


@pytest.mark.parametrize(
    ("sentence", "grid", "expected"),
    [
        ("Our model outperforms the other models.", VOTES, "supports"),
        ("Our model does not outperform Tandem-2.", VOTES, "refutes"),
        ("Tandem-2 outperforms the baseline.", VOTES, "abstain"),
        ("Our model outperforms the other models.", SIZES, "abstain"),
        ("With k = 10 our method reaches 68.1.", SETTINGS, "supports"),
        ("With k = 10 our method reaches 65.4.", SETTINGS, "abstain"),
        ("The gain from baseline to gated (+2.7) is clear at k = 10.", SETTINGS, "supports"),
        ("The gain from gated to baseline (+2.7) is clear at k = 10.", SETTINGS, "refutes"),
        ("The gain from baseline to gated (+2.7) is not clear at k = 10.", SETTINGS, "abstain"),
        ("Scores are improved by adding shared gates.", SETTINGS, "supports"),
        ("Scores are not improved by adding shared gates.", SETTINGS, "refutes"),
        ("With k = 10 our method reaches 68.1, which does not settle it.", SETTINGS, "abstain"),
    ],
)
def test_sentence_names_lines_by_what_they_are(sentence, grid, expected):
    assert answer(sentence, grid) == expected


@pytest.mark.parametrize(
    ("sentence", "grid", "caption", "expected"),
    [
        ("Gate increases the score.", SHIFTS, "Table 1: The effect of removing parts.", "supports"),
        ("Removing the gate increases the score.", SHIFTS, "Table 1: The effect of removing parts.", "refutes"),
        ("Gate increases the score.", SHIFTS, "Table 1: The effect of adding parts.", "refutes"),
        ("Gate improves the score.", SHIFTS, "Table 1: Word error rate and the effect of removing parts.", "abstain"),
        ("For pruned models the score decreases.", SIGNED, "Table 1: Changes of accuracy.", "supports"),
        ("For distilled models the score decreases.", SIGNED, "Table 1: Changes of accuracy.", "refutes"),
    ],
)
def test_printed_differences_tell_the_direction(sentence, grid, caption, expected):
    assert answer(sentence, grid, caption) == expected


def test_powers_of_ten_are_read_whole_or_not_at_all():
    sheet = Sheet(table("Model | Loss | Rate\nA | 1e-3 | 5\nB | 9e999999999 | 6\nC | 2.5E+6 | 7"))
    assert [str(f.numbers[0]) for f in sheet.figures.values() if f.column == 1] == ["0.001", "2.5E+6"]


def test_who_is_outperformed_is_not_the_better_one():
    assert answer("The baseline is clearly outperformed by Tandem-2.") != "refutes"
    assert answer("Tandem-2 is outperformed by the baseline.") != "supports"
