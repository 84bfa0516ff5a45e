"""A dossier as a report, in HTML and in Markdown. Nothing here fetches, asks the clock or decides; same dossier, same bytes."""

import hashlib
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from claimcheck import checklists, escape, figures, wording
from claimcheck.claim_review import claim_reviews
from claimcheck.dossier import LEVELS, Arm, Claim, Dossier, Level, Reason, Verdict
from claimcheck.files import write_atomically
from claimcheck.review import Panel
from claimcheck.story import Part, Rerun, measured, reruns, still_needed, story, sureness
from claimcheck.synthesis import Synthesis, scores
from claimcheck.workspace import to_json
from repro.result import RunResult

FORMATS = ("html", "md")
"""Each is a template, `report.FORMAT.j2`."""


def render(dossier: Dossier, format: str = "html") -> str:
    """The whole report as one text. ValueError for a format that has no template."""
    template = environment(format).get_template(f"report.{format}.j2")
    return template.render(
        dossier=dossier,
        summary=Summary.of(dossier),
        synthesis=Synthesis.of(dossier),
        panels=figures.panels(dossier),
        board=Panel.of(dossier.reviews),
        checklist=checklists.neurips(dossier),
        reproducibility=checklists.mlrc(dossier),
    )


def write(dossier: Dossier, folder: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """The report's files in `folder`, which is made if need be; an older one stays until the new one is whole on disk.

    `json` is the dossier that the others are made from, `svg` a picture for each plot; every other format is one report.
    """
    texts: dict[str, str] = {}
    for format in dict.fromkeys(formats):
        if format == "json":
            texts["dossier.json"] = to_json(dossier)
        elif format == "svg":
            texts |= {f"figures/{name}.svg": picture for name, picture in figures.pictures(dossier).items()}
        else:
            texts[f"report.{format}"] = render(dossier, format)
    for name, text in texts.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in texts]


def templates_dir() -> Path:
    """`claimcheck/templates` as installed from a wheel, else `templates` at the root of the checkout."""
    package = Path(__file__).parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "report.html.j2").is_file():
            return folder
    raise FileNotFoundError(f"no report templates in {package / 'templates'} or {package.parent / 'templates'}; reinstall claimcheck")


@cache
def environment(format: str) -> Environment:
    """Templates of one format. Whatever they print was cleaned and escaped for that format, unless it is Markup made here."""
    if format not in FORMATS:
        raise ValueError(f"unknown report format {format!r}; known: {', '.join(FORMATS)}")
    made = Environment(
        loader=FileSystemLoader(templates_dir(), encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=escape.cleaned if format == "html" else escape.markdown,
        cache_size=50,
    )
    made.filters |= FILTERS | (HTML_FILTERS if format == "html" else MARKDOWN_FILTERS)
    made.globals |= {"asset": asset, "digest": digest, "LEVEL_GLOSS": wording.LEVEL_GLOSS, "MOST_REVIEWS": MOST_REVIEWS, "Verdict": Verdict}
    return made


# What the first screen says


MOST_REVIEWS = 300
"""Claims up to which a page carries their reviews for fact-check readers; of more, a file of its own has them (`claimcheck export`)."""

TIMES = ("seconds", "pretraining_seconds", "last_attempt_seconds")
"""The costs of a run that are a time; the longest of them covers the others."""


class Tally(NamedTuple):
    """How many claims fare how, on one part of them."""

    part: str
    verified: int
    refuted: int
    inconclusive: int
    none: int
    """Claims without that part."""


class Summary(NamedTuple):
    """The counts of the first screen. Numbers in tuples are claim numbers."""

    tallies: tuple[Tally, Tally, Tally]
    """Of the claims, their numbers and their conclusions."""

    levels: tuple[tuple[Level, tuple[int, ...]], ...]
    coverage: str
    """How many assertions the checks had something to say of, and how many they decided."""

    compute: str
    """What our own runs took."""

    story: tuple[Part, ...]
    """What holds, what does not, what one seed cannot tell, what our own runs add."""

    reruns: tuple[Rerun, ...]
    unchecked: tuple[str, ...]
    """What was not checked, a sentence each."""

    not_run: tuple[tuple[Arm, str], ...]
    """Experiments that no finished run stands for, each with the reason."""

    probes: tuple[str, ...]
    curves: tuple[str, ...]
    environments: tuple[tuple[tuple[tuple[str, str], ...], int], ...]
    """Each set of versions and devices that runs were made with, and how many runs."""

    reasons: tuple[Reason, ...]
    """Every reason that the report names, in the order of their definition."""

    @classmethod
    def of(cls, dossier: Dossier) -> "Summary":
        claims, runs = dossier.claims, dossier.runs
        named = {r for claim in claims for r in (*claim.reasons, *(f.reason for f in claim.findings))}
        named |= {deviation.reason for deviation in dossier.deviations}
        ran = {run.experiment.name for run in runs if run.state == "finished"}
        return cls(
            tallies=(
                tally("claim", [c.verdict for c in claims]),
                tally("numbers", [c.numbers for c in claims]),
                tally("conclusion", [c.conclusion for c in claims]),
            ),
            levels=tuple((level, tuple(c.number for c in claims if c.level == level)) for level in LEVELS),
            coverage=coverage(dossier),
            compute=compute(dossier),
            story=story(dossier),
            reruns=reruns(dossier),
            unchecked=tuple(unchecked(dossier)),
            not_run=tuple((arm, wording.why_not(arm, dossier)) for arm in dossier.arms if arm.experiment not in ran),
            probes=tuple(dict.fromkeys(probe for run in runs for probe in sorted(run.scores))),
            curves=curves(runs),
            environments=tuple(Counter(tuple(sorted(run.environment.items())) for run in runs).items()),
            reasons=tuple(reason for reason in Reason if reason in named),
        )


MANY_RUNS = 24
"""Runs beyond which only the curves that tell a healthy run from a sick one are drawn; the dossier holds them all."""


def curves(runs: Sequence[RunResult]) -> tuple[str, ...]:
    """The names of the learning curves to show, the loss first."""
    names = sorted({name for run in runs for name in run.curves}, key=lambda name: (name != "loss", name))
    healthy = ("loss", "effective_rank")
    return tuple(name for name in names if len(runs) <= MANY_RUNS or name in healthy)


def tally(part: str, verdicts: Sequence[Verdict | None]) -> Tally:
    return Tally(part, *(verdicts.count(verdict) for verdict in (Verdict.VERIFIED, Verdict.REFUTED, Verdict.INCONCLUSIVE, None)))


def coverage(dossier: Dossier) -> str:
    """`18 of 20 assertions checked, 14 decided`."""
    whole = sum(len(claim.assertions) for claim in dossier.claims)
    unseen = sum(len(unseen_assertions(claim)) for claim in dossier.claims)
    decided = sum(len(decided_assertions(claim)) for claim in dossier.claims)
    return f"{whole - unseen:,} of {wording.counted(whole, 'assertion')} checked, the numbers of {decided:,} decided"


def decided_assertions(claim: Claim) -> set[int]:
    """Positions of the assertions whose numbers some vote verifies or refutes."""
    votes = [f for f in claim.findings if f.kind == "verdict" and f.part == "numbers" and f.verdict is not Verdict.INCONCLUSIVE]
    return {position for vote in votes for position in vote.assertions or range(len(claim.assertions))}


def compute(dossier: Dossier) -> str:
    """`6 runs, 42 min`; the time is what the runs recorded of themselves."""
    if not dossier.runs:
        return "no run of our own"
    seconds = sum(max(run.cost.get(name, 0.0) for name in TIMES) for run in dossier.runs)
    time = f", {seconds / 3600:.1f} h" if seconds >= 5400 else f", {seconds / 60:.0f} min" if seconds >= 90 else f", {seconds:.0f} s"
    devices = wording.listed(sorted({run.environment["device"] for run in dossier.runs if "device" in run.environment}))
    return f"{wording.counted(len(dossier.runs), 'run')} of our own{time if seconds else ''}{f' on {devices}' if devices != 'none' else ''}"


def unchecked(dossier: Dossier) -> Iterator[str]:
    """What no check has looked at, so that silence is not taken for a pass."""
    claims = dossier.claims
    if untouched := [claim.number for claim in claims if not claim.findings]:
        yield f"{wording.claims(untouched)}: no check has looked at {'it' if len(untouched) == 1 else 'them'}."
    if unseen := [label for claim in claims if claim.findings for label in unseen_assertions(claim)]:
        yield f"{wording.some(unseen, 'assertion')}: no check had anything to say of {'it' if len(unseen) == 1 else 'them'}."
    if loose := [f"{number} (claim {claim.number})" for claim in claims for number in claim.unbound]:
        yield f"{wording.some(loose, 'number')}: printed in the sentence, but part of no assertion."
    if cut := [claim.number for claim in claims if claim.truncated]:
        yield f"{wording.claims(cut)}: the source cuts the sentence off, and the missing end was not guessed."
    if dossier.recall.missed:
        yield wording.recall(dossier.recall)
    yield from (f"A correction fits nothing in this reading: {line}." for line in dossier.unapplied)
    origins = {result.origin for result in scores(dossier)}
    if claims and "paper" not in origins:
        yield "The paper's own tables: none is at hand, so no number could be checked for consistency with them."
    if claims and "release" not in origins:
        yield "Released results: none is at hand."
    yield from unmeasured(dossier)


def unseen_assertions(claim: Claim) -> list[str]:
    """Labels of the assertions that no finding is about: `5.2` is the second of claim 5."""
    if any(finding.kind == "verdict" and not finding.assertions for finding in claim.findings):
        return []
    seen = {position for finding in claim.findings for position in finding.assertions}
    return [f"{claim.number}.{i + 1}" for i in range(len(claim.assertions)) if i not in seen]


def unmeasured(dossier: Dossier) -> Iterator[str]:
    """Which experiments were not run, and what the scale of those that were leaves open."""
    needed = {arm.experiment for arm in dossier.arms}
    finished = [run for run in dossier.runs if run.state == "finished"]
    ran = needed & {run.experiment.name for run in finished}
    if needed:
        yield f"Experiments: {len(ran) or 'none'} of the {len(needed)} that stand for the paper's methods were run here; Runs lists the others."
    if finished and all(run.experiment.scale != "paper" for run in finished):
        yield "Paper scale: no run of ours was made at it, so none speaks about the paper's absolute numbers."


@cache
def asset(name: str) -> Markup:
    """A style sheet or script of the templates folder, to be put between its tags as it is."""
    return escape.made((templates_dir() / name).read_text(encoding="utf-8"))


def digest(text: str) -> str:
    """The source expression by which a content security policy allows this text, and no other, to run or style."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def block(dossier: Dossier) -> Markup:
    """The dossier as JSON that can neither end its script element nor hold a raw control character."""
    return as_block(slim(dossier.model_dump(mode="json", by_alias=True, exclude=UNSHOWN)))


def as_block(data: object) -> Markup:
    """Plain data as JSON for a script element."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    for character in "<>&\x7f":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return escape.made(text)


UNSHOWN: dict[str, Any] = {"tables": True, "papers": {"__all__": {"tables"}}}
"""What a report leaves out of the dossier it carries: whole tables, of which every finding quotes the cells it rests on."""


def slim(data: object) -> object:
    """Plain data without the fields that are null or empty anyway; a claim's level alone is something else if it is left out."""
    if isinstance(data, dict):
        kept = {
            key: value for key, value in data.items() if (value is not None or key == "level") and not (key == "detail" and value == "")
        }
        return {key: slim(value) for key, value in kept.items()}
    return [slim(item) for item in data] if isinstance(data, list) else data


FILTERS: dict[str, Callable[..., object]] = {
    "plain": wording.plain,
    "gloss": wording.gloss,
    "words": wording.words,
    "probability": wording.probability,
    "findings_on": wording.findings_on,
    "evidence_of": wording.evidence_of,
    "places": wording.places,
    "listed": wording.listed,
    "counted": wording.counted,
    "score": wording.score,
    "figure": wording.figure,
    "stands_for": wording.stands_for,
    "in_words": figures.in_words,
    "signed": figures.signed,
    "measured": measured,
    "sureness": sureness,
    "still_needed": still_needed,
    "steps": figures.steps,
    "of_ten": wording.of_ten,
    "points": wording.points,
    "kinds": figures.kinds,
}
HTML_FILTERS: dict[str, Callable[..., object]] = {
    "linked": escape.linked,
    "block": block,
    "reviews_block": lambda dossier: as_block(claim_reviews(dossier)),
    "plot": lambda panel, name: escape.made(figures.plot(panel, name)),
    "flow": lambda log: escape.made(figures.flow(log)),
    "sparkline": lambda values, name, about: escape.made(figures.sparkline(values, name, about)),
}
MARKDOWN_FILTERS: dict[str, Callable[..., object]] = {"linked": escape.linked_markdown, "code": escape.code}
