"""Which table repeats which, and cell by cell."""

from claimcheck.document import Cell, Location, Table
from claimcheck.tabular.matching import best, canonical, match, number_in, numbers, rounds


def table(*lines: str) -> Table:
    cells = [
        Cell(text=text.strip(), row=row, column=column)
        for row, line in enumerate(lines)
        for column, text in enumerate(line.split("|"))
        if text.strip()
    ]
    return Table(cells=tuple(cells), where=Location(document="paper"))


CITED = table("Model | Top-1 | FLOPs (G)", "Reed-S | 79.83 | 4.61", "Reed-B | 81.42 | 17.50", "Moss | 77.10 | 4.20")


def placed(target: Table, source: Table) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    found = match(numbers(target), numbers(source))
    return {((p.target.row, p.target.column), (p.source.row, p.source.column)) for p in found.pairs}


def test_rows_that_are_repeated_are_found_where_they_stand():
    citing = table("Method | FLOPs | Top-1", "Ours | 4.00 | 82.02", "Reed-B [3] | 17.5 | 81.42", "Reed-S [3] | 4.61 | 79.83")
    assert placed(citing, CITED) == {((2, 1), (2, 2)), ((2, 2), (2, 1)), ((3, 1), (1, 2)), ((3, 2), (1, 1))}


def test_a_table_on_its_side_is_the_same_table():
    citing = table("Metric | Reed-S | Reed-B", "Top-1 | 79.83 | 81.42", "FLOPs | 4.61 | 17.50")
    assert placed(citing, CITED) == {((1, 1), (1, 1)), ((1, 2), (2, 1)), ((2, 1), (1, 2)), ((2, 2), (2, 2))}


def test_a_rounded_number_is_the_number():
    citing = table("Method | Top-1", "Reed-S | 79.8", "Reed-B | 81.4")
    assert placed(citing, CITED) == {((1, 1), (1, 1)), ((2, 1), (2, 1))}


def test_one_equal_number_under_other_names_is_a_coincidence():
    citing = table("Method | Recall", "Fern | 79.83", "Oak | 60.00")
    assert best([match(numbers(citing), numbers(CITED))]) is None


def test_the_table_that_shares_most_is_chosen():
    other = table("Model | mIoU", "Reed-S | 42.0", "Reed-B | 79.83")
    citing = table("Method | Top-1", "Reed-S | 79.83", "Reed-B | 81.42")
    assert best([match(numbers(citing), numbers(t)) for t in (other, CITED)]) == 1


def test_no_tables_are_no_match():
    assert best([]) is None
    assert best([match((), numbers(CITED))]) is None


def test_numbers_in_dress_are_numbers():
    assert number_in(r"\mathbf{31.01}") == "31.01"
    assert number_in(r"71.7\%") == "71.7"
    assert number_in("ResNet-50") is None
    assert canonical("0.50") == canonical(".5")
    assert rounds("64.81", "64.8")
    assert not rounds("64.81", "64.9")
    assert not rounds("0.081", "0.1")
