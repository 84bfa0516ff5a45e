"""Columns of scores read straight from the cells of simple tables, to make claims of known truth from.

Deliberately apart from `extract.tables`: what is true of a made claim must not hang on the reading that is measured. Only plain
tables count: labels in the first column, header rows on top, one number in a cell.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from claimcheck.document import Cell, Document, Table
from claimcheck.extract.lexicon import Vocabulary

NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})?\s?%?")
CITATION = re.compile(r"\s*(?:~|\[[^\]]{0,80}\]|\([^()]{0,60}\d{4}[a-z]?\)|et al\.?.*|[†‡*§¶♣♠])+\s*$")
NAME = re.compile(r"(?=[\w .+\-–(),/]*[A-Z])[A-Za-z][\w.+\-–]{1,24}(?:[ ,]?[ (+\-–/][\w.+\-–]{1,20}\)?){0,3}")
UNNAMED = re.compile(
    r"(?:average|avg\.?|mean|total|all|overall|std|method|model|dataset|train|test|dev|valid\w*|baseline|table|ours?|human\w*|oracle|size|random|upper.*)\b.*",
    re.IGNORECASE,
)
"""Labels that name no method."""

AGGREGATE = re.compile(r"average|avg|mean|total|overall|std|human|oracle|random|upper|gold|chance|bound|diff|gain|Δ", re.IGNORECASE)
"""Labels of rows that are no competitor."""

SETTING = re.compile(
    r"#|param|flop|epoch|iter|time|speed|size|fps|latency|memory|seed|year|backbone|rank|gpu|layer|dim|length|cost|std|±|Δ|gain|diff|improv|train|support|count|num|ratio",
    re.IGNORECASE,
)
"""Column labels that are no score."""

SPLIT = re.compile(r"test|dev|val\w*|train|mean|average|avg|all|overall|total|full|easy|hard|medium|\W*", re.IGNORECASE)
"""Column labels that name no benchmark by themselves."""

DATASET = re.compile(r"(?=.*[A-Z].*[A-Z\d])[A-Z][\w .+\-–/@]{1,28}")
"""A label that prose could name a benchmark by: of two capitals, or a capital and a digit."""

LOWER = re.compile(
    r"error|\berr\b|loss|perplex|ppl|rmse|\bmse\b|\bmae\b|wer\b|cer\b|\bter\b|distance|fid\b|nll|↓|bpc|bpd|deviation|latency|regret",
    re.IGNORECASE,
)
LEAST_ROWS = 3


@dataclass(frozen=True)
class Score:
    """One method's cell."""

    method: str
    value: Decimal
    row: int


@dataclass(frozen=True)
class Column:
    """The scores of one benchmark in one table."""

    table: int
    """Its place among the document's tables."""

    column: int
    dataset: str
    metric: str
    """As its label or the caption names it; empty if neither does."""

    scores: tuple[Score, ...]
    unnamed: tuple[Decimal, ...] = ()
    """Scores of rows that no sentence can name ("Ours"), which are still rows."""

    whole: bool = True
    """Whether every number of the column is among these, none of them an average or a bound."""


def columns(document: Document, vocabulary: Vocabulary) -> list[Column]:
    """The plain columns whose methods and benchmark can be named without doubt anywhere in the document."""
    every = [c for index, table in enumerate(document.tables) for c in read(index, table, vocabulary)]
    metrics: dict[tuple[str, str], list[str]] = {}
    for c in every:
        for score in c.scores:
            metrics.setdefault(place(score.method, c), []).append(c.metric)
    plain = {found for found, named in metrics.items() if len(set(named)) == len(named) and (len(named) == 1 or all(named))}
    kept = (
        replace(
            c,
            scores=tuple(s for s in c.scores if place(s.method, c) in plain),
            unnamed=(*c.unnamed, *(s.value for s in c.scores if place(s.method, c) not in plain)),
        )
        for c in every
    )
    return [c for c in kept if len(c.scores) >= LEAST_ROWS]


def place(method: str, column: Column) -> tuple[str, str]:
    return method.casefold(), column.dataset.casefold()


def read(index: int, table: Table, vocabulary: Vocabulary) -> Iterator[Column]:
    grid = table.grid()
    if len(grid) < LEAST_ROWS + 1 or False:
        return
    head = next((i for i, row in enumerate(grid) if any(c is not None and NUMBER.fullmatch(c.text.strip()) for c in row[1:])), 0)
    body = [row for row in grid[head:] if row[0] is not None and row[0].text.strip()]
    names = [method(row[0]) for row in body]
    if head == 0 or any(number > 1 for n, number in Counter(names).items() if n) or sum(bool(n) for n in names) < LEAST_ROWS:
        return
    if any(whole(n, kind, vocabulary) for n in names for kind in ("dataset", "metric")):
        return
    seen = Counter(labels(grid[:head], column) for column in range(1, len(grid[0])))
    for column in range(1, len(grid[0])):
        above = labels(grid[:head], column)
        said = named(above, table.caption, vocabulary)
        alike = [other for other in seen if other != above and said is not None and (said[0] in other or said[0] not in above)]
        if said is not None and any(not said[1] or any(said[1] in label for label in other) for other in alike):
            continue  # another column would be called the same
        cells = [(n, row[0], row[column]) for n, row in zip(names, body, strict=True) if row[0] is not None]
        numbers = [
            (n, first, c) for n, first, c in cells if c is not None and c.colspan == c.rowspan == 1 and NUMBER.fullmatch(c.text.strip())
        ]
        if said is None or seen[above] > 1 or len({digits(c.text) for _, _, c in numbers}) > 1:
            continue
        whole_column = len(body) == len(numbers) and not any(AGGREGATE.search(first.text) for _, first, _ in numbers)
        scores = tuple(Score(n, number(c), c.row) for n, _, c in numbers if n)
        if len(scores) >= LEAST_ROWS:
            yield Column(index, column, *said, scores, tuple(number(c) for n, _, c in numbers if not n), whole_column)


def number(cell: Cell) -> Decimal:
    return Decimal(cell.text.strip().rstrip("% "))


def digits(text: str) -> int:
    """Decimals printed; a column of mixed precision is left out."""
    return len(text.strip().rstrip("% ").partition(".")[2])


def method(cell: Cell | None) -> str:
    """The label as a sentence would print it; empty if it is not shaped like a name."""
    bare = CITATION.sub("", cell.text).strip() if cell is not None else ""
    balanced = bare.count("(") == bare.count(")")
    return bare if balanced and NAME.fullmatch(bare) and not UNNAMED.fullmatch(bare) else ""


def labels(head: list[list[Cell | None]], column: int) -> tuple[str, ...]:
    cells = (row[column] for row in head)
    return tuple(dict.fromkeys(c.text.strip() for c in cells if c is not None and c.text.strip()))


def named(above: tuple[str, ...], caption: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Benchmark and metric that the labels and the caption name; None if it is not plain which."""
    if not above or any(SETTING.search(label) or LOWER.search(label) or len(label) > 30 for label in above) or LOWER.search(caption):
        return None
    metrics = [label for label in above if whole(label, "metric", vocabulary)]
    others = [label for label in above if label not in metrics and not SPLIT.fullmatch(label)]
    splits = [label for label in above if label not in metrics and SPLIT.fullmatch(label)]
    told = {m.text for m in vocabulary.mentions(caption) if m.kind == "dataset"}
    dataset = others[0] if len(others) == 1 else next(iter(told)) if not others and len(told) == 1 else ""
    known = whole(dataset, "dataset", vocabulary) or dataset in told or (metrics and not vocabulary.mentions(dataset))
    if splits or not known or len(metrics) > 1 or not (DATASET.fullmatch(dataset) or whole(dataset, "dataset", vocabulary)):
        return None
    return dataset, metrics[0] if metrics else ""


def whole(label: str, kind: str, vocabulary: Vocabulary) -> bool:
    """Whether a label is a name of this kind and no more than a unit besides."""
    bare = re.sub(r"\s*[(\[]?%[)\]]?\s*$|↑", "", label).strip()
    return any(m.kind == kind and m.end - m.start >= len(bare) - 1 for m in vocabulary.mentions(bare))
