"""What a dossier amounts to, in sentences that each rest on something in it. Nothing is said that no finding, run or count says.

The sections are those of a literature synthesis: abstract, question, methodology, results, limitations, references. A sentence
carries the places it rests on; a report links each of them. Same dossier, same sentences.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from claimcheck import wording
from claimcheck.dossier import Claim, Dossier, Finding, Paper, Reason, Result, Verdict
from claimcheck.review import Panel
from claimcheck.review.looks import RETRIEVED

MOST = 40
"""Claims told one by one; of more, the inconclusive ones are told by their reason, and the refuted still singly."""


class Place(NamedTuple):
    """Where a reader finds what a sentence rests on."""

    label: str
    anchor: str
    """The id of the element in the HTML report."""

    claim: int | None = None
    """The claim that holds it, if one does."""


class Sentence(NamedTuple):
    text: str
    rests: tuple[Place, ...]


class Reference(NamedTuple):
    """A work the document cites: the entry as it stands, what is known of it and what became of it here."""

    entry: str
    paper: Paper | None


class Synthesis(NamedTuple):
    abstract: tuple[Sentence, ...]
    question: tuple[Sentence, ...]
    methodology: tuple[Sentence, ...]
    results: tuple[Sentence, ...]
    limitations: tuple[Sentence, ...]
    references: tuple[Reference, ...]

    @classmethod
    def of(cls, dossier: Dossier) -> "Synthesis":
        return cls(
            abstract=tuple(abstract(dossier)),
            question=tuple(question(dossier)),
            methodology=tuple(methodology(dossier)),
            results=tuple(results(dossier)),
            limitations=tuple(limitations(dossier)),
            references=references(dossier),
        )

    @property
    def sections(self) -> tuple[tuple[str, tuple[Sentence, ...]], ...]:
        """The sections made of sentences, titled, in their order."""
        return (
            ("Abstract", self.abstract),
            ("Question", self.question),
            ("Methodology", self.methodology),
            ("Results", self.results),
            ("Limitations", self.limitations),
        )


VERDICTS = Place("verdicts", "verdicts")
RUNS = Place("runs", "runs")
PANEL = Place("reviewer panel", "panel")
PROVENANCE = Place("provenance", "provenance")
SEARCH = Place("search", "search")
SAYINGS = Place("what the document says of itself", "sayings")
UNCHECKED = Place("not checked", "unchecked")


def at_claim(claim: Claim) -> Place:
    return Place(f"claim {claim.number}", f"claim-{claim.number}", claim.number)


def at_finding(claim: Claim, finding: Finding) -> Place:
    """A finding is numbered by its place among its claim's findings."""
    number = next(i for i, found in enumerate(claim.findings, start=1) if found is finding)
    return Place(f"finding {claim.number}.{number}", f"finding-{claim.number}-{number}", claim.number)


def at_claims(claims: Iterable[Claim]) -> tuple[Place, ...]:
    """The claims, or the table of all where they would be too many to link."""
    found = tuple(map(at_claim, claims))
    return found if len(found) <= MOST // 2 else (VERDICTS,)


# Abstract and question


def abstract(dossier: Dossier) -> Iterator[Sentence]:
    claims = dossier.claims
    if not claims:
        yield Sentence("No claim was found in the document, so nothing was checked.", (PROVENANCE,))
        return
    ended = {verdict: [claim for claim in claims if claim.verdict is verdict] for verdict in Verdict}
    counts = wording.listed(f"{len(found) or 'none'} {verdict.value}" for verdict, found in ended.items())
    yield Sentence(f"Of {wording.counted(len(claims), 'claim')}, {counts}.", (VERDICTS,))
    for verdict in (Verdict.REFUTED, Verdict.VERIFIED):
        if ended[verdict]:
            yield Sentence(
                f"{verdict.value.capitalize()}: {wording.claims([c.number for c in ended[verdict]])}.", at_claims(ended[verdict])
            )
    yield from borne_out(claims)
    yield from in_the_way(ended[Verdict.INCONCLUSIVE])
    yield from rerun(dossier)
    yield from paneled(dossier)


def borne_out(claims: tuple[Claim, ...]) -> Iterator[Sentence]:
    """How many numbers came out, beside how many conclusions: the difference is what a reader should know first."""
    stating = [claim for claim in claims if claim.numbers is not None]
    drawing = [claim for claim in claims if claim.conclusion is not None]
    right = [claim for claim in stating if claim.numbers is Verdict.VERIFIED]
    sound = [claim for claim in drawing if claim.conclusion is Verdict.VERIFIED]
    if stating and drawing:
        numbers = f"The numbers of {len(right)} of {len(stating)} claims come out of the evidence"
        yield Sentence(f"{numbers}, and it supports {len(sound)} of {len(drawing)} conclusions.", (VERDICTS,))


def in_the_way(claims: list[Claim]) -> Iterator[Sentence]:
    """What most often keeps a claim from being decided."""
    counted = Counter(reason for claim in claims for reason in claim.reasons)
    for reason, number in sorted(counted.items(), key=lambda item: (-item[1], list(Reason).index(item[0])))[:3]:
        held = [claim for claim in claims if reason in claim.reasons]
        text = f"{wording.claims([c.number for c in held])} {'is' if number == 1 else 'are'} held open by: {wording.words(reason.value)}."
        yield Sentence(f"{text} {wording.gloss(reason)}", at_claims(held))


def rerun(dossier: Dossier) -> Iterator[Sentence]:
    if not dossier.runs:
        return
    finished = sum(run.state == "finished" for run in dossier.runs)
    scales = wording.listed(dict.fromkeys(run.experiment.scale for run in dossier.runs))
    seeds = len({run.seed for run in dossier.runs})
    made = f"{wording.counted(len(dossier.runs), 'run')} of our own at {scales} scale with {wording.counted(seeds, 'seed')}"
    yield Sentence(f"{made}, {finished} finished.", (RUNS,))


def paneled(dossier: Dossier) -> Iterator[Sentence]:
    if dossier.reviews:
        yield Sentence(str(Panel.of(dossier.reviews)), (PANEL,))


def question(dossier: Dossier) -> Iterator[Sentence]:
    if not dossier.question:
        yield Sentence("The document states no research question that was recognised.", (SAYINGS,))
        return
    yield Sentence(
        f"{'It was asked' if dossier.search else 'The document asks'}: {dossier.question}", (SEARCH if dossier.search else PROVENANCE,)
    )
    review = next((review for review in dossier.reviews if review.reviewer == "scope"), None)
    place = Place("scope", "review-scope")
    for look in review.reasons if review is not None else ():
        if look.rule in ("an answer", "parts of the question"):
            yield Sentence(look.text, (place,))


# How it was made


def methodology(dossier: Dossier) -> Iterator[Sentence]:
    for source in dossier.sources:
        yield Sentence(f"{source.name} was read as {source.role} ({source.size:,} bytes, SHA-256 {source.sha256[:12]}…).", (PROVENANCE,))
    yield from searched(dossier)
    yield from sought(dossier)
    assertions = wording.counted(sum(len(claim.assertions) for claim in dossier.claims), "assertion")
    were = "was" if len(dossier.claims) == 1 else "were"
    yield Sentence(f"{wording.counted(len(dossier.claims), 'claim')} with {assertions} {were} read.", (VERDICTS,))
    for origin, what in (("paper", "the paper's own tables"), ("release", "released files")):
        number = sum(result.origin == origin for result in scores(dossier))
        if number:
            yield Sentence(f"{wording.counted(number, 'score')} of {what} {'was' if number == 1 else 'were'} at hand.", (PROVENANCE,))
    yield from looked(dossier)


def scores(dossier: Dossier) -> tuple[Result, ...]:
    """Every score that a claim may be held against: the dossier's own, and those of the papers that a search found."""
    return (*dossier.results, *(result for paper in dossier.papers if paper.role == "found" for result in paper.results))


def searched(dossier: Dossier) -> Iterator[Sentence]:
    log = dossier.search
    if log is None:
        yield Sentence("No search of the literature stands behind this report; the document was given.", (PROVENANCE,))
        for saying in dossier.sayings:
            if RETRIEVED.fullmatch(saying.about):
                yield Sentence(f"The document says “{saying.quote}”; no log of that search is at hand.", (SAYINGS,))
        return
    answered = [search for search in log.databases if search.state in ("complete", "partial")]
    lost = [search.database for search in log.databases if search not in answered]
    flow = log.flow
    counts = f"{flow.duplicates:,} were duplicates and {flow.screened:,} were screened"
    text = f"{wording.counted(len(answered), 'database')} answered the search with {wording.counted(flow.identified, 'record')}; {counts}."
    yield Sentence(text, (SEARCH,))
    if lost:
        yield Sentence(
            f"{wording.listed(lost)} gave nothing, so what {'it holds' if len(lost) == 1 else 'they hold'} is missing.", (SEARCH,)
        )


def sought(dossier: Dossier) -> Iterator[Sentence]:
    if dossier.papers:
        read = sum(paper.state == "read" for paper in dossier.papers)
        yield Sentence(
            f"Of {wording.counted(len(dossier.papers), 'paper')} that it cites or a search found, {read or 'none'} {'was' if read == 1 else 'were'} read.",
            (Place("references", "references"),),
        )


def looked(dossier: Dossier) -> Iterator[Sentence]:
    """Which checks spoke, and how often."""
    spoken = Counter(finding.verifier for claim in dossier.claims for finding in claim.findings)
    if not spoken:
        yield Sentence("No check had anything to say of any claim.", (UNCHECKED,))
        return
    told = wording.listed(f"{wording.words(name)} ({number})" for name, number in spoken.items())
    yield Sentence(f"The checks left {wording.counted(sum(spoken.values()), 'finding')}: {told}.", (Place("claims", "claims"),))


# What came of it


def results(dossier: Dossier) -> Iterator[Sentence]:
    """Refuted claims first, then verified, then what is open; one sentence a claim while they can be read."""
    order = (Verdict.REFUTED, Verdict.VERIFIED, Verdict.INCONCLUSIVE)
    for verdict in order:
        found = [claim for claim in dossier.claims if claim.verdict is verdict]
        if verdict is Verdict.REFUTED or len(dossier.claims) <= MOST:
            yield from map(told, found)
        elif found:
            yield from by_reason(found)


def told(claim: Claim) -> Sentence:
    """One claim's verdict with the finding that decides it."""
    deciding = decisive(claim)
    rests = (at_claim(claim), *(at_finding(claim, finding) for finding in deciding))
    sure = "" if claim.verdict is Verdict.INCONCLUSIVE else f" (confidence {wording.probability(claim)}{level(claim)})"
    if not deciding:
        return Sentence(f"Claim {claim.number} is {claim.verdict.value}{sure}: no finding decides it.", rests)
    said = " ".join(finding.explanation for finding in deciding)
    open_end = "its numbers come out of the evidence; what keeps its conclusion open: " if numbers_only(claim) else ""
    return Sentence(f"Claim {claim.number} is {claim.verdict.value}{sure}: {open_end}{said}", rests)


def numbers_only(claim: Claim) -> bool:
    return claim.numbers is Verdict.VERIFIED and claim.conclusion is Verdict.INCONCLUSIVE


def level(claim: Claim) -> str:
    return f", level {claim.level.value}" if claim.level is not None and claim.verdict is Verdict.VERIFIED else ""


def decisive(claim: Claim) -> list[Finding]:
    """The findings that carry the verdict, at most two: refuting or verifying votes, what blocks (each reason once), else what was looked at in vain."""
    match claim.verdict:
        case Verdict.REFUTED | Verdict.VERIFIED:
            votes = [f for f in claim.findings if f.kind == "verdict" and f.verdict is claim.verdict]
            last = [f for f in votes if f.part == "conclusion"]
            return [*[f for f in votes if f.part == "numbers"][:1], *last[:1]]
        case Verdict.INCONCLUSIVE:
            blocking = [f for f in claim.findings if f.blocks] or [f for f in claim.findings if f.reason in claim.reasons]
            return list({f.reason: f for f in reversed(blocking)}.values())[::-1][:2]


def by_reason(claims: list[Claim]) -> Iterator[Sentence]:
    """Many claims of one verdict, told by the reason that decides."""
    grouped: dict[Reason, list[Claim]] = {}
    for claim in claims:
        grouped.setdefault(claim.reasons[0], []).append(claim)
    for reason, found in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0].value)):
        number = f"{wording.counted(len(found), 'claim')} {'is' if len(found) == 1 else 'are'}"
        text = f"{number} {claims[0].verdict.value}: {wording.words(reason.value)}. {wording.gloss(reason)}"
        yield Sentence(text, at_claims(found))


def limitations(dossier: Dossier) -> Iterator[Sentence]:
    """What keeps conclusions from standing, by reason; what the reruns cannot say; what the panel could not judge."""
    blocked: dict[Reason, dict[int, Claim]] = {}
    for claim in dossier.claims:
        for finding in claim.findings:
            if finding.blocks:
                blocked.setdefault(finding.reason, {})[claim.number] = claim
    for reason in (reason for reason in Reason if reason in blocked):
        held = blocked[reason]
        yield Sentence(f"{wording.claims(list(held))}: {wording.words(reason.value)}. {wording.gloss(reason)}", at_claims(held.values()))
    if any(run.experiment.scale != "paper" for run in dossier.runs):
        yield Sentence("Runs below paper scale show a direction at that scale and say nothing of the paper's absolute numbers.", (RUNS,))
    for review in dossier.reviews:
        if review.score is None:
            name = wording.words(review.reviewer)
            yield Sentence(f"The reviewer of {name} abstains: {review.abstains}.", (Place(name, f"review-{review.reviewer}"),))
    yield Sentence("What no check has looked at is listed on the first screen; it is neither a pass nor a fail.", (UNCHECKED,))


def references(dossier: Dossier) -> tuple[Reference, ...]:
    """The entries of the document's own list, then what a search found, each with what became of it."""
    known = {paper.cited_as: paper for paper in dossier.papers if paper.cited_as}
    found = (Reference(paper.id, paper) for paper in dossier.papers if paper.role == "found")
    return (*(Reference(entry, known.get(entry)) for entry in dossier.references), *found)
