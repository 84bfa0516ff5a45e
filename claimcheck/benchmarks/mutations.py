"""Are planted errors found, and true claims left alone? Claims made from the tables of real papers, by the product's whole path.

Each sentence is put into a claims section of the paper it speaks of, extracted, bound, verified and judged like any other. The data
are the LaTeX of `axcell` and `sota_latex` and the tables of `arxiveri`, in their folders or in one of them. A verdict here is that on
the claim's numbers: what is concluded from them needs more than a paper's tables. `*_held_out` is over the third of the papers that
no rule was developed on.
"""

import json
import random
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path

from claimcheck.benchmarks.heldout import held_out
from claimcheck.benchmarks.plain_tables import columns
from claimcheck.benchmarks.planted import Planted, claims
from claimcheck.document import Document, Location, Section, Sentence, Unreadable
from claimcheck.dossier import Claim, Dossier, Lexicon, Quantity, Result, Value, Verdict
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.gather import assemble
from claimcheck.judge import check
from claimcheck.readers import html, latex

MOST_OF_A_KIND = 2
"""Claims of one kind from one paper."""

AXCELL = "axcell/latex.tar.xz"
SOTA = "sota_latex/validation"
ARXIVERI = "arxiveri/target_papers"


@dataclass(frozen=True)
class Trial:
    """One claim judged: what was planted, whether in this twin, and what came of it."""

    paper: str
    planted: Planted
    wrong: bool
    claim: Claim

    @property
    def verdict(self) -> Verdict:
        return self.claim.numbers or Verdict.INCONCLUSIVE


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Pairs of a true claim and its twin with an error, and how they were judged, over all papers and over those held out."""
    done = list(trials(data))
    if not done:
        raise FileNotFoundError(2, "no papers", str(data / AXCELL))
    figures = {"papers": float(len({t.paper for t in done})), **scores(done, "")}
    for name, chosen in (("_developed", False), ("_held_out", True)):
        figures |= scores([t for t in done if held_out(t.paper) is chosen], name)
    for kind in dict.fromkeys(t.planted.kind for t in done):
        wrong = [t for t in done if t.planted.kind == kind and t.wrong]
        figures[f"found_{kind}"] = share(wrong, Verdict.REFUTED)
    return len(done) // 2, figures


def scores(done: Sequence[Trial], suffix: str) -> dict[str, float]:
    wrong, true = [t for t in done if t.wrong], [t for t in done if not t.wrong]
    said = {verdict: [t.wrong for t in done if t.verdict is verdict] for verdict in Verdict}
    refuted, verified = said[Verdict.REFUTED], said[Verdict.VERIFIED]
    return {
        f"pairs{suffix}": float(len(wrong)),
        f"refuted_precision{suffix}": sum(refuted) / max(1, len(refuted)),
        f"verified_precision{suffix}": 1 - sum(verified) / max(1, len(verified)),
        f"planted_found{suffix}": share(wrong, Verdict.REFUTED),
        f"twins_verified{suffix}": share(true, Verdict.VERIFIED),
        f"twins_refuted{suffix}": share(true, Verdict.REFUTED),
    }


def share(done: Sequence[Trial], verdict: Verdict) -> float:
    return sum(t.verdict is verdict for t in done) / max(1, len(done))


def trials(data: Path) -> Iterator[Trial]:
    """Every claim and its twin, judged, paper by paper."""
    vocabulary = Vocabulary(Lexicon())
    for paper, document in papers(data):
        found = columns(document, vocabulary)
        if found:
            yield from judged(paper, document, list(claims(found, random.Random(paper), MOST_OF_A_KIND)))


def judged(paper: str, document: Document, made: Sequence[Planted]) -> Iterator[Trial]:
    """Claims that need no table of their own share one dossier; errors in the evidence get a paper with just those cells changed."""
    plain = [(p, wrong) for p in made for wrong in (False, True) if not (wrong and p.cells)]
    dossier = dossier_of(document, [p.false if wrong else p.true for p, wrong in plain])
    for (p, wrong), claim in zip(plain, dossier.claims, strict=True):  # each by itself: a false twin must not speak of the others
        yield trial(paper, p, wrong, dossier.model_copy(update={"claims": (claim,)}))
    for p in made:
        if p.cells:
            yield trial(paper, p, True, dossier_of(changed(document, p), [p.false]))


def trial(paper: str, p: Planted, wrong: bool, dossier: Dossier) -> Trial:
    return Trial(paper, p, wrong, check(with_seeds(dossier, p)).claims[0])


def dossier_of(document: Document, sentences: Sequence[str]) -> Dossier:
    """What the product makes of the paper with a claims section that lists these sentences."""
    items = tuple(Sentence(text=s, where=Location(document=document.id, detail=f"item {n}")) for n, s in enumerate(sentences, 1))
    own = document.model_copy(update={"sections": (*document.sections, Section(title="Claims", sentences=items))})
    return assemble(own, b"", None, "paper")


def with_seeds(dossier: Dossier, p: Planted) -> Dossier:
    """The dossier with the release that a claim of a mean rests on: one record a seed, beside the paper's own tables."""
    told = dossier.claims[0].assertions
    stated = told[0] if told and isinstance(told[0], Value) else None
    added = [seed(p, stated, number, score) for number, score in enumerate(p.seeds, 1)]
    return dossier.model_copy(update={"results": (*dossier.results, *added)})


def seed(p: Planted, stated: Value | None, number: int, score: Decimal) -> Result:
    """One seed's record, its names spelled as the claim's are: how a release spells them is not what is measured."""
    return Result(
        method=stated.method if stated else p.method,
        dataset=stated.dataset if stated else p.column.dataset,
        metric=stated.metric if stated else p.column.metric,
        score=Quantity(value=score, unit=stated.unit if stated else ""),
        where=Location(document="released.csv", line=number + 1, detail=f"{p.method} on {p.column.dataset}"),
        origin="release",
        run=f"{p.method}/seed{number}",
        settings={"seed": str(number)},
    )


def changed(document: Document, p: Planted) -> Document:
    """The paper with other numbers in some cells of the claim's column."""
    printed = dict(p.cells)
    table = document.tables[p.column.table]
    cells = tuple(
        cell.model_copy(update={"text": str(printed[cell.row])}) if cell.column == p.column.column and cell.row in printed else cell
        for cell in table.cells
    )
    tables = (table.model_copy(update={"cells": cells}) if found is table else found for found in document.tables)
    return document.model_copy(update={"tables": tuple(tables)})


def papers(data: Path) -> Iterator[tuple[str, Document]]:
    """Every paper of the sets that can be read, by its id."""
    for name, source in sources(data):
        try:
            yield name, latex.read(source, f"{name}.tex")
        except Unreadable:
            continue
    for name, page in pages(data):
        yield name, html.read(page, f"{name}.html")


def sources(data: Path) -> Iterator[tuple[str, bytes]]:
    archive = next((p for p in (data / AXCELL, data / Path(AXCELL).name) if p.is_file()), None)
    if archive is not None:
        with tarfile.open(archive) as files:
            for member in files:
                file = files.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield Path(member.name).stem, file.read()
    folder = next((p for p in (data / SOTA, data / Path(SOTA).name) if p.is_dir()), data)
    for path in sorted(folder.glob("*/*.tex")):
        yield path.stem, path.read_bytes()


def pages(data: Path, kind: str = ARXIVERI) -> Iterator[tuple[str, bytes]]:
    """The tables of arXiVeri's target papers as one page a paper; of the text only the abstract is at hand."""
    folder = next((p for p in (data / kind, data / Path(kind).name) if p.is_dir()), None)
    for path in sorted(folder.glob("*.json")) if folder is not None else []:
        paper = json.loads(path.read_text())
        tables = (
            t["table"].replace("<table>", f"<table><caption>{escape(t['caption'])}</caption>", 1)
            for t in paper["list_table_and_caption"]
            if t  # a table that could not be had is an empty list
        )
        body = f"<h1>{escape(paper['title'])}</h1><p>{escape(paper['abstract'])}</p>{''.join(tables)}"
        yield path.stem, f"<!DOCTYPE html><html><body>{body}</body></html>".encode()
