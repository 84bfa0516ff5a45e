"""Does the leaderboard of a paper's results come out of its tables? AxCell's annotations, its entries given as a taxonomy.

The data are `pwc-leaderboards.json` and `latex.tar.xz` (one .tex a paper, inline mathematics already removed from it, and the numbers
in it too: about a sixth of the gold scores stand in no cell).
"""

import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimcheck.benchmarks import cells
from claimcheck.benchmarks.cells import canonical
from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Document
from claimcheck.dossier import Lexicon
from claimcheck.extract.leaderboards import spelling
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.linking import link
from claimcheck.extract.taxonomy import Taxonomy, Triple
from claimcheck.readers import latex

Tuples = set[tuple[str, str, str, str]]
"""Task, dataset, metric and score."""

Gold = dict[str, dict[str, Any]]
"""By paper, its annotation."""


@dataclass
class Counts:
    """Tuples of one set of papers."""

    papers: int = 0
    gold: int = 0
    found: int = 0
    right: int = 0
    summed: float = 0.0
    """F1 of the papers."""

    def add(self, gold: Tuples, found: Tuples) -> None:
        right = len(gold & found)
        self.papers += 1
        self.gold += len(gold)
        self.found += len(found)
        self.right += right
        self.summed += 2 * right / max(1, len(gold) + len(found))

    def figures(self, suffix: str) -> dict[str, float]:
        return {
            f"tdms_micro_f1{suffix}": 2 * self.right / max(1, self.gold + self.found),
            f"tdms_macro_f1{suffix}": self.summed / max(1, self.papers),
            f"tdms_precision{suffix}": self.right / max(1, self.found),
            f"tdms_recall{suffix}": self.right / max(1, self.gold),
        }


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Papers with LaTeX, and F1 over all of them, over the developed two thirds and over the held-out third; also the cells' headers."""
    gold = leaderboards(data)
    entries = Taxonomy(taxonomy(gold), field())
    counts = {"": Counts(), "_developed": Counts(), "_held_out": Counts()}
    hits = cells.Counts()
    written = spelling()
    for paper, source, document in documents(data, gold):
        found = {
            (*linked.triple, canonical(str(written.value(linked.entered.value.value, linked.triple.metric, linked.triple.task))))
            for linked in link(document, entries)
        }
        for suffix in ("", "_held_out" if held_out(paper) else "_developed"):
            counts[suffix].add(tuples(gold[paper]), found)
        hits.add(cells.count(paper, gold[paper], source, document))
    metrics = {"gold": float(counts[""].gold), **cells.figures("", hits)}
    for suffix, count in counts.items():
        metrics |= count.figures(suffix)
    return counts[""].papers, metrics


def leaderboards(data: Path) -> Gold:
    return {paper["arxiv_id"]: paper for paper in json.loads((data / "pwc-leaderboards.json").read_text(encoding="utf-8"))}


def records(paper: dict[str, Any]) -> Iterator[dict[str, str]]:
    for table in paper["tables"]:
        yield from table["records"]


def taxonomy(gold: Gold) -> Iterable[Triple]:
    """Every leaderboard of the file."""
    return (Triple(r["task"], r["dataset"], r["metric"]) for paper in gold.values() for r in records(paper))


def tuples(paper: dict[str, Any]) -> Tuples:
    """A paper's annotation; names that differ by white space around them alone are one, and so are `85.20` and `85.2`."""
    return {(r["task"].strip(), r["dataset"].strip(), r["metric"].strip(), canonical(r["value"])) for r in records(paper)}


def field() -> Vocabulary:
    return Vocabulary(Lexicon())


def documents(data: Path, gold: Gold) -> Iterator[tuple[str, bytes, Document]]:
    """Each annotated paper that has LaTeX: its id, its source, and that read."""
    with tarfile.open(data / "latex.tar.xz") as archive:
        for member in archive:
            paper = Path(member.name).stem
            file = archive.extractfile(member) if member.isfile() and paper in gold else None
            if file is not None:
                source = file.read()
                yield paper, source, latex.read(source, f"{paper}.tex")
