"""Are the impossible rows of score tables found? Binary scores of skin lesion papers, with the class counts of their test sets.

The data are those of mlscorecheck (Fazekas and Kovács 2024): `skin_lesion_papers.json`. Its authors name the rows of three papers
that no confusion matrix gives; a fourth averaged over classes, so that its rows are impossible as binary scores, and is told apart.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from claimcheck.dossier import Interval
from claimcheck.stats.confusion import check, known


class Row(NamedTuple):
    """One row of scores with the counts behind it."""

    paper: str
    table: str
    scores: dict[str, float]
    positives: int
    negatives: int
    eps: float
    impossible: bool
    """What the data's authors found."""

    settled: bool
    """Whether the paper is one of those whose impossible rows the authors count."""


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Rows, and how many impossible ones were found, missed, and flagged without reason."""
    every = list(rows(json.loads((data / "skin_lesion_papers.json").read_text())))
    settled = [(row, flagged(row)) for row in every if row.settled]
    other = [flagged(row) for row in every if not row.settled]
    return len(settled), {
        "impossible": float(sum(row.impossible for row, _ in settled)),
        "found": float(sum(flag for row, flag in settled if row.impossible)),
        "false_flags": float(sum(flag for row, flag in settled if not row.impossible)),
        "averaged_rows": float(len(other)),
        "averaged_rows_flagged": float(sum(other)),
    }


def flagged(row: Row) -> bool:
    """Whether no matrix gives the row's scores, each within the uncertainty that the data state."""
    eps = Decimal(str(row.eps))
    scores = {known(name): Interval(Decimal(str(x)) - eps, Decimal(str(x)) + eps) for name, x in row.scores.items() if known(name)}
    return check(scores, row.positives, row.negatives).possible is False


def rows(papers: list[dict[str, Any]]) -> Iterator[Row]:
    """Every row whose test set has known counts."""
    for paper in papers:
        wrong = [(found["scores"], found["testset"]) for found in paper.get("flagged", [])]
        for setting in paper["checks"]:
            counts = setting.get("testset")
            if not isinstance(counts, dict):
                continue
            columns = paper["tables"][setting["table"]]
            for values in zip(*columns.values(), strict=True):
                scores = dict(zip(columns, values, strict=True))
                yield Row(
                    paper=paper["title"],
                    table=setting["table"],
                    scores=scores,
                    positives=counts["p"],
                    negatives=counts["n"],
                    eps=setting["eps"],
                    impossible=(scores, counts) in wrong,
                    settled="n_inconsistent_printed" in paper,
                )
