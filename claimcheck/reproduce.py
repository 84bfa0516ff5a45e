"""From claims to runs: which experiments a claim needs, what they would cost, and what came out of them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from claimcheck.dossier import SCHEMA, Arm, Claim, Dossier, Fact
from claimcheck.studies import STUDIES
from claimcheck.verify.comparison import arms_of
from repro.experiment import Experiment, Scale
from repro.experiments import EXPERIMENTS
from repro.record import nearest
from repro.result import RunResult

Shown = Callable[[Any], None]
"""Takes a repro.sweep.SweepProgress."""

CHECKPOINTS = ("{name}.pth.tar", "{name}.safetensors", "{name}/*latest.pth.tar", "{name}/*.safetensors")
"""Where a folder of checkpoints holds that of an experiment."""


class Unusable(ValueError):
    """A request that cannot be carried out as it was made; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to rerun, for which claims, and how."""

    claims: list[int]
    """Their order is the order of the runs: those of the first claim are made first, seed by seed."""
    scale: Scale = "smoke"
    seeds: int = 1
    only: tuple[str, ...] = ()
    """Names of experiments; empty means all that the claims need."""
    checkpoints: tuple[str, ...] = ()
    """Files or folders, each as PATH or EXPERIMENT=PATH, whose encoders are probed instead of training one."""
    device: str = "cpu"
    data_root: Path | None = None
    jobs: int | None = None
    """Runs at a time; None: one for every free core, or GPU."""
    budget_hours: float | None = None


def seeds(dossier: Dossier, number: int) -> list[int]:
    """The first `number` seeds, the study's own ones first and then 1, 2, …; the same for every experiment, so that
    comparisons pair equal seeds."""
    study = STUDIES.get(dossier.study)
    own = study.seeds if study else ()
    return list(dict.fromkeys((*own, *range(1, number + len(own) + 1))))[:number]


def available(arm: Arm) -> bool:
    return not arm.why_not and arm.experiment in EXPERIMENTS


def matrix(dossier: Dossier, request: Request) -> list[Experiment]:
    """Every experiment that the request needs, each once, claim after claim and seed after seed. Unusable: `only` names none of them."""
    claims = [dossier.claim(number) for number in request.claims]
    made = [experiment for claim in claims for experiment in needed(dossier.about(claim), claim, request)]
    unknown = [name for name in request.only if name not in {experiment.name for experiment in made}]
    if unknown:
        raise Unusable(f"--only {unknown[0]}: no experiment of these claims; {nearest(unknown[0], {e.name for e in made})}")
    chosen = [experiment for experiment in made if not request.only or experiment.name in request.only]
    return list({experiment.digest: experiment for experiment in chosen}.values())


def needed(dossier: Dossier, claim: Claim, request: Request) -> list[Experiment]:
    """What one claim needs: its arms at the scale asked for, and at paper scale those that take no training and no data."""
    arms = [arm for arm in arms_of(claim, dossier) if available(arm)]
    names = dict.fromkeys(arm.experiment for arm in arms)
    chosen = seeds(dossier, request.seeds)
    made = [EXPERIMENTS[name](seed=seed, scale=request.scale) for seed in chosen for name in names]
    speaks_of = {stand_in.paper_probe for stand_in in dossier.stand_ins if stand_in.dataset in {a.dataset for a in claim.assertions}}
    for arm in arms:
        about_the_model = any(isinstance(assertion, Fact) for assertion in claim.assertions)
        probes = [probe for probe in arm.paper_probes if about_the_model or probe in speaks_of]
        made += [untrained_at_paper_scale(arm, seed, probes) for seed in chosen if probes]
    return made


def untrained_at_paper_scale(arm: Arm, seed: int, probes: list[str]) -> Experiment:
    """The arm as published, on those of its probes whose clips are generated."""
    published = EXPERIMENTS[arm.experiment](seed=seed, scale="paper")
    return replace(published, probe_epochs={probe: published.probe_epochs[probe] for probe in probes})


def checkpoints(experiments: list[Experiment], asked: Iterable[str]) -> dict[str, Path]:
    """Experiment name to the checkpoint that stands for it. Unusable: a path that is none, or that fits no or several experiments."""
    names = list(dict.fromkeys(experiment.name for experiment in experiments))
    found: dict[str, Path] = {}
    for given in asked:
        name, equals, rest = given.partition("=")
        if not equals or name not in EXPERIMENTS:
            name, rest = "", given
        path = Path(rest)
        if name and name not in names:
            raise Unusable(f"--from-checkpoint {given}: {name} is no experiment of these claims; {nearest(name, names)}")
        if path.is_dir():
            inside = {n: held for n in ([name] if name else names) if (held := checkpoint_in(path, n)) is not None}
            if not inside:
                raise Unusable(f"--from-checkpoint {given}: no checkpoint of {', '.join(names)} in it; name files EXPERIMENT.pth.tar")
            found |= inside
        elif not path.is_file():
            raise Unusable(f"--from-checkpoint {given}: no such file or folder")
        elif name or len(names) == 1:
            found[name or names[0]] = path
        else:
            raise Unusable(f"--from-checkpoint {given}: which of {', '.join(names)} is it? Write EXPERIMENT={given}, or choose with --only")
    return found


def checkpoint_in(folder: Path, name: str) -> Path | None:
    return next((path for pattern in CHECKPOINTS for path in sorted(folder.glob(pattern.format(name=name)))), None)


@dataclass(frozen=True)
class Work:
    """A request made out in runs."""

    experiments: list[Experiment]
    weights: Mapping[str, Path]
    """Experiment name to the checkpoint that is probed in its place."""

    request: Request

    @property
    def jobs(self) -> int:
        """Runs at a time."""
        from repro.sweep import free_places

        return min(self.request.jobs or free_places(self.request.device), max(1, len(self.experiments)))


def work(dossier: Dossier, request: Request) -> Work:
    """The runs that a request asks for. Unusable: a name, a checkpoint or a device that is not there."""
    if request.device != "cpu":
        import torch

        if not request.device.startswith("cuda") or not torch.cuda.is_available():
            raise Unusable(f"--device {request.device}: this machine has cpu" + " and cuda" * torch.cuda.is_available())
    experiments = matrix(dossier, request)
    weights = checkpoints(experiments, request.checkpoints)
    first: dict[str, int] = {}
    for experiment in experiments:
        first.setdefault(experiment.name, experiment.seed)
    # one set of weights is one seed, however often it is probed
    kept = [e for e in experiments if e.name not in weights or e.seed == first[e.name]]
    return Work(kept, weights, request)


def require_data(asked: Work) -> None:
    """Unusable: runs need a real dataset and no folder of data was named; each would end as data_invalid."""
    from repro.datasets import LAYOUTS

    needing = [run.name for run in asked.experiments if run.scale == "paper" and LAYOUTS.keys() & run.probe_epochs.keys()]
    if needing and asked.request.data_root is None:
        others = f" and {len(needing) - 1} other runs" if len(needing) > 1 else ""
        raise Unusable(f"--scale paper: {needing[0]}{others} read real datasets; name their folder with --data-root (docs/datasets.md)")


def reproduce(asked: Work, folder: Path, shown: Shown) -> list[RunResult]:
    """Run what has not been run, side by side on the free cores, one thread each: numbers do not depend on how many.

    Every finished run lies in `folder` from the moment it ends; an interrupted one goes on from its checkpoint.
    """
    import torch

    from repro.sweep import sweep

    torch.set_num_threads(1)
    hours = asked.request.budget_hours
    return sweep(
        asked.experiments,
        folder,
        jobs=asked.jobs,
        progress=shown,
        root=asked.request.data_root,
        device=asked.request.device,
        budget_seconds=None if hours is None else 3600 * hours,
        weights=asked.weights,
    )


def again(experiment: Experiment, folder: Path, shown: Shown, data_root: Path | None, device: str) -> RunResult:
    """The experiment made in `folder`, whatever was made of it elsewhere."""
    import torch

    from repro.sweep import sweep

    torch.set_num_threads(1)
    return sweep([experiment], folder, progress=shown, root=data_root, device=device)[0]


def keep(runs: Iterable[RunResult], folder: Path) -> int:
    """Leave these runs' results where `reproduce` finds them, so that none is made again; how many were new there.

    Only runs of the code at hand that need no repeating: others would not be taken for finished. A run that is there already stays.
    """
    from repro.run import FINAL, RESULT, claim, code_version, write_result
    from repro.sweep import run_folder

    new = 0
    for run in runs:
        place = run_folder(run.experiment, folder)
        if run.state not in FINAL or run.weights or run.code_version != code_version() or (place / RESULT).exists():
            continue
        place.mkdir(parents=True, exist_ok=True)
        claim(place, run.experiment)
        write_result(place, run)
        new += 1
    return new


def left(asked: Work, folder: Path) -> list[RunResult]:
    """The results that lie in `folder`, after a run that was interrupted."""
    from repro.run import read_result
    from repro.sweep import finished, run_folder

    found = []
    for experiment in asked.experiments:
        path = asked.weights.get(experiment.name)
        result = finished(experiment, folder, path) or read_result(run_folder(experiment, folder, path))
        found += [replace(result, experiment=experiment)] if result is not None else []
    return found


def with_runs(dossier: Dossier, runs: Iterable[RunResult]) -> Dossier:
    """The dossier with these runs, each in the place of an older run of the same experiment; by scale, name and seed, so that it does
    not depend on which ended first."""
    known = {(run.experiment.digest, run.weights): run for run in (*dossier.runs, *runs)}
    scales = get_args(Scale)
    ordered = sorted(known.values(), key=lambda run: (scales.index(run.experiment.scale), run.experiment.name, run.seed, run.weights))
    return dossier.model_copy(update={"runs": tuple(ordered)})


@dataclass(frozen=True)
class Plan:
    """What a reproduction would run, and what it would cost."""

    claims: list[int]
    scale: str
    rows: list[dict[str, Any]]
    """One per run: experiment, seed, scale, steps, flops, disk_bytes, seconds (None if it could not be estimated), digest, and
    whether it is finished already."""

    unavailable: list[str]
    measured: str
    """The step that was timed, or why none was."""

    jobs: int

    @property
    def missing(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row["finished"]]

    @property
    def seconds(self) -> float | None:
        """Pretraining time of what is missing, on one core or GPU; None if no step could be measured."""
        known = [row["seconds"] for row in self.missing]
        return None if None in known else sum(known)

    def json(self) -> str:
        totals = {name: sum(row[name] or 0 for row in self.missing) for name in ("steps", "flops", "disk_bytes")} | {
            "seconds": self.seconds
        }
        document = {"schema": SCHEMA, "claims": self.claims, "scale": self.scale, "plan": self.rows, "total": totals, "jobs": self.jobs}
        return json.dumps({**document, "measured": self.measured, "unavailable": self.unavailable}, indent=1)

    def text(self) -> str:
        lines = [
            f"{row['experiment']:32} seed {row['seed']:<6} {row['scale']:6} {row['steps']:>8,} steps  {row['flops']:.2e} FLOP"
            + "  finished" * row["finished"]
            for row in self.rows
        ]
        lines += [f"not available here: {name}" for name in self.unavailable]
        disk, flops = (sum(row[name] for row in self.missing) for name in ("disk_bytes", "flops"))
        at_once = f"{self.jobs} at a time" if self.jobs > 1 else "one after the other"
        time = "time not known" if self.seconds is None else f"about {self.seconds / self.jobs / 60:.1f} minutes of pretraining, {at_once}"
        head = f"{len(self.rows)} runs at {self.scale} scale, {len(self.rows) - len(self.missing)} of them finished"
        rest = f"{flops:.2e} FLOP, {disk / 2**20:,.0f} MiB of checkpoints, {time}; probing comes on top"
        return "\n".join([*lines, f"{head}; for the others {rest}", self.measured])


def plan(dossier: Dossier, request: Request, folder: Path) -> Plan:
    """The run matrix with its cost; the time of one measured step, shared out by FLOPs."""
    import torch

    from repro.run import never_trains
    from repro.run import plan as cost
    from repro.sweep import finished

    torch.set_num_threads(1)  # as each run will have
    asked = work(dossier, request)
    experiments, weights = asked.experiments, asked.weights
    trained = [e for e in experiments if e.name not in weights and not never_trains(e)]
    speed, measured = measured_speed(trained, request)
    rows = []
    for experiment in experiments:
        needs, takes = cost(experiment), experiment in trained
        flops = needs.flops if takes else 0.0
        row = {
            "experiment": experiment.name,
            "seed": experiment.seed,
            "scale": experiment.scale,
            "steps": needs.steps if takes else 0,
            "flops": flops,
            "disk_bytes": needs.disk_bytes if takes else 0,
            "seconds": flops / speed if speed else None if takes else 0.0,
            "digest": experiment.digest,
            "finished": finished(experiment, folder, weights.get(experiment.name)) is not None,
        }
        rows.append(row)
    claims = [dossier.claim(number) for number in request.claims]
    missing = [arm.experiment for claim in claims for arm in arms_of(claim, dossier.about(claim)) if not available(arm)]
    return Plan(request.claims, request.scale, rows, list(dict.fromkeys(missing)), measured, asked.jobs)


def measured_speed(experiments: list[Experiment], request: Request) -> tuple[float | None, str]:
    """FLOPs of pretraining a second, from three steps of the first experiment, and what was measured."""
    from repro.datasets import DataMissing
    from repro.run import plan as cost

    if not experiments:
        return None, "nothing to train, so no step was timed"
    first = experiments[0]
    try:
        measured = cost(first, measure=True, root=request.data_root, device=request.device)
    except DataMissing as error:  # the paper's datasets are the user's; without them there is no step to measure
        return None, f"no step could be timed: {error}"
    if not measured.seconds:
        return None, "a step took no measurable time"
    step = measured.seconds / first.steps
    return measured.flops / measured.seconds, f"measured: {step:.3f} s a step of {first.name} on {request.device}, one thread"
