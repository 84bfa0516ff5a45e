"""UCF-101 (Soomro, Zamir and Shah, CRCV-TR-12-01): 101 actions, one folder of AVI files per class, split by the official lists.

UCF-101/<Class>/v_<Class>_g<group>_c<clip>.avi
ucfTrainTestlist/classInd.txt, trainlist01.txt, testlist01.txt (and 02, 03)
"""

from pathlib import Path

from repro.datasets.dataset import Probe, ProbeProtocol
from repro.datasets.layout import Item, Layout, Problem, first_there, labelled, missing_folder, problem, read_lines
from repro.datasets.prepared import Training, video_probe
from repro.experiment import Experiment

OFFICIAL = (101, 9537, 3783)
"""Classes, training clips and test clips of split 1."""

PROTOCOL = ProbeProtocol(head="attentive", pooled=False, lr=3e-4, batch_size=16)


def layout(folder: Path, split: int = 1) -> Layout:
    """What the lists of official split 1, 2 or 3 say, labels from 0 in the order of classInd.txt."""
    lists = first_there(folder, ("ucfTrainTestlist", "."))
    problems = missing_folder(folder / "UCF-101", "class folders")
    table = read_lines(lists / "classInd.txt", problems, lambda words: len(words) == 2 and words[0].isdigit())
    classes = [name for _, name in sorted((int(number), name) for number, name in table)]
    index = {name: label for label, name in enumerate(classes)}
    train, test = (lists / f"{side}list{split:02d}.txt" for side in ("train", "test"))
    trained = read_lines(train, problems, lambda words: len(words) == 2 and "/" in words[0] and words[1].isdigit())
    tested = read_lines(test, problems, lambda words: "/" in words[0] and len(words) <= 2 and words[-1].isdigit() == (len(words) == 2))
    problems += _wrong_labels(index, trained, train.name) + _wrong_labels(index, tested, test.name)
    items = [
        [Item(path=f"UCF-101/{words[0]}", label=index[_class(words)]) for words in side if _class(words) in index]
        for side in (trained, tested)
    ]
    official = OFFICIAL if split == 1 else (OFFICIAL[0], len(trained), len(tested))
    return labelled("ucf101", folder, classes, items[0], items[1], problems, official)


def probe(experiment: Experiment, root: Path | None) -> Probe:
    """The study's probe of UCF-101: attentive, over all tokens, on split 1."""
    return video_probe("ucf101", layout, PROTOCOL, experiment, root)


def training(experiment: Experiment, root: Path | None, device: str = "cpu") -> Training:
    """The training list of split 1."""
    return Training("ucf101", layout, experiment, root, device)


def _class(words: list[str]) -> str:
    return words[0].split("/")[0]


def _wrong_labels(index: dict[str, int], lines: list[list[str]], name: str) -> list[Problem]:
    """Lines that name no class of classInd.txt, or give another number for it; the test lists give none."""

    def is_wrong(words: list[str]) -> bool:
        label = index.get(_class(words))
        return label is None or (len(words) == 2 and int(words[1]) != label + 1)

    return problem(
        "wrong_label", f"lines of {name} contradict classInd.txt", [" ".join(words) for words in lines if index and is_wrong(words)]
    )
