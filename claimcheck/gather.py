"""Make a dossier of a source: read it, extract its claims, and add what the study of that paper knows."""

import hashlib
import os
import re
import sys
from pathlib import Path

from claimcheck import __version__
from claimcheck.document import Document, Unreadable
from claimcheck.dossier import Claim, Dossier, Lexicon, Source
from claimcheck.extract import Extraction, extract
from claimcheck.readers import read
from claimcheck.studies import BUNDLED, STUDIES, recognise
from claimcheck.studies.study import Study

ARXIV_ID = re.compile(r"(arxiv:)?(\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?)", re.IGNORECASE)

BIGGEST = 100 * 2**20
"""Bytes of a source file; more is not a paper."""


def gather(source: str | None) -> Dossier:
    """The dossier of SOURCE: a path, `-` for standard input, or None for the bundled study.

    Raises Unreadable for what cannot be read, or cannot be read yet.
    """
    if source is None:
        return from_study(BUNDLED)
    name, content = fetch(source)
    document = read(content, name)
    return assemble(document, content, recognise(document), role="paper", path="" if source == "-" else source)


def fetch(source: str) -> tuple[str, bytes]:
    """A name and the bytes of a source."""
    if source == "-" and sys.stdin is None:
        raise Unreadable("not_found", "standard input is closed; give a path")
    if source == "-":
        return "standard input", bounded("standard input", sys.stdin.buffer.read(BIGGEST + 1))
    path = Path(source)
    if (ARXIV_ID.fullmatch(source) or source.startswith(("https://", "http://"))) and not os.path.lexists(path):
        raise Unreadable("not_yet", f"{source}: papers cannot be fetched yet; save the paper and give its path")
    if not source or os.path.isdir(source):
        raise Unreadable("directory", f"{source or 'an empty name'}: a folder, not a paper; name the file in it")
    try:
        with path.open("rb") as file:
            return path.name, bounded(source, file.read(BIGGEST + 1))
    except FileNotFoundError:
        raise Unreadable("not_found", f"{source}: no such file; give a path, '-', or nothing for the bundled study") from None
    except OSError as error:
        raise Unreadable("unreadable", f"{source}: cannot be read ({error.strerror}); check its permissions") from None


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
        sources=(Source(name=document.id, sha256=hashlib.sha256(content).hexdigest(), size=len(content), role=role, path=path),),
        sayings=extracted.sayings,
        disclosures=extracted.disclosures,
        references=extracted.references,
        lexicon=lexicon,
        claims=claims(extracted, study),
        results=extracted.results,
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
        content = path.read_bytes()
        sources.append(Source(name=path.name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), role=role))
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
