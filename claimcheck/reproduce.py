"""From claims to runs: which experiments a claim needs, what they would cost, and what came out of them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimcheck.dossier import SCHEMA, Arm, Dossier
from claimcheck.studies import STUDIES
from claimcheck.verify.comparison import arms_of
from repro.experiment import Experiment, Scale
from repro.experiments import EXPERIMENTS
from repro.result import RunResult

Shown = Callable[[Any], None]
"""Takes a repro.sweep.SweepProgress."""


def seeds(dossier: Dossier, number: int) -> list[int]:
    """The first `number` seeds, the study's own ones first and then 1, 2, …; the same for every experiment, so that
    comparisons pair equal seeds."""
    study = STUDIES.get(dossier.study)
    own = study.seeds if study else ()
    return list(dict.fromkeys((*own, *range(1, number + len(own) + 1))))[:number]


def available(arm: Arm) -> bool:
    return not arm.why_not and arm.experiment in EXPERIMENTS


def matrix(dossier: Dossier, claims: Iterable[int], scale: Scale, number: int) -> list[Experiment]:
    """Every experiment the claims need at `scale` over `number` seeds, each once, one seed after the other."""
    names = dict.fromkeys(arm.experiment for claim in claims for arm in arms_of(dossier.claim(claim), dossier) if available(arm))
    made = [EXPERIMENTS[name](seed=seed, scale=scale) for seed in seeds(dossier, number) for name in names]
    return list({experiment.digest: experiment for experiment in made}.values())


def reproduce(experiments: list[Experiment], folder: Path, shown: Shown) -> list[RunResult]:
    """Run what has not been run, side by side on the free cores, one thread each: numbers do not depend on how many.

    Every finished run lies in `folder` from the moment it ends; an interrupted one goes on from its checkpoint.
    """
    import torch

    from repro.sweep import free_cores, sweep

    torch.set_num_threads(1)
    return sweep(experiments, folder, jobs=min(free_cores(), max(1, len(experiments))), progress=shown)


def left(experiments: list[Experiment], folder: Path) -> list[RunResult]:
    """The results that lie in `folder`, after a run that was interrupted."""
    from repro.run import read_result
    from repro.sweep import run_folder

    found = (read_result(run_folder(experiment, folder)) for experiment in experiments)
    return [result for result in found if result is not None]


def with_runs(dossier: Dossier, runs: Iterable[RunResult]) -> Dossier:
    """The dossier with these runs, each in the place of an older run of the same experiment."""
    known = {run.experiment.digest: run for run in dossier.runs}
    known |= {run.experiment.digest: run for run in runs}
    return dossier.model_copy(update={"runs": tuple(known.values())})


@dataclass(frozen=True)
class Plan:
    """What a reproduction would run, and what it would cost."""

    claims: list[int]
    scale: str
    rows: list[dict[str, Any]]
    """One per run: experiment, seed, steps, flops, disk_bytes, seconds (None if it could not be estimated), digest."""

    unavailable: list[str]

    def json(self) -> str:
        totals = {name: sum(row[name] or 0 for row in self.rows) for name in ("steps", "flops", "disk_bytes", "seconds")}
        document = {"schema": SCHEMA, "claims": self.claims, "scale": self.scale, "plan": self.rows, "total": totals}
        return json.dumps({**document, "unavailable": self.unavailable}, indent=1)

    def text(self) -> str:
        lines = [f"{row['experiment']:32} seed {row['seed']:<6} {row['steps']:>8,} steps  {row['flops']:.2e} FLOP" for row in self.rows]
        known = [row["seconds"] for row in self.rows if row["seconds"] is not None]
        time = f"about {sum(known) / 60:.1f} minutes of pretraining on one core" if known else "time not known: no step could be measured"
        disk = sum(row["disk_bytes"] for row in self.rows) / 2**20
        lines += [f"not available here: {name}" for name in self.unavailable]
        flops = sum(row["flops"] for row in self.rows)
        return "\n".join([*lines, f"{len(self.rows)} runs at {self.scale} scale, {flops:.2e} FLOP, {disk:,.0f} MiB of checkpoints, {time}"])


def plan(dossier: Dossier, claims: list[int], scale: Scale, number: int) -> Plan:
    """The run matrix with its cost; the time of one measured run, shared out by FLOPs."""
    import torch

    from repro.datasets import DataMissing
    from repro.run import plan as cost

    torch.set_num_threads(1)  # as each run will have
    experiments = matrix(dossier, claims, scale, number)
    speed = None
    if experiments:
        try:
            measured = cost(experiments[0], measure=True)
            speed = measured.flops / measured.seconds if measured.seconds else None
        except DataMissing:
            pass  # the paper's datasets are the user's; without them there is no step to measure
    rows = []
    for experiment in experiments:
        needs = cost(experiment)
        row = {"experiment": experiment.name, "seed": experiment.seed, "steps": needs.steps, "flops": needs.flops}
        rows.append({**row, "disk_bytes": needs.disk_bytes, "seconds": needs.flops / speed if speed else None, "digest": experiment.digest})
    missing = [arm.experiment for claim in claims for arm in arms_of(dossier.claim(claim), dossier) if not available(arm)]
    return Plan(claims, scale, rows, list(dict.fromkeys(missing)))
