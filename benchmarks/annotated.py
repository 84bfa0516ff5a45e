"""The annotated sentences that extraction's weights are fitted on, each as the rules read it: no held-out paper is among them."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claimcheck.benchmarks import mutations, prose, scitab
from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Document, Location, Section, Sentence
from claimcheck.dossier import Lexicon
from claimcheck.extract.assertions import Read, read_sentence
from claimcheck.extract.cells import Cells
from claimcheck.extract.lexicon import Entry, Vocabulary
from claimcheck.extract.names import document_entries
from claimcheck.extract.ours import own_method, resolved
from claimcheck.extract.tables import results
from claimcheck.readers import html

TRAINING = Path(__file__).with_name("prose_training.toml")
WRITTEN = Path(__file__).with_name("prose_written.toml")
"""Sentences of papers that do not exist, written to be learned from, each paper with the names that its tables would print."""


@dataclass(frozen=True)
class Annotated:
    """One sentence: its row of the table, and what the rules made of it."""

    paper: dict[str, Any]
    row: dict[str, Any]
    read: Read
    vocabulary: Vocabulary
    developed: bool
    """True for a sentence of the table that the rules were developed on."""

    written: bool = False
    """True for a sentence of no real paper."""


def annotated(data: Path) -> Iterator[Annotated]:
    """Every annotated sentence of the papers that are not held out."""
    for file in (TRAINING, prose.FILE):
        for paper, document in prose.papers(data, file, only=stands_alone):
            yield from of_paper(paper, document, file == prose.FILE)
    rows = {row["path"]: row for row in prose.rows(TRAINING)}
    for path, document in (*abstracts(data), *table_claims(data)):
        if path in rows:
            yield from of_paper(rows[path], document, False)

    for paper in prose.rows(WRITTEN):
        yield from (replace(one, written=True) for one in of_paper(*invented(paper), False))


def invented(paper: dict[str, Any]) -> tuple[dict[str, Any], Document]:
    """A written paper with the digests of its sentences, as a document."""
    where = Location(document=paper["id"])
    sentences = tuple(Sentence(text=row["text"], where=where) for row in paper["sentence"])
    document = Document(id=paper["id"], format="text", title="", sections=(Section(title="", sentences=sentences),))
    rows = [{**row, "sha256": prose.fingerprint(row["text"])} for row in paper["sentence"]]
    return {**paper, "path": "", "sentence": rows}, document


def of_paper(paper: dict[str, Any], document: Document, developed: bool) -> Iterator[Annotated]:
    vocabulary = Vocabulary(Lexicon())
    printed = [Entry(kind, name, name, True) for kind in ("method", "dataset", "metric") for name in paper.get(f"{kind}s", ())]
    for entry in [*document_entries(document, vocabulary), *printed]:
        vocabulary.add(entry)
    cells = Cells.of(results(document, vocabulary))
    vocabulary.printed = cells.printed
    own = own_method(document.title, vocabulary)
    rows = {row["sha256"]: row for row in paper["sentence"]}
    for sentence in document.sentences():
        row = rows.pop(prose.fingerprint(sentence.text), None)
        if row is not None:
            read = resolved(read_sentence(sentence.text, vocabulary, truncated=sentence.truncated), own)
            yield Annotated(paper, row, cells.settle(read, sentence.text, vocabulary), vocabulary, developed)


def stands_alone(row: dict[str, Any]) -> bool:
    """Whether a row's paper is a file of its own, and not held out."""
    return row["path"].split("::")[0] not in ("abstract", "scitab") and not held_out(row["id"])


def abstracts(data: Path) -> Iterator[tuple[str, Document]]:
    """The papers of arXiVeri, of whose text only the abstract is at hand."""
    for folder in ("target_papers", "source_papers"):
        for name, page in mutations.pages(data, f"arxiveri/{folder}"):
            yield f"abstract::{name}", html.read(page, f"{name}.html")


def table_claims(data: Path) -> Iterator[tuple[str, Document]]:
    """The claims of SciTab, one document a paper."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads((data / "scitab" / "sci_tab.json").read_text(encoding="utf-8")):
        rows.setdefault(row["paper_id"], []).append(row)
    for paper, claims in rows.items():
        where = Location(document=paper)
        sentences = tuple(Sentence(text=scitab.plain(row["claim"]), where=where) for row in claims)
        tables = tuple(scitab.table(row) for row in {row["table_id"]: row for row in claims}.values())
        yield (
            f"scitab::{paper}",
            Document(id=paper, format="text", title=claims[0]["paper"], sections=(Section(title="", sentences=sentences),), tables=tables),
        )
