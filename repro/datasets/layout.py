"""What a dataset's folder should hold, and what is wrong with the one there is."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from repro.clips import Fault, Inspection

Kind = Literal["missing_folder", "missing_list", "damaged_list", "missing_class", "wrong_label", "overlap", "unofficial_size", Fault]
"""What can be wrong. Every kind but the last ones concerns the lists; a Fault concerns files and names what is wrong with them."""

SHOWN = 5
"""How many names a problem shows; the number of all stands beside them."""

FAULTS = {
    "missing": "listed files are not there",
    "empty": "files have no content",
    "unreadable": "files cannot be opened by any decoder",
    "no_video": "files hold no picture",
    "truncated": "files end before their last frame",
    "damaged": "files have frames that do not decode",
    "timeout": "files did not decode in time",
    "crashed": "files end the process that decodes them",
}

MAX_SKIPPED = 0.01
"""Share of a list that may be skipped; with more, scores would be those of another dataset."""


class DataMissing(Exception):
    """A dataset is not known, not there, or not whole. The message says which, what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One way in which a folder is not the dataset."""

    kind: Kind
    count: int
    """Files, lines or entries concerned."""
    what: str
    """The problem in words that follow the count."""
    first: tuple[str, ...] = ()
    """The first few concerned, as the lists name them."""
    fatal: bool = True
    """Whether the lists mean something else than they should; a file alone is skipped instead, and too many of them are fatal."""

    def __str__(self) -> str:
        more = f" and {self.count - len(self.first)} more" if self.first and self.count > len(self.first) else ""
        return f"{self.kind}: {self.count:,} {self.what}" + (f": {', '.join(self.first)}{more}" if self.first else "")


def problem(kind: Kind, what: str, names: Sequence[str], *, fatal: bool = True) -> list[Problem]:
    """A problem with these names, or none if there are no names."""
    return [Problem(kind=kind, count=len(names), what=what, first=tuple(names[:SHOWN]), fatal=fatal)] if names else []


@dataclass(frozen=True, kw_only=True)
class Item:
    """One listed clip."""

    path: str
    """Below the dataset's folder, with forward slashes."""
    label: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What the lists of one folder say. Lists that cannot be read are empty here and stand among the problems."""

    name: str
    folder: Path
    classes: tuple[str, ...]
    train: tuple[Item, ...]
    test: tuple[Item, ...]
    """The official list that scores are taken on, whatever the dataset calls it."""
    problems: tuple[Problem, ...]


def labelled(
    name: str,
    folder: Path,
    classes: Sequence[str],
    train: Iterable[Item],
    test: Iterable[Item],
    problems: Iterable[Problem],
    official: tuple[int, int, int],
) -> Layout:
    """A layout, after the checks that all datasets share: no clip on both sides or outside, as many classes and clips as published."""
    train, test, found = tuple(train), tuple(test), list(problems)
    outside = [item.path for item in (*train, *test) if item.path.startswith("/") or ".." in item.path.split("/")]
    found += problem("damaged_list", "names lead out of the dataset's folder", outside)
    both = sorted({item.path for item in train} & {item.path for item in test})
    found += problem("overlap", "clips are in both the training and the test list", both)
    for side, items in (("training", train), ("test", test)):
        twice = [path for path, times in Counter(item.path for item in items).items() if times > 1]
        found += problem("overlap", f"clips are in the {side} list more than once", twice)
    for what, count, published in zip(
        ("classes", "training clips", "test clips"), (len(classes), len(train), len(test)), official, strict=True
    ):
        if count != published:
            found.append(Problem(kind="unofficial_size", count=count, what=f"{what} listed, {published:,} published", fatal=False))
    return Layout(name=name, folder=folder, classes=tuple(classes), train=train, test=test, problems=tuple(found))


def file_problems(found: Mapping[str, Inspection]) -> list[Problem]:
    """The files that cannot be used, by what is wrong with them. `found` maps the lists' names to inspections."""
    groups: dict[Fault, list[str]] = {fault: [] for fault in get_args(Fault)}
    for name, video in found.items():
        if not video.usable:
            groups[video.outcome].append(name)  # type: ignore[index]
    return [part for fault, names in groups.items() for part in problem(fault, FAULTS[fault], names, fatal=False)]


def first_there(folder: Path, names: Sequence[str]) -> Path:
    """The first of several published names that exists under `folder`, else the first of all."""
    return next((folder / name for name in names if (folder / name).exists()), folder / names[0])


def read_lines(path: Path, problems: list[Problem], shape: Callable[[list[str]], bool]) -> list[list[str]]:
    """The words of each line of a list; lines for which `shape` is false, and a list that is not there, become problems."""
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        problems.append(_absent(path))
        return []
    except (OSError, UnicodeDecodeError) as error:
        problems.append(_unreadable(path, error))
        return []
    bad = [" ".join(words) for words in lines if not shape(words)]
    problems += problem("damaged_list", f"lines of {path.name} are not as published", bad)
    if not lines:
        problems.append(Problem(kind="damaged_list", count=0, what=f"lines in {path.name}"))
    return [words for words in lines if shape(words)]


def read_json(path: Path, problems: list[Problem], kind: type) -> Any:  # noqa: ANN401 (each dataset checks the entries it reads)
    """The content of a JSON list or table, empty and among the problems if it is not there or not a `kind`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(_absent(path))
        return kind()
    except (OSError, ValueError, RecursionError) as error:
        problems.append(_unreadable(path, error))
        return kind()
    if not isinstance(content, kind) or not content:
        problems.append(Problem(kind="damaged_list", count=1, what=f"file is no JSON {kind.__name__} with entries", first=(path.name,)))
        return kind()
    return content


def _absent(path: Path) -> Problem:
    where = f"{path.parent.name}/{path.name}"
    return Problem(kind="missing_list", count=1, what="list is not there", first=(where,))


def _unreadable(path: Path, error: Exception) -> Problem:
    return Problem(kind="damaged_list", count=1, what=f"list cannot be read ({error})", first=(path.name,))


def missing_folder(path: Path, what: str) -> list[Problem]:
    """A problem if `path`, which should hold `what`, is not a folder."""
    return [] if path.is_dir() else [Problem(kind="missing_folder", count=1, what=f"folder of {what} is not there", first=(str(path),))]
