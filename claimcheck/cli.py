"""The commands: each parses, calls one function, and prints where the result is.

stdout carries the result, stderr progress and messages. Exit codes: 0 done; 1 a claim ended as `--fail-on` says; 2 usage;
3 input unreadable; 4 source unavailable; 5 reproduction failed; 6 workspace locked; 7 integrity check failed; 70 internal
error; 74 disk error; 130 interrupted; 143 terminated.
"""

import errno
import io
import os
import signal
import sys
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from claimcheck import __version__, claims, data, literature, runs
from claimcheck.console import WORKSPACE, Exit, Folder, Json, Quiet, Say, Verbose, Wait, logged, opened, print_paths, stop
from claimcheck.escape import printable
from claimcheck.literature import Databases, Local, Most, Offline, Question, Since

if TYPE_CHECKING:  # the nouns take 0.2 s to import, which `--help` need not wait for
    from claimcheck.dossier import Claim, Dossier
    from claimcheck.reproduce import Request
    from claimcheck.workspace import Workspace
    from repro.result import RunResult


class Scale(StrEnum):
    SMOKE = "smoke"
    PROXY = "proxy"
    PAPER = "paper"


class FailOn(StrEnum):
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


app = typer.Typer(
    name="claimcheck",
    help="Check the numeric claims of a paper: extract them, verify them against released results, rerun what they rest on, report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


app.add_typer(claims.app)
app.add_typer(data.app)
app.add_typer(runs.app)
app.add_typer(literature.app)


def print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"claimcheck {__version__}")
        raise typer.Exit


SourceArgument = Annotated[
    str | None, typer.Argument(metavar="[SOURCE]", help="A path, '-', an arXiv id or an https URL; nothing: the bundled study.")
]
TheseClaims = Annotated[
    list[int], typer.Option("--claim", metavar="N", help="Rerun the experiments claim N rests on; may be repeated, the first runs first.")
]
SomeClaim = Annotated[int | None, typer.Option("--claim", metavar="N", help="Only claim N, in full.")]
Open = Annotated[
    int | None, typer.Option("--open", metavar="N", help="Write the PDF page of claim N, boxed, as a picture; print its path.")
]
Claims = Annotated[
    list[int] | None, typer.Option("--claim", metavar="N", help="Rerun only for claim N; may be repeated. Default: every claim.")
]
ScaleOption = Annotated[Scale, typer.Option("--scale", help="How large the runs are: smoke takes half a minute each on a CPU core.")]
Seeds = Annotated[int, typer.Option("--seeds", metavar="K", min=1, max=100, help="Seeds per experiment.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would run and what it would cost; run nothing.")]
Device = Annotated[str, typer.Option("--device", metavar="NAME", help="cpu, or cuda: one run at a time on each GPU.")]
DataRoot = Annotated[
    Path | None, typer.Option("--data-root", metavar="DIR", help="The folder of real datasets, which runs at paper scale need.")
]
Budget = Annotated[
    float | None, typer.Option("--budget", metavar="HOURS", min=0, help="Stop after so long; the same command goes on from there.")
]
Only = Annotated[list[str] | None, typer.Option("--only", metavar="EXPERIMENT", help="Only this experiment of them; may be repeated.")]
FromCheckpoint = Annotated[
    list[str] | None,
    typer.Option("--from-checkpoint", metavar="[EXPERIMENT=]PATH", help="Probe these weights instead of training; a file, or a folder."),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", metavar="N", min=1, max=1024, help="Runs at a time; default: one for every free core or GPU.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the report goes; default: reports/ in the workspace.")]
ExportOut = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go; made if need be.")]
Crate = Annotated[bool, typer.Option("--crate", help="Also describe the folder as an RO-Crate (needs the extra 'crate').")]
Formats = Annotated[
    str, typer.Option("--format", metavar="LIST", help="Any of html, md, json (the dossier) and svg (the plots), separated by commas.")
]
Version = Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=print_version)]
FailOnOption = Annotated[FailOn | None, typer.Option("--fail-on", help="Exit 1 if a claim ends so (inconclusive includes refuted).")]


BENCH_DATA = Path("data")
BenchName = Annotated[str, typer.Argument(metavar="NAME", help="Which benchmark; a name that is none lists those there are.")]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Stop after N papers, where the benchmark is of many.")]
Data = Annotated[Path, typer.Option("--data", metavar="PATH", help="The folder that holds the benchmark's data, if it needs any.")]


@app.callback()
def options(version: Version = False) -> None:
    """Shared by every command."""


@app.command()
def extract(
    source: SourceArgument = None,
    offline: Offline = False,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Read SOURCE and list the numeric claims it makes."""
    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        dossier = gathered(source, space, say, offline=offline)
    print_result(dossier, json, "claims")


@app.command()
def verify(
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
    fail_on: FailOnOption = None,
) -> None:
    """Check the claims of the current dossier and judge each one."""
    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        dossier = verified(current(space, say), space)
    print_result(dossier, json, "verdicts")
    fail(dossier, fail_on)


@app.command()
def reproduce(
    claim: TheseClaims,
    scale: ScaleOption = Scale.SMOKE,
    seeds: Seeds = 1,
    device: Device = "cpu",
    data_root: DataRoot = None,
    budget: Budget = None,
    only: Only = None,
    from_checkpoint: FromCheckpoint = None,
    jobs: Jobs = None,
    dry_run: DryRun = False,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Rerun the experiments that claim N rests on, and judge it again."""
    from claimcheck.reproduce import Request

    space, say = opened(workspace, quiet, verbose)
    if data_root is not None and not data_root.is_dir():
        stop(Exit.UNREADABLE, f"--data-root {data_root} is no folder; see docs/datasets.md for how it is laid out")
    request = Request(
        claims=claim,
        scale=scale.value,
        seeds=seeds,
        only=tuple(only or ()),
        checkpoints=tuple(from_checkpoint or ()),
        device=device,
        data_root=data_root,
        jobs=jobs,
        budget_hours=budget,
    )
    if dry_run:
        print_plan(current(space, say, keep=False), request, space, json)
        return
    with space.writing(wait):
        dossier = current(space, say)
        for number in claim:
            chosen(dossier, number)
        dossier = rerun(dossier, request, space, say)
    if json or len(claim) > 1:
        print_result(dossier, json, "verdicts")
    else:
        print_result(dossier, json, "card", claim[0])


@app.command()
def review(
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Have the panel of rule-based reviewers score the current dossier, each rule with what it saw."""
    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        dossier = judged(current(space, say), space)
        dossier = reviewed(logged(dossier, command("review")), space)
    print_result(dossier, json, "panel")


@app.command()
def report(
    format: Formats = "html,md",
    out: Out = None,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Write the report of the current dossier."""
    formats = parsed(format)
    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        dossier = reviewed(judged(current(space, say), space), space)
    print_paths(written(dossier, space, out, formats), json)


@app.command()
def export(
    out: ExportOut,
    crate: Crate = False,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
) -> None:
    """Write the current dossier for other programs: JSON, ClaimReview, CSV, the report, and with --crate an RO-Crate of it all."""
    from datetime import UTC, datetime

    from claimcheck import export as files

    space, say = opened(workspace, quiet, verbose)
    with space.writing(wait):
        dossier = reviewed(judged(current(space, say), space), space)
    paths = [*files.write(dossier, out), *written(dossier, space, out, ["html", "md"])]
    if crate:
        try:
            paths.append(files.crate(dossier, out, paths, datetime.now(UTC).date().isoformat()))
        except files.NoCrate as error:
            stop(Exit.USAGE, str(error))
    print_paths(paths, json, "file")


@app.command()
def run(
    source: SourceArgument = None,
    question: Question = None,
    databases: Databases = "",
    max: Most = 10,
    since: Since = "",
    local: Local = None,
    offline: Offline = False,
    claim: Claims = None,
    scale: ScaleOption = Scale.SMOKE,
    seeds: Seeds = 1,
    format: Formats = "html,md",
    out: Out = None,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
    wait: Wait = 60,
    fail_on: FailOnOption = None,
) -> None:
    """Do all of it: extract, or search and gather; verify, reproduce, review, report."""
    from claimcheck.reproduce import Request

    formats = parsed(format)
    space, say = opened(workspace, quiet, verbose)
    if question is not None and source is not None:
        stop(Exit.USAGE, "give a SOURCE or a --question, not both")
    with space.writing(wait):
        if question is None:
            dossier = gathered(source, space, say, claim or [], offline=offline)
        else:
            asked = literature.wanted(question, databases, max, since, local)
            dossier = literature.read(asked, space, say, offline)
            for number in claim or []:
                chosen(dossier, number)
        dossier = verified(dossier, space)
        request = Request(claims=claim or [c.number for c in dossier.claims], scale=scale.value, seeds=seeds)
        dossier = rerun(dossier, request, space, say)
        dossier = reviewed(dossier, space)
    paths = written(dossier, space, out, formats)
    print_result(dossier, json, "verdicts")
    if not json:
        print_paths(paths, json)
    fail(dossier, fail_on)


@app.command()
def show(
    claim: SomeClaim = None,
    open: Open = None,
    json: Json = False,
    workspace: Folder = WORKSPACE,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show the current dossier's verdicts, one claim in full, or where a PDF makes it."""
    space, say = opened(workspace, quiet, verbose)
    dossier = current(space, say, keep=False)
    if open is not None:
        from claimcheck import pages

        print_paths([pages.write(dossier, chosen(dossier, open), space.folder / "pages")], json, "page")
    elif claim is None:
        print_result(dossier, json, "verdicts")
    else:
        print_result(dossier.model_copy(update={"claims": (chosen(dossier, claim),)}), json, "card", claim)


@app.command()
def bench(name: BenchName, data: Data = BENCH_DATA, limit: Limit = None, json: Json = False) -> None:
    """Measure claimcheck on labelled data and print the figures, as fractions."""
    from claimcheck import benchmarks
    from repro.record import nearest

    if name not in benchmarks.BENCHMARKS:
        stop(Exit.USAGE, f"no benchmark {name!r}; {nearest(name, benchmarks.BENCHMARKS)}")
    if limit is not None and name not in benchmarks.LIMITED:
        stop(Exit.USAGE, f"--limit: {name!r} is measured on all its data; only {', '.join(benchmarks.LIMITED)} can stop early")
    try:
        figures = benchmarks.run(name, data, limit)
    except (FileNotFoundError, NotADirectoryError) as error:
        missing = error.filename or data
        stop(Exit.UNREADABLE, f"{missing}: the data of {name!r} are not there; give their folder with --data")
    print_figures(figures, json)


@app.command()
def schema() -> None:
    """Print the JSON Schema of what `--json` prints."""
    import json

    from claimcheck.dossier import Dossier

    typer.echo(json.dumps(Dossier.model_json_schema(by_alias=True, mode="serialization"), indent=1))


# ── what the commands share ──────────────────────────────────────────────────────────────────────────────────────────


def gathered(source: str | None, space: "Workspace", say: Say, claims: list[int] | None = None, *, offline: bool = False) -> "Dossier":
    """The dossier of a source, written as the current one once it is known to have the claims asked for."""
    from claimcheck.gather import gather, losses

    dossier = gather(source, lambda: literature.door(space, offline))
    for loss in losses(dossier):
        say.hint(loss)
    dossier = dossier.model_copy(update={"log": (command("extract", source),), "runs": earlier_runs(dossier, space)})
    for number in claims or []:
        chosen(dossier, number)
    if not dossier.claims:
        say.hint("No claim was found; the reader's flags and the sections read are in the dossier.")
    space.write(dossier)
    return dossier


def earlier_runs(dossier: "Dossier", space: "Workspace") -> "tuple[RunResult, ...]":
    """The runs that the workspace's last dossier of the same paper holds: reading a paper again loses none of them."""
    from claimcheck.workspace import Damaged

    try:
        last = space.current()
    except Damaged:
        return ()
    return last.runs if last is not None and last.paper == dossier.paper else ()


def current(space: "Workspace", say: Say, *, keep: bool = True) -> "Dossier":
    """The workspace's newest dossier; the bundled study's where there is none yet, written down unless `keep` is false."""
    dossier = space.current()
    if dossier is not None:
        return dossier
    say.hint("No dossier here yet: reading the bundled study (claimcheck extract SOURCE reads another paper).")
    if keep:
        return gathered(None, space, Say(quiet=True, verbose=False))
    from claimcheck.gather import gather
    from claimcheck.judge import check

    return check(gather(None))


def verified(dossier: "Dossier", space: "Workspace") -> "Dossier":
    from claimcheck.judge import check

    dossier = check(logged(dossier, command("verify")))
    space.write(dossier)
    return dossier


def judged(dossier: "Dossier", space: "Workspace") -> "Dossier":
    """The dossier, verified first if no check has looked at it yet."""
    return dossier if any(claim.findings for claim in dossier.claims) else verified(dossier, space)


def reviewed(dossier: "Dossier", space: "Workspace") -> "Dossier":
    """The dossier with the panel's reviews of it as it stands."""
    from claimcheck.review import review

    dossier = review(dossier)
    space.write(dossier)
    return dossier


def rerun(dossier: "Dossier", request: "Request", space: "Workspace", say: Say) -> "Dossier":
    """Run what the request asks for, judge again, and write the dossier with every run that ended, interrupted or not."""
    from claimcheck.judge import check
    from claimcheck.progress import progress
    from claimcheck.reproduce import Unusable, left, reproduce, require_data, with_runs, work

    try:
        asked = work(dossier, request)
        require_data(asked)
    except Unusable as error:
        stop(Exit.USAGE, str(error))
    if not asked.experiments:
        say.hint("No experiment stands for what these claims compare; nothing to rerun.")
        return dossier
    dossier, runs = logged(dossier, command("reproduce", *words(request))), None
    with progress(len(asked.experiments), quiet=say.quiet) as shown:
        try:
            runs = reproduce(asked, space.runs, shown)
        finally:
            dossier = check(with_runs(dossier, left(asked, space.runs) if runs is None else runs))
            space.write(dossier)
    if all(run.state not in ENDED for run in runs):
        stop(Exit.REPRODUCTION, f"no run finished: {runs[0].experiment.name}: {runs[0].reason}")
    return dossier


ENDED = ("finished", "nan_loss", "collapsed")
"""Ends of a run that another attempt would only repeat."""


def words(request: "Request") -> list[str]:
    """The options that decide a request's numbers, as they would be typed; no path, which is the user's own."""
    named = [f"--claim {number}" for number in request.claims] + [f"--scale {request.scale}", f"--seeds {request.seeds}"]
    named += [f"--only {name}" for name in request.only] + ["--from-checkpoint …"] * bool(request.checkpoints)
    return named + [f"--device {request.device}"] * (request.device != "cpu")


def command(*words: str | None) -> str:
    return printable(" ".join(["claimcheck", *(word for word in words if word)]))


def chosen(dossier: "Dossier", number: int) -> "Claim":
    try:
        return dossier.claim(number)
    except KeyError:
        known = [claim.number for claim in dossier.claims]
        what = f"its claims are {known[0]} to {known[-1]}" if known else "it has no claims"
        stop(Exit.USAGE, f"claim {number} is not in the dossier of {dossier.paper}: {what}")


def written(dossier: "Dossier", space: "Workspace", out: Path | None, formats: list[str]) -> list[Path]:
    from claimcheck.report import write

    return write(dossier, out or space.folder / "reports", formats)


def parsed(formats: str) -> list[str]:
    """The report formats asked for."""
    found = [name.strip() for name in formats.split(",") if name.strip()]
    for name in found or [formats]:
        if name not in ("html", "md", "json", "svg"):
            stop(Exit.USAGE, f"--format {name!r}: there is html, md, json (the dossier) and svg (the plots)")
    return found


def print_result(dossier: "Dossier", json: bool, view: Literal["claims", "verdicts", "card", "panel"], claim: int = 0) -> None:
    """The dossier on stdout: as JSON, or as one of the views for people, whose colours `terminal` decides and echo is not to strip."""
    if json:
        from claimcheck.workspace import to_json

        typer.echo(to_json(dossier), nl=False)
    else:
        from claimcheck import terminal

        match view:
            case "claims":
                typer.echo(terminal.claims(dossier), color=True)
            case "verdicts":
                typer.echo(terminal.verdicts(dossier), color=True)
            case "panel":
                typer.echo(terminal.panel(dossier), color=True)
            case "card":
                typer.echo(terminal.card(dossier.claim(claim)), color=True)


def print_plan(dossier: "Dossier", request: "Request", space: "Workspace", json: bool) -> None:
    """What a reproduction would run and cost."""
    from claimcheck.reproduce import Unusable, plan

    for number in request.claims:
        chosen(dossier, number)
    try:
        planned = plan(dossier, request, space.runs)
    except Unusable as error:
        stop(Exit.USAGE, str(error))
    typer.echo(planned.json() if json else planned.text())


def print_figures(figures: dict[str, Any], json: bool) -> None:
    """A benchmark's figures as one JSON document, or one a line."""
    import json as encoder

    if json:
        typer.echo(encoder.dumps(figures))
        return
    rows = {figures["bench"]: f"n = {figures['n']:,}"} | {key: f"{value:,g}" for key, value in figures["metrics"].items()}
    width = max(map(len, rows))
    typer.echo("\n".join(f"{key:{width}}  {value}" for key, value in rows.items()))
    for name, cases in figures.get("cases", {}).items():
        typer.echo("\n".join([f"{name}:", *("  " + ", ".join(f"{key} {value}" for key, value in case.items()) for case in cases)]))


def fail(dossier: "Dossier", fail_on: FailOn | None) -> None:
    """Exit 1 if a claim ended as the user said would be a failure."""
    bad = {FailOn.REFUTED: {"refuted"}, FailOn.INCONCLUSIVE: {"refuted", "inconclusive"}}.get(fail_on, set()) if fail_on else set()
    if any(claim.verdict in bad for claim in dossier.claims):
        raise SystemExit(int(Exit.FAILED_ON))


class Terminated(BaseException):
    """SIGTERM: leave as for Ctrl-C, with another exit code."""


signals: list[int] = []
"""Those that arrived. What a signal raises inside a library of another language may come out as an error of the library's own."""


def terminate(number: int, frame: FrameType | None) -> None:
    signals.append(number)
    raise Terminated


def interrupt(number: int, frame: FrameType | None) -> None:
    signals.append(number)
    raise KeyboardInterrupt


def interruption(error: BaseException) -> BaseException | None:
    """The Ctrl-C or SIGTERM behind an error: the command line library turns KeyboardInterrupt into an exit of its own."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, KeyboardInterrupt | Terminated):
        seen = seen.__cause__ or seen.__context__
    return seen


def by_sigterm(stopped: BaseException) -> bool:
    """Whether SIGTERM ended the command, caught here or by a run of the engine."""
    engine = sys.modules.get("repro.run")
    return isinstance(stopped, Terminated) or (engine is not None and isinstance(stopped, engine.Terminated))


def main() -> None:
    """Run a command and turn whatever went wrong into one line and an exit code."""
    signal.signal(signal.SIGTERM, terminate)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background job ignores it, and so do we
        signal.signal(signal.SIGINT, interrupt)
    # A caller may close either stream; the command does its work all the same.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ✓ still gets the rest of the line
    try:
        app()
    except (KeyboardInterrupt, Terminated, SystemExit) as error:
        stopped = interruption(error)
        if stopped is None and isinstance(error.__context__, OSError) and error.__context__.errno == errno.EPIPE:
            leave_quietly()
        if stopped is None:
            raise
        stop_by_signal(terminated=by_sigterm(stopped))
    except BrokenPipeError:
        leave_quietly()
    except Exception as error:
        if signals:
            stop_by_signal(terminated=signals[-1] == signal.SIGTERM)
        stop(*explained(error))


def stop_by_signal(*, terminated: bool) -> NoReturn:
    code, word = (Exit.TERMINATED, "terminated") if terminated else (Exit.INTERRUPTED, "interrupted")
    stop(code, f"{word}; what was finished is kept, and the same command goes on from there")


def leave_quietly() -> NoReturn:
    """The reader of our output left, as `head` does; there is nothing more to say to it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(int(Exit.DONE)) from None


def explained(error: Exception) -> tuple[Exit, str]:
    """The exit code and the line for an error that a command did not expect to handle itself."""
    from claimcheck.document import Unreadable
    from claimcheck.workspace import Damaged, Locked

    if "--verbose" in sys.argv or "-v" in sys.argv:
        import traceback

        traceback.print_exception(error)
    if (fault := literature.explained(error)) is not None:
        return fault
    match error:
        case Unreadable():
            return Exit.UNREADABLE, str(error)
        case Locked():
            return Exit.LOCKED, str(error)
        case Damaged():
            return Exit.INTEGRITY, str(error)
        case OSError():
            where = error.filename or "the disk"
            if error.errno in (errno.EEXIST, errno.ENOTDIR):
                return Exit.DISK, f"{where}: a file stands where a folder is needed; choose another --workspace or --out"
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            return Exit.DISK, f"{where}: {error.strerror or error}; {'free space or ' if full else ''}choose another --workspace or --out"
        case _:
            return Exit.INTERNAL, f"internal error: {type(error).__name__}: {error} (run again with --verbose for the traceback)"
