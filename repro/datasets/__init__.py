"""Datasets and probes by name. A new dataset is a file here and a line in each literal that it serves."""

from collections.abc import Callable
from pathlib import Path

from repro.datasets import motion8, sprites
from repro.datasets.dataset import CaptionedClips, Captions, LabelledClips, Probe, ProbeProtocol, TrainingSet, augment, normalise
from repro.experiment import Experiment
from repro.record import nearest

TRAINING_SETS: dict[str, Callable[[Experiment, Path | None], TrainingSet]] = {
    "motion8": motion8.Training,
    "sprites": sprites.Training,
    "sprites_still": sprites.TrainingStills,
}
"""Name to function of the experiment and the folder of real data (None for generated sets)."""

PROBES: dict[str, Callable[[Experiment, Path | None], Probe]] = {
    "motion8": motion8.probe,
    "sprites_appearance": sprites.appearance_probe,
    "sprites_motion": sprites.motion_probe,
    "sprites_order": sprites.order_probe,
}
"""Likewise."""

CAPTIONS: dict[str, Callable[[Experiment, Path | None], Captions]] = {
    "sprites": sprites.captions,
}
"""Likewise, for video-text alignment."""


class DataMissing(Exception):
    """A dataset is not known, or its files are not there. The message says which and what to do."""


def training_set(name: str, experiment: Experiment, root: Path | None = None) -> TrainingSet:
    """The clips of the set `name` as `experiment` wants them; `root` is the folder that holds real datasets."""
    if name not in TRAINING_SETS:
        raise DataMissing(f"no training set {name!r}; {nearest(name, TRAINING_SETS)}")
    return TRAINING_SETS[name](experiment, root)


def probe(name: str, experiment: Experiment, root: Path | None = None) -> Probe:
    """The probe `name` at the size that `experiment` wants it; `root` is the folder that holds real datasets."""
    if name not in PROBES:
        raise DataMissing(f"no probe {name!r}; {nearest(name, PROBES)}")
    return PROBES[name](experiment, root)


def captioned(name: str, experiment: Experiment, root: Path | None = None) -> Captions:
    """The captioned clips `name` at the size that `experiment` wants them."""
    if name not in CAPTIONS:
        raise DataMissing(f"no captions {name!r}; {nearest(name, CAPTIONS)}")
    return CAPTIONS[name](experiment, root)


__all__ = [
    "CAPTIONS",
    "PROBES",
    "TRAINING_SETS",
    "CaptionedClips",
    "Captions",
    "DataMissing",
    "LabelledClips",
    "Probe",
    "ProbeProtocol",
    "TrainingSet",
    "augment",
    "captioned",
    "normalise",
    "probe",
    "training_set",
]
