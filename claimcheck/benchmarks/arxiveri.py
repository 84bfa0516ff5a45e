"""Which table of a cited paper a table repeats, and cell by cell: arXiVeri's annotated pairs against `tabular.matching`.

The data are `source_papers` (JSON with HTML tables) and `ground_truth/table_match` and `ground_truth/cell_match`, one file a pair.
Places are rows and columns of the grid with spans laid out; a row of the source in which nothing stands is not one to our reader.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Location, Table
from claimcheck.readers import html
from claimcheck.tabular.matching import Match, best, match, numbers

Place = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Counts:
    """Tables answered rightly, and cell pairs of the annotators and ours."""

    pairs: int = 0
    right: int = 0
    agreed: int = 0
    ours: int = 0
    gold: int = 0

    def add(self, other: "Counts") -> None:
        self.pairs += other.pairs
        self.right += other.right
        self.agreed += other.agreed
        self.ours += other.ours
        self.gold += other.gold


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Pairs of papers, and the figures over all, over the target papers developed on and over those held out."""
    sets = {"developed": Counts(), "held_out": Counts()}
    for target, counts in score(data):
        sets["held_out" if held_out(target) else "developed"].add(counts)
    everything = Counts()
    for counts in sets.values():
        everything.add(counts)
    metrics = {"cell_pairs": float(everything.gold), **figures("", everything)}
    for name, counts in sets.items():
        metrics |= figures(f"_{name}", counts)
    return everything.pairs, metrics


def figures(suffix: str, counts: Counts) -> dict[str, float]:
    precision, recall = counts.agreed / max(1, counts.ours), counts.agreed / max(1, counts.gold)
    return {
        f"table_accuracy{suffix}": counts.right / max(1, counts.pairs),
        f"cell_precision{suffix}": precision,
        f"cell_recall{suffix}": recall,
        f"cell_f1{suffix}": 2 * precision * recall / max(1e-9, precision + recall),
    }


def score(data: Path) -> Iterator[tuple[str, Counts]]:
    """Each annotated pair with its target paper: the table chosen among the source's, then cells against the right table."""
    for path in sorted((data / "ground_truth" / "table_match").glob("*/*.json")):
        annotated = json.loads(path.read_text())
        target = numbers(parsed(annotated["target_table"]))
        source = json.loads((data / "source_papers" / path.name).read_text())
        tables = [parsed(entry["table"]) for entry in source["list_table_and_caption"]]
        matches = [match(target, numbers(table)) for table in tables]
        right = position(tables, annotated["source_table"])
        counts = Counts(pairs=1, right=best(matches) == right)
        if right is not None:
            cells = json.loads((data / "ground_truth" / "cell_match" / path.parent.name / path.name).read_text())
            counts.add(compared(cells, matches[right]))
        yield path.parent.name, counts


def parsed(source: str) -> Table:
    """The table of a page that holds nothing else; an empty one if nothing stands in it."""
    document = html.read(f"<html><body>{source}</body></html>".encode(), "table.html")
    return document.tables[0] if document.tables else Table(cells=(), where=Location(document=document.id))


def position(tables: list[Table], source: str) -> int | None:
    """Which of the tables has the same cell texts as the annotated one; None if the annotators found no match."""
    if not source:
        return None
    wanted = [cell.text for cell in parsed(source).cells]
    return next(i for i, table in enumerate(tables) if [cell.text for cell in table.cells] == wanted)


def compared(cells: list[dict[str, Any]], found: Match) -> Counts:
    """The annotated pairs, target and source in turn, against ours."""
    gold: set[Place] = {
        ((mine["rowIndex"], mine["colIndex"]), (theirs["rowIndex"], theirs["colIndex"]))
        for mine, theirs in zip(cells[::2], cells[1::2], strict=True)
    }
    ours: set[Place] = {((p.target.row, p.target.column), (p.source.row, p.source.column)) for p in found.pairs}
    return Counts(agreed=len(gold & ours), ours=len(ours), gold=len(gold))
