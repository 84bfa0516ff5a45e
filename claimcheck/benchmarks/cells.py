"""Do the scores that people found in a paper's tables stand in ours? AxCell's leaderboard annotations against the LaTeX reader.

The data are `pwc-leaderboards.json` and `latex.tar.xz` (one .tex a paper, inline mathematics already removed from it).
"""

import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Cell, Document, Table
from claimcheck.readers import latex
from claimcheck.readers.grid import is_numeric

_NUMBER = re.compile(r"(?<![\d.])(?:\d{1,3}(?:[,\u2009]\d{3})+|\d+)?(?:\.\d+|(?<=\d)\.?)")


@dataclass
class Counts:
    """What one set of papers gave."""

    papers: int = 0
    tables: int = 0
    literal: int = 0
    found: int = 0
    named: int = 0
    missed: list[str] = field(default_factory=list)
    """`paper: value`, for whoever looks for the reason."""

    def add(self, other: "Counts") -> None:
        self.papers += other.papers
        self.tables += other.tables
        self.literal += other.literal
        self.found += other.found
        self.named += other.named
        self.missed += other.missed


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Papers, and recall over all, over those developed on and over those held out."""
    sets = {"developed": Counts(), "held_out": Counts()}
    for paper, counts in score(data):
        sets["held_out" if held_out(paper) else "developed"].add(counts)
    everything = Counts()
    for counts in sets.values():
        everything.add(counts)
    metrics = {"papers": float(everything.papers), "gold_literal": float(everything.literal), "tables": float(everything.tables)}
    metrics |= figures("", everything) | figures("_developed", sets["developed"]) | figures("_held_out", sets["held_out"])
    return everything.papers, metrics


def figures(suffix: str, counts: Counts) -> dict[str, float]:
    return {
        f"score_cell_recall{suffix}": counts.found / max(1, counts.literal),
        f"row_column_hit{suffix}": counts.named / max(1, counts.found),
    }


def score(data: Path) -> Iterator[tuple[str, Counts]]:
    """Each paper that has LaTeX, with its counts."""
    gold = {paper["arxiv_id"]: paper for paper in json.loads((data / "pwc-leaderboards.json").read_text())}
    with tarfile.open(data / "latex.tar.xz") as archive:
        for member in archive:
            paper = Path(member.name).stem
            file = archive.extractfile(member) if member.isfile() and paper in gold else None
            if file is not None:
                yield paper, score_paper(paper, gold[paper], file.read())


def score_paper(paper: str, gold: dict[str, list[dict[str, list[dict[str, str]]]]], source: bytes) -> Counts:
    """Count the paper's distinct gold scores that stand in its source, in a numeric cell, and in a cell so named."""
    return count(paper, gold, source, latex.read(source, f"{paper}.tex"))


def count(paper: str, gold: dict[str, list[dict[str, list[dict[str, str]]]]], source: bytes, document: Document) -> Counts:
    """The same, of a paper that has been read."""
    text = source.decode("utf-8", errors="replace")
    literal = {canonical(match.group()) for match in _NUMBER.finditer(text) if match.group()}
    cells = numeric_cells(document)
    counts = Counts(papers=1, tables=len(document.tables))
    records = {
        (record["task"], record["dataset"], record["metric"], canonical(record["value"])): record
        for table in gold["tables"]
        for record in table["records"]
    }
    for (_, _, _, value), record in records.items():
        if value not in literal:
            continue
        counts.literal += 1
        places = cells.get(value, [])
        if not places:
            counts.missed.append(f"{paper}: {record['value']}")
            continue
        counts.found += 1
        wanted = [normal(record[key]) for key in ("model", "dataset", "metric")]
        counts.named += any(names(table, cell, wanted) for table, cell in places)
    return counts


def numeric_cells(document: Document) -> dict[str, list[tuple[Table, Cell]]]:
    """Every number in a numeric cell, in canonical form, and where it stands."""
    found: dict[str, list[tuple[Table, Cell]]] = {}
    for table in document.tables:
        for cell in table.cells:
            if is_numeric(cell.text):
                for match in _NUMBER.finditer(cell.text):
                    if match.group():
                        found.setdefault(canonical(match.group()), []).append((table, cell))
    return found


def canonical(value: str) -> str:
    """A number's digits without sign, thousands separators, unit and trailing zeros: `85.20%` and `85.2` are one."""
    digits = re.sub(r"[^\d.]", "", value.replace(",", "")).rstrip(".")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return digits.lstrip("0") or "0"


def names(table: Table, cell: Cell, wanted: list[str]) -> bool:
    """Whether the row's labels and the column's headers name the model, the dataset or the metric."""
    labels = [
        normal(other.text)
        for other in table.cells
        if other is not cell
        and not is_numeric(other.text)
        and (
            (other.row <= cell.row < other.row + other.rowspan)
            or (other.column <= cell.column < other.column + other.colspan and (other.header or other.row < cell.row))
        )
    ]
    joined = " ".join(labels)
    return any(name and (name in joined or any(label and len(label) > 2 and label in name for label in labels)) for name in wanted)


def normal(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
