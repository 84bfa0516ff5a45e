"""Two checklists that conferences ask for, filled from a dossier as far as a program can: NeurIPS and the ML Reproducibility Challenge.

What needs a person is said to need one. The answers rest on the same sentences and reviews that the panel shows.
"""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from claimcheck import wording
from claimcheck.dossier import Disclosed, Disclosure, Dossier, Verdict
from claimcheck.review.looks import unread, which
from claimcheck.synthesis import RUNS, SAYINGS, VERDICTS, Place, Sentence, at_claims, scores

Reply = Literal["yes", "no", "open", "a person's to answer"]


class Answer(NamedTuple):
    """One item of the NeurIPS paper checklist."""

    item: str
    reply: Reply
    why: str
    rests: tuple[Place, ...]


# NeurIPS paper checklist, 2024: sixteen items, in its order


def neurips(dossier: Dossier) -> tuple[Answer, ...]:
    """The checklist's items; those about people, ethics and theory are left to a person."""
    return tuple(answer(item, ask, dossier) for item, ask in NEURIPS)


def answer(item: str, ask: "Ask | None", dossier: Dossier) -> Answer:
    return Answer(item, "a person's to answer", "No rule here judges this.", ()) if ask is None else Answer(item, *ask(dossier))


Asked = tuple[Reply, str, tuple[Place, ...]]
Ask = Callable[[Dossier], Asked]


def claims_hold(dossier: Dossier) -> Asked:
    verdicts = [claim.verdict for claim in dossier.claims]
    refuted = [claim for claim in dossier.claims if claim.verdict is Verdict.REFUTED]
    counts = wording.listed(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict)
    if refuted:
        return "no", f"{wording.claims([c.number for c in refuted])} refuted; in all {counts}.", at_claims(refuted)
    reply: Reply = "yes" if verdicts and all(verdict is Verdict.VERIFIED for verdict in verdicts) else "open"
    return reply, f"Of {wording.counted(len(verdicts), 'claim')}: {counts}." if verdicts else "No claim was read.", (VERDICTS,)


def told(*kinds: Disclosed) -> Ask:
    """Yes if the document tells of every kind; a synopsis leaves it open."""

    def ask(dossier: Dossier) -> Asked:
        found = {one.kind: one for one in dossier.disclosures if one.kind in kinds}
        missing = [NOUNS[kind] for kind in kinds if kind not in found]
        said = "; ".join(f"{NOUNS[kind]}: {quoted(found[kind])}" for kind in kinds if kind in found)
        if not missing:
            return "yes", said, (SAYINGS,)
        why = unread(dossier)
        nothing = why or f"{'n' if said else 'N'}o sentence that was read tells of {wording.listed(missing)}."
        return "open" if why else "no", f"{said}{'; ' * bool(said)}{nothing}", (SAYINGS,)

    return ask


def quoted(one: Disclosure) -> str:
    return f"“{one.quote}”"


NOUNS: dict[Disclosed, str] = {
    "code": "code",
    "data": "data",
    "configuration": "hyper-parameters",
    "seeds": "seeds",
    "compute": "compute",
    "intervals": "error bars",
    "significance": "significance tests",
    "samples": "sample sizes",
    "split": "data splits",
    "limitations": "limitations",
    "licence": "licences",
    "criteria": "criteria of a score",
}

NEURIPS: tuple[tuple[str, Ask | None], ...] = (
    ("Claims", claims_hold),
    ("Limitations", told("limitations")),
    ("Theory assumptions and proofs", None),
    ("Experimental result reproducibility", told("configuration", "code")),
    ("Open access to data and code", told("code", "data")),
    ("Experimental setting and details", told("configuration", "split")),
    ("Experiment statistical significance", told("intervals")),
    ("Experiments compute resources", told("compute")),
    ("Code of ethics", None),
    ("Broader impacts", None),
    ("Safeguards", None),
    ("Licenses for existing assets", told("licence")),
    ("New assets", None),
    ("Crowdsourcing and research with human subjects", None),
    ("Institutional review board approvals", None),
    ("Declaration of LLM usage", None),
)


# ML Reproducibility Challenge: the summary that its reports open with


def mlrc(dossier: Dossier) -> tuple[tuple[str, tuple[Sentence, ...]], ...]:
    """The summary's parts, in its order."""
    parts = (
        ("Scope of reproducibility", scope),
        ("Methodology", method),
        ("Results", outcome),
        ("What was easy", easy),
        ("What was difficult", difficult),
        ("Communication with the original authors", contact),
    )
    return tuple((title, tuple(part(dossier))) for title, part in parts)


def scope(dossier: Dossier) -> Iterator[Sentence]:
    were = "was" if len(dossier.claims) == 1 else "were"
    yield Sentence(
        f"{wording.counted(len(dossier.claims), 'claim')} of “{dossier.title or dossier.paper}” {were} put to the checks.", (VERDICTS,)
    )


def method(dossier: Dossier) -> Iterator[Sentence]:
    found = scores(dossier)
    released = sum(result.origin == "release" for result in found)
    yield Sentence(f"Computed again from {len(found) - released:,} scores of papers' tables and {released:,} released scores.", (VERDICTS,))
    if dossier.runs:
        names = {run.experiment.name for run in dossier.runs}
        scales = wording.listed(dict.fromkeys(run.experiment.scale for run in dossier.runs))
        text = f"{wording.counted(len(dossier.runs), 'run')} of {wording.counted(len(names), 'experiment')}, at {scales} scale."
        yield Sentence(text, (RUNS,))
    else:
        yield Sentence("No experiment was rerun.", (RUNS,))


def outcome(dossier: Dossier) -> Iterator[Sentence]:
    verdicts = [claim.verdict for claim in dossier.claims]
    counts = wording.listed(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict)
    yield Sentence(f"Of {wording.counted(len(verdicts), 'claim')}: {counts}.", (VERDICTS,))


def easy(dossier: Dossier) -> Iterator[Sentence]:
    out = [claim for claim in dossier.claims if claim.numbers is Verdict.VERIFIED]
    if out:
        yield Sentence(f"The numbers of {which(out)} came out of what was at hand.", at_claims(out))
    else:
        yield Sentence("No claim's numbers came out of what was at hand.", (VERDICTS,))


def difficult(dossier: Dossier) -> Iterator[Sentence]:
    for number, deviation in enumerate(dossier.deviations, start=1):
        yield Sentence(f"{deviation.title}.", (Place(f"deviation {number}", f"deviation-{number}"),))
    failed = [run for run in dossier.runs if run.state != "finished"]
    if failed:
        yield Sentence(f"{wording.counted(len(failed), 'run')} did not finish.", (RUNS,))
    if not dossier.deviations and not failed:
        yield Sentence("No deviation between code and text is recorded, and no run failed.", (RUNS,))


def contact(dossier: Dossier) -> Iterator[Sentence]:
    yield Sentence("None is recorded in the dossier.", (Place("provenance", "provenance"),))
