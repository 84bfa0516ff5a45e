"""One paper from the best place that has it: LaTeX source, then HTML, then PDF; every place tried is on record.

What a place sends is read before it counts: a login page in place of a PDF, a source archive that holds none, a scan without text are each
an outcome with a name, and the next place is tried.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claimcheck.document import Document, Unreadable
from claimcheck.dossier import Attempt, Work
from claimcheck.ids import arxiv_id
from claimcheck.readers import archive, load, read
from claimcheck.sources import arxiv
from claimcheck.sources.cache import Answer
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import DAY, DOCUMENT_LIMIT, FOREVER, Door

log = logging.getLogger(__name__)

FORMATS = {"latex": ("latex", "pdf", "html"), "html": ("html",), "pdf": ("pdf",), "page": ("html", "pdf", "latex", "text", "markdown")}
"""What a place may turn out to hold. arXiv sends the PDF as the source of a paper that was submitted as one."""

_MARKS = {"latex": b"ltx_document", "html": b"ltx_"}
"""What arXiv's own HTML of a paper has in it, and a page that says why there is none has not (LaTeXML's class names)."""

LEAST_SENTENCES = 3
"""A page with fewer says that there is no paper."""

TRANSIENT = frozenset(
    {Fault.UNREACHABLE, Fault.TIMEOUT, Fault.TRUNCATED, Fault.UNAVAILABLE, Fault.BUDGET_EXHAUSTED, Fault.BLOCKED, Fault.OFFLINE}
)
"""Faults of the way, not of the paper: it may be there another time."""


@dataclass(frozen=True)
class Retrieved:
    """A paper that was fetched and read."""

    document: Document
    content: bytes
    fetched_at: str
    path: Path
    """Where its bytes lie on this machine."""


@dataclass(frozen=True)
class Outcome:
    """How seeking a paper ended."""

    attempts: tuple[Attempt, ...]
    found: Retrieved | None = None

    @property
    def last(self) -> Attempt:
        """The attempt that says best how it ended: the one that was read, else the first fault of the way, else the last."""
        passing = (attempt for attempt in self.attempts if attempt.fault in TRANSIENT)
        return self.attempts[-1] if self.found else next(passing, self.attempts[-1])


def places(work: Work) -> tuple[tuple[str, str], ...]:
    """Format and address of every place where a work is known to lie, the best first: arXiv, then an open copy elsewhere."""
    known = arxiv.places(work.arxiv, work.version) if work.arxiv else ()
    copies = [url for url in (work.pdf,) if url and arxiv_id(url) is None]
    return (*known, *(("pdf", url) for url in copies))


def retrieve(work: Work, name: str, door: Door) -> Outcome:
    """Fetch and read a work. `name` is what locations in it call it; a version that only the answer tells is added to it."""
    if work.path:
        return _local(work, name)
    outcome = _first(places(work), name, door)
    if outcome.attempts:
        return outcome
    why = "no database knows an open copy; give the paper itself to claimcheck extract"
    none = Attempt(format="", url=work.url, state="not_retrieved", fault=Fault.NO_OPEN_COPY, detail=f"{name}: {why}")
    return Outcome((none,))


def _first(found_at: Sequence[tuple[str, str]], name: str, door: Door) -> Outcome:
    """The first of several places that holds a paper that can be read."""
    attempts: list[Attempt] = []
    for format, url in found_at:
        try:
            found = _tried(format, url, name, door)
        except SourceFault as fault:
            attempts.append(Attempt(format=format, url=url, state="not_retrieved", fault=fault.fault, detail=str(fault)))
        except Unreadable as error:
            attempts.append(Attempt(format=format, url=url, state="unreadable", fault=error.reason, detail=str(error)))
        else:
            attempts.append(Attempt(format=found.document.format, url=url, state="read"))
            return Outcome(tuple(attempts), found)
    return Outcome(tuple(attempts))


def visit(url: str, door: Door) -> Outcome:
    """Fetch and read whatever paper is at an address."""
    return _first([("page", url)], url, door)


def _tried(format: str, url: str, name: str, door: Door) -> Retrieved:
    asked = arxiv_id(name)
    fresh = FOREVER if asked and asked[1] else DAY  # a version never changes
    answer = door.fetch(url, limit=DOCUMENT_LIMIT, fresh=fresh, accept="application/pdf, text/html, application/gzip, */*;q=0.5")
    content = answer.content()
    named = versioned(name, answer)
    document = fit(understood(content, named), format, named)
    if document.format == "html" and format in _MARKS and _MARKS[format] not in content and not archive.recognises(content):
        raise Unreadable("another_format", f"{named}: a web page came in place of the paper")
    return Retrieved(document, content, answer.fetched_at, answer.path)


def versioned(name: str, answer: Answer) -> str:
    """An arXiv name with the version that was sent, where the name asked for none."""
    asked = arxiv_id(name)
    if asked is None or asked[1]:
        return name
    sent = arxiv_id(answer.final_url)
    return name + ((sent and sent[1]) or archive.version(answer.file_name))


def understood(content: bytes, name: str) -> Document:
    """The Document in what was sent. Raises Unreadable, for a reader that breaks too: one paper must not end the work on others."""
    try:
        document = read(content, name)
    except Unreadable as error:
        raise error if name in str(error) else Unreadable(error.reason, f"{name}: {error}") from None
    except Exception as error:
        log.exception("reading %s", name)
        raise Unreadable("reader_failed", f"{name}: the reader broke on it ({type(error).__name__}: {error})") from None
    found = arxiv_id(name)
    return document.model_copy(update={"id": name, "version": found[1] if found and found[1] else document.version})


def fit(document: Document, format: str, name: str) -> Document:
    """The document, if it is a paper in a format that its place may hold."""
    if document.format not in FORMATS[format]:
        raise Unreadable(
            "another_format", f"{name}: a {document.format} file came where {format} was due; a web page in place of the paper"
        )
    if "no_text_layer" in document.flags:
        raise Unreadable("no_text_layer", f"{name}: a scan without text")
    if sum(1 for _, _ in zip(document.sentences(), range(LEAST_SENTENCES), strict=False)) < LEAST_SENTENCES:
        raise Unreadable("no_text", f"{name}: what came holds no text of a paper")
    return document


def _local(work: Work, name: str) -> Outcome:
    path = Path(work.path)
    try:
        content = load(path)
        document = fit(understood(content, name or path.name), "page", name)
    except Unreadable as error:
        return Outcome((Attempt(format=path.suffix.lstrip("."), url=work.path, state="unreadable", fault=error.reason, detail=str(error)),))
    return Outcome((Attempt(format=document.format, url=work.path, state="read"),), Retrieved(document, content, "", path))
