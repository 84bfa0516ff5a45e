"""Many runs as one matrix: shared, parallel over free cores, interruptible and resumable anywhere."""

import logging
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch

from repro.experiment import Experiment
from repro.result import RunResult, State
from repro.run import FINAL, code_version, environment, read_result, run, write_result

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SweepProgress:
    """How far a matrix has come."""

    done: int
    total: int
    """Different runs; those found finished count as done."""
    latest: str
    """Name and seed of the run that ended last."""
    state: str
    """How it ended, or "found" if it had been finished before."""
    seconds_left: float | None
    """At the pace of the runs made so far; None before the first."""


def run_folder(experiment: Experiment, folder: Path) -> Path:
    """Where `experiment` lives below `folder`: one place per digest and code version, under a readable name."""
    return folder / f"{experiment.name}-s{experiment.seed}-{experiment.digest}-{code_version()[:6]}"


def sweep(
    experiments: Iterable[Experiment],
    folder: Path,
    *,
    jobs: int = 1,
    progress: Callable[[SweepProgress], None] | None = None,
    root: Path | None = None,
    device: str = "cpu",
    budget_seconds: float | None = None,
) -> list[RunResult]:
    """Run every different experiment once, `jobs` at a time with one thread each; results in the order given.

    Experiments with an equal digest share one run, whatever their names. Finished runs are read, not redone. A run that fails is
    returned with its state and reason and does not stop the rest; runs not begun within `budget_seconds` are `budget_exhausted`.
    KeyboardInterrupt stops all; calling again continues.
    """
    asked = list(experiments)
    unique = list({experiment.digest: experiment for experiment in reversed(asked)}.values())[::-1]
    results: dict[str, RunResult] = {}
    began, made = time.monotonic(), 0

    def record(experiment: Experiment, result: RunResult, state: str) -> None:
        results[experiment.digest] = result
        if progress is not None:
            pace = (time.monotonic() - began) / made if made else None
            left = None if pace is None else pace * (len(unique) - len(results))
            label = f"{experiment.name} (seed {experiment.seed})"
            progress(SweepProgress(done=len(results), total=len(unique), latest=label, state=state, seconds_left=left))

    missing = []
    for experiment in unique:
        found = _found(experiment, folder)
        if found is None:
            missing.append(experiment)
        else:
            record(experiment, found, "found")
    deadline = None if budget_seconds is None else began + budget_seconds
    for experiment, result in _outcomes(missing, folder, jobs, root, device, deadline):
        made += 1
        record(experiment, result, result.state)
    return [replace(results[experiment.digest], experiment=experiment) for experiment in asked]


def free_cores() -> int:
    """Cores that this process may use and that are not busy, at least one."""
    return max(1, len(os.sched_getaffinity(0)) - round(os.getloadavg()[0]))


def _outcomes(
    experiments: list[Experiment], folder: Path, jobs: int, root: Path | None, device: str, deadline: float | None
) -> Iterator[tuple[Experiment, RunResult]]:
    """Each experiment with its result, as they end."""
    waiting, running = list(experiments), dict[int, tuple[BaseProcess, Experiment]]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                experiment = waiting.pop(0)
                if deadline is not None and time.monotonic() > deadline:
                    yield experiment, _unfinished(experiment, device, "budget_exhausted", "the sweep's time was over before this run began")
                elif jobs == 1:
                    yield experiment, _in_place(experiment, run_folder(experiment, folder), root, device)
                else:
                    process = _start(experiment, run_folder(experiment, folder), root, device)
                    running[process.sentinel] = process, experiment
            for sentinel in multiprocessing.connection.wait(list(running)) if running else ():
                assert isinstance(sentinel, int)
                process, experiment = running.pop(sentinel)
                process.join()
                yield experiment, _left_behind(experiment, run_folder(experiment, folder), device, process.exitcode)
    finally:
        _stop([process for process, _ in running.values()])


def _start(experiment: Experiment, place: Path, root: Path | None, device: str) -> BaseProcess:
    """A run in a process of its own, so that not even a crash of it can stop the others."""
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(experiment, place, root, device), daemon=True)
    process.start()
    return process


def _child(experiment: Experiment, place: Path, root: Path | None, device: str) -> None:
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides, by SIGTERM
    with suppress(KeyboardInterrupt):
        _in_place(experiment, place, root, device)


def _in_place(experiment: Experiment, place: Path, root: Path | None, device: str) -> RunResult:
    """Run one experiment; whatever goes wrong is its result."""
    try:
        return run(experiment, place, root=root, device=device, baselines=place.parent)
    except Exception as error:
        log.exception("%s, seed %d", experiment.name, experiment.seed)
        result = _unfinished(experiment, device, "failed", f"{type(error).__name__}: {error}")
        with suppress(OSError):
            write_result(place, result)
        return result


def _left_behind(experiment: Experiment, place: Path, device: str, exit_code: int | None) -> RunResult:
    """What a run's process wrote, or that it ended without a word."""
    result = read_result(place)
    if result is not None and exit_code == 0:
        return result
    return _unfinished(experiment, device, "failed", f"the process of the run ended with exit status {exit_code}")


def _stop(processes: list[BaseProcess]) -> None:
    """Ask for an end, and after ten seconds do not ask."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(10)
        if process.is_alive():
            process.kill()
            process.join()


def _found(experiment: Experiment, folder: Path) -> RunResult | None:
    """A finished run of this digest and code version, under whatever name it was made."""
    for place in sorted(folder.glob(f"*-{experiment.digest}-{code_version()[:6]}")):
        result = read_result(place)
        if result is not None and result.state in FINAL and result.code_version == code_version():
            return result
    return None


def _unfinished(experiment: Experiment, device: str, state: State, reason: str) -> RunResult:
    return RunResult(
        experiment=experiment,
        seed=experiment.seed,
        state=state,
        reason=reason,
        environment=environment(device),
        code_version=code_version(),
    )
