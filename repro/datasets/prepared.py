"""Real datasets, once every file has been inspected: which clips are used, which are skipped, and their frames.

`prepare` inspects a folder and leaves in another one what it found, `ingest.json`, with the lists. Training and probes read that folder;
given the dataset's own folder instead, they inspect it first, every time the program starts.
"""

import atexit
import json
import logging
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor

from repro.cache import INDEX, CacheDamaged, ClipCache
from repro.checkpoint import write_atomically
from repro.clips import ClipUnreadable, Frames, Inspection, Reader
from repro.datasets.dataset import LabelledClips, Probe, ProbeProtocol
from repro.datasets.layout import MAX_SKIPPED, DataMissing, Item, Layout, Problem, file_problems
from repro.experiment import Experiment
from repro.transforms import clip_indices, crop_box, eval_crop, eval_indices, frame_step, train_batch, window_end_range

log = logging.getLogger(__name__)

INGEST = "ingest.json"
CACHE = "cache"

MakeLayout = Callable[[Path], Layout]
ReadItems = Callable[[Sequence[Item], Sequence[int]], Tensor]
Told = Callable[[int, int], None]
"""Called with files inspected and files in all."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A dataset of which every listed file was inspected."""

    layout: Layout
    found: Mapping[str, Inspection]
    """The lists' names to what the files are."""
    cache: ClipCache | None = None

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, lists first."""
        return [*self.layout.problems, *file_problems(self.found)]

    @property
    def train(self) -> tuple[Item, ...]:
        """The training clips that can be used."""
        return self._usable(self.layout.train)

    @property
    def test(self) -> tuple[Item, ...]:
        return self._usable(self.layout.test)

    @property
    def skipped(self) -> list[Inspection]:
        """Every file that is not used, with the reason."""
        return [video for video in self.found.values() if not video.usable]

    @property
    def invalid(self) -> str:
        """Why no number should be made from this data; "" if it is sound."""
        fatal = [str(part) for part in self.problems if part.fatal]
        for side, items, left in (("training", self.layout.train, self.train), ("test", self.layout.test, self.test)):
            fatal += _too_many(side, len(items), len(items) - len(left))
        if fatal:
            fatal += [str(part) for part in file_problems(self.found)]
        return "; ".join(fatal)

    def frames(self, wanted: Sequence[tuple[Item, Sequence[int]]]) -> list[Frames]:
        """Frames of clips at these indices, (F, height, width, 3) each, as large as the files have them.

        Raises DataMissing if a file is no longer what was inspected: another clip in its place would be another dataset.
        """
        try:
            return reader().read([(self.found[item.path], indices) for item, indices in wanted])
        except ClipUnreadable as error:
            raise DataMissing(str(error)) from error

    def training_frames(self, wanted: Sequence[tuple[Item, Sequence[int]]]) -> list[Frames]:
        """Likewise, from the cache where it has the file."""
        held = [self.cache is not None and self.found[item.path] in self.cache for item, _ in wanted]
        decoded = iter(self.frames([pair for pair, here in zip(wanted, held, strict=True) if not here]))
        return [self._cached(*pair) if here else next(decoded) for pair, here in zip(wanted, held, strict=True)]

    def _cached(self, item: Item, indices: Sequence[int]) -> Frames:
        assert self.cache is not None
        try:
            return self.cache.read(self.found[item.path].path, indices)
        except CacheDamaged as error:
            raise DataMissing(str(error)) from error

    def _usable(self, items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(item for item in items if item.path in self.found and self.found[item.path].usable)


def _too_many(side: str, listed: int, skipped: int) -> list[str]:
    if not listed:
        return [f"the {side} list is empty"]
    if skipped <= MAX_SKIPPED * listed:
        return []
    return [f"{skipped:,} of {listed:,} {side} clips cannot be used, more than {MAX_SKIPPED:.0%}"]


def inspect(layout: Layout, reader: Reader, told: Told | None = None) -> Prepared:
    """Every listed file decoded once."""
    names = list(dict.fromkeys(item.path for item in (*layout.train, *layout.test)))
    found: dict[str, Inspection] = {}
    folder = layout.folder.resolve()  # what is found is read later from anywhere
    for name, video in zip(names, reader.inspect(folder / name for name in names), strict=True):
        found[name] = video
        if told is not None:
            told(len(found), len(names))
    return Prepared(layout=layout, found=found)


def absent(layout: Layout) -> dict[str, Inspection]:
    """The listed files that are not there or empty, by name. Opens none."""
    found = {}
    for item in (*layout.train, *layout.test):
        path = layout.folder / item.path
        if not path.is_file():
            found[item.path] = Inspection(path=str(path), outcome="missing")
        elif path.stat().st_size == 0:
            found[item.path] = Inspection(path=str(path), outcome="empty")
    return found


def write(prepared: Prepared, folder: Path) -> list[Path]:
    """Leave in `folder` what was found and the lists of usable clips, one "path label" a line; return the files' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    source = prepared.layout.folder.resolve()
    record = {"format": 1, "source": str(source), "found": {name: asdict(video) for name, video in prepared.found.items()}}
    lines = [f"{video.path}\t{video.outcome}\t{video.detail}" for video in prepared.skipped]
    contents = {
        "train.csv": _listed(source, prepared.train),
        "test.csv": _listed(source, prepared.test),
        "skipped.tsv": "".join(line + "\n" for line in ("path\toutcome\tdetail", *lines)),
        INGEST: json.dumps(record),
    }
    for name, content in contents.items():
        write_atomically(folder / name, content.encode())
    return [folder / name for name in contents]


def _listed(source: Path, items: Sequence[Item]) -> str:
    return "".join(f"{source / item.path} {item.label}\n" for item in items)


def opened(name: str, make_layout: MakeLayout, root: Path | None) -> Prepared:
    """The dataset `name` under `root`, prepared or not. DataMissing: it is not there, or not fit to make numbers from."""
    if root is None:
        raise DataMissing(f"{name} is a real dataset: name the folder that holds {name}/ (see docs/datasets.md)")
    folder = root / name
    if not folder.is_dir():
        raise DataMissing(f"{folder} is not there; `claimcheck data prepare {name} PATH --out {folder}` makes it (see docs/datasets.md)")
    return _open(folder.resolve(), make_layout)


@cache
def _open(folder: Path, make_layout: MakeLayout) -> Prepared:
    if (folder / INGEST).exists():
        prepared = _read(folder, make_layout)
    else:
        log.warning("%s was not prepared: every file is inspected now; `claimcheck data prepare` does it once", folder)
        prepared = inspect(make_layout(folder), reader())
    for video in prepared.skipped:
        log.warning("%s is skipped: %s, %s", video.path, video.outcome, video.detail)
    if prepared.invalid:
        raise DataMissing(f"{prepared.layout.name} in {prepared.layout.folder}: {prepared.invalid}")
    return prepared


def _read(folder: Path, make_layout: MakeLayout) -> Prepared:
    """A prepared folder: the lists are read again from the source, what was found from the record."""
    try:
        record = json.loads((folder / INGEST).read_bytes())
        source = Path(record["source"])
        found = {name: Inspection(**entry) for name, entry in record["found"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataMissing(f"{folder / INGEST} cannot be read ({error}); prepare the data again") from error
    return Prepared(layout=make_layout(source), found=found, cache=_cache(folder))


def _cache(folder: Path) -> ClipCache | None:
    if not (folder / CACHE / INDEX).exists():
        return None
    try:
        return ClipCache(folder / CACHE)
    except CacheDamaged as error:
        raise DataMissing(str(error)) from error


@cache
def reader() -> Reader:
    """The decoding processes that training sets and probes of this program share."""
    shared = Reader(max(1, min(8, os.cpu_count() or 1)))
    atexit.register(shared.close)
    return shared


os.register_at_fork(after_in_child=reader.cache_clear)  # two programs must not talk to one decoder


@dataclass
class Training:
    """The usable training clips of a real dataset: a random window of each video, a still image repeated, cropped and flipped at random."""

    name: str
    make_layout: MakeLayout
    experiment: Experiment
    root: Path | None
    device: str = "cpu"
    """Where crops are resized and normalised; bytes travel there, a quarter of what floats would be."""
    prepared: Prepared = field(init=False)
    items: tuple[Item, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.prepared = opened(self.name, self.make_layout, self.root)
        usable = self.prepared.train
        self.items = tuple(item for item in usable if self._step(item) > 0)
        slow = [item.path for item in usable if self._step(item) == 0]
        for path in slow:
            log.warning("%s is skipped: too slow to sample at %s frames per second", path, self.experiment.fps)
        listed = len(self.prepared.layout.train)
        if too_many := _too_many("training", listed, listed - len(self.items)):
            raise DataMissing(f"{self.name}: {too_many[0]} ({len(slow)} slower than {self.experiment.fps} frames per second)")

    def __len__(self) -> int:
        return len(self.items)

    def clips(self, indices: Sequence[int], rng: random.Random) -> Tensor:
        """Normalised clips, float32, (B, 3, F, crop, crop)."""
        experiment = self.experiment
        chosen = [self.items[i] for i in indices]
        read = self.prepared.training_frames([(item, self._window(item, rng)) for item in chosen])
        boxes, flips = [], []
        for frames in read:
            boxes.append(crop_box(frames.shape[1], frames.shape[2], experiment.crop_area, experiment.crop_aspect, rng))
            flips.append(rng.random() < experiment.flip)
        videos = [torch.from_numpy(frames).to(self.device) for frames in read]
        return train_batch(videos, boxes, flips, experiment.model.frames, experiment.model.crop)

    def _window(self, item: Item, rng: random.Random) -> Sequence[int]:
        found, frames, step = self.prepared.found[item.path], self.experiment.model.frames, self._step(item)
        if found.outcome == "image":
            return [0]
        ends = window_end_range(found.frames, frames, step)
        window: list[int] = clip_indices(found.frames, frames, step, rng.choice(ends) if ends else None).tolist()
        return window

    def _step(self, item: Item) -> int:
        """Decoded frames from one frame of a clip to the next; 0 if the video is too slow."""
        found, experiment = self.prepared.found[item.path], self.experiment
        if found.outcome == "image" or experiment.fps is None:
            return experiment.frame_step or 1
        try:
            return frame_step(found.fps, experiment.fps)
        except ValueError:
            return 0


def video_probe(name: str, make_layout: MakeLayout, protocol: ProbeProtocol, experiment: Experiment, root: Path | None) -> Probe:
    """A probe on whole videos, as many frames spread over each as the experiment's clips have."""
    prepared = opened(name, make_layout, root)
    return probe_of(prepared, protocol, partial(_whole_videos, prepared, experiment))


def probe_of(prepared: Prepared, protocol: ProbeProtocol, read: ReadItems) -> Probe:
    """A probe on the usable clips of both lists."""
    sides = (
        LabelledClips(labels=torch.tensor([item.label for item in items]), read=partial(read, items))
        for items in (prepared.train, prepared.test)
    )
    train, test = sides
    name = prepared.layout.name
    return Probe(name=name, clips=name, classes=prepared.layout.classes, protocol=protocol, train=train, test=test)


def _whole_videos(prepared: Prepared, experiment: Experiment, items: Sequence[Item], indices: Sequence[int]) -> Tensor:
    """Short side `crop`, centre crop: float32 from 0 to 255, (B, 3, F, crop, crop), not rounded to bytes after the resize."""
    model = experiment.model
    wanted = [(items[i], eval_indices(prepared.found[items[i].path].frames, model.frames).tolist()) for i in indices]
    return torch.stack([eval_crop(torch.from_numpy(frames), model.crop) for frames in prepared.frames(wanted)])
