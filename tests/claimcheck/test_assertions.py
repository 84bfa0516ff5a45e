"""Sentences to assertions. `data/sentences.toml` is the one table of truth; each of its rows is a test."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from claimcheck.dossier import Ability, Assertion, Lexicon, MethodSet, Name, Regime
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.lexicon import Vocabulary

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


@pytest.mark.parametrize("row", TABLE["sentence"], ids=[row["text"][:60] for row in TABLE["sentence"]])
def test_sentence(row: dict[str, Any]) -> None:
    read = read_sentence(row["text"], VOCABULARY, truncated=row.get("truncated", False))
    assert [described(a) for a in read.assertions] == row["expect"]
    assert list(read.unbound) == row.get("unbound", [])
