"""Many runs as one matrix: shared, parallel over free cores or GPUs, interruptible and resumable anywhere."""

import ctypes
import logging
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import torch
from filelock import FileLock

from repro.experiment import Experiment
from repro.pretrain import Progress
from repro.result import RunResult, State
from repro.run import (
    FINAL,
    code_version,
    environment,
    fingerprint,
    never_trains,
    read_result,
    run,
    run_untrained,
    run_weights,
    write_result,
)

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class SweepProgress:
    """How far a matrix has come."""

    done: int
    total: int
    """Different runs; those found finished count as done."""
    latest: str
    """Name and seed of the run that ended last, or of one that is under way."""
    state: str
    """How it ended, "found" if it had been finished before, "running" if it is under way."""
    seconds_left: float | None
    """At the pace of the work done so far; None before there is any."""
    under_way: float = 0.0
    """Runs that are under way, each as the share of it that is done."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What all runs of a matrix share, and what decides none of their numbers but where data and weights come from."""

    root: Path | None = None
    """The folder of real datasets."""
    device: str = "cpu"
    weights: Mapping[str, Path] = field(default_factory=dict)
    """Experiment name to a checkpoint whose encoder is probed instead of training one."""


def run_folder(experiment: Experiment, folder: Path, weights: Path | None = None) -> Path:
    """Where `experiment` lives below `folder`: one place per digest, checkpoint and code version, under a readable name."""
    probed = f"-from-{fingerprint(weights)[:12]}" if weights else ""
    return folder / f"{experiment.name}-s{experiment.seed}-{experiment.digest}{probed}-{code_version()[:6]}"


def sweep(
    experiments: Iterable[Experiment],
    folder: Path,
    *,
    jobs: int = 1,
    progress: Callable[[SweepProgress], None] | None = None,
    root: Path | None = None,
    device: str = "cpu",
    budget_seconds: float | None = None,
    weights: Mapping[str, Path] | None = None,
) -> list[RunResult]:
    """Run every different experiment once, `jobs` at a time with one thread each; results in the order given.

    Experiments with an equal digest share one run, whatever their names. Finished runs are read, not redone. A run that fails is
    returned with its state and reason and does not stop the rest; runs that `budget_seconds` do not suffice for are `budget_exhausted`,
    and go on from their checkpoint when asked for again. With device "cuda" the jobs are dealt out over the GPUs. KeyboardInterrupt
    stops all; calling again continues.
    """
    asked = list(experiments)
    unique = list({experiment.digest: experiment for experiment in reversed(asked)}.values())[::-1]
    conditions = Conditions(root=root, device=device, weights=dict(weights or {}))
    results: dict[str, RunResult] = {}
    began, made, missing = time.monotonic(), 0, []

    def tell(experiment: Experiment, state: str, under_way: float = 0.0) -> None:
        if progress is None:
            return
        work = made + under_way
        left = (time.monotonic() - began) / work * (len(unique) - len(results) - under_way) if work > 0.02 else None
        label = f"{experiment.name} (seed {experiment.seed})"
        progress(SweepProgress(done=len(results), total=len(unique), latest=label, state=state, seconds_left=left, under_way=under_way))

    for experiment in unique:
        found = finished(experiment, folder, conditions.weights.get(experiment.name))
        if found is None:
            missing.append(experiment)
        else:
            results[experiment.digest] = found
            tell(experiment, "found")
    deadline = None if budget_seconds is None else began + budget_seconds
    for experiment, outcome in _outcomes(missing, folder, jobs, conditions, deadline):
        if isinstance(outcome, float):
            tell(experiment, "running", outcome)
            continue
        made += 1
        results[experiment.digest] = outcome
        tell(experiment, outcome.state)
    return [replace(results[experiment.digest], experiment=experiment) for experiment in asked]


def free_cores() -> int:
    """Cores that this process may use and that are not busy, at least one."""
    return max(1, len(os.sched_getaffinity(0)) - round(os.getloadavg()[0]))


def free_places(device: str) -> int:
    """Runs that may be made at a time: one for every GPU, or for every core that is free."""
    return torch.cuda.device_count() or 1 if device.startswith("cuda") else free_cores()


def places(device: str, jobs: int) -> list[str]:
    """The device of each of `jobs` runs at a time: GPUs in turn for "cuda", else the one that was named."""
    if device == "cuda" and torch.cuda.device_count():
        return [f"cuda:{job % torch.cuda.device_count()}" for job in range(jobs)]
    return [device] * jobs


@dataclass
class _Job:
    """A run in a process of its own."""

    process: BaseProcess
    experiment: Experiment
    device: str
    share: "Synchronized[float]"
    """How much of it is done, written by the process."""


def _outcomes(
    experiments: list[Experiment], folder: Path, jobs: int, conditions: Conditions, deadline: float | None
) -> Iterator[tuple[Experiment, RunResult | float]]:
    """Each experiment with its result, as they end; between them, now and then, one under way with how much of all those is done."""
    waiting, running, free = list(experiments), dict[int, _Job](), places(conditions.device, jobs)
    try:
        while waiting or running:
            while waiting and free:
                experiment = waiting.pop(0)
                if deadline is not None and time.monotonic() > deadline:
                    reason = "the time allowed was over before this run began"
                    yield experiment, _unfinished(experiment, conditions.device, "budget_exhausted", reason)
                elif jobs == 1:
                    yield experiment, _in_place(experiment, folder, replace(conditions, device=free[0]), deadline, None)
                else:
                    job = _start(experiment, folder, replace(conditions, device=free.pop(0)), deadline)
                    running[job.process.sentinel] = job
            ended = multiprocessing.connection.wait(list(running), POLL_SECONDS) if running else ()
            for sentinel in ended:
                assert isinstance(sentinel, int)
                job = running.pop(sentinel)
                free.append(job.device)
                job.process.join()
                yield job.experiment, _left_behind(job, folder, conditions)
            if running and not ended:
                yield next(iter(running.values())).experiment, sum(job.share.value for job in running.values())
    finally:
        _stop([job.process for job in running.values()])


def _start(experiment: Experiment, folder: Path, conditions: Conditions, deadline: float | None) -> _Job:
    """A run in a process of its own, so that not even a crash of it can stop the others."""
    spawn = multiprocessing.get_context("spawn")
    share = spawn.Value("d", 0.0)
    process = spawn.Process(target=_child, args=(experiment, folder, conditions, deadline, share, os.getpid()), daemon=True)
    process.start()
    return _Job(process, experiment, conditions.device, share)


def _child(
    experiment: Experiment, folder: Path, conditions: Conditions, deadline: float | None, share: "Synchronized[float]", parent: int
) -> None:
    _end_with_parent(parent)
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides, by SIGTERM
    with suppress(KeyboardInterrupt):
        _in_place(experiment, folder, conditions, deadline, share)


def _end_with_parent(parent: int) -> None:
    """Let Linux kill this process when its parent is killed, so that no run goes on unseen."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


class _OutOfTime(Exception):
    """The matrix's time is over."""


def _in_place(
    experiment: Experiment, folder: Path, conditions: Conditions, deadline: float | None, share: "Synchronized[float] | None"
) -> RunResult:
    """Run one experiment; whatever goes wrong is its result."""
    watch = _Watch(experiment, deadline, share)
    weights = conditions.weights.get(experiment.name)
    place = run_folder(experiment, folder, weights)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "lock"):  # a process that outlived its killed parent may still be here for a moment
            if weights is not None:
                return run_weights(
                    experiment, weights, place, progress=watch, root=conditions.root, device=conditions.device, baselines=folder
                )
            if never_trains(experiment):
                twin = _same_encoder(experiment, folder)
                if twin is not None:
                    write_result(place, twin)
                    return twin
                return run_untrained(experiment, place, progress=watch, root=conditions.root, device=conditions.device)
            return run(experiment, place, progress=watch, root=conditions.root, device=conditions.device, baselines=folder)
    except _OutOfTime:
        result = _unfinished(experiment, conditions.device, "budget_exhausted", f"the time allowed was over {watch.where}")
    except Exception as error:
        expected = isinstance(error, OSError | ValueError)  # their messages say what to do
        log.log(
            logging.WARNING if expected else logging.ERROR,
            "%s, seed %d: %s",
            experiment.name,
            experiment.seed,
            error,
            exc_info=not expected,
        )
        result = _unfinished(experiment, conditions.device, "failed", f"{type(error).__name__}: {error}")
    if weights is not None:
        result = replace(result, weights=fingerprint(weights))
    with suppress(OSError):
        write_result(place, result)
    return result


def _same_encoder(experiment: Experiment, folder: Path) -> RunResult | None:
    """The result of another experiment that probes the very same untrained encoder: objectives, which never touch it, are all that differ."""
    for place in sorted(folder.glob(f"*-s{experiment.seed}-*-{code_version()[:6]}")):
        result = read_result(place)
        if result is None or result.state != "finished" or result.code_version != code_version() or result.weights:
            continue
        if replace(result.experiment, objectives=()).digest == replace(experiment, objectives=()).digest:
            made = {"same_encoder_as": result.environment.get("same_encoder_as", result.experiment.digest)}
            return replace(result, experiment=experiment, environment=result.environment | made, cost=dict.fromkeys(result.cost, 0.0))
    return None


class _Watch:
    """Follows a run: says how much of it is done, and ends it when the time is over."""

    def __init__(self, experiment: Experiment, deadline: float | None, share: "Synchronized[float] | None") -> None:
        self.deadline, self.share, self.where = deadline, share, "before its first step"
        self.stages = ["pretraining", *experiment.probe_epochs]
        self.done = dict.fromkeys(self.stages, 0.0)

    def __call__(self, progress: Progress) -> None:
        self.where = f"in {progress.phase}, {progress.done} of {progress.total}"
        if progress.phase in self.done:
            self.done[progress.phase] = progress.done / progress.total
        if self.share is not None:
            self.share.value = sum(self.done.values()) / len(self.stages)
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise _OutOfTime


def _left_behind(job: _Job, folder: Path, conditions: Conditions) -> RunResult:
    """What a run's process wrote, or that it ended without a word."""
    place = run_folder(job.experiment, folder, conditions.weights.get(job.experiment.name))
    result = read_result(place)
    if result is not None and job.process.exitcode == 0:
        return result
    reason = f"the process of the run ended with exit status {job.process.exitcode}"
    weights = conditions.weights.get(job.experiment.name)
    unfinished = _unfinished(job.experiment, job.device, "failed", reason)
    return unfinished if weights is None else replace(unfinished, weights=fingerprint(weights))


def _stop(processes: list[BaseProcess]) -> None:
    """Ask for an end, and after ten seconds do not ask."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(10)
        if process.is_alive():
            process.kill()
            process.join()


def finished(experiment: Experiment, folder: Path, weights: Path | None = None) -> RunResult | None:
    """The final result of this digest and code version in `folder`, under whatever name it was made."""
    own = run_folder(experiment, folder, weights)
    shared = sorted(folder.glob(f"*-{experiment.digest}-{code_version()[:6]}")) if weights is None else []
    for place in dict.fromkeys([own, *shared]):
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
