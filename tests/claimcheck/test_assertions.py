"""Sentences to assertions. `data/sentences.toml` is the one table of truth; each of its rows is a test."""

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claimcheck.dossier import Ability, Assertion, Lexicon, MethodSet, Name, Regime
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.sentences import LONGEST

TABLE = tomllib.loads((Path(__file__).parent / "data" / "sentences.toml").read_text(encoding="utf-8"))


def named(rows: list[list[str]]) -> tuple[Name, ...]:
    return tuple(Name(name=name, aliases=tuple(aliases)) for name, *aliases in rows)


def lexicon(table: dict[str, Any]) -> Lexicon:
    """The invented paper's names. TimeMix, TM, TM-PD and PatchDrop belong to the joint regime, the others to solo."""
    joint = ("TimeMix", "TM", "TM-PD", "PatchDrop")
    (first, *first_aliases), (second, *second_aliases) = table["regimes"]
    benchmarks = ("Kinetics-400", "SSv2")
    return Lexicon(
        methods=named(table["methods"]),
        datasets=named(table["datasets"]),
        sets=(
            MethodSet(name="order losses", aliases=("order variants",), members=("Replay",)),
            MethodSet(name="methods", aliases=("objectives", "auxiliary losses"), members=(*joint, "Replay")),
        ),
        abilities=tuple(Ability(name=name, aliases=tuple(aliases), datasets=(dataset,)) for name, *aliases, dataset in table["abilities"]),
        regimes=(
            Regime(name=first, aliases=tuple(first_aliases), baseline="Baseline", baseline_run="a", benchmarks=benchmarks, methods=joint),
            Regime(name=second, aliases=tuple(second_aliases), baseline="Baseline", baseline_run="b", methods=("Replay",)),
        ),
    )


VOCABULARY = Vocabulary(lexicon(TABLE["lexicon"]))


def described(assertion: Assertion) -> str:
    """An assertion in the notation of the table."""
    a = assertion
    regime = f" [{a.regime}]" if a.regime else ""
    open_ = "".join(f" ?{name}" for name in a.ambiguous)
    at = f"@ {a.dataset} {a.metric}"
    match a.kind:
        case "Value":
            return f"Value {a.method} {at} = {a.value} {a.unit}{regime}{open_}"
        case "Difference":
            return f"Difference {a.method} vs {a.baseline} {at} {a.sign}{a.value} {a.unit}{regime}{open_}"
        case "Range":
            return f"Range {a.method} vs {a.baseline} {at} {a.sign}{a.low}..{a.high} {a.unit}{regime}{open_}"
        case "Count":
            return f"Count {a.method} vs {a.baseline} {at} {a.count}/{a.total} {a.relation} {a.value} {a.unit} {a.sign}{regime}{open_}"
        case "Rank":
            return f"Rank {a.method} vs {a.baseline} {at} {a.order} {a.place} {a.sign} of {a.universe!r}{regime}{open_}"
        case "Direction":
            return f"Direction {a.method} vs {a.baseline} {at} {a.sign}{regime}{open_}"
        case "Fact":
            return f"Fact {a.subject} {a.property} = {a.value}"
        case "Trend":
            return f"Trend {a.method}: {a.cause} {a.sign} {a.effect}"


PIECES = st.sampled_from(
    [
        *("TimeMix", "TM", "PatchDrop", "the baseline", "order losses", "methods", "K400", "SSv2", "CIFAR-100", "motion", "mAP", "FID"),
        *(
            "improves",
            "hurts",
            "achieves",
            "outperforms",
            "loses",
            "gain",
            "drop",
            "of",
            "by",
            "on",
            "and",
            "but",
            "while",
            "than",
            "from",
            "to",
        ),
        *(
            "(",
            ")",
            ",",
            ";",
            "is",
            "not",
            "the largest",
            "best",
            "come at the cost of",
            "respectively",
            "in the UCF-101 setting",
            "higher",
            "all",
        ),
        *(
            "+5.02 pp",
            "-3",
            "2.5–2.9 points",
            "10 of 14",
            "84.2%",
            ">5 points",
            "768-dimensional",
            "1.2",
            "12 heads",
            "(1)",
            "Table 2",
            "2019",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=24), st.booleans())
def test_any_sentence_is_read_and_no_number_is_lost(pieces: list[str], truncated: bool) -> None:
    text = " ".join(pieces)
    assume(not re.search(r"Table 2(?: (?:,|and) 1\.2)", text))  # "Tables 2 and 1.2" numbers two tables
    read = read_sentence(text, VOCABULARY, truncated=truncated)
    assert all(a.text in text for a in read.assertions)
    held = " ".join(a.model_dump_json() for a in read.assertions) + " ".join(read.unbound)
    for piece in pieces:
        if piece in ("+5.02 pp", "84.2%", "1.2"):
            assert piece.strip("+ p%") in held


@pytest.mark.parametrize(
    "piece",
    [
        "improves ",
        "K400 ",
        "5 points ",
        "and ",
        "(",
        "TimeMix improves K400 by 5 points and ",
        "the largest ",
        "10 of 14 methods lose ",
        ",",
    ],
)
def test_a_sentence_of_any_length_is_read(piece: str) -> None:
    """Not timed: a pattern that backtracks would not come back before the suite's time limit."""
    read_sentence(piece * (LONGEST // len(piece)), VOCABULARY)
    assert read_sentence(piece * (1_000_000 // len(piece)), VOCABULARY).assertions == ()


@pytest.mark.parametrize("row", TABLE["sentence"], ids=[row["text"][:60] for row in TABLE["sentence"]])
def test_sentence(row: dict[str, Any]) -> None:
    read = read_sentence(row["text"], VOCABULARY, truncated=row.get("truncated", False))
    assert [described(a) for a in read.assertions] == row["expect"]
    assert list(read.unbound) == row.get("unbound", [])


FIELD = Vocabulary(Lexicon())


@pytest.mark.parametrize("row", TABLE["field"], ids=[row["text"][:60] for row in TABLE["field"]])
def test_sentence_of_a_paper_no_study_knows(row: dict[str, Any]) -> None:
    read = read_sentence(row["text"], FIELD)
    assert [described(a) for a in read.assertions] == row["expect"]
    assert list(read.unbound) == row.get("unbound", [])


@pytest.mark.parametrize("piece", ["1.5 dB, ", "than a ", "the best model ", "A by 5% and ", "[a 1 ", "GPT-2 (12.3), ", "1.2%, "])
def test_a_sentence_of_one_thing_over_and_over_takes_no_second(piece: str) -> None:
    started = time.process_time()
    read_sentence((piece * LONGEST)[:LONGEST], Vocabulary(Lexicon()))
    assert time.process_time() - started < 1.2
