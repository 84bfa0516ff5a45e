"""Are planted errors found, and true claims left alone? Claims made from the tables of real papers, by the product's whole path.

Each sentence is put into a claims section of the paper it speaks of, extracted, bound, verified and judged like any other. The data
are the LaTeX of `axcell` and `sota_latex`, in their folders or in one of them. A verdict here is that on the claim's numbers: what is
concluded from them needs more than a paper's tables. `*_held_out` is over the third of the papers that no rule was developed on.
"""

import random
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from claimcheck.benchmarks.heldout import held_out
from claimcheck.benchmarks.plain_tables import columns
from claimcheck.benchmarks.planted import Planted, claims
from claimcheck.document import Document, Location, Section, Sentence, Table, Unreadable
from claimcheck.dossier import Claim, Dossier, Lexicon, Quantity, Result, Verdict
from claimcheck.extract import extract
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.judge import check
from claimcheck.readers import latex

MOST_OF_A_KIND = 2
"""Claims of one kind from one paper."""

AXCELL = "axcell/latex.tar.xz"
SOTA = "sota_latex/validation"


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
    """Claims that need no table of their own share one dossier; errors in the evidence get a paper with just those cells exchanged."""
    plain = [(p, wrong) for p in made for wrong in (False, True) if not (wrong and p.swap)]
    dossier = with_seeds(dossier_of(document, [p.false if wrong else p.true for p, wrong in plain]), [p for p, _ in plain])
    for (p, wrong), claim in zip(plain, dossier.claims, strict=True):  # each by itself: a false twin must not speak of the others
        yield Trial(paper, p, wrong, check(dossier.model_copy(update={"claims": (claim,)})).claims[0])
    for p in made:
        if p.swap is not None:
            changed = document.model_copy(update={"tables": exchanged(document.tables, p)})
            yield Trial(paper, p, True, check(dossier_of(changed, [p.false])).claims[0])


def dossier_of(document: Document, sentences: Sequence[str]) -> Dossier:
    """What the product makes of the paper with a claims section that lists these sentences."""
    items = tuple(Sentence(text=s, where=Location(document=document.id, detail=f"item {n}")) for n, s in enumerate(sentences, 1))
    own = document.model_copy(update={"sections": (*document.sections, Section(title="Claims", sentences=items))})
    extracted = extract(own)
    return Dossier(paper=document.id, claims=extracted.claims, results=extracted.results)


def with_seeds(dossier: Dossier, made: Sequence[Planted]) -> Dossier:
    """The dossier with the release that claims of a mean rest on: one record a seed, beside the paper's own tables."""
    added: dict[tuple[str, str, str, int], Result] = {}
    for p in made:
        printed = [r for r in dossier.results if r.method == p.method and r.dataset == p.column.dataset] if p.seeds else []
        for number, score in enumerate(p.seeds, 1):
            added |= {(p.method, p.column.dataset, p.column.metric, number): seed(p, printed, number, score)}
    return dossier.model_copy(update={"results": (*dossier.results, *added.values())})


def seed(p: Planted, printed: Sequence[Result], number: int, score: Decimal) -> Result:
    """One seed's record, its metric named as the paper's table names it."""
    metric = printed[0].metric if printed else p.column.metric
    where = Location(document="released.csv", line=number + 1, detail=f"{p.method} on {p.column.dataset}")
    run = f"{p.method}/seed{number}"
    quantity = Quantity(value=score)
    return Result(
        method=p.method, dataset=p.column.dataset, metric=metric, score=quantity, where=where, origin="release", run=run, settings={"seed": str(number)}
    )


def exchanged(tables: tuple[Table, ...], p: Planted) -> tuple[Table, ...]:
    """The tables with the texts of two cells of the claim's column exchanged."""
    table = tables[p.column.table]
    at = {cell.row: cell for cell in table.cells if cell.column == p.column.column and p.swap and cell.row in p.swap}
    one, other = at.values()
    texts = {id(one): other.text, id(other): one.text}
    cells = tuple(cell.model_copy(update={"text": texts[id(cell)]}) if id(cell) in texts else cell for cell in table.cells)
    changed = table.model_copy(update={"cells": cells})
    return tuple(changed if found is table else found for found in tables)


def papers(data: Path) -> Iterator[tuple[str, Document]]:
    """Every paper of both sets that can be read, by its id."""
    for name, source in sources(data):
        try:
            yield name, latex.read(source, f"{name}.tex")
        except Unreadable:
            continue


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
