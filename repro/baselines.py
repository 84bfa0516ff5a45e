"""What a score is worth beside the untrained encoder's on the same probe, computed once for all runs that share it."""

import hashlib
import json
import logging
from dataclasses import asdict, replace
from pathlib import Path

from repro.checkpoint import write_atomically
from repro.evaluate import random_encoder
from repro.experiment import Experiment
from repro.pretrain import Diverged, Progress, Report

log = logging.getLogger(__name__)

FOLDER = "untrained"
ONLY_TRAINING = ("predictor_width", "predictor_depth", "predictor_heads", "mask_tokens")
"""Sizes that an encoder and its initial weights do not depend on: it is the first network to be drawn."""


def untrained_correct(
    experiment: Experiment,
    folder: Path,
    code_version: str,
    *,
    root: Path | None = None,
    device: str = "cpu",
    report: Report | None = None,
) -> dict[str, int]:
    """Probe name to held-out clips that are classified correctly from the encoder as the experiment's seed initialises it.

    Counts are kept in `folder`/untrained under a digest of all that decides them, and read from there by other experiments of the same
    seed and size. A probe that diverges on these features is left out. Raises DataMissing and OSError.
    """
    places = {
        name: folder / FOLDER / f"{name}-s{experiment.seed}-{_key(experiment, name, code_version, root, device)}.json"
        for name in experiment.probe_epochs
    }
    found = {name: _read(path) for name, path in places.items()}
    missing = {name: experiment.probe_epochs[name] for name, count in found.items() if count is None}
    if missing:
        try:
            scores = random_encoder(
                replace(experiment, probe_epochs=missing), root=root, report=_said_apart(report), device=device, folder=folder
            )
        except Diverged as error:
            log.warning("no scores of the untrained encoder beside %s, seed %d: %s", experiment.name, experiment.seed, error)
            scores = {}
        for name, score in scores.items():
            places[name].parent.mkdir(parents=True, exist_ok=True)
            record = {"probe": name, "seed": experiment.seed, "correct": score.correct, "samples": score.samples}
            write_atomically(places[name], (json.dumps(record) + "\n").encode())
            found[name] = score.correct
    return {name: count for name, count in found.items() if count is not None}


def _key(experiment: Experiment, name: str, code_version: str, root: Path | None, device: str) -> str:
    """Twelve hex digits of what decides the initial encoder and its score on one probe; training and its data are no part of it."""
    model = {key: value for key, value in asdict(experiment.model).items() if key not in ONLY_TRAINING}
    clips = (experiment.scale, experiment.frame_step, experiment.fps, str(root))
    content = [model, experiment.seed, clips, name, experiment.probe_epochs[name], code_version, device]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def _read(path: Path) -> int | None:
    """The count in `path`; None if there is none that can be read, so that it is made again."""
    try:
        return int(json.loads(path.read_bytes())["correct"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _said_apart(report: Report | None) -> Report | None:
    """Report phases as those of the untrained encoder."""
    if report is None:
        return None
    return lambda progress: report(Progress(f"{progress.phase}, untrained encoder", *progress[1:]))
