"""ImageNet-100: 100 classes of ILSVRC 2012 (Russakovsky et al., arXiv:1409.0575), still images that enter training as static clips.

train/<wnid>/*.JPEG, val/<wnid>/*.JPEG
"""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from repro.clips import IMAGES, Frames
from repro.datasets.dataset import Probe, ProbeProtocol
from repro.datasets.layout import Item, Layout, Problem, labelled, missing_folder, problem
from repro.datasets.prepared import Prepared, Training, opened, probe_of
from repro.experiment import Experiment

OFFICIAL = (100, 126689, 5000)
"""Of the list that arXiv:1906.05849 published and the study uses. Other selections of 100 classes have other counts."""

PROTOCOL = ProbeProtocol(head="linear", pooled=True, batch_size=256)

WNID = re.compile(r"n\d{8}")


def layout(folder: Path) -> Layout:
    """What the class folders hold; labels follow the order of the folders' names, as elsewhere."""
    problems = missing_folder(folder / "train", "training images") + missing_folder(folder / "val", "test images")
    found = {side: _images(folder / side) for side in ("train", "val")}
    classes = sorted(found["train"].keys() | found["val"].keys())
    for side, images in found.items():
        lacking = [f"{side}/{wnid}" for wnid in classes if not images.get(wnid)]
        problems += problem("missing_class", "class folders are not there or hold no image", lacking) if images else []
    problems += problem("wrong_label", "class folders are not named by a WordNet number", [c for c in classes if not WNID.fullmatch(c)])
    problems += _misplaced(found)
    index = {wnid: label for label, wnid in enumerate(classes)}
    train, test = (
        [Item(path=f"{side}/{wnid}/{name}", label=index[wnid]) for wnid, names in sorted(images.items()) for name in names]
        for side, images in found.items()
    )
    return labelled("imagenet100", folder, classes, train, test, problems, OFFICIAL)


def probe(experiment: Experiment, root: Path | None) -> Probe:
    """The study's probe of ImageNet-100: linear, on the mean token of each image repeated into a clip."""
    prepared = opened("imagenet100", layout, root)
    return probe_of(prepared, PROTOCOL, partial(_read, prepared, experiment))


def training(experiment: Experiment, root: Path | None, device: str = "cpu") -> Training:
    """The training images as static clips."""
    return Training("imagenet100", layout, experiment, root, device)


def _images(folder: Path) -> dict[str, list[str]]:
    """Class folder to the names of its images."""
    if not folder.is_dir():
        return {}
    return {
        wnid.name: sorted(image.name for image in wnid.iterdir() if image.suffix.lower() in IMAGES)
        for wnid in sorted(folder.iterdir())
        if wnid.is_dir()
    }


def _misplaced(found: dict[str, dict[str, list[str]]]) -> list[Problem]:
    """Images whose name carries the number of another class than their folder's."""
    wrong = [
        f"{side}/{wnid}/{name}"
        for side, images in found.items()
        for wnid, names in images.items()
        if WNID.fullmatch(wnid)
        for name in names
        if (named := WNID.search(name)) and named[0] != wnid
    ]
    return problem("wrong_label", "images lie in a folder of another class than their name says", wrong)


def _read(prepared: Prepared, experiment: Experiment, items: Sequence[Item], indices: Sequence[int]) -> Tensor:
    """Short side `crop` by Pillow's bicubic filter, centre crop, one frame repeated: uint8, (B, 3, F, crop, crop)."""
    images = prepared.frames([(items[i], [0]) for i in indices])
    stills = torch.stack([torch.from_numpy(_cropped(image[0], experiment.model.crop)) for image in images])
    return stills.permute(0, 3, 1, 2)[:, :, None].expand(-1, -1, experiment.model.frames, -1, -1)


def _cropped(picture: Frames, size: int) -> Frames:
    height, width = picture.shape[:2]
    short = min(height, width)
    h, w = (size if side == short else size * side // short for side in (height, width))
    resized = np.asarray(Image.fromarray(picture).resize((w, h), Image.Resampling.BICUBIC))
    top, left = round((h - size) / 2), round((w - size) / 2)
    return resized[top : top + size, left : left + size].copy()
