"""The commands on runs: list them, show one, say in what two differ, make one again and compare, take some from elsewhere.

A run is named by its experiment's digest or the beginning of it, as `list` prints it. Runs come from the workspace, or from a dossier
or a folder of results that is named with `--from`.
"""

import json as encoder
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimcheck.console import WORKSPACE, Exit, Folder, Json, Quiet, Wait, opened, stop
from claimcheck.escape import cleaned

if TYPE_CHECKING:
    from repro.result import RunResult

SCHEMA = "claimcheck/runs/v1"

app = typer.Typer(
    name="runs",
    help="List the runs of a workspace, show one, compare two, make one again, or take some from elsewhere.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="A run's digest, or enough of its beginning to be only its own.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="Another run's digest.")]
From = Annotated[
    Path | None, typer.Option("--from", metavar="PATH", help="A dossier, or a folder of results, instead of the workspace's runs.")
]
DataRoot = Annotated[Path | None, typer.Option("--data-root", metavar="DIR", help="The folder of real datasets, if the run needs one.")]
Source = Annotated[Path, typer.Argument(metavar="PATH", help="A dossier, or a folder that holds result.json files.")]
Device = Annotated[
    str, typer.Option("--device", metavar="NAME", help="cpu or cuda; other devices than the first run's give other numbers.")
]


@app.command("list")
def list_(workspace: Folder = WORKSPACE, source: From = None, json: Json = False) -> None:
    """Every run, one a line: digest, experiment, seed, scale, how it ended, scores."""
    found = runs(workspace, source)
    if json:
        print_json({"runs": [brief(run) for run in found]})
        return
    if not found:
        typer.echo("no runs yet: claimcheck reproduce --claim N makes some")
    rows = [(run.experiment.digest, run.experiment.name, f"seed {run.seed}", run.experiment.scale, run.state, scores(run)) for run in found]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(5)]
    for row in rows:
        typer.echo(cleaned("  ".join(f"{text:{width}}" for text, width in zip(row, [*widths, 0], strict=True)).rstrip()))


@app.command()
def show(run: Id, workspace: Folder = WORKSPACE, source: From = None, json: Json = False) -> None:
    """All that a run left: experiment, seed, environment, scores with n, cost, how it ended."""
    chosen = one(run, runs(workspace, source))
    if json:
        print_json({"digest": chosen.experiment.digest, **chosen.to_dict()})
        return
    typer.echo(cleaned("\n".join(described(chosen))))


@app.command()
def diff(run: Id, other: Other, workspace: Folder = WORKSPACE, source: From = None, json: Json = False) -> None:
    """Only what differs between two runs."""
    known = runs(workspace, source)
    one_, other_ = one(run, known), one(other, known)
    found = differences(one_, other_)
    if json:
        pair = [one_.experiment.digest, other_.experiment.digest]
        print_json({"runs": pair, "differs": {name: list(values) for name, values in found.items()}})
        return
    typer.echo(cleaned(f"{one_.experiment.name} (seed {one_.seed})  |  {other_.experiment.name} (seed {other_.seed})"))
    for name, (mine, theirs) in found.items():
        typer.echo(cleaned(f"  {name}: {mine}  |  {theirs}"))
    if not found:
        typer.echo("  nothing differs")


@app.command()
def redo(
    run: Id,
    workspace: Folder = WORKSPACE,
    source: From = None,
    data_root: DataRoot = None,
    device: Device = "cpu",
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Make a run again, beside the old one, and say whether its numbers are the same. Exit 7 if they are not, 5 if it did not end."""
    chosen = one(run, runs(workspace, source))
    if chosen.weights:
        stop(Exit.USAGE, f"{run} probed a checkpoint; give its file to claimcheck reproduce --from-checkpoint")
    again = made_again(chosen, data_root, device, quiet)
    same = comparison(chosen, again)
    if json:
        print_json({"run": chosen.experiment.digest, "same": same.same, "other_code": same.other_code, "differs": same.differs})
    else:
        typer.echo(cleaned("\n".join(same.lines(chosen))))
    if again.state not in ("finished", "nan_loss", "collapsed"):
        stop(Exit.REPRODUCTION, f"the run ended as {again.state}: {again.reason}")
    if not same.same:
        raise SystemExit(int(Exit.INTEGRITY))


@app.command("import")
def import_(path: Source, workspace: Folder = WORKSPACE, wait: Wait = 60, quiet: Quiet = False) -> None:
    """Take the runs of a dossier, or of a folder of results, into the workspace's dossier, and judge its claims again.

    The commands that made them are taken over from a dossier too. No run is made, so a report can follow its templates and verifiers; and
    reproduce takes those that the code at hand would make alike for finished.
    """
    from claimcheck.judge import check
    from claimcheck.reproduce import keep, with_runs

    taken, log = runs(workspace, path), of_log(path)
    space, _ = opened(workspace, quiet, False)
    with space.writing(wait):
        dossier = space.current()
        if dossier is None:
            stop(Exit.USAGE, f"no dossier in {workspace} yet: claimcheck extract makes one")
        made = tuple(line for line in log if line not in dossier.log)
        dossier = check(with_runs(dossier, taken).model_copy(update={"log": (*dossier.log, *made)}))
        space.write(dossier)
        keep(taken, space.runs)
    typer.echo(f"{len(taken)} runs taken from {path}")


def of_log(path: Path) -> list[str]:
    """The reproductions that a dossier's log names."""
    if not path.is_file():
        return []
    return [line for line in encoder.loads(path.read_bytes()).get("log", []) if line.startswith("claimcheck reproduce")]


# Where runs come from


def runs(workspace: Path, source: Path | None) -> "list[RunResult]":
    """The runs of a dossier, of a folder of results, or of the workspace, by name, scale and seed."""
    from claimcheck.workspace import Workspace

    folder = source or Workspace(workspace).runs
    if source is not None and not source.exists():
        stop(Exit.UNREADABLE, f"{source}: no such file or folder; name a dossier, or a folder of results")
    found = list(of_folder(folder)) if folder.is_dir() else of_dossier(folder) if folder.is_file() else []
    return sorted(found, key=lambda run: (run.experiment.scale, run.experiment.name, run.seed))


def of_folder(folder: Path) -> "Iterable[RunResult]":
    """Every result below a folder; one that cannot be read is passed over, as a matrix passes over it."""
    from repro.result import RunResult

    for path in sorted(folder.glob("**/result.json")):
        try:
            yield RunResult.from_dict(encoder.loads(path.read_bytes()))
        except (ValueError, OSError, RecursionError) as error:  # the last of JSON nested without end
            typer.echo(cleaned(f"claimcheck: {path} cannot be read ({error})"), err=True)


def of_dossier(path: Path) -> "list[RunResult]":
    from pydantic import ValidationError

    from claimcheck.dossier import Dossier

    try:
        return list(Dossier.model_validate_json(path.read_bytes()).runs)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        stop(Exit.UNREADABLE, f"{path}: no dossier ({f'{place}: ' * bool(place)}{first['msg']}); name one, or a folder of results")


def one(name: str, known: "list[RunResult]") -> "RunResult":
    """The run whose digest begins so."""
    found = [run for run in known if run.experiment.digest.startswith(name)]
    if not found:
        stop(Exit.USAGE, f"no run {name}; claimcheck runs list shows {len(known)} of them")
    if len({run.experiment.digest for run in found}) > 1:
        stop(Exit.USAGE, f"{name} begins the digests of {len(found)} runs: {', '.join(run.experiment.digest for run in found[:6])}")
    return found[-1]


# What is said of them


def brief(run: "RunResult") -> dict[str, Any]:
    return {
        "digest": run.experiment.digest,
        "experiment": run.experiment.name,
        "seed": run.seed,
        "scale": run.experiment.scale,
        "state": run.state,
        "scores": run.scores,
        "samples": run.samples,
        "code_version": run.code_version,
    }


def scores(run: "RunResult") -> str:
    return ", ".join(f"{probe} {score:.2f} (n {run.samples.get(probe, 0):,})" for probe, score in run.scores.items()) or " ".join(
        run.reason.split()
    )


def described(run: "RunResult") -> Iterable[str]:
    """A run in lines."""
    yield f"{run.experiment.name}, seed {run.seed}, {run.experiment.scale} scale: {run.state}{f' ({run.reason})' if run.reason else ''}"
    yield f"digest {run.experiment.digest}, code {run.code_version or 'not recorded'}" + f", weights {run.weights}" * bool(run.weights)
    for probe, score in run.scores.items():
        n = run.samples.get(probe, 0)
        untrained = f", the same encoder untrained {run.untrained[probe]}" if probe in run.untrained else ""
        yield f"  {probe}: {score:.2f}% ({run.correct.get(probe, 0):,} of {n:,}; the largest class {run.majority.get(probe, 0):,}{untrained})"
    for title, held in (("facts", run.facts), ("cost", run.cost), ("environment", run.environment)):
        for key, value in held.items():
            yield f"  {title}: {key.replace('_', ' ')} {value:,.6g}" if isinstance(value, float | int) else f"  {title}: {key} {value}"
    for name, values in run.curves.items():
        yield f"  curve: {name} {values[0]:.5g} to {values[-1]:.5g} over {len(values)} epochs" if values else f"  curve: {name} empty"
    yield "  experiment: " + encoder.dumps(run.experiment.to_dict())


def differences(run: "RunResult", other: "RunResult") -> dict[str, tuple[Any, Any]]:
    """What differs, by name: the experiments' fields, then what came out, then under what it was made."""
    found = dict(run.experiment.diff(other.experiment))
    for name in ("scores", "untrained", "facts", "environment"):
        mine, theirs = getattr(run, name), getattr(other, name)
        found |= {f"{name}.{key}": (mine.get(key), theirs.get(key)) for key in mine | theirs if mine.get(key) != theirs.get(key)}
    for name in ("state", "reason", "code_version", "weights"):
        if getattr(run, name) != getattr(other, name):
            found[name] = (getattr(run, name), getattr(other, name))
    return found


# Making one again


def made_again(run: "RunResult", data_root: Path | None, device: str, quiet: bool) -> "RunResult":
    """The same experiment from its beginning, in a folder that is thrown away."""
    from claimcheck.progress import progress
    from claimcheck.reproduce import again

    with TemporaryDirectory() as folder, progress(1, quiet=quiet) as shown:
        return again(run.experiment, Path(folder), shown, data_root, device)


@dataclass(frozen=True)
class Comparison:
    """Whether a run that was made again has the numbers of the first."""

    same: bool
    other_code: bool
    """The first was made by code that made numbers differently; then they may differ."""

    differs: dict[str, list[Any]]

    def lines(self, run: "RunResult") -> Iterable[str]:
        yield f"{run.experiment.name}, seed {run.seed}: " + ("the same numbers" if self.same else "other numbers than the first time")
        if self.other_code:
            yield f"  the first was made by other code ({run.code_version}); a difference would not be the run's"
        for name, (first, second) in self.differs.items():
            yield f"  {name}: {first}  |  {second}"


def comparison(first: "RunResult", second: "RunResult") -> Comparison:
    """State, scores, which samples were right, and every curve, to the last digit."""
    differs: dict[str, list[Any]] = {}
    for name in ("state", "scores", "correct", "untrained", "facts", "hits", "curves"):
        mine, theirs = getattr(first, name), getattr(second, name)
        if mine != theirs:
            differs[name] = [mine, theirs] if name not in ("hits", "curves") else ["…", "…"]
    return Comparison(not differs, first.code_version != second.code_version, differs)


def print_json(document: dict[str, Any]) -> None:
    typer.echo(encoder.dumps({"schema": SCHEMA, **document}, indent=1))
