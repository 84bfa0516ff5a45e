"""Two readings of invented sentences, compared: what counts as the same, what as missing, and which papers are held out."""

from pathlib import Path

import pytest

from claimcheck.benchmarks import prose, second_reader
from claimcheck.benchmarks.heldout import held_out

HELD_OUT = next(name for name in map(str, range(1000, 1100)) if held_out(name))
DEVELOPED = next(name for name in map(str, range(1000, 1100)) if not held_out(name))
VALUE = '{ kind = "Value", value = "81.5", unit = "%", method = ["XyloNet", "@"], dataset = "CIFAR-10" }'
BETTER = '{ kind = "Direction", sign = "+", method = "@", baseline = ["BARNet", "earlier work"] }'


def agreed(folder: Path, first: dict[str, str], second: dict[str, str]) -> dict[str, float]:
    """The figures for one sentence a paper, each table given as paper to assertions."""
    for name, papers in (("first", first), ("second", second)):
        rows = (
            f'[[paper]]\nid = "{paper}"\nown = ["XyloNet"]\n[[paper.sentence]]\nsha256 = "ab"\n'
            + (f"says = [{says}]\n" if says else 'no = "setting"\n')
            for paper, says in papers.items()
        )
        (folder / name).write_text("".join(rows))
    return second_reader.agreement(folder / "first", folder / "second")


def one(folder: Path, first: str, second: str) -> tuple[float, float]:
    figures = agreed(folder, {DEVELOPED: first}, {DEVELOPED: second})
    return figures["second_reader_value_f1"], figures["second_reader_assertion_f1"]


@pytest.mark.parametrize(
    ("said", "again"),
    [
        (VALUE, VALUE.replace('["XyloNet", "@"]', '"our model"')),
        (VALUE.replace('["XyloNet", "@"]', '"@"'), VALUE.replace('["XyloNet", "@"]', '["large XyloNet"]')),
        (VALUE.replace('["XyloNet", "@"]', '"large XyloNet"'), VALUE.replace('["XyloNet", "@"]', '["@", "it"]')),
        (VALUE.replace("81.5", "-81.50"), VALUE),
        (VALUE.replace(', dataset = "CIFAR-10"', ""), VALUE),
    ],
)
def test_two_wordings_of_one_assertion_agree(tmp_path: Path, said: str, again: str) -> None:
    assert one(tmp_path, said, again) == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize("change", [("81.5", "81.6"), ('"%"', '"pp"'), ('value = "81.5"', 'value = "81.5", high = "82"'), ("81.5", "many")])
def test_another_number_or_unit_is_another_assertion(tmp_path: Path, change: tuple[str, str]) -> None:
    assert one(tmp_path, VALUE, VALUE.replace(*change)) == (0, 0)


@pytest.mark.parametrize("change", [("CIFAR-10", "SVHN"), ('["XyloNet", "@"]', '"BARNet"'), ('kind = "Value"', 'kind = "Difference"')])
def test_another_name_or_kind_costs_the_assertion_but_not_the_number(tmp_path: Path, change: tuple[str, str]) -> None:
    assert one(tmp_path, VALUE, VALUE.replace(*change)) == (pytest.approx(1), 0)


def test_a_slot_that_only_the_first_states_is_missing(tmp_path: Path) -> None:
    assert one(tmp_path, VALUE, VALUE.replace(', dataset = "CIFAR-10"', ""))[1] == 0


def test_a_limit_that_only_the_first_sees_costs_the_assertion(tmp_path: Path) -> None:
    assert one(tmp_path, VALUE.replace("unit", "bound = true, unit"), VALUE) == (pytest.approx(1), 0)


def test_a_sign_that_either_leaves_open_agrees_with_both(tmp_path: Path) -> None:
    assert one(tmp_path, BETTER, BETTER.replace('"+"', '"either"'))[1] == pytest.approx(1)
    assert one(tmp_path, BETTER.replace('"+"', '"either"'), BETTER.replace('"+"', '"-"'))[1] == pytest.approx(1)
    assert one(tmp_path, BETTER, BETTER.replace('"+"', '"-"'))[1] == 0


def test_what_only_the_second_says_costs_precision(tmp_path: Path) -> None:
    assert one(tmp_path, VALUE, f"{VALUE}, {VALUE.replace('81.5', '70')}, {BETTER}") == (pytest.approx(2 / 3), pytest.approx(1 / 2))
    assert one(tmp_path, "", VALUE) == (0, 0)


def test_held_out_papers_are_also_reported_apart(tmp_path: Path) -> None:
    first = {DEVELOPED: VALUE, HELD_OUT: VALUE}
    figures = agreed(tmp_path, first, {DEVELOPED: VALUE, HELD_OUT: VALUE.replace("CIFAR-10", "SVHN")})
    assert figures["second_reader_assertion_f1"] == pytest.approx(1 / 2)
    assert (figures["second_reader_value_f1_held_out"], figures["second_reader_assertion_f1_held_out"]) == (pytest.approx(1), 0)


def test_a_sentence_that_was_read_once_is_not_compared(tmp_path: Path) -> None:
    figures = agreed(tmp_path, {DEVELOPED: VALUE, HELD_OUT: VALUE}, {DEVELOPED: VALUE})
    assert figures["second_reader_value_f1"] == pytest.approx(1)


def test_the_second_reader_read_every_sentence_of_the_table() -> None:
    tables = [
        [(paper["id"], row["sha256"]) for paper in prose.rows(file) for row in paper["sentence"]]
        for file in (prose.FILE, second_reader.FILE)
    ]
    assert tables[0] == tables[1]


def test_the_bench_reports_the_second_reader_beside_extraction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose, "measure", lambda data: (1, {"value_f1": 0.5}))
    number, figures = second_reader.both(tmp_path)
    assert (number, figures["value_f1"]) == (1, 0.5)
    assert 0.9 < figures["second_reader_assertion_f1"] < figures["second_reader_value_f1"] < 1
