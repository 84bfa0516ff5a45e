"""Slots that a sentence leaves open, closed by the paper's own tables; what it says stays, so that it can be refuted."""

from decimal import Decimal

from claimcheck.document import Location
from claimcheck.dossier import Lexicon, Quantity, Result, Value
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.cells import Cells
from claimcheck.extract.lexicon import Vocabulary


def cell(method: str, score: str, dataset: str = "SQuAD", whose: str = "") -> Result:
    where = Location(document="paper", detail="Table 2, row 3, column 2")
    score_ = Quantity(value=Decimal(score), unit="%")
    return Result(method=method, dataset=dataset, metric="F1", score=score_, where=where, whose=whose)  # type: ignore[arg-type]


def settled(text: str, *cells: Result) -> list[tuple[str, str, str]]:
    vocabulary, table = Vocabulary(Lexicon()), Cells.of(cells)
    vocabulary.printed = table.printed
    read = table.settle(read_sentence(text, vocabulary), text, vocabulary)
    return [(a.method, a.dataset, a.metric) for a in read.assertions if isinstance(a, Value)]


def test_our_big_model_is_the_row_that_is_big() -> None:
    rows = cell("Former (base)", "39.5"), cell("Former (big)", "41.0")
    assert settled("Our big model achieves an F1 of 41.0 on SQuAD.", *rows) == [("Former (big)", "SQuAD", "F1")]


def test_our_model_is_no_row_that_cites_another_paper() -> None:
    assert settled("Our model achieves an F1 of 41.0 on SQuAD.", cell("Former", "41.0", whose="cited")) == [("Our model", "SQuAD", "F1")]


def test_a_number_of_another_method_keeps_what_the_sentence_says() -> None:
    assert settled("FooNet achieves an F1 of 41.0 on SQuAD.", cell("BarNet", "41.0")) == [("FooNet", "SQuAD", "F1")]


def test_a_dataset_the_sentence_does_not_name_is_not_filled_in() -> None:
    assert settled("FooNet achieves an F1 of 41.0.", cell("FooNet", "41.0")) == [("FooNet", "", "F1")]


def test_a_number_that_a_table_prints_is_a_score() -> None:
    text = "Given the right page, FooNet can achieve 49.4 at best."
    assert settled(text, cell("FooNet", "49.4")) != []
    assert settled(text, cell("FooNet", "49.3")) == []
