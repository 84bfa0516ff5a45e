"""A dossier for other programs: ClaimReview for fact-check readers, CSV for spreadsheets, an RO-Crate of how it was made.

Pure functions of the dossier but for the crate, which also describes the files beside it and carries the date it is given.
Papers are linked, never packed: their licences do not let us serve them again.
"""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimcheck import wording
from claimcheck.claim_review import claim_reviews, page
from claimcheck.dossier import Claim, Dossier, Source, Verdict
from claimcheck.escape import cleaned
from claimcheck.files import write_atomically
from repro.result import RunResult

if TYPE_CHECKING:  # a library of the extra `crate`, which takes a second to import
    from rocrate.rocrate import ROCrate

PROCESS_CRATE = "https://w3id.org/ro/wfrun/process/0.5"
CRATE_VERSION = "1.1"
"""What the Process Run Crate profile 0.5 extends, and its validator accepts."""


class NoCrate(Exception):
    """The library that writes crates is not installed."""


def write(dossier: Dossier, folder: Path) -> list[Path]:
    """`dossier.json`, `claims.jsonld` and the CSV tables in `folder`, each appearing whole."""
    texts = {
        "dossier.json": dossier.model_dump_json(by_alias=True, indent=1) + "\n",
        "claims.jsonld": json.dumps(claim_reviews(dossier), ensure_ascii=False, indent=1) + "\n",
        "claims.csv": claims_csv(dossier),
        "reviews.csv": reviews_csv(dossier),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode("utf-8", errors="replace"))
    return [folder / name for name in texts]


# CSV


def claims_csv(dossier: Dossier) -> str:
    """A row a claim: what it says, how it ended and why."""
    head = (
        "claim",
        "sentence",
        "where",
        "verdict",
        "numbers",
        "conclusion",
        "confidence",
        "level",
        "reasons",
        "stated_verified",
        "stated_confidence",
    )
    return table(head, (claim_row(claim) for claim in dossier.claims))


def claim_row(claim: Claim) -> tuple[object, ...]:
    decided = claim.verdict is not Verdict.INCONCLUSIVE
    stated = (None, None) if claim.stated is None else (claim.stated.verified, claim.stated.confidence)
    parts = (value.value if value is not None else None for value in (claim.verdict, claim.numbers, claim.conclusion))
    reasons = " ".join(reason.value for reason in claim.reasons)
    return claim.number, claim.sentence, claim.where, *parts, claim.confidence if decided else None, claim.level, reasons, *stated


def reviews_csv(dossier: Dossier) -> str:
    """A row a rule of the panel: what it took off and saw."""
    head = ("reviewer", "score", "abstains", "rule", "points", "saw", "claims")
    rows = (
        (review.reviewer, review.score, review.abstains, look.rule, look.points, look.text, " ".join(map(str, look.claims)))
        for review in dossier.reviews
        for look in review.reasons
    )
    return table(head, (*rows, *((r.reviewer, r.score, r.abstains, "", None, "", "") for r in dossier.reviews if not r.reasons)))


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()


def cell(value: object) -> object:
    """A value as a spreadsheet may open it: text that would start a formula gets a quote before it, and no control characters."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = " ".join(cleaned(value).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


# RO-Crate


def crate(dossier: Dossier, folder: Path, paths: Iterable[Path], date: str) -> Path:
    """`ro-crate-metadata.json` in `folder`, which holds the files: these, the check that made them and every run, as a Process Run Crate.

    `date` is the day of publication, `2026-11-28`. NoCrate if the library is not installed.
    """
    try:
        from rocrate.rocrate import ROCrate
    except ImportError as error:
        raise NoCrate("writing a crate needs the extra: pip install 'claimcheck-repro[crate]'") from error
    made = ROCrate(version=CRATE_VERSION)
    described(made, dossier, date)
    files = [made.add_file(str(path), properties=kind(path)) for path in sorted(paths)]
    tool = entity(made, "#claimcheck", "SoftwareApplication", name="claimcheck", version=version(dossier))
    sources = [entity(made, f"#source-{i}", "CreativeWork", **source(s)) for i, s in enumerate(dossier.sources, start=1)]
    checked = {"name": "Check of the claims", "description": "; ".join(dossier.log), "actionStatus": status(finished=True)}
    actions = [entity(made, "#check", "CreateAction", instrument=tool, object=sources, result=files, **checked)]
    actions += [entity(made, f"#run-{i}", "CreateAction", instrument=tool, **action(run)) for i, run in enumerate(dossier.runs, start=1)]
    made.root_dataset["mentions"] = actions
    path = folder / METADATA
    write_atomically(path, (json.dumps(made.metadata.generate(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", errors="replace"))
    return path


METADATA = "ro-crate-metadata.json"
LICENCE = "Sentences quoted from a paper are its authors'; scores and verdicts are facts. No paper is packed here."
ENCODINGS = {
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".html": "text/html",
    ".md": "text/markdown",
}


def kind(path: Path) -> dict[str, str]:
    return {"encodingFormat": ENCODINGS[path.suffix], "name": path.name}


def described(made: "ROCrate", dossier: Dossier, date: str) -> None:
    """The crate as a whole: what it is of, when it was published, which profile it keeps to."""
    title = cleaned(dossier.title or dossier.paper)
    made.root_dataset["name"] = f"Claim check: {title}"
    made.root_dataset["description"] = f"Claims of {cleaned(dossier.paper)}, checked against what it prints and what was released."
    made.root_dataset["datePublished"] = date
    made.root_dataset["license"] = LICENCE
    profile = entity(made, PROCESS_CRATE, "CreativeWork", name="Process Run Crate", version="0.5")
    made.root_dataset["conformsTo"] = profile
    if address := page(dossier.paper):
        made.root_dataset["about"] = entity(made, address, "ScholarlyArticle", name=title)


def entity(made: "ROCrate", at: str, of: str, **properties: object) -> Any:  # noqa: ANN401  # the library is untyped
    from rocrate.model.contextentity import ContextEntity

    added = made.add(ContextEntity(made, at, properties={"@type": of}))
    for key, value in properties.items():
        if value not in ("", [], None):
            added[key] = value
    return added


def version(dossier: Dossier) -> str:
    return dossier.tool.removeprefix("claimcheck").strip()


def source(read: Source) -> dict[str, object]:
    """A file that was read, by its hash; the file itself stays with the user."""
    return {"name": cleaned(read.name), "description": read.role, "identifier": f"sha256:{read.sha256}", "contentSize": str(read.size)}


def action(run: RunResult) -> dict[str, object]:
    """One run: what it was, what it cost, how it ended, in what it was made."""
    ended = run.state == "finished"
    scores = ", ".join(f"{probe} {score:.2f}" for probe, score in sorted(run.scores.items()))
    made_in = ", ".join(f"{key} {value}" for key, value in sorted(run.environment.items()))
    return {
        "name": f"{run.experiment.name}, seed {run.seed}, {run.experiment.scale} scale",
        "description": "; ".join(filter(None, (f"experiment digest {run.experiment.digest}", scores, made_in))),
        "actionStatus": status(finished=ended),
        "error": "" if ended else f"{wording.words(run.state)}: {cleaned(run.reason)}",
    }


def status(*, finished: bool) -> str:
    return "http://schema.org/CompletedActionStatus" if finished else "http://schema.org/FailedActionStatus"
