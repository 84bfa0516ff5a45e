"""A study small enough to read at a glance, and the bundled study's claims bound by hand."""

from decimal import Decimal

import pytest

from claimcheck.document import Location
from claimcheck.dossier import (
    Claim,
    Count,
    Difference,
    Direction,
    Dossier,
    Fact,
    Lexicon,
    MethodSet,
    Quantity,
    Range,
    Rank,
    Regime,
    Result,
    Trend,
)
from claimcheck.studies import BUNDLED

HERE = Location(document="paper.md")
DIVING, IMAGENET, SSV2, SYNTH = "Diving-48", "ImageNet-100", "SSv2", "Synthetic motion"


def claim(*assertions, number=1, causal=False, truncated=False):
    return Claim(number=number, sentence="…", where=HERE, assertions=assertions, causal=causal, truncated=truncated)


def difference(method, dataset, value, regime="mixed"):
    """`value` as printed, with its sign."""
    number = Decimal(value)
    sign = "-" if number < 0 else "+"
    where = {"dataset": dataset, "regime": regime, "metric": "top-1", "infers": True}
    return Difference(method=method, baseline="Baseline", value=abs(number), sign=sign, **where)


def direction(method, dataset, sign, regime="mixed"):
    return Direction(method=method, baseline="Baseline", dataset=dataset, regime=regime, sign=sign, infers=True)


def spread(method, dataset, low, high, sign, regime="ucf101"):
    return Range(method=method, baseline="Baseline", dataset=dataset, regime=regime, low=low, high=high, sign=sign, infers=True)


def rank(method, dataset, regime="mixed", **options):
    return Rank(method=method, baseline="Baseline", dataset=dataset, regime=regime, infers=True, **options)


def count(number, total, value, sign, dataset, method="methods", regime="mixed"):
    where = {"dataset": dataset, "regime": regime, "infers": True}
    return Count(method=method, baseline="Baseline", count=number, total=total, value=value, sign=sign, **where)


STUDY_CLAIMS = (
    claim(
        difference("Motion-Guided Masking", DIVING, "+0.30", "ucf101"),
        difference("Motion-Guided Masking", IMAGENET, "+0.14", "ucf101"),
        difference("Motion-Guided Masking", SSV2, "+1.38", "ucf101"),
        number=1,
        truncated=True,
    ),
    claim(spread("kinematic variants", DIVING, "2.5", "2.9", "-"), spread("kinematic variants", IMAGENET, "1.5", "1.7", "+"), number=2),
    claim(difference("FWM-HW-LD", IMAGENET, "+5.92"), difference("FWM-HW-LD", SSV2, "+3.21"), number=3, truncated=True),
    claim(difference("LD", SSV2, "+5.02"), rank("LD", SSV2), number=4),
    claim(count(10, 14, "5", "-", IMAGENET), number=5, truncated=True),
    claim(difference("LD", SSV2, "+5.02"), direction("LD", IMAGENET, "-"), direction("LD", DIVING, "-"), number=6),
    claim(difference("FWM", IMAGENET, "+1.88"), direction("FWM", SSV2, "-"), direction("FWM", DIVING, "-"), number=7),
    claim(difference("FWM-LD", IMAGENET, "-10.14"), number=8),
    claim(spread("kinematic regularization", SYNTH, "40", "45", "+"), number=9, causal=True),
    claim(Fact(subject="encoder", property="embedding dimension", value="768"), number=10, truncated=True),
    claim(
        Trend(
            method="auxiliary objectives",
            cause="temporal structure",
            effect="appearance discrimination",
            sign="-",
            regime="mixed",
            infers=True,
        ),
        number=11,
    ),
)


@pytest.fixture(scope="session")
def study():
    """The bundled study's dossier with its claims bound by hand, unchecked."""
    return Dossier(
        paper=BUNDLED.paper,
        study=BUNDLED.name,
        lexicon=BUNDLED.lexicon,
        results=BUNDLED.results(),
        deviations=BUNDLED.deviations(),
        arms=BUNDLED.arms,
        stand_ins=BUNDLED.stand_ins,
        claims=STUDY_CLAIMS,
    )


def score(method, dataset, percent, *, n=10_000, seed="1", run="", **settings):
    return Result(
        method=method,
        dataset=dataset,
        metric="top-1",
        score=Quantity(value=Decimal(percent), unit="%"),
        where=Location(document="scores.csv", detail=f"{run or method} {dataset}"),
        origin="release",
        regime="mixed",
        run=run or method,
        n=n,
        settings={"seed": seed, **settings},
    )


def dossier(*assertions, results, members=("A", "B"), **claim_options):
    """A dossier of one claim about a made-up study whose printed baseline is the run `Baseline`."""
    regime = Regime(name="mixed", baseline="Baseline", baseline_run="Baseline", benchmarks=("D",))
    lexicon = Lexicon(sets=(MethodSet(name="methods", members=members),), regimes=(regime,))
    return Dossier(paper="made up", lexicon=lexicon, results=tuple(results), claims=(claim(*assertions, **claim_options),))
