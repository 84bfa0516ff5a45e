"""Claims as schema.org's ClaimReview, which fact-check readers take from a page or from a file beside it."""

from claimcheck import wording
from claimcheck.dossier import Claim, Dossier, Verdict
from claimcheck.escape import cleaned

RATING = {Verdict.REFUTED: 1, Verdict.INCONCLUSIVE: 3, Verdict.VERIFIED: 5}
"""On ClaimReview's scale of 1 to 5."""

ADVISED = 75
"""Characters of a claim that fact-check readers show (Google, ClaimReview structured data)."""


def claim_reviews(dossier: Dossier) -> dict[str, object]:
    """One schema.org ClaimReview for each claim, in one graph."""
    return {"@context": "https://schema.org", "@graph": [claim_review(claim, dossier) for claim in dossier.claims]}


def claim_review(claim: Claim, dossier: Dossier) -> dict[str, object]:
    reasons = " ".join(wording.gloss(reason) for reason in claim.reasons)
    return {
        "@type": "ClaimReview",
        "@id": f"#claim-{claim.number}",
        "url": f"report.html#claim-{claim.number}",
        "claimReviewed": shortened(claim.sentence),
        "author": {"@type": "Organization", "name": "claimcheck"},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATING[claim.verdict],
            "bestRating": max(RATING.values()),
            "worstRating": min(RATING.values()),
            "alternateName": claim.verdict.value,
            "ratingExplanation": reasons,
        },
        "itemReviewed": {"@type": "Claim", "text": cleaned(claim.sentence), "appearance": appearance(dossier)},
    }


def shortened(sentence: str) -> str:
    """A sentence in the characters that readers show, cut between words."""
    text = " ".join(cleaned(sentence).split())
    if len(text) <= ADVISED:
        return text
    whole, _, _ = text[: ADVISED - 1].rpartition(" ")
    return f"{whole or text[: ADVISED - 1]}…"


def appearance(dossier: Dossier) -> dict[str, object]:
    """The paper, by its abstract page where it has one."""
    made: dict[str, object] = {"@type": "ScholarlyArticle", "name": cleaned(dossier.title or dossier.paper)}
    address = page(dossier.paper)
    return {**made, "url": address} if address else made


def page(paper: str) -> str:
    """Where a reader finds a paper: arXiv's abstract page or its DOI; empty for a file of the user's own."""
    kind, _, name = paper.partition(":")
    return {"arxiv": f"https://arxiv.org/abs/{name}", "doi": f"https://doi.org/{name}"}.get(kind.lower(), "")
