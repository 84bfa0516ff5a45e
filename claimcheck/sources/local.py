"""A folder of papers on this machine, searched by their text. Nothing is fetched."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from claimcheck import readers
from claimcheck.document import Document, Unreadable
from claimcheck.dossier import Work
from claimcheck.ids import arxiv_id
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door
from claimcheck.sources.source import Page, Query, Sent

NAME = "local folder"
SUFFIXES = (".pdf", ".tex", ".html", ".htm", ".md", ".txt", ".tar", ".tgz", ".gz", ".zip")
MOST = 2_000
"""Files looked at; a larger folder is named as such."""

_ABSTRACT = 12
"""Sentences that stand for an abstract."""


def platform(query: Query) -> str:
    return str(query.folder or "")


def sent(query: Query) -> Sent:
    return Sent(" OR ".join(query.words))


def search(query: Query, door: Door) -> Iterator[Page]:
    """One page: the papers that hold most of the words. What cannot be read is counted as dropped."""
    folder = query.folder
    if folder is None or not folder.is_dir():
        raise SourceFault(Fault.NOT_FOUND, f"{folder or 'no folder'}: no such folder; name one with --local")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink())
    if len(paths) > MOST:
        raise SourceFault(Fault.TOO_BIG, f"{folder}: {len(paths):,} papers, more than the {MOST:,} that are looked at; name a part of it")
    patterns = [re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE) for word in query.words]
    scored, dropped = [], 0
    for path in paths:
        try:
            document = readers.read(path)
        except Unreadable:
            dropped += 1
            continue
        text = " ".join([document.title, *(sentence.text for sentence in document.sentences())])
        if hits := sum(bool(pattern.search(text)) for pattern in patterns):
            scored.append((-hits, os.fspath(path), _work(document, path)))
    scored.sort(key=lambda entry: entry[:2])
    yield Page(tuple(work for *_, work in scored[: query.limit]), len(scored), door.stamp(f"local:{folder}:{sent(query).query}"), dropped)


def _work(document: Document, path: Path) -> Work:
    bare = re.sub(r"(\.tar)?\.\w+$", "", path.name).replace("_", "/", 1)
    found = arxiv_id(bare) or arxiv_id(path.stem)
    sentences = [sentence.text for sentence, _ in zip(document.sentences(), range(_ABSTRACT), strict=False)]
    return Work(
        title=document.title or path.stem,
        arxiv=found[0] if found else "",
        url=os.fspath(path),
        path=os.fspath(path),
        abstract=" ".join(sentences),
        databases=(NAME,),
    )
