"""Something-Something V2 (Goyal et al., arXiv:1706.04261): 174 templates of what hands do with things, in WebM.

20bn-something-something-v2/<id>.webm
labels/labels.json, train.json, validation.json (or the older names, something-something-v2-train.json and so on)
"""

from pathlib import Path

from repro.datasets.dataset import CaptionedClips, Captions, Probe, ProbeProtocol
from repro.datasets.layout import Item, Layout, Problem, first_there, labelled, missing_folder, problem, read_json
from repro.datasets.prepared import Training, video_probe
from repro.experiment import Experiment

OFFICIAL = (174, 168913, 24777)
VIDEOS = "20bn-something-something-v2"

PROTOCOL = ProbeProtocol(head="attentive", pooled=True, batch_size=16)
"""The study's attentive probe of this set sees one token, the mean of all."""


def layout(folder: Path) -> Layout:
    """What the label table and the two labelled lists say; scores are taken on the validation list, as the test list has no labels."""
    problems = missing_folder(folder / VIDEOS, "WebM files")
    table = read_json(_list(folder, "labels"), problems, dict)
    classes, index = _classes(table, problems)
    train = _items(folder, "train", index, problems)
    test = _items(folder, "validation", index, problems)
    return labelled("ssv2", folder, classes, train, test, problems, OFFICIAL)


def probe(experiment: Experiment, root: Path | None) -> Probe:
    """The study's probe of Something-Something V2."""
    return video_probe("ssv2", layout, PROTOCOL, experiment, root)


def training(experiment: Experiment, root: Path | None, device: str = "cpu") -> Training:
    """The training list."""
    return Training("ssv2", layout, experiment, root, device)


def captions(experiment: Experiment, root: Path | None) -> Captions:
    """The probe's clips with their template as the sentence, "something" standing for what the hands hold."""
    clips = probe(experiment, root)
    sides = (
        CaptionedClips(captions=tuple(clips.classes[label] for label in side.labels.tolist()), labels={"template": side.labels}, clips=side)
        for side in (clips.train, clips.test)
    )
    train, test = sides
    return Captions(train=train, test=test)


def _list(folder: Path, name: str) -> Path:
    return first_there(folder, (f"labels/{name}.json", f"{name}.json", f"something-something-v2-{name}.json"))


def _classes(table: dict[str, object], problems: list[Problem]) -> tuple[list[str], dict[str, int]]:
    """Class names by label, and their labels. The table maps a template without brackets to its number, a string."""
    index = {name: int(number) for name, number in table.items() if isinstance(number, str | int) and str(number).isdigit()}
    if sorted(index.values()) != list(range(len(table))):
        problems.append(Problem(kind="damaged_list", count=1, what="table does not number its classes from 0 on", first=("labels.json",)))
        return [], {}
    return sorted(index, key=index.__getitem__), index


def _items(folder: Path, name: str, index: dict[str, int], problems: list[Problem]) -> list[Item]:
    path = _list(folder, name)
    entries = read_json(path, problems, list)
    good = [entry for entry in entries if isinstance(entry, dict) and "id" in entry and isinstance(entry.get("template"), str)]
    bad = [
        str(entry)[:60] for entry in entries if not (isinstance(entry, dict) and "id" in entry and isinstance(entry.get("template"), str))
    ]
    problems += problem("damaged_list", f"entries of {path.name} have no id and template", bad)
    named = [(str(entry["id"]), entry["template"].replace("[", "").replace("]", "")) for entry in good]
    if index:
        wrong = [f"{key} ({template})" for key, template in named if template not in index]
        problems += problem("wrong_label", f"entries of {path.name} have a template that labels.json lacks", wrong)
    return [Item(path=f"{VIDEOS}/{key}.webm", label=index[template]) for key, template in named if template in index]
