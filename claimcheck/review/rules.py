"""What a reviewer is: a question, rules that each take off a share of their weight, and one way to make a score of them.

A score is 10 less what the rules take off, over the rules whose question arises: a rule of weight w that loses the share
s takes off 10·w·s / (weight of all rules that apply). Every rule says what it saw, whether it takes anything off or not.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from claimcheck.dossier import Dossier, Evidence, Look, Review

log = logging.getLogger(__name__)

QUOTED = 20
"""Pieces of evidence that a look keeps; the claims it names are all there."""

QUORUM = Fraction(1, 3)
"""Of its rules' weight, what must apply for a reviewer to give a score: less would be a score of one question in passing."""


@dataclass(frozen=True)
class Seen:
    """What a rule saw in a dossier."""

    lost: float | None
    """The share of its weight that it takes off, 0 to 1; None if its question does not arise."""

    text: str
    claims: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One question of a reviewer."""

    name: str
    weight: int
    why: str
    """What the rule takes off and why, as the documentation says it."""

    look: Callable[[Dossier], Seen]


@dataclass(frozen=True)
class Reviewer:
    """A dimension of the paper and the rules that judge it. Pure: the same dossier gives the same review."""

    name: str
    dimension: str
    rules: tuple[Rule, ...]
    unfit: Callable[[Dossier], str] = lambda dossier: ""
    """Why it cannot judge this dossier at all; empty if it can."""

    def review(self, dossier: Dossier) -> Review:
        """Its score with every rule's look. A rule that breaks makes it abstain: a fault of ours is not the paper's."""
        try:
            unfit = self.unfit(dossier)
            looks = [] if unfit else [(rule, rule.look(dossier)) for rule in self.rules]
        except Exception as error:
            log.exception("reviewer %s", self.name)
            return self.abstention(f"one of its rules broke ({type(error).__name__}: {error})")
        return self.abstention(unfit) if unfit else self.scored(looks)

    def abstention(self, why: str) -> Review:
        return Review(reviewer=self.name, dimension=self.dimension, abstains=why)

    def scored(self, looks: list[tuple[Rule, Seen]]) -> Review:
        """The score over the rules that apply, or an abstention where too few do."""
        applying = sum(rule.weight for rule, seen in looks if seen.lost is not None)
        evidence = list({(str(e.where), e.quote): e for _, seen in looks for e in seen.evidence[:QUOTED]}.values())
        reasons = tuple(shown(rule, seen, applying, evidence) for rule, seen in looks)
        review = Review(reviewer=self.name, dimension=self.dimension, reasons=reasons, evidence=tuple(evidence))
        if applying < QUORUM * sum(rule.weight for rule in self.rules):
            return review.model_copy(update={"abstains": "too few of its questions arise here: see each"})
        return review.model_copy(update={"score": round(max(0.0, 10 + sum(r.points or 0.0 for r in reasons)), 1)})


def shown(rule: Rule, seen: Seen, applying: int, evidence: list[Evidence]) -> Look:
    points = None if seen.lost is None else -round(10 * rule.weight * seen.lost / applying, 2) + 0.0
    positions = tuple(sorted({evidence.index(piece) for piece in seen.evidence[:QUOTED] if piece in evidence}))
    return Look(rule=rule.name, points=points, text=seen.text, claims=seen.claims, evidence=positions)


def silent(text: str) -> Seen:
    """The rule's question does not arise, and why."""
    return Seen(None, text)


def share(bad: Iterable[object], whole: Iterable[object]) -> float:
    """How many of the whole are bad, 0 to 1; 0 of nothing is 0."""
    number = len(list(whole))
    return len(list(bad)) / number if number else 0.0


def from_half(part: float) -> float:
    """A loss that starts at one half with the first case and is whole when every case is one: for what should never happen."""
    return 0.5 + 0.5 * part if part else 0.0
