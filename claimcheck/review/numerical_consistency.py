"""Do the document's numbers agree with its own tables, with the release and with one another?"""

import re
from collections.abc import Iterator
from itertools import combinations

from claimcheck.dossier import Claim, Difference, Dossier, Interval, Quantity, Reason, Result, Saying, Value, Verdict
from claimcheck.review.looks import checked, concerned, explained, findings, no_claims, numbers, quoted, sentences, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, from_half, share, silent

STUDIED = re.compile(r"\w+ studied")


def contradictions(dossier: Dossier) -> Seen:
    recomputed = [claim for claim in checked(dossier) if claim.numbers in (Verdict.VERIFIED, Verdict.REFUTED)]
    if not recomputed:
        return silent("No claim's numbers could be computed again from the evidence at hand.")
    wrong = concerned(recomputed, lambda claim: claim.numbers is Verdict.REFUTED)
    against = [f for claim in wrong for f in findings(claim) if f.verdict is Verdict.REFUTED and f.part == "numbers"]
    said = f"; {' '.join(f.explanation for f in against[:3])}" if against else ""
    text = f"{len(wrong)} of {len(recomputed)} claims whose numbers were computed again disagree with the evidence{said}"
    return Seen(from_half(share(wrong, recomputed)), f"{text.rstrip('.')}.", numbers(wrong), explained(against))


def possible(dossier: Dossier) -> Seen:
    tried = [claim for claim in checked(dossier) if findings(claim, verifier="granularity")]
    if not tried:
        return silent("No printed percentage could be held against a number of samples.")
    bad = concerned(tried, lambda claim: findings(claim, Reason.IMPOSSIBLE_VALUE))
    found = [f for claim in bad for f in findings(claim, Reason.IMPOSSIBLE_VALUE)]
    text = f"{len(bad)} of {len(tried)} claims rest on a percentage that no whole number of correct answers gives"
    return Seen(from_half(share(bad, tried)), f"{text}{when(bad, f': {which(bad)}')}.", numbers(bad), explained(found))


def restated(dossier: Dossier) -> Seen:
    """The same quantity stated by two claims must be the same number."""
    stated: dict[tuple[str, ...], list[tuple[Claim, Interval]]] = {}
    for claim in dossier.claims:
        for key, interval in quantities(claim):
            stated.setdefault(key, []).append((claim, interval))
    repeated = {key: found for key, found in stated.items() if len({claim.number for claim, _ in found}) > 1}
    if not repeated:
        return silent("No quantity is stated by two claims.")
    clashing = {key: found for key, found in repeated.items() if any(not a.overlaps(b) for (_, a), (_, b) in combinations(found, 2))}
    claims = list({claim.number: claim for found in clashing.values() for claim, _ in found}.values())
    text = f"Quantities stated by more than one claim: {len(repeated)}; with numbers that cannot both be right: {len(clashing)}"
    return Seen(from_half(share(clashing, repeated)), f"{text}{when(claims, f' ({which(claims)})')}.", numbers(claims), sentences(claims))


def quantities(claim: Claim) -> Iterator[tuple[tuple[str, ...], Interval]]:
    for assertion in claim.assertions:
        if isinstance(assertion, Difference) and assertion.method and assertion.dataset and not assertion.ambiguous:
            yield ("difference", assertion.method, assertion.baseline, *setting(assertion)), assertion.quantity.interval
        elif isinstance(assertion, Value) and assertion.method and assertion.dataset and said_metric(assertion):
            yield ("value", assertion.method, *setting(assertion)), Quantity(value=assertion.value, unit=assertion.unit).interval


def said_metric(assertion: Value) -> bool:
    """A bare number beside a dataset may be anything; one whose sentence names the metric is a score."""
    return bool(assertion.metric) and "metric" not in assertion.supplied and not assertion.ambiguous


def setting(assertion: Difference | Value) -> tuple[str, ...]:
    return assertion.dataset, assertion.metric, assertion.regime, assertion.unit


def own_counts(dossier: Dossier) -> Seen:
    """What the document counts of itself, counted again."""
    held = [(saying, found) for saying in dossier.sayings if (found := recount(saying, dossier))]
    if not held:
        return silent("The document states no count that could be counted again.")
    off = [(saying, found) for saying, found in held if not saying.value.isdigit() or int(saying.value) not in found]
    told = "; ".join(f"“{saying.quote}” against {' and '.join(f'{n} {what}' for n, what in found.items())}" for saying, found in held)
    return Seen(
        share(off, held), f"{len(off) or 'None'} of {len(held)} counts of its own do not match: {told}.", evidence=quoted(s for s, _ in off)
    )


def recount(saying: Saying, dossier: Dossier) -> dict[int, str]:
    """Every number that would agree with the saying, and of what it is the number; empty if that cannot be counted."""
    if saying.about == "claims extracted":
        return {len(dossier.claims): "claims listed"}
    marked = [claim.stated.verified for claim in dossier.claims if claim.stated is not None and claim.stated.verified is not None]
    if saying.about == "claims verified" and marked:
        return {marked.count(True): "claims marked as verified"}
    if STUDIED.fullmatch(saying.about):
        return released_methods(dossier)
    return {}


def released_methods(dossier: Dossier) -> dict[int, str]:
    """How many methods the release scores beside its baselines: in all, and in each regime."""
    baselines = {regime.baseline for regime in dossier.lexicon.regimes}
    scored = [r for r in dossier.results if r.origin == "release" and r.dataset and r.method not in baselines]
    groups: dict[str, list[Result]] = {"released methods beside the baseline": scored}
    for result in scored:
        if result.regime:
            groups.setdefault(f"of the {result.regime} regime", []).append(result)
    return {len({r.method for r in found}): what for what, found in reversed(groups.items()) if found}


REVIEWER = Reviewer(
    name="numerical_consistency",
    dimension="Do the numbers agree with the tables, with the release and with one another?",
    unfit=no_claims,
    rules=(
        Rule(
            "contradictions",
            4,
            "half its weight at the first claim whose numbers the evidence contradicts, all of it if all do",
            contradictions,
        ),
        Rule("impossible percentages", 2, "the same for percentages that no whole number of correct answers gives", possible),
        Rule("restated quantities", 2, "the same for quantities that two claims state differently", restated),
        Rule(
            "own counts", 2, "the share of the document's counts of its own claims and methods that do not match what is there", own_counts
        ),
    ),
)
