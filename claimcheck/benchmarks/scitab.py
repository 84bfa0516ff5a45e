"""Does the table bear out the sentence? SciTab's expert-labelled claims against `tabular`, with a blind twin.

The data are `sci_tab.json`: a claim, its table and one of `supports`, `refutes`, `not enough info`. Claims come to the verifier with case
folded and `[CONTINUE]` stripped. Words alone score 0.70 on this set, so the same run is repeated with the tables dealt out to other papers:
what it still scores there was not read from a table.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Cell, Location, Table
from claimcheck.extract.quantities import amounts
from claimcheck.tabular.checks import verify
from claimcheck.tabular.sheet import Sheet
from claimcheck.tabular.statements import Reader

LABELS = {"supports": "supports", "refutes": "refutes", "not enough info": "abstain"}
TWINS = 5
"""Derangements of the blind twin."""

_MARK = re.compile(r"\[(?:BOLD|ITALIC|EMPTY|UNDERLINE)\]|</?(?:bold|italic|underline|sup|sub)>")
_BOLD = re.compile(r"\[BOLD\]|<bold>")

Row = dict[str, Any]
Pick = Callable[[Row], Row]
"""Which row's table a claim is read against."""


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Claims, and the figures over all, over the papers developed on and over those held out, and of the blind twin."""
    rows: list[Row] = json.loads((data / "sci_tab.json").read_text())
    readers = {row["table_id"]: Reader(Sheet(table(row)), (row["paper"],)) for row in rows}
    answers = [verify(plain(row["claim"]), readers[row["table_id"]]).answer for row in rows]
    metrics = figures(rows, answers)
    for name, held in (("developed", False), ("held_out", True)):
        kept = [i for i, row in enumerate(rows) if held_out(row["paper_id"]) == held]
        metrics |= {f"{key}_{name}": value for key, value in figures([rows[i] for i in kept], [answers[i] for i in kept]).items()}
    return len(rows), metrics | blind(rows, readers)


def figures(rows: Sequence[Row], answers: Sequence[str]) -> dict[str, float]:
    """Precision and share of what is answered, over claims that hold a number and over all, and both forced scores."""
    labels = [LABELS[row["label"]] for row in rows]
    numeric = [i for i, row in enumerate(rows) if holds_number(plain(row["claim"]))]
    metrics: dict[str, float] = {"claims": float(len(rows)), "claims_with_numbers": float(len(numeric))}
    for prefix, kept in (("answered", numeric), ("all_answered", range(len(rows)))):
        said = [i for i in kept if answers[i] != "abstain"]
        metrics[f"{prefix}_precision"] = sum(answers[i] == labels[i] for i in said) / max(1, len(said))
        metrics[f"{prefix}_coverage"] = len(said) / max(1, len(kept))
    refuted = [i for i, answer in enumerate(answers) if answer == "refutes"]
    metrics["refuted_precision"] = sum(labels[i] == "refutes" for i in refuted) / max(1, len(refuted))
    return metrics | forced(labels, answers)


def forced(labels: Sequence[str], answers: Sequence[str]) -> dict[str, float]:
    """Macro-F1 where nothing may be left open: an abstention is the majority label of the other claims, or not enough info."""
    two = [
        (label, answer if answer != "abstain" else majority(labels, i))
        for i, (label, answer) in enumerate(zip(labels, answers, strict=True))
        if label != "abstain"
    ]
    return {
        "two_class_macro_f1": macro_f1(two, ("supports", "refutes")),
        "three_class_macro_f1": macro_f1(list(zip(labels, answers, strict=True)), ("supports", "refutes", "abstain")),
    }


def majority(labels: Sequence[str], besides: int) -> str:
    """The commoner of the two labels over all other claims."""
    balance = sum((label == "supports") - (label == "refutes") for i, label in enumerate(labels) if i != besides)
    return "supports" if balance >= 0 else "refutes"


def macro_f1(pairs: Sequence[tuple[str, str]], classes: Sequence[str]) -> float:
    """Mean over the classes of the F1 of (label, answer) pairs."""
    scores = []
    for kind in classes:
        agreed = sum(label == answer == kind for label, answer in pairs)
        scores.append(2 * agreed / max(1, sum(label == kind for label, _ in pairs) + sum(answer == kind for _, answer in pairs)))
    return sum(scores) / len(scores)


def blind(rows: Sequence[Row], readers: dict[str, Reader]) -> dict[str, float]:
    """The forced scores with every table replaced by one of another paper: mean of five derangements."""
    runs = []
    for seed in range(TWINS):
        swapped = deranged(rows, seed)
        answers = [verify(plain(row["claim"]), readers[swapped[row["table_id"]]]).answer for row in rows]
        runs.append(forced([LABELS[row["label"]] for row in rows], answers))
    return {f"blind_{key}": sum(run[key] for run in runs) / len(runs) for key in runs[0]}


def deranged(rows: Sequence[Row], seed: int) -> dict[str, str]:
    """Each table's id to that of a table of another paper, every table once."""
    papers = {row["table_id"]: row["paper_id"] for row in rows}
    ids = sorted(papers)
    dealt = random.Random(seed).sample(ids, len(ids))
    for place, own in enumerate(ids):
        if papers[dealt[place]] == papers[own]:
            other = next(i for i, there in enumerate(ids) if papers[dealt[i]] != papers[own] and papers[dealt[place]] != papers[there])
            dealt[place], dealt[other] = dealt[other], dealt[place]
    return dict(zip(ids, dealt, strict=True))


@lru_cache(maxsize=4096)
def plain(claim: str) -> str:
    """A claim without its marks and its case."""
    return " ".join(claim.replace("[CONTINUE]", " ").casefold().split())


def holds_number(claim: str) -> bool:
    """Whether a claim states an amount; "Table 3", a citation and the digits of a name are none."""
    return any(a.role in ("amount", "size") for a in amounts(claim))


def table(row: Row) -> Table:
    """The row's table, its marks taken for what they mark."""
    cells = []
    for index, texts in enumerate([row["table_column_names"], *row["table_content_values"]]):
        for column, text in enumerate(texts):
            bare = " ".join(_MARK.sub("", text).split())
            if bare:
                cells.append(Cell(text=bare, row=index, column=column, header=index == 0, bold=_BOLD.search(text) is not None))
    return Table(caption=row["table_caption"], cells=tuple(cells), where=Location(document=row["paper_id"]))
