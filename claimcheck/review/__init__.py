"""The panel: rule-based reviewers, each a pure function of the dossier. A new one is a file and a line.

They are independent: none reads another's score. Scores of different dimensions are not votes on one thing, so the panel
shows their mean with its spread and how far they agree, and decides nothing by them.
"""

from itertools import combinations
from statistics import mean, stdev
from typing import NamedTuple

from claimcheck.dossier import Dossier, Review
from claimcheck.review import (
    benchmark_validity,
    citation_grounding,
    evidence_strength,
    numerical_consistency,
    reproducibility,
    scope,
    statistical_soundness,
    uncertainty_disclosure,
)
from claimcheck.review.rules import Reviewer

REVIEWERS: dict[str, Reviewer] = {
    "evidence_strength": evidence_strength.REVIEWER,
    "citation_grounding": citation_grounding.REVIEWER,
    "numerical_consistency": numerical_consistency.REVIEWER,
    "benchmark_validity": benchmark_validity.REVIEWER,
    "statistical_soundness": statistical_soundness.REVIEWER,
    "reproducibility": reproducibility.REVIEWER,
    "uncertainty_disclosure": uncertainty_disclosure.REVIEWER,
    "scope": scope.REVIEWER,
}

AGREED = 2.0
"""Points within which two scores count as agreeing: a fifth of the scale."""


def review(dossier: Dossier) -> Dossier:
    """The dossier with what every reviewer says of it now."""
    return dossier.model_copy(update={"reviews": tuple(reviewer.review(dossier) for reviewer in REVIEWERS.values())})


class Panel(NamedTuple):
    """The reviews taken together. Abstentions count nowhere: they are neither low nor high."""

    scored: int
    abstained: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    spread: float | None = None
    """Sample standard deviation of the scores; None below two."""

    agreement: float | None = None
    """Share of pairs of reviewers whose scores lie within `AGREED` points; None below two."""

    @classmethod
    def of(cls, reviews: tuple[Review, ...]) -> "Panel":
        scores = [review.score for review in reviews if review.score is not None]
        abstained = len(reviews) - len(scores)
        if not scores:
            return cls(0, abstained)
        pairs = list(combinations(scores, 2))
        near = sum(abs(a - b) <= AGREED + 1e-9 for a, b in pairs)
        return cls(
            scored=len(scores),
            abstained=abstained,
            mean=mean(scores),
            low=min(scores),
            high=max(scores),
            spread=stdev(scores) if pairs else None,
            agreement=near / len(pairs) if pairs else None,
        )

    def __str__(self) -> str:
        """The panel in one sentence."""
        if self.mean is None:
            return f"All {self.abstained} reviewers abstain." if self.abstained else "The panel has not met."
        said = f"{self.scored} of {self.scored + self.abstained} reviewers give a score: mean {self.mean:.1f} of 10, from {self.low:.1f} to {self.high:.1f}"
        if self.spread is None or self.agreement is None:
            return f"{said}."
        return f"{said}, standard deviation {self.spread:.1f}; {self.agreement:.0%} of pairs lie within {AGREED:g} points of each other."
