"""Could someone else run it again? Code, configuration, data, seeds, compute, licence, and whether the release is what is described."""

from claimcheck.document import Location
from claimcheck.dossier import Dossier, Evidence
from claimcheck.review.looks import disclosed, no_claims, says, synopsis, unsaid
from claimcheck.review.rules import Reviewer, Rule, Seen, silent

DEVIATIONS_TOLD = 4
"""Undermining deviations at which nothing is left of the rule: by then the release is another experiment."""


def code(dossier: Dossier) -> Seen:
    told = disclosed(dossier, "code")
    if told is not None:
        return Seen(0.0, "The document says where its code is.", evidence=(Evidence(quote=told.quote, where=told.where),))
    released = [result for result in dossier.results if result.origin == "release"]
    if released and synopsis(dossier):
        return Seen(0.0, f"A release is known: {len(released)} scores of it are at hand.")
    if released:
        evidence = (Evidence(quote=f"{len(released)} released scores", where=Location(document=released[0].where.document)),)
        return Seen(0.5, "No sentence that was read names the code; a release is known from elsewhere.", evidence=evidence)
    return unsaid(dossier, "No sentence that was read says where the code is.")


def results(dossier: Dossier) -> Seen:
    """Whether the scores themselves were released, with the settings and seeds they were made with."""
    released = [result for result in dossier.results if result.origin == "release" and result.dataset]
    if not released:
        return silent("No released scores are at hand; whether there are any is not known.")
    bare = [result for result in released if not result.seed]
    text = f"{len(released)} scores were released; {len(released) - len(bare)} of them say the seed of their run."
    return Seen(0.5 * len(bare) / len(released), text)


def as_described(dossier: Dossier) -> Seen:
    if not dossier.study and not dossier.deviations:
        return silent("Code and text were not compared.")
    undermining = [deviation for deviation in dossier.deviations if deviation.blocks]
    text = f"The release differs from the text in {len(undermining)} ways that undermine conclusions"
    listed = f": {'; '.join(deviation.title for deviation in undermining)}" if undermining else ""
    evidence = tuple(Evidence(quote=d.consequence, where=Location(document=d.source)) for d in undermining)
    return Seen(min(1.0, len(undermining) / DEVIATIONS_TOLD), f"{text}{listed}.", evidence=evidence)


REVIEWER = Reviewer(
    name="reproducibility",
    dimension="Could someone else run it again?",
    unfit=no_claims,
    rules=(
        Rule("code", 3, "all of its weight if no code is named, half if a release is known although the document does not name it", code),
        says("configuration", 2, "configuration", "hyper-parameters", "all of its weight if no hyper-parameter is given"),
        says("data", 2, "data", "where the data are", "all of its weight if the data are not said to be available"),
        says("seeds", 1, "seeds", "seeds or repeated runs", "all of its weight if no seed is named"),
        says("compute", 1, "compute", "the compute used", "all of its weight if no device or time is named"),
        says("licence", 1, "licence", "a licence", "all of its weight if no licence is named"),
        Rule("released scores", 2, "up to half of its weight for released scores that do not say their seed", results),
        Rule(
            "as described",
            3,
            f"a quarter of its weight for each place where the release differs from the text and a conclusion falls, {DEVIATIONS_TOLD} at most",
            as_described,
        ),
    ),
)
