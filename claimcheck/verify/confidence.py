"""How often a vote on numbers like this one was right, on labelled claims: `confidence.toml`, written by `benchmarks/calibration.py`.

The claims are those of `claimcheck bench mutations`, half of them with a planted error. Where fewer claims of a paper are wrong than
half, a refutation is right less often than it says and a verification more often.
"""

import tomllib
from functools import cache
from importlib.resources import files

from claimcheck.dossier import Assertion, Difference, Rank, Verdict
from claimcheck.stats.calibration import frequency


def stratum(verdict: Verdict, assertion: Assertion) -> str:
    """The group of votes whose record counts for this one: by verdict, and by whether the sentence left something open. The sums are
    the same over a paper's tables and a release, so both count together."""
    unsaid = set(assertion.supplied) | set(assertion.ambiguous) - settled_without(assertion)
    return f"{verdict.value}_{'open' if unsaid else 'plain'}"


def settled_without(assertion: Assertion) -> set[str]:
    """Fields whose absence leaves nothing open: a superlative needs no baseline, and a bare percentage is tried both ways."""
    if isinstance(assertion, Rank):
        return {"baseline"}
    return {"unit"} if isinstance(assertion, Difference) else set()


@cache
def records() -> dict[str, tuple[int, int]]:
    """By stratum: how many votes were right, and how many there were."""
    data = tomllib.loads(files("claimcheck.verify").joinpath("confidence.toml").read_text(encoding="utf-8"))
    return {name: (row["right"], row["votes"]) for name, row in data["strata"].items()}


def fitted(verdict: Verdict, assertion: Assertion) -> float:
    """The probability that a vote is right; for a stratum without a record, that of the least sure one that has some."""
    known = records()
    name = stratum(verdict, assertion)
    return frequency(*known[name]) if name in known else min(frequency(*record) for record in known.values())
