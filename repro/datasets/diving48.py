"""Diving-48 (Li, Li and Vasconcelos, ECCV 2018), the corrected labels of version 2: 48 dives told apart by their movements alone.

rgb/<vid_name>.mp4
Diving48_V2_train.json, Diving48_V2_test.json, Diving48_vocab.json
"""

from pathlib import Path
from typing import Any

from repro.datasets.dataset import Probe, ProbeProtocol
from repro.datasets.layout import Item, Layout, Problem, labelled, missing_folder, problem, read_json
from repro.datasets.prepared import Training, video_probe
from repro.experiment import Experiment

OFFICIAL = (48, 15027, 1970)

PROTOCOL = ProbeProtocol(head="attentive", pooled=False, batch_size=16)


def layout(folder: Path) -> Layout:
    """What the vocabulary and the two lists of version 2 say."""
    problems = missing_folder(folder / "rgb", "MP4 files")
    vocabulary = read_json(folder / "Diving48_vocab.json", problems, list)
    classes = [" ".join(map(str, dive)) if isinstance(dive, list) else str(dive) for dive in vocabulary]
    train = _items(folder / "Diving48_V2_train.json", len(classes), problems)
    test = _items(folder / "Diving48_V2_test.json", len(classes), problems)
    return labelled("diving48", folder, classes, train, test, problems, OFFICIAL)


def probe(experiment: Experiment, root: Path | None) -> Probe:
    """The study's probe of Diving-48: attentive, over all tokens."""
    return video_probe("diving48", layout, PROTOCOL, experiment, root)


def training(experiment: Experiment, root: Path | None, device: str = "cpu") -> Training:
    """The training list; the study does not pretrain on it."""
    return Training("diving48", layout, experiment, root, device)


def _items(path: Path, num_classes: int, problems: list[Problem]) -> list[Item]:
    entries = read_json(path, problems, list)
    problems += problem(
        "damaged_list", f"entries of {path.name} have no vid_name and label", [str(e)[:60] for e in entries if not _is_entry(e)]
    )
    good = [entry for entry in entries if _is_entry(entry)]
    if num_classes:
        wrong = [f"{entry['vid_name']} ({entry['label']})" for entry in good if not 0 <= entry["label"] < num_classes]
        problems += problem("wrong_label", f"entries of {path.name} have a label that the vocabulary lacks", wrong)
    return [Item(path=f"rgb/{entry['vid_name']}.mp4", label=entry["label"]) for entry in good if 0 <= entry["label"] < num_classes]


def _is_entry(entry: Any) -> bool:  # noqa: ANN401 (anything may stand in a JSON file)
    return isinstance(entry, dict) and isinstance(entry.get("vid_name"), str) and type(entry.get("label")) is int
