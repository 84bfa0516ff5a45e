"""Runs of several experiments and seeds at one scale, several at a time on one device; JSON of what came out on standard output.

    python benchmarks/proxy_runs.py mixed_baseline fwm_hw_ld --seeds 239 42 --device cuda --jobs 4 --folder runs > proxy.json

With `--steps` the schedules keep their share of a shorter run, which is another experiment than the one of full length and is not compared with
it. What `--budget` does not suffice for ends as `budget_exhausted`; the same command with the same folder goes on.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from repro.experiments import experiment
from repro.result import RunResult
from repro.sweep import SweepProgress, sweep


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--seeds", type=int, nargs="+", default=[239])
    parser.add_argument("--scale", choices=["smoke", "proxy"], default="proxy")
    parser.add_argument("--steps", type=int, help="of every run, instead of the scale's")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--budget", type=float, help="seconds after which nothing more is begun or gone on with")
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    runs = [experiment(name, seed=seed, scale=arguments.scale) for seed in arguments.seeds for name in arguments.names]
    if arguments.steps:
        runs = [run.with_steps(arguments.steps) for run in runs]
    began = time.perf_counter()
    results = sweep(
        runs, arguments.folder, jobs=arguments.jobs, device=arguments.device, budget_seconds=arguments.budget, progress=Teller()
    )
    report = {"command": sys.argv[1:], "seconds": time.perf_counter() - began, "runs": [row(result) for result in results]}
    print(json.dumps(report, indent=1))


class Teller:
    """A line to stderr every ten seconds and at every end."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, progress: SweepProgress) -> None:
        now = time.monotonic()
        if progress.state == "running" and now < self._last + 10:
            return
        self._last = now
        done = progress.done + progress.under_way
        print(f"{done:.2f} of {progress.total}: {progress.latest} {progress.state}", file=sys.stderr, flush=True)


def row(result: RunResult) -> dict[str, object]:
    """What a reader of the comparison needs of one run."""
    health = {name: result.curves[name][-1] for name in ("loss", "feature_std", "effective_rank") if name in result.curves}
    return {
        "name": result.experiment.name,
        "seed": result.seed,
        "digest": result.experiment.digest,
        "steps": result.experiment.steps,
        "state": result.state,
        "reason": result.reason,
        "scores": result.scores,
        "samples": result.samples,
        "correct": result.correct,
        "untrained": result.untrained,
        "hits": result.hits,
        "majority_class": result.majority_class,
        "last_epoch": health,
        "cost": result.cost,
        "environment": result.environment,
        "code_version": result.code_version,
    }


if __name__ == "__main__":
    main()
