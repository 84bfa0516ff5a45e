"""Tables to scores: each number with the method, dataset and metric that its row, its column and the caption name.

Which side of a table lists the methods is the side whose labels name fewer datasets and metrics. What neither side nor
the caption says is left empty.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claimcheck.document import Cell, Document, Location, Table
from claimcheck.dossier import Quantity, Result
from claimcheck.extract.claims import claim_column
from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.names import CITED, known_share
from claimcheck.extract.own import OURS, Own, is_cited, own_methods
from claimcheck.extract.quantities import NUMBER, UNBOUNDED, amounts
from claimcheck.extract.tasks import document_tasks, task_of

MOST_CELLS = 20_000
"""Cells of the largest table read as scores; a larger one is a data dump."""

EMPTY = re.compile(r"[-–—−/.\s]*|n/?a|none", re.IGNORECASE)
SETTING_LABEL = re.compile(
    r"#|\b(?:params?|parameters?|flops|macs|epochs?|iter(?:ation)?s?|crops?|checkpoint|download|steps|batch|layers?|dim(?:ension)?s?|size|speed|fps|time|latency|memory|seed|year|backbone|resolution|frames|views|lr|rank(?![\s-]?@?\d)|gpu)\b",
    re.IGNORECASE,
)
"""Columns that say how a model was made or what it costs, not how well it scores."""

COSTS = {
    "Number of params": re.compile(r"#?\s*(?:num(?:ber)?\.?\s(?:of\s)?)?(?:model\s)?param(?:eter)?s?\b", re.IGNORECASE),
    "FLOPs": re.compile(r"#?\s*(?:G?FLOPs?|MACs?|MAdds)\b", re.IGNORECASE),
    "Frame (fps)": re.compile(r"(?:(?:inference\s)?speed\s?\(|frames?\s?\()?fps\b", re.IGNORECASE),
    "Time (ms)": re.compile(r"(?:inference\s|run-?\s?)?(?:time|latency)\s?[(\[]ms[)\]]", re.IGNORECASE),
    "Search Time (GPU days)": re.compile(r"(?:search\s(?:cost|time)\b.*)?\bgpu[\s-]days?\b", re.IGNORECASE),
}
"""Those of them that leaderboards list beside the scores."""

TWO_MEASURES = re.compile(r"(?<![\w/])([A-Za-z][\w@.-]{0,14})\s?/\s?([A-Za-z][\w@.-]{0,14})(?![\w/])")
"""A head of cells that print two numbers."""

PLURAL = re.compile(r"(?<=[A-Z])s$")

RUN_TOGETHER = re.compile(r"\d+\.(\d+)\.(\d+)")
"""A score and its spread whose sign the source lost: "52.62.7" is 52.6 ± 2.7, since both print as many decimals."""

TWO_POINTS = re.compile(r"\d\.\d+\.\d")
"""A version or a section, or numbers run together of which none can be told."""

NO_OWN = Own(frozenset(), frozenset())

MADE_WITH = re.compile(
    SETTING_LABEL.pattern
    + r"|pre-?train|\btrain(?:ing)?\b|\bextra\b|\bsource\b|\binput\b|\bmodalit|\bdata\b|\bvenue\b|\bpublication\b|\bref",
    re.IGNORECASE,
)
"""Columns beside a method's name that say how it was made."""

CELL_UNITS = ("%", "pp", "x")
"""Units of a score that a cell prints itself; other words after a number are remarks."""

OUR_METHODS = re.compile(r"\b(?:our|proposed)\s(?:[a-z-]+\s)?(?:methods|models|approaches|variants|systems|results)\b", re.IGNORECASE)
"""A row that heads the paper's own methods."""

PART = re.compile(
    r"(?:test|dev|development|val|valid|validation|train|training|score|scores|result|results|performance|value|ours|full|all|total|overall|single|ensemble)"
    r"(?:[\s-]?(?:set|split|std|standard|data|a|b))?\.?",
    re.IGNORECASE,
)
"""A column label that names a part of a dataset, or nothing."""

NO_SCORES = re.compile(
    r"\b(?:statistics|hyper-?\s?parameters?|(?:experiment(?:al)?|training)\s(?:setups?|settings?|details)|notations?|list of (?:symbols|notations?)"
    r"|(?:summary|overview|details|description) of (?:the |all |our )?(?:[\w-]+ ){0,2}(?:data\s?sets?|corpora|benchmarks))\b",
    re.IGNORECASE,
)
"""Captions of tables that describe data or settings."""

HEADS = {
    "P": "precision",
    "Prec": "precision",
    "Prec.": "precision",
    "R": "recall",
    "Rec": "recall",
    "Rec.": "recall",
    "F": "F1",
    "Pre": "precision",
    "MAP": "mAP",
    "MAE": "MAE error",
    "IS": "Inception Score",
    "CD": "Chamfer distance",
    "MR": "mean rank",
    "SR": "success rate",
    "AR": "average recall",
    "Acc.": "accuracy",
    "Err.": "error rate",
    "Err": "error rate",
    "MPE": "MPJPE",
    "Ign": "Ign F1",
}
"""Metrics whose short names are column heads only: elsewhere the letters are other things, or models."""

SHORTENED = re.compile(r"(?<=[\w)]) \(([A-Z][\w@-]{0,5})\)")
"""A short name that a caption gives what stands before it: "METEOR (M)"."""

METRIC_LIKE = re.compile(
    r"\b(?:error|accuracy|acc|score|rate|loss|distance|precision|recall|correlation|ratio|mean|avg|average)\b|[↑↓]|\((?:%|mm|cm|dB|ms|s)\)",
    re.IGNORECASE,
)
"""A column label that is a metric we do not know by name, rather than a dataset."""


@dataclass(frozen=True)
class Entered:
    """A number in the body of a table, not yet read as the score of anything."""

    cell: Cell
    value: Quantity
    """As the cell prints it."""

    row: tuple[str, ...]
    """Labels of its row, from the outermost to the innermost."""

    column: tuple[str, ...]
    """Labels of its column, from the top down."""

    where: Location


@dataclass(frozen=True)
class Score:
    """One number of a table, and what it is the score of."""

    task: str
    method: str
    dataset: str
    metric: str
    regime: str
    value: Quantity
    """With the metric's unit where the cell prints none."""

    entered: Entered
    cited: bool
    """True if its label carries a citation: a number taken from elsewhere."""

    own: bool
    """True if its label names a method of the paper, or says "ours"."""

    @property
    def bold(self) -> bool:
        return self.entered.cell.bold

    @property
    def result(self) -> Result:
        return Result(
            task=self.task,
            method=self.method,
            dataset=self.dataset,
            metric=self.metric,
            score=self.value,
            where=self.entered.where,
            origin="paper",
            regime=self.regime,
            row=self.entered.row,
            column=self.entered.column,
            bold=self.bold,
            whose="ours" if self.own else "cited" if self.cited else "",
        )


class Slots(NamedTuple):
    """What the labels of a number say it is the score of."""

    method: str
    dataset: str
    metric: str
    regime: str


@dataclass(frozen=True)
class Layout:
    """Which rows and columns of a table are labels."""

    grid: list[list[Cell | None]]
    head: int
    """Rows of column labels."""

    stub: int
    """Columns of row labels."""

    settings: frozenset[int] = frozenset()
    """Those of them that say how a model was made ("pre-training data"), and name neither it nor what it was scored on."""


def results(document: Document, vocabulary: Vocabulary) -> tuple[Result, ...]:
    """Every score of the document's tables that has a method, and a dataset or a metric."""
    found = (score for score in scores(document, vocabulary) if score.method and (score.dataset or score.metric))
    return tuple(score.result.model_copy(update={"lower_is_better": vocabulary.lower_is_better(score.metric)}) for score in found)


def scores(document: Document, vocabulary: Vocabulary) -> Iterator[Score]:
    own, tasks = own_methods(document), document_tasks(document)
    for number, table in enumerate(document.tables, 1):
        if len(table.cells) <= MOST_CELLS and claim_column(table) is None and not NO_SCORES.search(table.caption[:80]):
            task = task_of(table.caption, tasks)
            yield from table_scores(table, vocabulary, number, own, task)


def costs(document: Document) -> Iterator[tuple[str, Entered, bool]]:
    """What the tables say a method costs: the name of the cost, the number, and whether methods stand in columns there."""
    for number, table in enumerate(document.tables, 1):
        layout = laid_out(table) if len(table.cells) <= MOST_CELLS else None
        for entry in entries(table, layout, number) if layout is not None else ():
            for name, cost in COSTS.items():
                if any(map(cost.match, (*entry.column[-2:], *entry.row[-1:]))):
                    yield name, entry, not any(map(cost.match, entry.column[-2:]))


def table_scores(table: Table, vocabulary: Vocabulary, number: int, own: Own = NO_OWN, task: str = "") -> Iterator[Score]:
    """The scores of one table; `number` is its place in the document, for tables without a label."""
    layout = laid_out(table)
    if layout is None:
        return
    caption = captioned(table.caption, vocabulary)
    heads = HEADS | shortened(table.caption, caption)
    transposed = methods_stand_above(layout, vocabulary, own)
    for entry in entries(table, layout, number):
        method_side, other = (entry.column, entry.row) if transposed else (entry.row, entry.column)
        if SETTING_LABEL.search(" ".join(other)) and not is_metric(other[-1], vocabulary):
            continue
        slots = named(method_side, other, caption, vocabulary, heads)
        unit = entry.value.unit or ("" if is_fraction(entry.value, other) else unit_of(slots.metric, (*other, table.caption), vocabulary))
        yield Score(
            task=task,
            method=slots.method,
            dataset=slots.dataset,
            metric=slots.metric,
            regime=slots.regime,
            value=Quantity(value=entry.value.value, unit=unit),
            entered=entry,
            cited=is_cited(method_side),
            own=own.marks(method_side),
        )


def entries(table: Table, layout: Layout, number: int) -> Iterator[Entered]:
    """Every number in the body of a table with the labels of its row and of its column."""
    groups: tuple[str, ...] = ()
    above = [distinct([row[column] for row in layout.grid[: layout.head]]) for column in range(len(layout.grid[0]))]
    for index in range(layout.head, len(layout.grid)):
        row = layout.grid[index]
        group = group_label(row)
        if group:
            goes_on = group.endswith("-")
            if not goes_on and (OUR_METHODS.search(group) or not OURS.search(group)):  # "Ours" alone is a method without numbers
                groups = (group,)
            continue
        labels = (*groups, *distinct([cell for column, cell in enumerate(row[: layout.stub]) if column not in layout.settings]))
        for column in range(layout.stub, len(row)):
            cell = row[column]
            if cell is None or (cell.row, cell.column) != (index, column):
                continue
            detail = f"{table.label or f'table {number}'}, row {index + 1}, column {column + 1}"
            where = (cell.where or table.where).model_copy(update={"detail": detail})
            for value, heads in values(cell.text, above[column], table.caption):
                yield Entered(cell, value, labels, heads, where)


def values(text: str, column: tuple[str, ...], caption: str) -> Iterator[tuple[Quantity, tuple[str, ...]]]:
    """The number a cell prints, with its column's labels; two if it prints two and a label or the caption two measures: "PSNR/SSIM"."""
    both = [printed(part) for part in text.split("/")] if text.count("/") == 1 else []
    if len(both) == 2 and both[0] is not None and both[1] is not None:
        heads = next((match for said in (*reversed(column), caption) if (match := TWO_MEASURES.search(said)) is not None), None)
        for place, value in enumerate(both):
            if value is not None and (heads is not None or place == 0):
                yield value, (*column, *((PLURAL.sub("", heads.group(place + 1)),) if heads is not None else ()))
        return
    value = printed(text)
    if value is not None:
        yield value, column


def laid_out(table: Table) -> Layout | None:
    """The label rows and columns of a table of numbers; None if it holds none."""
    grid = table.grid()
    if not grid or not grid[0]:
        return None
    flagged = [all(c is None or c.header or not c.text.strip() for c in row) and any(c and c.header for c in row) for row in grid]
    head = next((i for i, is_head in enumerate(flagged) if not is_head), len(grid))
    if head == 0:
        head = next((i for i, row in enumerate(grid) if any(c is not None and printed(c.text) for c in row[1:])), len(grid))
    while 0 < head < min(3, len(grid) - 1) and heads_too(grid[head]) and not heads_too(grid[head + 1]):
        head += 1
    body = grid[head:]
    stub = 0
    for column in range(len(grid[0])):
        cells = [row[column] for row in body if row[column] is not None and not group_label(row)]
        numeric = sum(c is not None and (printed(c.text) is not None or EMPTY.fullmatch(c.text.strip()) is not None) for c in cells)
        if cells and numeric * 2 > len(cells):
            break
        stub += 1
    if not body or stub >= len(grid[0]):
        return None
    above = {column: " ".join(distinct([row[column] for row in grid[:head]])) for column in range(1, stub)}
    return Layout(grid, head, max(stub, 1), frozenset(c for c, text in above.items() if MADE_WITH.search(text)))


def heads_too(row: Sequence[Cell | None]) -> bool:
    """Whether a row below the marked header is one more row of column labels: words in several columns and no number."""
    texts = [c.text.strip() for c in row[1:] if c is not None and c.text.strip()]
    return len(set(texts)) > 1 and all(re.search(r"[A-Za-z]", t) and printed(t) is None and not EMPTY.fullmatch(t) for t in texts)


def group_label(row: Sequence[Cell | None]) -> str:
    """The text of a row that holds one text only, which heads the rows below it."""
    texts = list(dict.fromkeys((c.row, c.column, c.text.strip()) for c in row if c is not None and c.text.strip()))
    return texts[0][2] if len(texts) == 1 and len(row) > 1 and printed(texts[0][2]) is None and (row[0] is not None) else ""


def distinct(cells: Sequence[Cell | None]) -> tuple[str, ...]:
    """The texts of label cells, a spanning one once, empty ones left out."""
    return tuple(dict.fromkeys(c.text.strip() for c in cells if c is not None and c.text.strip()))


def printed(text: str) -> Quantity | None:
    """The number a cell prints, its footnote marks and uncertainty aside; None if it prints something else."""
    bare = re.sub(r"[*†‡§¶↑↓]|\^\{?[\w*†,]{1,3}\}?$", "", text[:60]).strip().strip("()").strip()
    bare = apart(bare)
    if TWO_POINTS.search(bare):
        return None
    match = NUMBER.search(bare)
    if match is None or re.search(r"[A-Za-z]{2,}", bare[: match.start()]) or not re.fullmatch(r"[<>≤≥~∼≈+−–-]?\s?", bare[: match.start()]):
        return None
    found = amounts(bare)
    if (
        not found
        or UNBOUNDED.match(bare, found[0].end)
        or re.search(r"[A-Za-z]{3,}", bare[found[0].end :])
        or found[0].high is not None
        or found[0].total is not None
    ):
        return None
    return Quantity(value=found[0].signed, unit=found[0].unit if found[0].unit in CELL_UNITS else "")


def apart(text: str) -> str:
    """A score without the spread that is run together with it."""
    whole = RUN_TOGETHER.fullmatch(text)
    if whole is None:
        return text
    decimals = len(whole.group(2))
    return text[: text.index(".") + 1 + decimals] if decimals < len(whole.group(1)) else text


def methods_stand_above(layout: Layout, vocabulary: Vocabulary, own: Own = NO_OWN) -> bool:
    """Whether the column labels, and not the row labels, are the methods: the side that names the paper's own, else the lesser known."""
    rows = [row[layout.stub - 1] or row[0] for row in layout.grid[layout.head :]]
    columns = [c for row in layout.grid[: layout.head] for c in row[layout.stub :]]
    left, top = ([c for c in side if c is not None and c.text.strip()] for side in (rows, columns))
    if layout.head == 1 and sum(is_metric(c.text, vocabulary) for c in top) > 1:
        return False
    marked = [any(own.surely_marks([c.text]) for c in side) for side in (left, top)]
    if marked[0] != marked[1]:
        return marked[1] and known_share(top, vocabulary) < 0.5
    return known_share(top, vocabulary) < known_share(left, vocabulary) and known_share(left, vocabulary) > 0.5


def captioned(caption: str, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """The names a caption gives; if its last sentence, a sub-caption then, is a dataset's name, no other dataset's."""
    found = vocabulary.mentions(caption)
    start = caption.rstrip(". ").rfind(". ") + 2
    alone = [m for m in found if m.kind == "dataset" and m.start == start > 1 and not caption[m.end :].strip(". )")]
    return tuple(m for m in found if m.kind != "dataset" or m in alone) if alone else found


def shortened(caption: str, mentions: Sequence[Mention]) -> dict[str, str]:
    """Column heads that a caption explains: "in METEOR (M) and CIDEr (C)"."""
    ends = {m.end: m.name for m in mentions if m.kind == "metric"}
    return {match.group(1): ends[match.start()] for match in SHORTENED.finditer(caption) if match.start() in ends}


def is_metric(label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label is the name of a metric and of nothing else."""
    bare = bare_head(label)
    found = vocabulary.mentions(bare)
    return len(found) == 1 and found[0].kind == "metric" and found[0].start == 0 and found[0].end == len(bare)


def named(
    method_side: Sequence[str], other: Sequence[str], caption: Sequence[Mention], vocabulary: Vocabulary, heads: Mapping[str, str] = HEADS
) -> Slots:
    """Method, dataset, metric and regime from the labels of both sides, then from the caption.

    A label nobody knows is the dataset, or below another one a metric: a class or a size that must not pass for the whole.
    """
    above = [m for label in other for m in vocabulary.mentions(label)]
    near = [m for label in method_side for m in vocabulary.mentions(label)] + above
    dataset, metric = last(above, "dataset") or last(near, "dataset"), last(near, "metric")
    metric = next((heads[head] for label in reversed(other) if (head := bare_head(label)) in heads), metric)
    unknown = [label for label in other if is_unknown(label, vocabulary) and bare_head(label) not in heads]
    for label in reversed(unknown):
        below = label == other[-1] and (dataset or (not metric and len(unknown) > 1))
        if METRIC_LIKE.search(label) or opens_with_metric(label, vocabulary) or below:
            metric = metric or label
        else:
            dataset = dataset or label
    dataset = dataset or only(caption, "dataset")
    metric = vocabulary.metric(dataset, metric or only(caption, "metric"))
    method = method_of(method_side, vocabulary)
    regime = last(near, "regime") or only(caption, "regime")
    return Slots(method, dataset, metric, regime)


def is_unknown(label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label names something, and nothing that is known."""
    return not vocabulary.mentions(label) and re.search(r"[A-Za-z]", label) is not None and PART.fullmatch(label) is None


def bare_head(label: str) -> str:
    """A column head without what stands in brackets or points the direction: "MAE (mm) ↓"."""
    return re.sub(r"\s*(?:\([^()]{0,20}\)|[↑↓%*†])+\s*$", "", label.strip())


def opens_with_metric(label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label qualifies a known metric: "ARI-FG", "AP novel"."""
    first = re.split(r"[-_\s]", label.strip(), maxsplit=1)[0]
    return first != label and any(m.kind == "metric" for m in vocabulary.mentions(first))


def is_fraction(value: Quantity, labels: Sequence[str]) -> bool:
    """Whether a score of a metric that is mostly printed in percent is printed as a share of one: 0.742, and no label says "%"."""
    exponent = value.value.as_tuple().exponent
    return abs(value.value) <= 1 and isinstance(exponent, int) and exponent <= -3 and not any("%" in label for label in labels)


def unit_of(metric: str, labels: Sequence[str], vocabulary: Vocabulary) -> str:
    """The metric's unit if it is known; else percent only where a label or the caption prints the sign."""
    if metric in vocabulary.field.metrics:
        return vocabulary.unit(metric)
    return "%" if any("%" in label for label in labels) else ""


def last(mentions: Sequence[Mention], kind: str) -> str:
    """The innermost name of a kind, in any of the readings of its words."""
    return next((e.name for m in reversed(mentions) for e in m.entries if e.kind == kind), "")


def only(mentions: Sequence[Mention], kind: str) -> str:
    """The one name of a kind; empty if there are none, or several."""
    names = {e.name for m in mentions for e in m.entries if e.kind == kind}
    return names.pop() if len(names) == 1 else ""


def method_of(labels: Sequence[str], vocabulary: Vocabulary) -> str:
    """The method a row's labels name: the paper's name for it, else the innermost label that is no dataset or metric."""
    for label in reversed(labels):
        own = [m for m in vocabulary.mentions(label) if m.kind in ("method", "set")]
        if own and own[0].end - own[0].start >= 0.6 * len(CITED.sub("", label).strip()):
            return own[0].name
    for label in reversed(labels):
        bare = CITED.sub("", label).strip()
        if bare and re.search(r"[A-Za-z]", bare) and not any(m.kind in ("dataset", "metric") for m in vocabulary.mentions(bare)):
            return bare
    bare = CITED.sub("", labels[-1]).strip() if labels else ""
    return bare if re.search(r"\w", bare) else ""
