"""Datasets and probes by name. A new dataset is a file here and a line in each literal that it serves."""

from collections.abc import Callable
from pathlib import Path

from repro.datasets import diving48, imagenet100, motion8, sprites, ssv2, ucf101
from repro.datasets.dataset import CaptionedClips, Captions, LabelledClips, Probe, ProbeProtocol, TrainingSet, augment, normalise
from repro.datasets.layout import DataMissing, Layout
from repro.experiment import Experiment
from repro.record import nearest

TRAINING_SETS: dict[str, Callable[[Experiment, Path | None, str], TrainingSet]] = {
    "diving48": diving48.training,
    "imagenet100": imagenet100.training,
    "motion8": motion8.Training,
    "sprites": sprites.Training,
    "sprites_still": sprites.TrainingStills,
    "ssv2": ssv2.training,
    "ucf101": ucf101.training,
}
"""Name to function of the experiment, the folder of real data (None for generated sets) and the device that clips are made for."""

PROBES: dict[str, Callable[[Experiment, Path | None], Probe]] = {
    "diving48": diving48.probe,
    "imagenet100": imagenet100.probe,
    "motion8": motion8.probe,
    "sprites_appearance": sprites.appearance_probe,
    "sprites_motion": sprites.motion_probe,
    "sprites_order": sprites.order_probe,
    "ssv2": ssv2.probe,
    "ucf101": ucf101.probe,
}
"""Name to function of the experiment and the folder of real data."""

LAYOUTS: dict[str, Callable[[Path], Layout]] = {
    "diving48": diving48.layout,
    "imagenet100": imagenet100.layout,
    "ssv2": ssv2.layout,
    "ucf101": ucf101.layout,
}
"""Real dataset to function of its folder: what the lists there say, and what is wrong with them."""

CAPTIONS: dict[str, Callable[[Experiment, Path | None], Captions]] = {
    "sprites": sprites.captions,
    "ssv2": ssv2.captions,
}
"""Likewise, for video-text alignment."""


def training_set(name: str, experiment: Experiment, root: Path | None = None, device: str = "cpu") -> TrainingSet:
    """The clips of the set `name` as `experiment` wants them, on `device`; `root` is the folder that holds real datasets."""
    if name not in TRAINING_SETS:
        raise DataMissing(f"no training set {name!r}; {nearest(name, TRAINING_SETS)}")
    return TRAINING_SETS[name](experiment, root, device)


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
    "LAYOUTS",
    "PROBES",
    "TRAINING_SETS",
    "CaptionedClips",
    "Captions",
    "DataMissing",
    "LabelledClips",
    "Layout",
    "Probe",
    "ProbeProtocol",
    "TrainingSet",
    "augment",
    "captioned",
    "normalise",
    "probe",
    "training_set",
]
