"""The commands that ask the network for papers: search and gather. The door they ask through is opened here.

Keys and a mail address come from the environment: OPENALEX_API_KEY, S2_API_KEY, CLAIMCHECK_MAILTO. CLAIMCHECK_ARXIV_INTERVAL asks arXiv
less often than once in three seconds; never more often.
"""

import os
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimcheck.console import WORKSPACE, Exit, Folder, Json, Quiet, Say, Verbose, Wait, logged, opened, stop

if TYPE_CHECKING:  # what asks the network takes 0.2 s to import, which `--help` need not wait for
    from claimcheck.dossier import Dossier
    from claimcheck.search import Wanted
    from claimcheck.sources.http import Door
    from claimcheck.workspace import Workspace

app = typer.Typer()

QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", help="What is asked of the literature, in words.")]
Question = Annotated[
    str | None, typer.Option("--question", metavar="TEXT", help="Search the literature for this instead of reading SOURCE.")
]
Databases = Annotated[
    str, typer.Option("--databases", metavar="LIST", help="Of local, arxiv, crossref, semantic_scholar, openalex; default: all.")
]
Most = Annotated[int, typer.Option("--max", metavar="N", min=1, max=200, help="The most papers to keep.")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", help="Only what was published from this year, month or day on.")]
Local = Annotated[Path | None, typer.Option("--local", metavar="DIR", help="A folder of papers to search too.")]
Offline = Annotated[bool, typer.Option("--offline", help="Ask nobody: replay what was fetched before.")]
Releases = Annotated[
    list[str] | None,
    typer.Option("--release", metavar="PATH", help="Released results: a file, a folder, an archive or its address; may be repeated."),
]


@app.command()
def search(
    question: QuestionArgument,
    databases: Databases = "",
    max: Most = 20,
    since: Since = "",
    local: Local = None,
    offline: Offline = False,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Search the literature for papers on QUESTION; every step is counted."""
    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        dossier = searched(wanted(question, databases, max, since, local), door(space, offline), space, say)
    print_found(dossier, json)


@app.command()
def gather(
    max: Most = 20,
    release: Releases = None,
    offline: Offline = False,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Fetch the papers that the current dossier cites, or that its search found; with --release, read released results instead."""
    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        way = door(space, offline)
        dossier = with_releases(release, way, space) if release else fetched(max, way, space, say)
    print_found(dossier, json)


def door(space: "Workspace", offline: bool) -> "Door":
    """The way to the network for one command: answers are kept in the workspace, turns are shared by all commands of the user."""
    from claimcheck.sources.cache import Cache
    from claimcheck.sources.clock import Clock
    from claimcheck.sources.http import Door
    from claimcheck.sources.pace import Pace

    clock = Clock()
    folder = None if offline else shared_folder()
    pace = Pace(folder or space.folder / "pace", clock, intervals())
    return Door(Cache(space.folder / "cache"), pace, offline=offline, mailto=mailto(), clock=clock)


def shared_folder() -> Path | None:
    """Where all commands of a user take their turns; None if nothing can be written there."""
    from platformdirs import user_cache_path

    folder = user_cache_path("claimcheck") / "pace"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def intervals() -> dict[str, float]:
    """Pauses that the user asks for; none shorter than what arXiv asks."""
    from claimcheck.sources.pace import INTERVALS

    given = os.environ.get("CLAIMCHECK_ARXIV_INTERVAL", "").strip()
    if not re.fullmatch(r"(\d{1,4}(\.\d{1,3})?)?", given, re.ASCII):
        stop(Exit.USAGE, f"CLAIMCHECK_ARXIV_INTERVAL is {given!r}; give seconds, 3 or more")
    return {"arxiv": max(float(given), INTERVALS["arxiv"])} if given else {}


def mailto() -> str:
    """Whom providers may write to, if the user says so."""
    given = os.environ.get("CLAIMCHECK_MAILTO", "").strip()
    if given and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", given, re.ASCII):
        stop(Exit.USAGE, "CLAIMCHECK_MAILTO is no mail address; unset it or give one")
    return given


def wanted(question: str, databases: str = "", most: int = 20, since: str = "", local: Path | None = None) -> "Wanted":
    from claimcheck.search import Wanted

    names = tuple(name.strip() for name in databases.split(",") if name.strip())
    return Wanted(" ".join(question.split()), names, most, since, local)


def searched(asked: "Wanted", way: "Door", space: "Workspace", say: Say) -> "Dossier":
    """The dossier of a search, written as the current one. Exit 4 if no database answered."""
    from claimcheck.gather import losses, of_search
    from claimcheck.index import Index
    from claimcheck.search import Unanswerable, failed, search

    try:
        log = search(asked, way, Index(space.folder / "index.sqlite"), lambda name: say.hint(f"searching {name}"))
    except Unanswerable as error:
        stop(Exit.USAGE, str(error))
    dossier = of_search(log).model_copy(update={"log": (" ".join(["claimcheck", "search", *words(asked)]),)})
    for loss in losses(dossier):
        say.hint(loss)
    if failed(log):
        stop(Exit.UNAVAILABLE, "no database answered; try again later, or name others with --databases")
    space.write(dossier)
    return dossier


def read(asked: "Wanted", space: "Workspace", say: Say, offline: bool) -> "Dossier":
    """The dossier of a question: searched for, and the papers that were kept fetched and read."""
    way = door(space, offline)
    searched(asked, way, space, say)
    return fetched(asked.most, way, space, say)


def explained(error: Exception) -> tuple[Exit, str] | None:
    """The exit code and the line for a fault of the network or of what was kept of it; None for another error."""
    if "claimcheck.sources" not in sys.modules:
        return None
    from claimcheck.sources.cache import Damaged
    from claimcheck.sources.faults import ABSENT, SourceFault

    if isinstance(error, Damaged):
        return Exit.INTEGRITY, str(error)
    if isinstance(error, SourceFault):
        return (Exit.UNREADABLE if error.fault in ABSENT else Exit.UNAVAILABLE), str(error)
    return None


def words(asked: "Wanted") -> list[str]:
    """The search as it would be typed; the folder is the user's own."""
    options = [("--databases", ",".join(asked.databases)), ("--max", str(asked.most)), ("--since", asked.since)]
    named = [f"{option} {shlex.quote(value)}" for option, value in options if value]
    return [shlex.quote(asked.question), *named, *(["--local …"] if asked.folder else [])]


def fetched(most: int, way: "Door", space: "Workspace", say: Say) -> "Dossier":
    """The current dossier with its papers, written. Exit 4 if papers were sought and the network gave none."""
    from claimcheck.gather import answered, cited, losses

    dossier = current(space)
    if dossier.search is not None:
        dossier = answered(dossier, way, most, say.hint)
    elif dossier.references:
        dossier = cited(dossier, way, most, say.hint)
    else:
        say.hint("The document lists no reference; nothing to fetch.")
    for loss in losses(dossier):
        say.hint(loss)
    unreached(dossier)
    dossier = logged(dossier, f"claimcheck gather --max {most}")
    space.write(dossier)
    return dossier


def with_releases(places: list[str], way: "Door", space: "Workspace") -> "Dossier":
    """The current dossier with the results in released files, written."""
    from claimcheck.gather import release

    dossier = current(space)
    if dossier.search is not None:
        stop(Exit.USAGE, "a release belongs to one paper, and this dossier is of a search; claimcheck extract the paper first")
    for place in places:
        dossier = release(dossier, place, way)
    dossier = logged(dossier, "claimcheck gather --release …")
    space.write(dossier)
    return dossier


def current(space: "Workspace") -> "Dossier":
    dossier = space.current()
    if dossier is None:
        stop(Exit.USAGE, "no dossier here yet; claimcheck extract SOURCE or claimcheck search QUESTION makes one")
    return dossier


def unreached(dossier: "Dossier") -> None:
    """Exit 4 if none of the papers that were sought came, and some for a fault of the way to them."""
    from claimcheck.retrieve import TRANSIENT

    sought = [paper for paper in dossier.papers if paper.role != "subject"]
    missed = [paper for paper in sought if paper.fault in TRANSIENT]
    if missed and all(paper.state == "not_retrieved" for paper in sought):
        stop(Exit.UNAVAILABLE, f"none of {len(sought)} papers could be fetched: {missed[0].detail}; the same command tries again")


def print_found(dossier: "Dossier", json: bool) -> None:
    """Works, papers and the flow on stdout."""
    from claimcheck import terminal
    from claimcheck.workspace import to_json

    typer.echo(to_json(dossier) if json else terminal.literature(dossier), nl=not json, color=None if json else True)
