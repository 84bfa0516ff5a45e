"""Make a dossier of a source or of a search, and fetch what its claims rest on: cited papers, found ones, released files.

Only here and in `search` is the network asked, always through a door that the caller opens.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from claimcheck import __version__, corrections
from claimcheck.document import Document, Unreadable
from claimcheck.dossier import Claim, Dossier, Exclusion, Flow, Lexicon, Paper, Recall, Result, SearchLog, Source, Work
from claimcheck.escape import printable
from claimcheck.extract import Extraction, extract
from claimcheck.ids import arxiv_id
from claimcheck.readers import latex, read
from claimcheck.studies import BUNDLED, STUDIES, recognise
from claimcheck.studies.study import Study
from claimcheck.tabular.sheet import is_numeric

if TYPE_CHECKING:  # what asks the network takes 0.2 s to import
    from claimcheck.references import Sought
    from claimcheck.retrieve import Outcome
    from claimcheck.sources.http import Door

BIGGEST = 100 * 2**20
"""Bytes of a source file; more is not a paper."""

NO_CLAIMS = "no numeric claim was found in it"

Shown = Callable[[str], None]
"""Takes a line that says how far the work is."""


def quietly(_: str) -> None:
    """Shows nothing."""


def gather(source: str | None, open_door: "Callable[[], Door] | None" = None, *, corrected: bool = True) -> Dossier:
    """The dossier of SOURCE: a path, `-` for standard input, an arXiv id, an https address, or None for the bundled study.

    What a person wrote in a `claims.toml` beside a path is laid over it, if `corrected`.

    Raises Unreadable for what cannot be read, SourceFault for what the network did not give.
    """
    if source is None:
        return from_study(BUNDLED)
    if open_door is not None and is_remote(source):
        return fetched(source, open_door())
    name, content = fetch(source)
    if corrections.is_source(name):
        return from_corrections(name, content, source)
    if source == "-":
        document = read(content, name)
        return assemble(document, content, recognise(document), role="paper")
    inputs = Path(source).is_file() and Path(source).suffix.lower() in latex.SUFFIXES  # LaTeX may \input other files
    document = read(Path(source)) if inputs else read(content, name)
    dossier = assemble(document, content, recognise(document), role="paper", path=printable(source))
    return with_corrections(dossier, document, corrections.beside(source)) if corrected else dossier


def with_corrections(dossier: Dossier, document: Document, path: Path | None) -> Dossier:
    """The dossier with what a person wrote beside the paper laid over it, and that file among its sources."""
    if path is None:
        return dossier
    content = path.read_bytes()
    dossier = corrections.corrected(dossier, document, corrections.parse(content, path.name), path.name)
    return dossier.model_copy(update={"sources": (*dossier.sources, source_of(path.name, content, "corrections", str(path)))})


def from_corrections(name: str, content: bytes, path: str) -> Dossier:
    """The dossier of a `claims.toml` alone: the claims a person wrote down, and the scores of the file it names."""
    said = corrections.parse(content, name)
    if not said.add:
        raise Unreadable("empty", f"{name}: adds no claim, so there is nothing to check; give the paper, or write an [[add]]")
    dossier = Dossier(
        paper=said.paper or name, title=said.title, sources=(source_of(name, content, "claims", path),), tool=f"claimcheck {__version__}"
    )
    if said.results:
        file = Path(path).parent / said.results
        scores, read_as = results_file(file)
        dossier = dossier.model_copy(update={"results": scores, "sources": (*dossier.sources, read_as)})
    return corrections.corrected(dossier, Document(id=name, format="text"), said, name)


def results_file(path: Path) -> tuple[tuple[Result, ...], Source]:
    """The scores of a released file: rows of method, dataset, metric and score, or a table of methods against datasets."""
    from claimcheck.releases import scores_of

    name, content = fetch(str(path))
    scores = tuple(scores_of(name, content, Lexicon()))
    if not scores:
        raise Unreadable("empty", f"{path}: holds no score; give columns method, dataset, metric and score, or a row per method")
    return scores, source_of(name, content, "released results", str(path))


def source_of(name: str, content: bytes, role: str, path: str = "") -> Source:
    return Source(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), role=role, path=path)


def is_remote(source: str) -> bool:
    """Whether a source is to be fetched: an arXiv id or an address, and no file of that name is here."""
    return (arxiv_id(source) is not None or source.startswith(("https://", "http://"))) and not os.path.lexists(source)


def fetched(source: str, door: "Door") -> Dossier:
    """The dossier of a paper on the network; the paper itself stands among the dossier's with what was tried to get it."""
    from claimcheck.references import sought
    from claimcheck.sources.faults import Fault, SourceFault

    (wanted,) = sought([source], door)
    if wanted.fault is not None and wanted.fault.fault is Fault.NOT_FOUND:
        raise wanted.fault
    outcome = obtained(wanted, door)
    if outcome.found is None:
        last, tried = outcome.last, [attempt.format for attempt in outcome.attempts if attempt.format]
        detail = f"{source}: {last.detail}" + (f" (tried {', '.join(tried)})" if tried[1:] else "")
        raise SourceFault(Fault(last.fault), detail) if last.state == "not_retrieved" else Unreadable(last.fault, detail)
    found = outcome.found
    dossier = assemble(found.document, found.content, recognise(found.document), role="paper", path=os.fspath(found.path))
    return dossier.model_copy(update={"papers": (paper(wanted, outcome, "subject"),), "title": dossier.title or wanted.work.title})


def obtained(wanted: "Sought", door: "Door") -> "Outcome":
    """How seeking a work ended. A work of which only an address is known is whatever paper is there."""
    from claimcheck.retrieve import retrieve, visit

    work = wanted.work
    if not (work.arxiv or work.pdf or work.path) and work.url == wanted.name:
        return visit(wanted.name, door)
    return retrieve(work, wanted.name, door)


def cited(dossier: Dossier, door: "Door", most: int, shown: Shown = quietly) -> Dossier:
    """The dossier with the papers that its document cites, the first `most` of them, and what each of them claims and scores."""
    from claimcheck.references import sought

    kept = tuple(known for known in dossier.papers if known.role != "cited")
    papers = []
    for number, wanted in enumerate(sought(dossier.references[:most], door), 1):
        shown(f"[{number}/{min(most, len(dossier.references))}] {wanted.name}")
        outcome = obtained(wanted, door) if known_of(wanted) else None
        papers.append(titled(paper(wanted, outcome, "cited"), dossier.papers))
    return dossier.model_copy(update={"papers": (*kept, *papers)})


def titled(sought: Paper, earlier: Iterable[Paper]) -> Paper:
    """A paper with the title it had before, where nobody could be asked for it now."""
    known = next((paper for paper in earlier if paper.cited_as == sought.cited_as and paper.title), None)
    if sought.title or known is None:
        return sought
    return sought.model_copy(update={"title": known.title, "authors": known.authors, "date": known.date})


def known_of(wanted: "Sought") -> bool:
    """Whether enough is known of a work to fetch it."""
    work = wanted.work
    missing = wanted.fault is not None and wanted.fault.fault == "not_found"
    return not missing and bool(work.arxiv or work.pdf or work.path or work.doi or work.url)


def answered(dossier: Dossier, door: "Door", most: int, shown: Shown = quietly) -> Dossier:
    """The dossier of a search with the works it kept, the `most` best, each fetched and read, and the claims of all of them."""
    from claimcheck.references import Sought, located
    from claimcheck.search import narrowed

    assert dossier.search is not None
    log = narrowed(dossier.search, most)
    kept = [work for work in log.works if not work.excluded]
    papers: list[Paper] = []
    claims: list[Claim] = []
    for number, work in enumerate(kept, 1):
        shown(f"[{number}/{len(kept)}] {name_of(work)}")
        wanted = Sought(name_of(work), located(work, door), newest=work.version)
        read_one = paper(wanted, obtained(wanted, door), "found")
        papers.append(read_one.model_copy(update={"claims": (), "cited_as": read_one.id}))
        claims += [claim.model_copy(update={"number": len(claims) + at}) for at, claim in enumerate(read_one.claims, 1)]
    log = log.model_copy(update={"flow": flowed(log, papers, {claim.where.document for claim in claims})})
    recall = Recall.of_all(known.recall for known in papers)
    made: dict[str, Any] = {"papers": tuple(papers), "references": tuple(known.id for known in papers), "claims": tuple(claims)}
    return dossier.model_copy(update=made | {"search": log, "recall": recall})


def of_search(log: SearchLog) -> Dossier:
    """The dossier of a question before any paper was fetched."""
    title = " ".join(log.question.split())
    return Dossier(paper="a search of the literature", title=title, question=title, search=log, tool=f"claimcheck {__version__}")


def name_of(work: Work) -> str:
    """What locations in a found work call it."""
    if work.path:
        return Path(work.path).name
    return f"arxiv:{work.arxiv}{work.version}" if work.arxiv else f"doi:{work.doi}" if work.doi else work.url


def flowed(log: SearchLog, papers: Iterable[Paper], claiming: set[str]) -> Flow:
    """The rest of the flow: what was sought, what of it came, what was in it."""
    papers = list(papers)
    got = [known for known in papers if known.state != "not_retrieved"]
    left = [
        f"unreadable ({known.fault.replace('_', ' ')})" if known.state == "unreadable" else NO_CLAIMS
        for known in got
        if known.id not in claiming
    ]
    return log.flow.model_copy(
        update={
            "sought": len(papers),
            "not_retrieved": Exclusion.counted(known.fault.replace("_", " ") for known in papers if known.state == "not_retrieved"),
            "assessed": len(got),
            "excluded_after": Exclusion.counted(left),
            "included": len(got) - len(left),
        }
    )


def paper(wanted: "Sought", outcome: "Outcome | None", role: Literal["subject", "cited", "found"]) -> Paper:
    """What became of a work that was sought, and what was read in it."""
    work, found = wanted.work, outcome.found if outcome else None
    said: dict[str, Any] = {"title": work.title, "authors": work.authors, "date": work.date, "url": work.url, "retracted": work.retracted}
    said |= {"id": wanted.name, "role": role, "cited_as": wanted.cited_as if role == "cited" else ""}
    if outcome is None:
        fault = wanted.fault
        return Paper(**said, state="not_retrieved", fault=fault.fault if fault else "not_found", detail=str(fault or ""))
    said["attempts"] = outcome.attempts
    if found is None:
        last = outcome.last
        return Paper(**said, state=last.state, fault=last.fault, detail=last.detail)
    document = found.document
    said |= {"id": document.id, "title": work.title or document.title, "format": document.format, "version": document.version}
    said |= {"newest": wanted.newest if document.version and wanted.newest != document.version else "", "flags": document.flags}
    said |= {"sha256": hashlib.sha256(found.content).hexdigest(), "size": len(found.content), "fetched_at": found.fetched_at}
    read_in_it = {} if role == "subject" else contents(document, released=role == "found")
    return Paper(**said, state="read", **read_in_it)


def contents(document: Document, *, released: bool) -> dict[str, Any]:
    """Claims and results of a document, and with `released` what the study of that paper knows besides."""
    study = recognise(document)
    dossier = assemble(document, b"", study, role="paper")
    own = {name: getattr(dossier, name) for name in ("claims", "recall", "results", "tables", "lexicon", "study")}
    if not released:
        return own | {"results": tuple(result for result in dossier.results if result.origin == "paper")}
    return own | {name: getattr(dossier, name) for name in ("deviations", "arms", "stand_ins")}


def release(dossier: Dossier, place: str, door: "Door") -> Dossier:
    """The dossier with the results in released files: a file, a folder, a repository's archive, or the https address of one."""
    from claimcheck.releases import released

    found, sources = released(place, dossier.lexicon, door)
    known = {(result.where, result.score) for result in dossier.results}
    new = tuple(result for result in found if (result.where, result.score) not in known)
    named = {(source.name, source.sha256) for source in dossier.sources}
    added = tuple(source for source in sources if (source.name, source.sha256) not in named)
    return dossier.model_copy(update={"results": (*dossier.results, *new), "sources": (*dossier.sources, *added)})


def losses(dossier: Dossier) -> list[str]:
    """What could not be fetched or read, a line each, and what is to be known of what was."""
    lines = [account.detail for account in dossier.search.databases if account.detail] if dossier.search else []
    for known in dossier.papers:
        name = known.title or known.id
        if known.state != "read" and (known.fault or known.attempts):  # else nobody asked for it yet
            lines.append(f"{known.id}: {known.state.replace('_', ' ')}: {known.detail}")
        if known.retracted:
            lines.append(f"{known.id}: retracted or withdrawn: {name}")
        if known.newest:
            lines.append(f"{known.id}: arXiv has a newer version, {known.newest}")
    return lines


def fetch(source: str) -> tuple[str, bytes]:
    """A name and the bytes of a source on this machine."""
    if source == "-" and sys.stdin is None:
        raise Unreadable("not_found", "standard input is closed; give a path")
    if source == "-":
        return "standard input", bounded("standard input", sys.stdin.buffer.read(BIGGEST + 1))
    path = Path(source)
    if is_remote(source):
        raise Unreadable("not_fetched", f"{source}: there is no door to the network here; save the paper and give its path")
    if not source:
        raise Unreadable("not_found", "an empty name; give a path, '-', or nothing for the bundled study")
    if os.path.isdir(source):
        raise Unreadable("directory", f"{source}: a folder, not a paper; name the file in it")
    try:
        with path.open("rb") as file:
            return printable(path.name if path.is_file() else source), bounded(source, file.read(BIGGEST + 1))
    except FileNotFoundError:
        raise Unreadable("not_found", f"{source}: {nothing_there(source)}") from None
    except OSError as error:
        raise Unreadable("unreadable", f"{source}: cannot be read ({error.strerror}); check its permissions") from None


def nothing_there(source: str) -> str:
    """Why a source that is no file is not one, and what to give."""
    scheme, colon, rest = source.partition(":")
    if colon and rest.startswith("//"):
        return f"papers are fetched by https:// alone, not by {scheme}://; give that address, or save the paper and give its path"
    if scheme.casefold() == "arxiv":
        return "no arXiv identifier; they look like arxiv:2605.17165 or arxiv:hep-th/9901001"
    if scheme.casefold() == "doi":
        return "a DOI leads to a publisher's page and not to the paper; give the arXiv identifier, an address, or the file"
    return "no such file; give a path, '-', or nothing for the bundled study"


def bounded(source: str, content: bytes) -> bytes:
    if len(content) > BIGGEST:
        raise Unreadable("too_big", f"{source}: larger than {BIGGEST // 2**20} MiB; give the paper's text, not its data")
    return content


def from_study(study: Study) -> Dossier:
    """The dossier of a bundled study's own synopsis."""
    content = study.synopsis.read_bytes()
    return assemble(read(content, study.synopsis.name), content, study, role="synopsis")


def assemble(document: Document, content: bytes, study: Study | None, role: str, path: str = "") -> Dossier:
    """Extract a document's claims and put them together with what its study knows, if there is one."""
    lexicon = study.lexicon if study else Lexicon()
    extracted = extract(document, lexicon)
    dossier = Dossier(
        paper=study.paper if study else document.id,
        title=extracted.title or document.title,
        question=extracted.question,
        sources=(source_of(document.id, content, role, path),),
        sayings=extracted.sayings,
        disclosures=extracted.disclosures,
        tests=extracted.tests,
        references=extracted.references,
        lexicon=lexicon,
        claims=claims(extracted, study),
        recall=extracted.recall,
        results=extracted.results,
        tables=tuple(table for table in document.tables if is_numeric(table)),
        tool=f"claimcheck {__version__}",
    )
    return dossier if study is None else with_study(dossier, study)


def claims(extracted: Extraction, study: Study | None) -> tuple[Claim, ...]:
    """The claims as extracted, with what the study knows of their unsaid fields."""
    if study is None:
        return extracted.claims
    return tuple(c.model_copy(update={"assertions": tuple(map(study.complete, c.assertions))}) for c in extracted.claims)


def with_study(dossier: Dossier, study: Study) -> Dossier:
    """The dossier with a study's released results, deviations and experiments."""
    files = [(study.released, "released results"), (study.folder / "deviations.toml", "deviations")]
    sources = []
    for path, role in files:
        sources.append(source_of(path.name, path.read_bytes(), role))
    return dossier.model_copy(
        update={
            "study": study.name,
            "sources": (*dossier.sources, *sources),
            "results": (*dossier.results, *study.results()),
            "deviations": study.deviations(),
            "arms": study.arms,
            "stand_ins": study.stand_ins,
            "papers": study.cited(dossier.references),
        }
    )


def study_of(dossier: Dossier) -> Study | None:
    """The bundled study that a dossier belongs to."""
    return STUDIES.get(dossier.study)
