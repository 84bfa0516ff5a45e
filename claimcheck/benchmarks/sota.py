"""Which papers report a leaderboard's results, and which: SOTA? (CLEF 2024, SimpleText task 4), its validation papers.

`data` is the folder of papers, each with its LaTeX and `annotations.json`: tuples of task, dataset, metric and score, or `unanswerable`. No
taxonomy is given: names are the paper's own or the lexicon's, spelled as leaderboards do (`leaderboards.toml`). What is handed in is what
an editor of leaderboards might take: the three best of each dataset and metric among the scores of the paper's own methods, those in bold and
the best where none is its own, and what the methods cost, from all tables but ablations and the like. Three, as the
annotations hold several scores of one leaderboard; precision is low for it. `_every_score` hands in all the tables' scores: what a choice among
them can reach; `score_read` is the share of gold scores that are among them at all, whatever they are paired with.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Document
from claimcheck.dossier import Lexicon
from claimcheck.extract.leaderboards import signed, spelling
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.linking import is_overall
from claimcheck.extract.names import guessed
from claimcheck.extract.own import own_methods
from claimcheck.extract.tables import Entered, Score, costs, scores
from claimcheck.extract.tasks import document_tasks
from claimcheck.readers import latex

SLOTS = ("task", "dataset", "metric", "score")
LITERAL = 0.690
"""Share of the gold scores that stand in the sources as strings, inside longer numbers too; `score_standing` is the share that stand alone."""

ALIKE = 80.0
"""Least rapidfuzz ratio of an inexact match."""

LEAST_SCORES, LEAST_BENCHMARKS, LEAST_COMPARISONS = 3, 2, 12
"""Scores of known benchmarks in tables; without them, known benchmarks in the text and sentences of it that compare or train."""

MOST_OF_A_LEADERBOARD = 3
"""Results of a paper that one leaderboard is given."""

LEAST_CLASSES = 6
"""Headings of one table nobody knows, from which on they are classes and not datasets."""

EMPIRICAL = re.compile(r"state[- ]of[- ]the[- ]art|outperform|baseline|benchmark|\btrain(?:ed|ing)\b|neural", re.IGNORECASE)
NO_LEADERBOARD = re.compile(
    r"ablat|\b(?:effects?|impact|influence|sensitivity|component|hyper-?parameters?|statistics?|length|varying)\b"
    r"|(?<!sentiment )\banalysis\b|(?<!of[- ])\bdistribution\b"
    r"|\b(?:running\s?times?|run-?times?|inference (?:time|speed)|efficiency|memory)\b|\bhuman (?:eval|judg)|\binvalid"
    r"|\bdifferent (?:choice|setting|number|value|loss|strateg)",
    re.IGNORECASE,
)
"""Captions of tables that no leaderboard is filled from."""


class Tuple(NamedTuple):
    task: str
    dataset: str
    metric: str
    score: str


@dataclass
class Counts:
    """Papers and tuples of one set."""

    papers: int = 0
    answered_right: int = 0
    gold: int = 0
    found: int = 0
    exact: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SLOTS, 0))
    inexact: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SLOTS, 0))

    def add(self, gold: Sequence[Tuple], found: Sequence[Tuple], *, right: bool) -> None:
        from rapidfuzz.fuzz import ratio

        self.papers += 1
        self.answered_right += right
        self.gold += len(gold)
        self.found += len(found)
        for wanted, given in paired(gold, found):
            for slot, one, other in zip(SLOTS, wanted, given, strict=True):
                self.exact[slot] += one.casefold() == other.casefold()
                self.inexact[slot] += ratio(one.casefold(), other.casefold()) >= ALIKE

    def figures(self, suffix: str) -> dict[str, float]:
        found = {f"answerable_accuracy{suffix}": self.answered_right / max(1, self.papers)}
        for kind, hits in (("exact", self.exact), ("inexact", self.inexact)):
            sums = []
            for slot in SLOTS:
                figures = prf(hits[slot], self.found, self.gold)
                sums.append(figures)
                found |= {
                    f"{slot}_{kind}_{name}{suffix}": value for name, value in zip(("precision", "recall", "f1"), figures, strict=True)
                }
            for name, values in zip(("precision", "recall", "f1"), zip(*sums, strict=True), strict=True):
                found[f"mean_{kind}_{name}{suffix}"] = sum(values) / len(values)
        found[f"score_exact_recall_of_ceiling{suffix}"] = found[f"score_exact_recall{suffix}"] / LITERAL
        return found


def prf(hits: int, found: int, gold: int) -> tuple[float, float, float]:
    return hits / max(1, found), hits / max(1, gold), 2 * hits / max(1, found + gold)


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Papers, and the figures over all, over the developed two thirds and over the held-out third."""
    sets = {"": Counts(), "_developed": Counts(), "_held_out": Counts()}
    everything, read, standing = Counts(), 0, 0
    vocabulary = Vocabulary(Lexicon())
    split = data / "validation" if (data / "validation").is_dir() else data
    for folder in sorted(place for place in split.iterdir() if (place / "annotations.json").exists()):
        gold = annotated(folder)
        source = next(folder.glob("*.tex"))
        document = latex.read_path(source, folder.name)
        text = source.read_text(encoding="utf-8", errors="replace")
        standing += sum(stands(entry.score, text) for entry in gold)
        answer = answered(document, vocabulary)
        right = (answer is not None) == bool(gold)
        for suffix in ("", "_held_out" if held_out(folder.name) else "_developed"):
            sets[suffix].add(gold, answer or [], right=right)
        whole = answered(document, vocabulary, every=True) or []
        everything.add(gold, whole, right=right)
        read += sum(entry.score in {made.score for made in whole} for entry in gold)
    metrics = {"gold": float(sets[""].gold), "found": float(sets[""].found)}
    for suffix, counts in sets.items():
        metrics |= counts.figures(suffix)
    metrics["score_standing"] = standing / max(1, sets[""].gold)
    metrics["score_read"] = read / max(1, sets[""].gold)
    all_scores = everything.figures("_every_score")
    metrics |= {name: all_scores[name] for name in all_scores if name.startswith("score_exact")}
    return sets[""].papers, metrics


def stands(score: str, text: str) -> bool:
    """Whether a score stands in a source as a number of its own, not inside a longer one as 0.3 does in 10.31."""
    return re.search(rf"(?<![\d.,]){re.escape(score)}(?!\d|[.,]\d)", text) is not None


def annotated(folder: Path) -> list[Tuple]:
    """The paper's tuples; none if it is unanswerable."""
    text = (folder / "annotations.json").read_text(encoding="utf-8").strip()
    if text.strip('"').startswith("unanswerable"):
        return []
    records = (entry["LEADERBOARD"] for entry in ast.literal_eval(text))
    return [Tuple(r["Task"], r["Dataset"], r["Metric"], str(r["Score"])) for r in records]


def answered(document: Document, vocabulary: Vocabulary, *, every: bool = False) -> list[Tuple] | None:
    """The paper's leaderboard tuples, or those of every score of its tables; None if it seems to report no results."""
    found = list(scores(document, vocabulary))
    if not reports_results(document, found, vocabulary):
        return None
    paper = Paper(document, vocabulary)
    if every:
        return list(dict.fromkeys(paper.tuple_of(score) for score in found))
    chosen = list(reported(paper.results_only(found), vocabulary))
    return list(dict.fromkeys([*(paper.tuple_of(score) for score in chosen), *paper.costs_of(chosen, found)]))


class Paper:
    """What a paper as a whole says of its scores: the tasks and names it speaks of most, and its tables' captions."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document, self.vocabulary = document, vocabulary
        self.tasks = document_tasks(document)
        self.dataset, self.metric = usual_names(document, vocabulary)
        self.captions = {table.label or f"table {number}": table.caption for number, table in enumerate(document.tables, 1)}

    def results_only(self, found: Sequence[Score]) -> Sequence[Score]:
        """The scores without those of tables that take the method apart or say what it costs; all of them if there are no others."""
        return [s for s in found if not NO_LEADERBOARD.search(self.captions.get(table_of(s.entered), ""))] or found

    def tuple_of(self, score: Score) -> Tuple:
        dataset, metric = score.dataset or self.dataset_of(score.entered), score.metric or self.metric
        task = spelling().task(score.dataset, score.metric, self.tasks) or score.task
        there, named = spelling().dataset(dataset), spelling().metric(task, metric)
        value = spelling().value(score.entered.value.value, metric, task)
        return Tuple(task, there, named, signed(f"{value}", there, named))

    def dataset_of(self, entered: Entered) -> str:
        """The dataset of a table whose labels name none: what its caption calls a dataset, else the paper's."""
        caption = self.captions.get(table_of(entered), "")
        called = [m.name for m in guessed(caption, self.vocabulary.mentions(caption)) if m.kind == "dataset"]
        return called[0] if len(set(called)) == 1 else self.dataset

    def costs_of(self, chosen: Sequence[Score], found: Sequence[Score]) -> Iterator[Tuple]:
        """Sizes and operations of the chosen methods, for each dataset that their rows score."""
        taken = {line for score in chosen if score.own or score.bold for line in lines_of(score.entered)}
        scored: dict[Line, set[tuple[str, str]]] = {}
        for score in found:
            made = self.tuple_of(score)
            for line in taken.intersection(lines_of(score.entered)):
                scored.setdefault(line, set()).add((made.task, made.dataset))
        own = own_methods(self.document)
        for name, entered, across in costs(self.document):
            benchmarks = scored.get(lines_of(entered)[across], set())
            if not benchmarks and own.marks(entered.column if across else entered.row):
                benchmarks = {(self.tasks[0] if self.tasks else "", spelling().dataset(self.dataset_of(entered)))}
            yield from (Tuple(task, dataset, name, with_magnitude(entered)) for task, dataset in sorted(benchmarks))


Line = tuple[str, str, int]
"""A row or a column of a table."""


def lines_of(entered: Entered) -> tuple[Line, Line]:
    """The row and the column of a number."""
    return (table_of(entered), "row", entered.cell.row), (table_of(entered), "column", entered.cell.column)


def table_of(entered: Entered) -> str:
    return entered.where.detail.split(", row")[0]


def with_magnitude(entered: Entered) -> str:
    """A cost as its cell prints it, with the letter for thousands, millions or billions that the cell or its column gives: `395M`."""
    printed = re.search(r"\d[\d.]*", entered.cell.text.replace(",", ""))
    letter = re.search(r"(?<=[\d\s])[KMBG]\b", entered.cell.text) or re.search(r"(?<=[(\[])[KMBG]\b", " ".join(entered.column))
    return f"{printed.group() if printed else entered.value.value}{letter.group() if letter else ''}"


def usual_names(document: Document, vocabulary: Vocabulary) -> tuple[str, str]:
    """The dataset and metric the paper speaks of most, for scores whose labels and caption say none."""
    counts = {"dataset": Counter[str](), "metric": Counter[str]()}
    for sentence in document.sentences():
        for mention in guessed(sentence.text, vocabulary.mentions(sentence.text)):
            if mention.kind in counts:
                counts[mention.kind][mention.name] += 1
    dataset, metric = (next((name for name, _ in counts[kind].most_common(1)), "") for kind in ("dataset", "metric"))
    return dataset, metric


def reports_results(document: Document, found: Sequence[Score], vocabulary: Vocabulary) -> bool:
    """Whether a paper measures methods on benchmarks: its tables score something the field knows, or its text does and compares."""
    known = vocabulary.field
    if sum(s.metric in known.metrics or s.dataset in known.default_metric for s in found) >= LEAST_SCORES:
        return True
    text = [s.text for s in document.sentences()]
    benchmarks = {m.name for sentence in text for m in vocabulary.mentions(sentence) if m.kind in ("dataset", "metric")}
    return len(benchmarks) >= LEAST_BENCHMARKS and sum(EMPIRICAL.search(sentence) is not None for sentence in text) >= LEAST_COMPARISONS


def reported(found: Sequence[Score], vocabulary: Vocabulary) -> Iterator[Score]:
    """The few best of each dataset and metric among the scores that tables show as the paper's."""
    tables: dict[str, list[Score]] = {}
    for score in found:
        tables.setdefault(table_of(score.entered), []).append(score)
    boards: dict[tuple[str, str], list[Score]] = {}
    for scored in tables.values():
        for score in without_classes(list(shown(scored, vocabulary)), vocabulary):
            boards.setdefault((score.dataset, score.metric), []).append(score)
    for (_, metric), members in boards.items():
        ranked = sorted(members, key=lambda s: s.value.value, reverse=not vocabulary.lower_is_better(metric))
        yield from ranked[:MOST_OF_A_LEADERBOARD]


def shown(table: Sequence[Score], vocabulary: Vocabulary) -> Iterator[Score]:
    """The scores of the paper's own methods, those in bold, and of each dataset and metric the best where none is its own.

    Under a heading nobody knows only the paper's own are taken, and those in bold where a label or the caption names the metric.
    """
    groups: dict[tuple[str, str], list[Score]] = {}
    for score in table:
        groups.setdefault((score.dataset, score.metric), []).append(score)
    for (dataset, metric), members in groups.items():
        known = not dataset or dataset in vocabulary.field.default_metric
        best = (min if vocabulary.lower_is_better(metric) else max)(members, key=lambda s: s.value.value)
        own = [s for s in members if s.own]
        bold = [s for s in members if s.bold and (known or metric)]
        yield from dict.fromkeys([*own, *bold, *([best] if known and not own else [])])


def without_classes(table: Sequence[Score], vocabulary: Vocabulary) -> Sequence[Score]:
    """A table's scores without those under many headings nobody knows, classes then, if others are left."""
    classes = {s.dataset for s in table if s.dataset and s.dataset not in vocabulary.field.default_metric}
    whole = [s for s in table if s.dataset not in classes or is_overall(s.entered)]
    return whole if whole and len(classes) >= LEAST_CLASSES else table


def paired(gold: Sequence[Tuple], found: Sequence[Tuple]) -> Iterator[tuple[Tuple, Tuple]]:
    """Gold tuples with found ones, each used once, of the greatest mean similarity."""
    if not gold or not found:
        return
    import numpy as np
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist
    from scipy.optimize import linear_sum_assignment

    alike = sum(
        cdist([one[slot].casefold() for one in gold], [other[slot].casefold() for other in found], scorer=ratio, dtype=np.float64)
        for slot in range(len(SLOTS))
    )
    rows, columns = linear_sum_assignment(alike, maximize=True)
    yield from ((gold[row], found[column]) for row, column in zip(rows, columns, strict=True))
