"""Is it said on what the numbers were measured, and were the compared runs measured alike? Dataset, split, metric, protocol."""

from claimcheck.dossier import Asserted, Claim, Direction, Dossier, Fact, Reason, Trend
from claimcheck.review.looks import concerned, explained, findings, no_claims, numbers, says, sentences, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, share, silent
from claimcheck.verify.comparison import is_comparative

UNLIKE = (Reason.PROTOCOL_MISMATCH, Reason.SEED_MISMATCH, Reason.UNTRAINED_ENCODER, Reason.UNTRAINED_TERM, Reason.DEVIATION)


def said(assertion: Asserted, field: str) -> bool:
    """Whether the sentence itself says it, unambiguously."""
    return bool(getattr(assertion, field, "")) and field not in assertion.supplied and field not in assertion.ambiguous


def measured(claim: Claim) -> list[Asserted]:
    """What a claim asserts of scores."""
    return [a for a in claim.assertions if not isinstance(a, Fact | Trend)]


def named(dossier: Dossier, field: str, what: str) -> Seen:
    pairs = [(claim, a) for claim in dossier.claims for a in measured(claim) if field != "metric" or not isinstance(a, Direction)]
    if not pairs:
        return silent("No claim states a score or compares scores.")
    bare = [(claim, a) for claim, a in pairs if not said(a, field)]
    claims = list({claim.number: claim for claim, _ in bare}.values())
    text = f"{len(pairs) - len(bare)} of {len(pairs)} assertions about scores name the {what} in their sentence"
    return Seen(share(bare, pairs), f"{text}{when(bare, f'; left out by {which(claims)}')}.", numbers(claims), sentences(claims))


def dataset(dossier: Dossier) -> Seen:
    return named(dossier, "dataset", "dataset")


def metric(dossier: Dossier) -> Seen:
    return named(dossier, "metric", "metric")


def baseline(dossier: Dossier) -> Seen:
    pairs = [(claim, a) for claim in dossier.claims for a in claim.assertions if is_comparative(a)]
    if not pairs:
        return silent("No claim compares methods.")
    bare = [(claim, a) for claim, a in pairs if not said(a, "baseline")]
    claims = list({claim.number: claim for claim, _ in bare}.values())
    text = f"{len(pairs) - len(bare)} of {len(pairs)} comparisons name what they compare with"
    return Seen(share(bare, pairs), f"{text}{when(bare, f'; left out by {which(claims)}')}.", numbers(claims), sentences(claims))


def protocol(dossier: Dossier) -> Seen:
    """What the checks found of how the compared runs were made."""
    known = [claim for claim in dossier.claims if compared(claim) or recorded(claim, dossier)]
    if not known:
        return silent("How the compared runs were made is not known from the evidence at hand.")
    unlike = concerned(known, lambda claim: findings(claim, *UNLIKE, blocking=True))
    found = [f for claim in unlike for f in findings(claim, *UNLIKE, blocking=True)]
    reasons = ", ".join(sorted({f.reason.value.replace("_", " ") for f in found}))
    text = f"{len(unlike)} of {len(known)} claims compare runs that were not made alike or not as described"
    detail = when(unlike, f" ({reasons}): {which(unlike)}")
    return Seen(share(unlike, known), f"{text}{detail}.", numbers(unlike), explained(found))


def compared(claim: Claim) -> bool:
    """Whether the check of controls could look at runs; that a sentence asserts a cause it sees without any."""
    return any(finding.reason is not Reason.CAUSAL for finding in findings(claim, verifier="controls"))


def recorded(claim: Claim, dossier: Dossier) -> bool:
    """Whether the scores that the claim's checks rest on say how their runs were made."""
    places = {str(piece.where) for f in claim.findings for piece in f.evidence}
    return (
        bool(places)
        and any(is_comparative(a) for a in claim.assertions)
        and any(r.settings and str(r.where) in places for r in dossier.results)
    )


REVIEWER = Reviewer(
    name="benchmark_validity",
    dimension="Is it said what was measured and how, and were compared runs measured alike?",
    unfit=lambda dossier: (
        no_claims(dossier) or ("" if any(map(measured, dossier.claims)) else "no claim states a score or compares scores")
    ),
    rules=(
        Rule("dataset", 2, "the share of assertions about scores whose sentence names no dataset", dataset),
        Rule("metric", 2, "the share of assertions about scores whose sentence names no metric", metric),
        Rule("baseline", 2, "the share of comparisons whose sentence does not say with what", baseline),
        says("split", 2, "split", "a validation or test split", "all of its weight if no validation or test split is named"),
        Rule("protocol", 4, "the share of claims that compare runs which were not made alike, or not as described", protocol),
    ),
)
