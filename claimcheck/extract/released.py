"""The scores of a released results file: one record a row, or a table of methods against datasets."""

from collections.abc import Iterator

from claimcheck.document import Document, Location, Table
from claimcheck.dossier import Quantity, Result
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.quantities import amounts
from claimcheck.extract.tables import results

COLUMNS = {
    "method": ("method", "model", "system", "name"),
    "dataset": ("dataset", "benchmark", "data"),
    "metric": ("metric", "measure"),
    "score": ("score", "value", "result"),
    "regime": ("regime", "training", "pretraining"),
    "run": ("run", "experiment"),
    "n": ("n", "num_samples", "samples"),
}
"""Our word for a column, and what files call it. Every other column is kept as a setting of the run."""


def released_scores(document: Document, vocabulary: Vocabulary) -> tuple[Result, ...]:
    """Every score in the tables of a results file, as released."""
    found: list[Result] = []
    for table in document.tables:
        records = list(recorded(table, vocabulary, document.id))
        found += records or results(document.model_copy(update={"tables": (table,)}), vocabulary)
    return tuple(result.model_copy(update={"origin": "release"}) for result in found)


def recorded(table: Table, vocabulary: Vocabulary, name: str) -> Iterator[Result]:
    """The rows of a table with columns for the method and the score."""
    header, *rows = table.grid() or [[]]
    titles = [cell.text.strip().casefold() if cell else "" for cell in header]
    place = {ours: titles.index(word) for ours, words in COLUMNS.items() for word in words if word in titles}
    if not {"method", "score"} <= place.keys():
        return
    for number, row in enumerate(rows, 2):
        cells = [cell.text.strip() if cell else "" for cell in row]
        held = {ours: cells[column] for ours, column in place.items()}
        read = amounts(held["score"])
        if len(read) != 1 or not held["method"]:
            continue
        dataset, metric = (canonical(held.get(kind, ""), kind, vocabulary) for kind in ("dataset", "metric"))
        metric = metric or vocabulary.metric(dataset)
        yield Result(
            method=held["method"],
            dataset=dataset,
            metric=metric,
            score=Quantity(value=read[0].signed, unit=read[0].unit or vocabulary.unit(metric)),
            where=Location(document=name, line=number),
            regime=held.get("regime", ""),
            run=held.get("run", ""),
            lower_is_better=vocabulary.lower_is_better(metric),
            n=int(held["n"]) if held.get("n", "").isdecimal() else None,
            settings={title: cells[i] for i, title in enumerate(titles) if title and i not in place.values() and cells[i]},
        )


def canonical(name: str, kind: str, vocabulary: Vocabulary) -> str:
    """The field's name for a dataset or metric, where the whole of it is one; else as written."""
    mentions = [m for m in vocabulary.mentions(name) if m.kind == kind and (m.start, m.end) == (0, len(name))]
    return mentions[0].name if mentions else name
