"""Released result files: every score in the tables and records of a file, a folder or a repository's archive.

Tables (CSV, Markdown, lists of JSON records) are read as a paper's tables are. A JSON object of numbers is one run: what its keys and the
folders above it name says of what.
"""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Any

from claimcheck.document import Location, Unreadable
from claimcheck.dossier import Lexicon, Quantity, Result, Source
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.released import released_scores
from claimcheck.readers import archive, load, read
from claimcheck.sources.http import DOCUMENT_LIMIT, FOREVER, Door

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".md")
MOST_FILES = 2_000
LARGEST = 20_000_000
"""Bytes of a result file; a larger one is data."""

_METHOD = ("method", "model", "variant", "run", "name", "experiment")
_DATASET = ("dataset", "benchmark", "data", "task", "probe")
_COUNTS = ("n", "n_val", "n_test", "num_samples", "num_examples", "n_samples", "total")
_DEEPEST = 6


def released(place: str, lexicon: Lexicon, door: Door) -> tuple[tuple[Result, ...], tuple[Source, ...]]:
    """The scores at a place and the files they come from. Raises Unreadable if there is none, SourceFault for an address."""
    found: list[Result] = []
    sources: list[Source] = []
    for name, content in files(place, door):
        scores = scores_of(name, content, lexicon)
        if scores:
            found += scores
            sources.append(Source(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), role="released results"))
    if not found:
        raise Unreadable(
            "no_results", f"{place}: no score was found in its {', '.join(SUFFIXES)} files; name the files that hold the results"
        )
    return tuple(found), tuple(sources)


def files(place: str, door: Door) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file that may hold results, in the order of their names."""
    path = Path(place)
    if place.startswith("https://"):
        yield from _unpacked(door.fetch(place, limit=DOCUMENT_LIMIT, fresh=FOREVER).content(), place)
    elif path.is_dir():
        yield from _in_folder(path)
    else:
        content = load(path)
        packed = archive.recognises(content[:4096])
        yield from _unpacked(content, path.name) if packed else [(path.name, content)]


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    hidden = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink())
    paths = sorted(path for path in hidden if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    if len(paths) > MOST_FILES:
        raise Unreadable("too_big", f"{folder}: {len(paths):,} result files, more than the {MOST_FILES:,} that are read; name a part of it")
    for path in paths:
        if path.stat().st_size <= LARGEST:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _unpacked(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    if not archive.recognises(data[:4096]):
        yield PurePosixPath(name).name, data
        return
    members, _ = archive.unpack(data, name, SUFFIXES)
    yield from sorted((path, content) for path, content in members.items() if content and path.lower().endswith(SUFFIXES))


def scores_of(name: str, content: bytes, lexicon: Lexicon) -> list[Result]:
    """The scores in one file; none in one that does not read."""
    if not content.strip():
        return []
    try:
        document = read(content, name)
    except Unreadable:
        return []
    vocabulary = Vocabulary(lexicon)
    found = list(released_scores(document, vocabulary))
    if not found and name.lower().endswith(".json"):
        found = list(records(json.loads(content, parse_float=Decimal, parse_int=Decimal), name, vocabulary))
    return found


def records(value: object, name: str, vocabulary: Vocabulary, path: str = "", depth: int = 0) -> Iterator[Result]:
    """The scores of the objects in a JSON value, each the record of a run."""
    if depth > _DEEPEST or not isinstance(value, dict):
        return
    yield from record(value, name, vocabulary, path)
    for key, inner in value.items():
        yield from records(inner, name, vocabulary, f"{path}.{key}".lstrip("."), depth + 1)


def record(fields: dict[str, Any], name: str, vocabulary: Vocabulary, path: str) -> Iterator[Result]:
    """The scores of one run: a number under the name of a metric, its method and dataset among the fields or in the path."""
    parts = [*PurePosixPath(name).with_suffix("").parts, *path.split(".")]
    method = _said(fields, _METHOD) or (PurePosixPath(name).parts[-2] if len(PurePosixPath(name).parts) > 1 else "")
    places = [_said(fields, _DATASET), *reversed(parts)]
    mentioned = (mention.name for place in places for mention in vocabulary.mentions(place) if mention.kind == "dataset")
    dataset = next(mentioned, "")
    if not method or not dataset:
        return
    settings = {key: str(fields[key]) for key in ("seed", "epochs", "lr") if isinstance(fields.get(key), str | Decimal)}
    count = next((number(fields[key]) for key in _COUNTS if number(fields.get(key))), None)
    for key, value in fields.items():
        metric = next((mention.name for mention in vocabulary.mentions(key.replace("_", " ")) if mention.kind == "metric"), "")
        score = decimal(value)
        if metric and score is not None:
            yield Result(
                method=method,
                dataset=dataset,
                metric=metric,
                score=Quantity(value=score, unit=vocabulary.unit(metric) if score > 1 else ""),
                where=Location(document=name, detail=f"{path}.{key}".lstrip(".")),
                origin="release",
                run=PurePosixPath(name).parent.name or method,
                lower_is_better=vocabulary.lower_is_better(metric),
                n=count,
                settings=settings,
                label=_said(fields, _METHOD),
            )


def _said(fields: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((fields[key] for key in keys if isinstance(fields.get(key), str)), "")


def number(value: object) -> int | None:
    """A count, if a value is one."""
    found = decimal(value)
    return int(found) if found is not None and found == found.to_integral_value() and 0 < found < 10**9 else None


def decimal(value: object) -> Decimal | None:
    """A number as it was printed; None for anything else, NaN and infinities included."""
    if isinstance(value, bool) or not isinstance(value, Decimal | str):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
