"""Does the document say how sure it is, and does it say no more than that?"""

from decimal import Decimal

from claimcheck.dossier import Claim, Dossier, Reason, Verdict
from claimcheck.review.looks import concerned, disclosed, findings, no_claims, numbers, quoted, says, sentences, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, share, silent

EVEN = Decimal("0.5")
"""A confidence below which a claim is more likely wrong than right, by the document's own account."""


def marked(dossier: Dossier) -> list[Claim]:
    """Claims that the document itself marks as verified."""
    return [claim for claim in dossier.claims if claim.stated is not None and claim.stated.verified]


def confidences(dossier: Dossier) -> Seen:
    sure = [(claim, claim.stated.confidence) for claim in marked(dossier) if claim.stated and claim.stated.confidence is not None]
    if not sure:
        return silent("The document marks no claim as verified with a confidence.")
    low = [(claim, confidence) for claim, confidence in sure if confidence < EVEN]
    claims = [claim for claim, _ in low]
    text = f"{len(low)} of {len(sure)} claims are marked as verified at a confidence below {EVEN}"
    spread = f": {which(claims)}, at {min(c for _, c in low)} to {max(c for _, c in low)}" if low else ""
    return Seen(share(low, sure), f"{text}{spread}.", numbers(claims), sentences(claims))


def marks(dossier: Dossier) -> Seen:
    held = [claim for claim in marked(dossier) if claim.findings]
    if not held:
        return silent("The document marks no claim as verified that a check has looked at.")
    beyond = concerned(held, lambda claim: claim.verdict is not Verdict.VERIFIED)
    text = f"{len(beyond)} of {len(held)} claims that the document marks as verified are not verified by the checks"
    return Seen(share(beyond, held), f"{text}{when(beyond, f': {which(beyond)}')}.", numbers(beyond))


def own_score(dossier: Dossier) -> Seen:
    """A score that the document gives itself needs criteria."""
    scores = [saying for saying in dossier.sayings if saying.about.endswith("score") or saying.about == "quality"]
    if not scores:
        return silent("The document gives itself no score.")
    criteria = disclosed(dossier, "criteria")
    values = ", ".join(dict.fromkeys(saying.value for saying in scores))
    if criteria is not None:
        return Seen(0.0, f"The document scores itself {values} and names criteria.", evidence=quoted(scores))
    return Seen(
        1.0, f"The document scores itself {values} with no basis given: no criterion, rubric or reviewer is named.", evidence=quoted(scores)
    )


def causes(dossier: Dossier) -> Seen:
    causal = [claim for claim in dossier.claims if claim.causal]
    if not causal:
        return silent("No claim asserts a cause.")
    bare = concerned(causal, lambda claim: findings(claim, Reason.CAUSAL) or not claim.findings)
    text = f"Of {len(causal)} that assert a cause, {len(bare)} rest on evidence that only compares"
    return Seen(share(bare, causal), f"{text}{when(bare, f': {which(bare)}')}.", numbers(bare), sentences(bare))


REVIEWER = Reviewer(
    name="uncertainty_disclosure",
    dimension="Does it say how sure it is, and no more than that?",
    unfit=no_claims,
    rules=(
        says("limitations", 2, "limitations", "limitations", "all of its weight if no limitation is told"),
        says(
            "error bars",
            2,
            "intervals",
            "intervals, standard errors or deviations",
            "all of its weight if no number carries an interval, error or deviation",
        ),
        Rule("low confidence", 3, "of the claims the document marks as verified, the share at a confidence below one half", confidences),
        Rule("marks", 2, "of the claims the document marks as verified, the share that the checks do not verify", marks),
        Rule("own score", 2, "all of its weight if the document scores itself and gives no basis", own_score),
        Rule("causes", 2, "of the claims that assert a cause, the share for which only a comparison is at hand", causes),
    ),
)
