"""What the commands share: exit codes, common options, messages."""

import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from claimcheck.escape import cleaned

if TYPE_CHECKING:
    from claimcheck.dossier import Dossier
    from claimcheck.workspace import Workspace


class Exit(IntEnum):
    DONE = 0
    FAILED_ON = 1
    USAGE = 2
    UNREADABLE = 3
    UNAVAILABLE = 4
    REPRODUCTION = 5
    LOCKED = 6
    INTEGRITY = 7
    INTERNAL = 70
    DISK = 74
    INTERRUPTED = 130
    TERMINATED = 143


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
Folder = Annotated[Path, typer.Option("--workspace", metavar="DIR", help="Where dossiers and runs are kept.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no hints on stderr.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is done.")]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for another command to finish here.")]
WORKSPACE = Path(".claimcheck")


class Say:
    """Messages on stderr, as many as were asked for."""

    def __init__(self, quiet: bool, verbose: bool) -> None:
        self.quiet, self.verbose = quiet, verbose

    def hint(self, message: str) -> None:
        """Say it, unless quiet; a name in it may be foreign, so that only what can be shown is."""
        if not self.quiet:
            typer.echo(cleaned(message), err=True)


def opened(folder: Path, quiet: bool, verbose: bool) -> "tuple[Workspace, Say]":
    import logging

    from claimcheck.workspace import Workspace

    level = logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    return Workspace(folder), Say(quiet, verbose)


def logged(dossier: "Dossier", line: str) -> "Dossier":
    """The dossier with a command added to its log, unless it is already the last one there."""
    return dossier if dossier.log[-1:] == (line,) else dossier.model_copy(update={"log": (*dossier.log, line)})


def print_paths(paths: list[Path], json: bool, what: str = "report") -> None:
    import json as encoder

    if json:
        typer.echo(encoder.dumps({"schema": "claimcheck/v1", "files": [str(path) for path in paths]}))
    else:
        typer.echo("\n".join(f"{what}: {path}" for path in paths))


def stop(code: Exit, message: str) -> NoReturn:
    """End with one line that says what, where and what to do, whatever characters a name in it has."""
    typer.echo(f"claimcheck: {' '.join(cleaned(message).split())}", err=True)
    raise SystemExit(int(code))
