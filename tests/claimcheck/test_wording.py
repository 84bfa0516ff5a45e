"""Codes and assertions read as plain words."""

from decimal import Decimal

import pytest

from claimcheck import wording
from claimcheck.document import Location
from claimcheck.dossier import (
    Count,
    Difference,
    Direction,
    Evidence,
    Fact,
    Finding,
    Judgement,
    Level,
    Range,
    Rank,
    Reason,
    Trend,
    Value,
    Verdict,
)

ON = {"method": "LD", "baseline": "Baseline", "dataset": "SSv2", "metric": "top-1", "regime": "mixed"}
PLACE = "on SSv2 (top-1, mixed regime)"


def test_every_reason_and_every_level_has_a_line():
    assert set(wording.GLOSS) == set(Reason)
    assert set(wording.LEVEL_GLOSS) == set(Level)


@pytest.mark.parametrize(
    ("assertion", "words"),
    [
        (Value(method="LD", dataset="SSv2", metric="top-1", regime="mixed", value=Decimal("13.40")), f"LD scores 13.40% {PLACE}"),
        (Difference(**ON, value=Decimal("0.30"), sign="+"), f"LD scores 0.30 points more than Baseline {PLACE}"),
        (Difference(**ON, value=Decimal(5), sign="-", unit="%"), f"LD scores 5% less than Baseline {PLACE}"),
        (
            Range(**ON | {"method": "kinematic variants"}, low=Decimal("2.5"), high=Decimal("2.9"), sign="-"),
            f"kinematic variants each score 2.5 to 2.9 points less than Baseline {PLACE}",
        ),
        (
            Count(**ON | {"method": "methods"}, count=10, total=14, value=Decimal(5), sign="-"),
            f"10 of 14 methods lose more than 5 points against Baseline {PLACE}",
        ),
        (
            Count(**ON | {"method": "methods"}, count=3, relation=">=", value=Decimal(1), sign="+"),
            f"3 methods gain at least 1 points against Baseline {PLACE}",
        ),
        (Rank(**ON), f"LD has the largest gain over Baseline {PLACE}, among all methods compared"),
        (
            Rank(**ON, order="smallest", place=2, sign="-", universe="the table"),
            f"LD has the 2nd smallest loss over Baseline {PLACE}, among the table",
        ),
        (Direction(**ON, sign="-"), f"LD is worse than Baseline {PLACE}, by an amount it does not say"),
        (
            Direction(**ON | {"baseline": "", "regime": "", "metric": ""}, sign="+"),
            "LD is better than an unnamed baseline on SSv2, by an amount it does not say",
        ),
        (Fact(subject="encoder", property="width", value=Decimal(768)), "encoder: width is 768"),
        (
            Trend(method="methods", cause="motion", effect="appearance", sign="-"),
            "Across methods, the better on motion, the worse on appearance",
        ),
    ],
)
def test_an_assertion_reads_as_a_sentence(assertion, words):
    assert wording.plain(assertion) == words


@pytest.mark.parametrize(("confidence", "printed"), [(1.0, ">0.99"), (0.9999, ">0.99"), (0.99, "0.99"), (0.5, "0.50"), (0.001, "<0.01")])
def test_confidence_is_never_rounded_to_certainty(confidence, printed):
    assert wording.probability(Judgement(verdict=Verdict.VERIFIED, confidence=confidence)) == printed


def test_what_decides_nothing_has_no_confidence():
    assert wording.probability(Judgement(verdict=Verdict.INCONCLUSIVE, confidence=0.0)) == "–"
    caveat = Finding(
        verifier="v", kind="caveat", part="conclusion", verdict=Verdict.VERIFIED, confidence=0.9, reason=Reason.CAUSAL, explanation=""
    )
    assert wording.probability(caveat) == "–"


@pytest.mark.parametrize(
    ("place", "printed"), [(2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (112, "112th")]
)
def test_ordinals(place, printed):
    assert wording.ordinal(place) == printed


def test_lines_of_one_file_are_named_together():
    def at(document, **rest):
        return Evidence(quote="q", where=Location(document=document, **rest))

    evidence = [at("a.csv", line=14), at("b.md", line=3), at("a.csv", line=9), at("a.csv", line=14), at("run x", detail="seed 0")]
    assert wording.places(evidence) == "a.csv, lines 9 and 14; b.md, line 3; run x, seed 0"


def test_a_list_too_long_to_read_is_counted():
    assert wording.claims([1, 2, 3]) == "Claims 1, 2 and 3"
    assert wording.claims(range(1, 41)) == "40 claims"
