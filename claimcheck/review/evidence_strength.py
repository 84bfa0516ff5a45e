"""How far does the evidence behind the claims reach?"""

from claimcheck.dossier import LEVELS, Claim, Dossier, Verdict
from claimcheck.review.looks import checked, concerned, explained, findings, no_claims, numbers, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, from_half, share, silent


def unfit(dossier: Dossier) -> str:
    return no_claims(dossier) or ("" if checked(dossier) else "no claim could be held against any evidence, and not checked is not weak")


def refutations(dossier: Dossier) -> Seen:
    judged = checked(dossier)
    refuted = concerned(judged, lambda claim: claim.verdict is Verdict.REFUTED)
    if not refuted:
        return Seen(0.0, f"None of the {len(judged)} claims that were checked is refuted.")
    against = [f for claim in refuted for f in findings(claim) if f.verdict is Verdict.REFUTED]
    text = f"{len(refuted)} of {len(judged)} checked claims are refuted: {which(refuted)}."
    return Seen(from_half(share(refuted, judged)), text, numbers(refuted), explained(against))


def numbers_borne_out(dossier: Dossier) -> Seen:
    stating = [claim for claim in checked(dossier) if claim.numbers is not None]
    if not stating:
        return silent("No checked claim states a number.")
    undecided = concerned(stating, lambda claim: claim.numbers is not Verdict.VERIFIED)
    text = f"The numbers of {len(stating) - len(undecided)} of {len(stating)} checked claims come out of the evidence"
    return Seen(share(undecided, stating), f"{text}{when(undecided, f', not those of {which(undecided)}')}.", numbers(undecided))


def levels(dossier: Dossier) -> Seen:
    judged = checked(dossier)
    places = [rank(claim) for claim in judged]
    reached = sum(places) / len(places) / (len(LEVELS) - 1)
    tally = ", ".join(f"{places.count(i)} {level}" for i, level in enumerate(LEVELS) if i in places)
    low = [claim for claim in judged if rank(claim) == min(places)]
    return Seen(1 - reached, f"Levels reached: {tally}; their mean is {reached:.2f} of the way from stated to reproduced.", numbers(low))


def rank(claim: Claim) -> int:
    return LEVELS.index(claim.level) if claim.level is not None else 0


def conclusions(dossier: Dossier) -> Seen:
    drawing = [claim for claim in checked(dossier) if claim.conclusion is not None]
    if not drawing:
        return silent("No checked claim draws a conclusion.")
    unsupported = concerned(drawing, lambda claim: claim.conclusion is not Verdict.VERIFIED)
    blocks = [f for claim in unsupported for f in findings(claim, blocking=True)]
    text = f"{len(drawing) - len(unsupported)} of {len(drawing)} conclusions are supported"
    return Seen(
        share(unsupported, drawing),
        f"{text}{when(unsupported, f', not {which(unsupported)}')}.",
        numbers(unsupported),
        explained(blocks),
    )


REVIEWER = Reviewer(
    name="evidence_strength",
    dimension="How far does the evidence behind the claims reach?",
    unfit=unfit,
    rules=(
        Rule("refutations", 4, "half its weight at the first refuted claim, all of it when every checked claim is refuted", refutations),
        Rule("numbers", 3, "the share of checked claims whose numbers do not come out of the evidence", numbers_borne_out),
        Rule("levels", 3, "how far the checked claims stay, on average, below the level `reproduced`", levels),
        Rule("conclusions", 3, "the share of conclusions that the evidence does not support", conclusions),
    ),
)
