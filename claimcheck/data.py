"""The commands on real datasets: say what is missing or damaged in a folder, and prepare it for training and probes.

Exit codes as everywhere: 0 fit to make numbers from; 2 usage; 3 no such folder; 7 data_invalid; 74 disk error. The engine is imported
inside the functions, so that `--help` waits for none of it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from claimcheck.escape import cleaned

if TYPE_CHECKING:
    from repro.clips import Inspection
    from repro.datasets.layout import Layout
    from repro.datasets.prepared import Prepared

USAGE, UNREADABLE, INTEGRITY, DISK = 2, 3, 7, 74

app = typer.Typer(
    name="data",
    help="Check and prepare the real datasets (ucf101, ssv2, diving48, imagenet100; nothing is downloaded), write generated ones as files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="ucf101, ssv2, diving48 or imagenet100.")]
Place = Annotated[Path, typer.Argument(metavar="PATH", help="The dataset's own folder, as its publishers lay it out.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
Quick = Annotated[bool, typer.Option("--quick", help="Only compare lists with files; decode nothing.")]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", min=1, max=256, help="Decoding processes; default: one a core.")]
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the lists go; runs read ROOT/NAME, so end it in NAME.")]
Cache = Annotated[bool, typer.Option("--cache", help="Also keep the training clips decoded, if the disk has room.")]
Side = Annotated[
    int | None, typer.Option("--short-side", metavar="N", min=16, help="Shrink cached frames to N pixels; default: as they are.")
]

Generated = Annotated[str, typer.Argument(metavar="NAME", help="motion8 or sprites.")]
VideoFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files and lists go.")]
Sizes = Annotated[
    list[str] | None, typer.Option("--clips", metavar="SPLIT=N", help="Clips in a split (train, test, pretrain); may be repeated.")
]


@app.command()
def check(name: Name, path: Place, quick: Quick = False, workers: Workers = None, json: Json = False) -> None:
    """Say what is missing or damaged in PATH, a copy of the dataset NAME."""
    found = inspected(name, path, quick, workers)
    print_state(found, quick, json)
    if invalid(found, quick):
        raise SystemExit(INTEGRITY)


@app.command()
def prepare(
    name: Name,
    path: Place,
    out: OutFolder,
    cache: Cache = False,
    short_side: Side = None,
    workers: Workers = None,
    json: Json = False,
) -> None:
    """Inspect every file of PATH once and write the lists that training and probes read."""
    from repro.datasets.prepared import write

    found = inspected(name, path, False, workers)
    if out.resolve() == path.resolve():
        stop(USAGE, f"--out {cleaned(out)} is the dataset itself; name another folder, which may then be given to runs in its place")
    files = write(found, out)
    print_state(found, False, json, files)
    if invalid(found, False):
        raise SystemExit(INTEGRITY)
    announce_cache(found, short_side, out)
    if cache:
        build_cache(found, out, short_side, workers)


@app.command()
def generate(name: Generated, out: VideoFolder, clips: Sizes = None, json: Json = False) -> None:
    """Write a generated set as MP4 files with lists of paths and labels. An interrupted call goes on where it was."""
    from repro.datasets import videos
    from repro.record import nearest

    if name not in videos.VIDEO_SETS:
        stop(USAGE, f"no generated set {name!r}; {nearest(name, videos.VIDEO_SETS)}")
    try:
        lists = videos.write(name, out, sizes_of(clips or []), shown("clips written"))
    except ValueError as error:
        stop(USAGE, str(error))
    print_lists(name, out, lists, json)


def print_lists(name: str, out: Path, lists: list[Path], as_json: bool) -> None:
    from claimcheck.dossier import SCHEMA

    if as_json:
        typer.echo(json.dumps({"schema": SCHEMA, "dataset": name, "folder": str(out), "lists": [str(path) for path in lists]}))
    else:
        typer.echo("\n".join(cleaned(f"wrote {path}") for path in lists))


def sizes_of(words: list[str]) -> dict[str, int]:
    """`SPLIT=N` words as numbers of clips."""
    sizes = {}
    for word in words:
        split, _, number = word.partition("=")
        if not number.isascii() or not number.isdigit():
            stop(USAGE, f"--clips {word!r}: give SPLIT=N, for example --clips test=40")
        sizes[split] = int(number)
    return sizes


def inspected(name: str, path: Path, quick: bool, workers: int | None) -> "Prepared":
    """The folder's lists, and every file unless `quick`."""
    from repro.clips import Reader
    from repro.datasets.prepared import Prepared, absent, inspect

    layout = layout_of(name, path)
    if quick:
        return Prepared(layout=layout, found=absent(layout))
    with Reader(workers or os.cpu_count() or 1) as reader:
        return inspect(layout, reader, shown("files inspected"))


def layout_of(name: str, path: Path) -> "Layout":
    from repro.datasets import LAYOUTS
    from repro.record import nearest

    if name not in LAYOUTS:
        stop(USAGE, f"no real dataset {name!r}; {nearest(name, LAYOUTS)}")
    if not path.is_dir():
        stop(UNREADABLE, f"{cleaned(path)} is no folder; see docs/datasets.md for where {name} comes from and how it is laid out")
    return LAYOUTS[name](path)


def invalid(found: "Prepared", quick: bool) -> str:
    """Why no number should be made from this data; after a quick look, files that were not decoded count as usable."""
    from dataclasses import replace

    from repro.clips import Inspection

    if quick:
        items = (*found.layout.train, *found.layout.test)
        assumed = {item.path: Inspection(path=item.path, outcome="pyav") for item in items}
        found = replace(found, found=assumed | dict(found.found))
    return found.invalid


def print_state(found: "Prepared", quick: bool, as_json: bool, files: list[Path] | None = None) -> None:
    """All problems, one a line, and whether the data is fit; or the same as JSON."""
    document = state(found, quick) | ({"files": [str(file) for file in files]} if files else {})
    if as_json:
        typer.echo(json.dumps(document))
        return
    layout = found.layout
    typer.echo(f"{layout.name} in {cleaned(layout.folder)}")
    for part in found.problems:
        typer.echo(cleaned(f"  {part}"))
    sides = ((side, document[side]) for side in ("train", "test"))
    counts = ", ".join(f"{side} {count['usable']:,} of {count['listed']:,}" for side, count in sides)
    typer.echo(f"{len(layout.classes)} classes; " + ("not decoded" if quick else f"usable: {counts}"))
    typer.echo(cleaned(f"data_invalid: {document['reason']}") if document["state"] == "data_invalid" else "ok")
    for file in files or ():
        typer.echo(f"wrote {cleaned(file)}")


def state(found: "Prepared", quick: bool) -> dict[str, Any]:
    """What `--json` prints."""
    from claimcheck.dossier import SCHEMA

    layout, reason = found.layout, invalid(found, quick)
    return {
        "schema": SCHEMA,
        "dataset": layout.name,
        "folder": str(layout.folder),
        "state": "data_invalid" if reason else "ok",
        "reason": reason,
        "decoded": not quick,
        "classes": len(layout.classes),
        "train": {"listed": len(layout.train), "usable": None if quick else len(found.train)},
        "test": {"listed": len(layout.test), "usable": None if quick else len(found.test)},
        "problems": [{"kind": p.kind, "count": p.count, "what": p.what, "first": p.first, "fatal": p.fatal} for p in found.problems],
        "skipped": [{"path": video.path, "outcome": video.outcome, "detail": video.detail} for video in found.skipped],
    }


def announce_cache(found: "Prepared", short_side: int | None, out: Path) -> None:
    """How large the decoded training clips would be, before any is written."""
    import shutil

    from repro.cache import decoded_bytes

    videos = training_videos(found)
    sizes = [f"{decoded_bytes(videos, side) / 1e9:,.3f} GB {words}" for side, words in ((None, "as they are"), (128, "at short side 128"))]
    asked = f", {decoded_bytes(videos, short_side) / 1e9:,.3f} GB at short side {short_side}" if short_side else ""
    free = shutil.disk_usage(out).free / 1e9
    typer.echo(f"decoded, the training clips take {', '.join(sizes)}{asked}; the disk has {free:,.1f} GB free", err=True)


def build_cache(found: "Prepared", out: Path, short_side: int | None, workers: int | None) -> None:
    from repro.cache import CacheTooLarge, build
    from repro.clips import Reader
    from repro.datasets.prepared import CACHE

    with Reader(workers or os.cpu_count() or 1) as reader:
        try:
            build(out / CACHE, training_videos(found), reader, short_side=short_side, told=shown("bytes decoded"))
        except CacheTooLarge as error:
            stop(DISK, str(error))


def training_videos(found: "Prepared") -> "list[Inspection]":
    return [found.found[item.path] for item in found.train]


def shown(what: str) -> Callable[[int, int], None]:
    """A function to call with how much is done and how much there is; a line on stderr every two seconds at most."""
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > 2:
            last = time.monotonic()
            print(f"[{done:,}/{total:,}] {what}", file=sys.stderr, flush=True)

    return tell


def stop(code: int, message: str) -> NoReturn:
    """End with one line that says what, where and what to do."""
    typer.echo(f"claimcheck: {message}", err=True)
    raise SystemExit(code)
