"""One experiment from seed to scores: pretrain, probe, write down what came out and what it cost."""

import ast
import hashlib
import json
import logging
import os
import pickle  # for the name of an error; nothing is unpickled here
import platform
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError

from repro.baselines import untrained_correct
from repro.checkpoint import CheckpointDamaged, write_atomically
from repro.datasets import DataMissing
from repro.evaluate import Score, evaluate
from repro.experiment import Experiment, ModelSize
from repro.models.encoder import Encoder
from repro.models.weights import import_safetensors, load_release
from repro.pretrain import CURVES, Diverged, Health, Progress, Report, Row, Trainer, initial_networks, pretrain, read_curves, vjepa_csv
from repro.result import RunResult

log = logging.getLogger(__name__)

EXPERIMENT, RESULT, SCORES = "experiment.json", "result.json", "scores.json"
VJEPA_LOG = "jepa_r0.csv"
FINAL = ("finished", "nan_loss", "collapsed")
"""States that another attempt would only repeat; a run in any other state is taken up again."""

__all__ = [
    "FINAL",
    "Plan",
    "Progress",
    "claim",
    "code_version",
    "environment",
    "fingerprint",
    "never_trains",
    "plan",
    "read_result",
    "run",
    "run_untrained",
    "run_weights",
    "write_result",
]


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived."""


def run(
    experiment: Experiment,
    folder: Path,
    *,
    progress: Report | None = None,
    root: Path | None = None,
    device: str = "cpu",
    baselines: Path | None = None,
) -> RunResult:
    """Run `experiment` in `folder`, its own, and return what came out; a run that has ended there is read, not repeated.

    The folder gets experiment.json, curves.jsonl, the same as V-JEPA's CSV, a checkpoint, scores.json (each probe's protocol, interval and
    confusion) and, last, result.json. A run that was cut off at any moment continues from its checkpoint and ends with the same numbers.
    A run that cannot end (divergence, a damaged checkpoint, missing data, a full
    disk while training) returns a result whose state and reason say so. KeyboardInterrupt and SIGTERM pass through as KeyboardInterrupt.
    ValueError: the folder belongs to another experiment. Runs that are given the same folder for `baselines` share the scores of untrained
    encoders; without one they stay in the run's own.
    """
    return _made_once(experiment, folder, lambda spent: _attempt(experiment, folder, baselines or folder, progress, root, device, spent))


def _made_once(experiment: Experiment, folder: Path, make: Callable[["Spent"], RunResult]) -> RunResult:
    """The final result that lies in `folder`, else the one that `make` returns, left there."""
    folder.mkdir(parents=True, exist_ok=True)
    claim(folder, experiment)
    done = read_result(folder)
    if done is not None and done.state in FINAL and done.code_version == code_version():
        return done
    with _terminated_as_interrupt():
        result = make(Spent())
    write_result(folder, result)
    return result


class Spent:
    """Time since an attempt began, on the clock and on the processor."""

    def __init__(self) -> None:
        self.began, self.worked = time.perf_counter(), time.process_time()

    def cost(self) -> dict[str, float]:
        return {"last_attempt_seconds": time.perf_counter() - self.began, "last_attempt_cpu_seconds": time.process_time() - self.worked}


def read_result(folder: Path) -> RunResult | None:
    """The result in `folder`; None if there is none or it cannot be read, so that the run is taken up again."""
    try:
        return RunResult.from_dict(json.loads((folder / RESULT).read_bytes()))
    except FileNotFoundError:
        return None
    except ValueError as error:
        log.warning("%s cannot be read (%s); the run is taken up again", folder / RESULT, error)
        return None


def write_result(folder: Path, result: RunResult) -> None:
    """Leave `result` in `folder`, whole or not at all."""
    write_atomically(folder / RESULT, (json.dumps(result.to_dict(), indent=1) + "\n").encode())


def write_scores(folder: Path, scores: Mapping[str, Score]) -> None:
    """Leave every score in full beside the result."""
    content = {name: score.to_dict() for name, score in scores.items()}
    write_atomically(folder / SCORES, (json.dumps(content, indent=1) + "\n").encode())


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run will take, before it is started."""

    steps: int
    clips: int
    """Clips seen in pretraining."""
    flops: float
    """Floating-point operations of pretraining, two per multiply-add; linear maps and attention products only."""
    disk_bytes: int
    """Room for two checkpoints, as one is written while the last still stands."""
    probes: dict[str, int]
    """Probe name to epochs."""
    seconds: float | None = None
    """Pretraining time, from a measured step; None if none was measured."""


def plan(experiment: Experiment, *, measure: bool = False, root: Path | None = None, device: str = "cpu") -> Plan:
    """What `experiment` will take. With `measure`, three steps are taken (and thrown away) to estimate the time."""
    seconds = None
    if measure:
        trainer = Trainer(experiment, root, device)
        seconds = sorted(trainer.advance()["seconds"] for _ in range(3))[1] * experiment.steps
    with torch.device("meta"):
        jepa = initial_networks(experiment)
    trained = sum(parameter.numel() for _, parameter in jepa.trained())
    target = sum(parameter.numel() for parameter in jepa.target.parameters())
    return Plan(
        steps=experiment.steps,
        clips=experiment.steps * experiment.batch_size,
        flops=training_flops(experiment) * experiment.steps * experiment.batch_size,
        disk_bytes=2 * 4 * (3 * trained + target),
        probes=dict(experiment.probe_epochs),
        seconds=seconds,
    )


def training_flops(experiment: Experiment) -> float:
    """Operations of one clip in one pretraining step: 2 per multiply-add, a backward pass twice its forward pass.

    Token counts are the shares that the mask families leave on average, measured for batches of eight on the paper's grid where the
    family is one of the paper's two, else taken as a half.
    """
    model = experiment.model
    tokens = model.grid[0] * model.grid[1] * model.grid[2]
    full = encoder_macs(model, tokens, tokens)
    forward = 0.0
    for spec in experiment.masks:
        context, target = _SHARES.get((spec.num_blocks, spec.spatial_scale), (0.5, 0.5))
        forward += encoder_macs(model, tokens, context * tokens) + predictor_macs(model, context * tokens, target * tokens)
    teacher = full if experiment.ema is not None else 3 * full
    return 2 * (teacher + 3 * forward)


_SHARES = {(8, (0.15, 0.15)): (421 / 1568, 815 / 1568), (2, (0.7, 0.7)): (148 / 1568, 1126 / 1568)}


def encoder_macs(model: ModelSize, embedded: float, kept: float) -> float:
    """Multiply-adds of one encoder pass: all tokens of the clip are embedded, `kept` of them run through the blocks."""
    embed = embedded * model.width * 3 * model.tubelet * model.patch**2
    return embed + model.depth * _block_macs(kept, model.width, model.mlp_ratio)


def predictor_macs(model: ModelSize, context: float, target: float) -> float:
    """Multiply-adds of one predictor pass."""
    narrow = model.predictor_width
    inward = context * (model.latent_dim * model.width + model.width * narrow)
    outward = (context + target) * narrow * model.latent_dim
    return inward + outward + model.predictor_depth * _block_macs(context + target, narrow, model.mlp_ratio)


def _block_macs(tokens: float, width: int, mlp_ratio: float) -> float:
    return tokens * width**2 * (4 + 2 * mlp_ratio) + 2 * tokens**2 * width


ALIKE = {"bbbe0e09ccfc": "db18f7226a67", "55d9e5d35869": "db18f7226a67"}
"""Versions that make every number of an earlier one, to the name of that: a mend that lets runs finish which failed, or that writes video files,
repeats no other run."""


@cache
def code_version() -> str:
    """Twelve hex digits that change with the code that makes numbers, not with its comments, docstrings or layout.

    What an experiment is stands in its digest; what merely starts or stores runs is left out.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if name.startswith(("experiments/", "launch/", "conformance/")) or name in ("run.py", "sweep.py", "result.py", "record.py"):
            continue
        digest.update(name.encode() + b"\0" + _said(_without_docstrings(ast.parse(path.read_bytes()))).encode())
    found = digest.hexdigest()[:12]
    return ALIKE.get(found, found)


def environment(device: str) -> dict[str, str]:
    """Versions, machine and commit under which numbers are made."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "platform": platform.platform(),
        "device": torch.cuda.get_device_name() if device.startswith("cuda") else platform.machine(),
        "threads": str(torch.get_num_threads()),
        **_commit(),
    }


def never_trains(experiment: Experiment) -> bool:
    """Whether the probed encoder keeps its initial weights: the target encoder without EMA, as some releases are probed."""
    return experiment.ema is None and experiment.probed_encoder == "target"


def run_untrained(
    experiment: Experiment, folder: Path, *, progress: Report | None = None, root: Path | None = None, device: str = "cpu"
) -> RunResult:
    """The result of an experiment whose probed encoder `never_trains`: its pretraining is left out.

    At paper scale that makes minutes of weeks. The scores are those that `run` would end with; there are no curves. Missing data is a
    state. ValueError: the probed encoder does train.
    """
    if not never_trains(experiment):
        raise ValueError(f"{experiment.name} probes an encoder that is trained; use run")

    def make(spent: Spent) -> RunResult:
        encoder = initial_networks(experiment).target.to(device)
        outcome, scores = _probed(encoder, experiment, folder, progress, root)
        own = {name: score.correct for name, score in scores.items()}
        return _result(experiment, scores, own, [], device, spent, encoder_facts(encoder), outcome)

    return _made_once(experiment, folder, make)


def run_weights(
    experiment: Experiment,
    weights: Path,
    folder: Path,
    *,
    progress: Report | None = None,
    root: Path | None = None,
    device: str = "cpu",
    baselines: Path | None = None,
) -> RunResult:
    """The result of probing the encoder of a checkpoint, someone else's or our own, as `experiment` would probe the one it trains.

    `weights` is a checkpoint in V-JEPA's layout (`*.pth.tar`) or a safetensors file of the encoder alone; its SHA-256 goes into the result. Raises
    ValueError if the weights do not fit the encoder, OSError if they cannot be read.
    """

    def make(spent: Spent) -> RunResult:
        encoder = initial_networks(experiment).target
        _load(encoder, weights, experiment)
        outcome, scores = _probed(encoder.to(device), experiment, folder, progress, root)
        control: dict[str, int] = {}
        if scores:
            control = untrained_correct(experiment, baselines or folder, code_version(), root=root, device=device, report=progress)
        made = _result(experiment, scores, control, [], device, spent, encoder_facts(encoder), outcome)
        return replace(made, weights=fingerprint(weights))

    return _made_once(experiment, folder, make)


def _load(encoder: Encoder, weights: Path, experiment: Experiment) -> None:
    """Fill `encoder` from a file; ValueError, in one line, if it holds no weights or other ones."""
    try:
        if weights.suffix == ".safetensors":
            import_safetensors(encoder, weights)
        else:
            load_release(encoder, weights, "target_encoder" if experiment.probed_encoder == "target" else "encoder")
    except (pickle.UnpicklingError, SafetensorError, RuntimeError, EOFError) as error:
        # torch's own words would advise to load it unsafely
        raise ValueError(f"{weights} is no file of weights: neither a checkpoint of tensors alone nor safetensors") from error


def fingerprint(weights: Path) -> str:
    """SHA-256 of a file of weights."""
    return _sha256(weights, weights.stat().st_mtime_ns)


@cache
def _sha256(path: Path, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _probed(
    encoder: Encoder, experiment: Experiment, folder: Path, progress: Report | None, root: Path | None
) -> tuple[dict[str, Any], dict[str, Score]]:
    """The state and scores of an encoder that is only probed."""
    try:
        scores = evaluate(encoder, experiment, root=root, report=progress, folder=folder)
    except Diverged as error:
        return {"state": "nan_loss", "reason": str(error)}, {}
    except DataMissing as error:
        return {"state": "data_invalid", "reason": str(error)}, {}
    write_scores(folder, scores)
    return {"state": "finished"}, scores


def _attempt(
    experiment: Experiment, folder: Path, baselines: Path, progress: Report | None, root: Path | None, device: str, spent: Spent
) -> RunResult:
    """Pretrain and probe; every way to fail that says something about the run becomes a state."""
    outcome: dict[str, Any] = {"state": "finished"}
    scores: dict[str, Score] = {}
    untrained: dict[str, int] = {}
    facts: dict[str, float] = {}
    try:
        trainer = pretrain(experiment, folder, root=root, device=device, report=progress)
        facts = encoder_facts(trainer.probed_encoder)
        scores = evaluate(trainer.probed_encoder, experiment, root=root, report=progress, folder=folder)
        write_scores(folder, scores)
        untrained = untrained_correct(experiment, baselines, code_version(), root=root, device=device, report=progress)
    except Diverged as error:
        outcome = {"state": "nan_loss", "reason": str(error)}
    except DataMissing as error:
        outcome = {"state": "data_invalid", "reason": str(error)}
    except (CheckpointDamaged, OSError) as error:
        outcome = {"state": "failed", "reason": _explain(error, folder, experiment)}
    rows = read_curves(folder / CURVES) if (folder / CURVES).exists() else []
    write_atomically(folder / VJEPA_LOG, vjepa_csv(rows).encode())
    if outcome["state"] == "finished":
        outcome = _collapse(rows) or outcome
    return _result(experiment, scores, untrained, rows, device, spent, facts, outcome)


def _result(
    experiment: Experiment,
    scores: dict[str, Score],
    untrained: dict[str, int],
    rows: list[Row],
    device: str,
    spent: Spent,
    facts: dict[str, float],
    outcome: dict[str, Any],
) -> RunResult:
    seconds = sum(row["seconds"] for row in rows)
    step_flops = training_flops(experiment) * experiment.batch_size
    return RunResult(
        experiment=experiment,
        seed=experiment.seed,
        scores={name: score.percent for name, score in scores.items()},
        samples={name: score.samples for name, score in scores.items()},
        correct={name: score.correct for name, score in scores.items()},
        protocols={name: score.protocol for name, score in scores.items()},
        hits={name: score.hits for name, score in scores.items()},
        majority={name: score.majority for name, score in scores.items()},
        majority_class={name: score.is_majority_class for name, score in scores.items()},
        untrained=untrained,
        environment=environment(device),
        cost={"pretraining_seconds": seconds, "steps": float(len(rows)), "pretraining_flops": len(rows) * step_flops} | spent.cost(),
        facts=facts,
        curves=_per_epoch(rows),
        code_version=code_version(),
        **outcome,
    )


@torch.inference_mode()
def encoder_facts(encoder: Encoder) -> dict[str, float]:
    """What can be said of an encoder whatever it was trained on: the width of a token's embedding and of its latent, on a clip of
    two by two by two tokens, and the number of parameters."""
    size, device = encoder.size, next(encoder.parameters()).device
    clip = torch.zeros(1, 3, 2 * size.tubelet, 2 * size.patch, 2 * size.patch, device=device)
    widths = {"embedding_dim": encoder(clip, levels=False).shape[-1], "latent_dim": encoder(clip).shape[-1]}
    return {**widths, "encoder_parameters": sum(parameter.numel() for parameter in encoder.parameters())}


def _collapse(rows: list[Row]) -> dict[str, Any] | None:
    last = Health(rows[-1]["feature_std"], rows[-1]["effective_rank"])
    if not last.collapsed:
        return None
    return {"state": "collapsed", "reason": f"features end with std {last.feature_std:.3g} and effective rank {last.effective_rank:.3g}"}


def _per_epoch(rows: list[Row]) -> dict[str, list[float]]:
    """Each number of the curves, averaged over the steps of an epoch that have it."""
    epochs: dict[str, dict[int, list[float]]] = {}
    for row in rows:
        for key, value in row.items():
            if key not in ("step", "epoch"):
                epochs.setdefault(key, {}).setdefault(row["epoch"], []).append(value)
    return {key: [sum(values) / len(values) for values in parts.values()] for key, parts in epochs.items() if key != "seconds"}


def claim(folder: Path, experiment: Experiment) -> None:
    """Make `folder` the place of `experiment`, or say whose it is."""
    path = folder / EXPERIMENT
    if path.exists():
        found = Experiment.from_dict(json.loads(path.read_bytes()))
        if found.digest != experiment.digest:
            raise ValueError(f"{folder} belongs to {found.name} ({found.digest}), not to {experiment.name} ({experiment.digest})")
        return
    write_atomically(path, (json.dumps(experiment.to_dict(), indent=1) + "\n").encode())


def _explain(error: Exception, folder: Path, experiment: Experiment) -> str:
    """The error, and for a full disk how much room the run wants."""
    if isinstance(error, OSError) and error.filename is None and error.errno is not None:
        wanted, free = plan(experiment).disk_bytes, shutil.disk_usage(folder).free
        return f"{os.strerror(error.errno)} in {folder}: a run keeps {wanted:,} bytes, {free:,} are free"
    return str(error)


@contextmanager
def _terminated_as_interrupt() -> Iterator[None]:
    """Let SIGTERM unwind like Ctrl-C, where signals may be handled at all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _said(node: object) -> str:
    """A syntax tree in words, without empty fields: Python 3.12 and 3.13 have some that 3.11 does not."""
    if isinstance(node, ast.AST):
        fields = [f"{name}={_said(value)}" for name, value in ast.iter_fields(node) if value is not None and value != []]
        return f"{type(node).__name__}({', '.join(fields)})"
    return f"[{', '.join(map(_said, node))}]" if isinstance(node, list) else repr(node)


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
    return tree


@cache
def _commit() -> dict[str, str]:
    """The commit that this package was imported from and whether files differ from it; nothing outside a checkout."""
    folder = Path(__file__).parent
    git = shutil.which("git")
    if git is None:
        return {}
    head = subprocess.run([git, "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=False)
    if head.returncode:
        return {}
    status = subprocess.run([git, "status", "--porcelain", "."], cwd=folder, capture_output=True, text=True, check=False)
    return {"commit": head.stdout.strip(), "dirty": str(bool(status.stdout.strip())).lower()}
