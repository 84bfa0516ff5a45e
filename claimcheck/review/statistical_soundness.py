"""Could the effects be noise? Seeds, sample sizes, intervals, tests."""

from claimcheck.dossier import Claim, Dossier, Evidence, Reason
from claimcheck.review.looks import concerned, disclosed, explained, findings, no_claims, numbers, says, unsaid, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, share, silent
from claimcheck.stats.reported import check, reported

SEEDS_NEEDED = 3
"""Seeds a side below which seed noise cannot be told from an effect."""

ONE_SEED = (Reason.SINGLE_SEED, Reason.SEED_MISMATCH, Reason.WITHIN_SEED_SPREAD, Reason.SIGN_DEPENDS_ON_SEED, Reason.COUNT_DEPENDS_ON_SEED)
IN_NOISE = (
    Reason.NOT_SIGNIFICANT,
    Reason.AT_THRESHOLD,
    Reason.WITHIN_SEED_SPREAD,
    Reason.SIGN_DEPENDS_ON_SEED,
    Reason.COUNT_DEPENDS_ON_SEED,
)


def weighed(dossier: Dossier) -> list[Claim]:
    """Claims whose effects the checks could hold against noise."""
    return [claim for claim in dossier.claims if any(f.reason is not Reason.NO_EVIDENCE for f in findings(claim, verifier="significance"))]


def seeds(dossier: Dossier) -> Seen:
    """By the runs behind the claims where they are known, else by what the document says."""
    known = weighed(dossier)
    if known:
        single = concerned(known, lambda claim: findings(claim, *ONE_SEED))
        found = [f for claim in single for f in findings(claim, *ONE_SEED)]
        text = f"{len(single)} of {len(known)} claims rest on fewer than {SEEDS_NEEDED} seeds a side"
        return Seen(share(single, known), f"{text}{when(single, f': {which(single)}')}.", numbers(single), explained(found))
    told = disclosed(dossier, "seeds")
    if told is None:
        return unsaid(dossier, "No sentence that was read tells of seeds or repeated runs.")
    number = int(told.value) if told.value.isdigit() else 0
    said = f"{number} seeds or runs are named" if number else "Seeds are spoken of, but not how many"
    lost = 0.0 if number >= SEEDS_NEEDED else 0.5
    return Seen(lost, f"{said}; {SEEDS_NEEDED} or more are needed.", evidence=(Evidence(quote=told.quote, where=told.where),))


def samples(dossier: Dossier) -> Seen:
    scored = [result for result in dossier.results if result.dataset]
    told = disclosed(dossier, "samples")
    if any(result.n for result in scored):
        bare = [result for result in scored if not result.n]
        return Seen(share(bare, scored), f"The number of test samples is known for {len(scored) - len(bare)} of {len(scored)} scores.")
    if told is not None:
        return Seen(0.0, "The document tells of the number of test samples.", evidence=(Evidence(quote=told.quote, where=told.where),))
    return unsaid(dossier, "No score and no sentence that was read tells the number of test samples.")


def noise(dossier: Dossier) -> Seen:
    known = weighed(dossier)
    if not known:
        return silent("No effect could be held against its noise.")
    inside = concerned(known, lambda claim: findings(claim, *IN_NOISE, blocking=True))
    found = [f for claim in inside for f in findings(claim, *IN_NOISE, blocking=True)]
    text = f"{len(inside)} of {len(known)} claims draw on an effect that sampling or another seed could explain"
    return Seen(share(inside, known), f"{text}{when(inside, f': {which(inside)}')}.", numbers(inside), explained(found))


def tests(dossier: Dossier) -> Seen:
    """Every test of the document that prints its statistic and its p value, claims or not."""
    checked = [(test, check(found, one_tailed=test.one_tailed)) for test in dossier.tests for found in reported(test.text)]
    strange = [(test, found) for test, found in checked if not found.consistent]
    if not checked:
        return silent("No test is printed with its statistic, its degrees of freedom and its p value.")
    turned = sum(found.decision for _, found in strange)
    text = f"{len(strange)} of {len(checked)} printed p values do not follow from their statistics"
    other = f", {turned} of them on the other side of 0.05" if turned else ""
    quoted = tuple(Evidence(quote=test.text, where=test.where) for test, _ in strange)
    return Seen(len(strange) / len(checked), f"{text}{other}.", evidence=quoted)


REVIEWER = Reviewer(
    name="statistical_soundness",
    dimension="Could the effects be noise?",
    unfit=no_claims,
    rules=(
        Rule(
            "seeds",
            4,
            f"the share of claims on fewer than {SEEDS_NEEDED} seeds a side; without runs to look at, all if no seed is named, half if too few",
            seeds,
        ),
        Rule("sample sizes", 2, "the share of scores without a number of test samples, or all of it if none is told", samples),
        says(
            "intervals",
            3,
            "intervals",
            "intervals, standard errors or deviations",
            "all of its weight if no interval, error or deviation is given",
        ),
        says("tests", 1, "significance", "a significance test", "all of its weight if no significance test is named"),
        Rule("printed p values", 2, "the share of printed p values that do not follow from the statistics beside them", tests),
        Rule("noise", 4, "the share of claims whose effect sampling noise or another seed could explain", noise),
    ),
)
