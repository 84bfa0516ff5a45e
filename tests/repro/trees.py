"""Miniature datasets of real encoded videos and images, in the layouts in which the real ones come."""

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

CODECS = {".avi": "mpeg4", ".webm": "libvpx-vp9", ".mp4": "libx264"}


def drawn(frames: int, seed: int = 0, height: int = 48, width: int = 64) -> np.ndarray:
    """A bright square that moves three pixels a frame over grain, so that every frame is told from its neighbours."""
    ground = np.random.default_rng(seed).integers(0, 120, (height, width, 3)).astype(np.uint8)
    video = np.repeat(ground[None], frames, 0)
    for t in range(frames):
        left = (5 * seed + 3 * t) % (width - 16)
        video[t, 8 + seed % 16 : 24 + seed % 16, left : left + 16] = 255 - 6 * (t % 32)
    return video


@cache
def encoded(suffix: str, frames: int, seed: int = 0, fps: int = 25) -> bytes:
    """The bytes of such a video, encoded once per process."""
    if CODECS[suffix] not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no encoder {CODECS[suffix]}")
    file = io.BytesIO()
    with av.open(file, "w", format={".avi": "avi", ".webm": "webm", ".mp4": "mp4"}[suffix]) as container:
        stream = container.add_stream(CODECS[suffix], rate=fps)
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        stream.codec_context.gop_size = 12
        stream.codec_context.thread_count = 1
        if suffix == ".webm":
            stream.options = {"deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "0"}
        for picture in drawn(frames, seed):
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return file.getvalue()


def video(path: Path, frames: int = 40, seed: int = 0, fps: int = 25) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(path.suffix, frames, seed, fps))
    return path


def truncate(path: Path, share: float = 0.5) -> None:
    """Cut a file short, as a broken download is."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def ucf101(folder: Path, classes: Sequence[str] = ("Archery", "HandstandPushups", "YoYo")) -> Path:
    """Two training clips and one test clip a class, 40 frames each but for the first: 12."""
    lists = folder / "ucfTrainTestlist"
    lists.mkdir(parents=True)
    (lists / "classInd.txt").write_text("".join(f"{i} {name}\n" for i, name in enumerate(classes, 1)))
    train, test = [], []
    for label, name in enumerate(classes):
        for group in (1, 8, 9):
            # the real files of HandstandPushups spell their class otherwise
            clip = f"{name}/v_{name.replace('HandstandPush', 'HandStandPush')}_g{group:02d}_c01.avi"
            video(folder / "UCF-101" / clip, 12 if (label, group) == (0, 8) else 40, seed=10 * label + group)
            (test if group == 1 else train).append(clip if group == 1 else f"{clip} {label + 1}")
    (lists / "trainlist01.txt").write_text("\r\n".join(train) + "\r\n")
    (lists / "testlist01.txt").write_text("\r\n".join(test) + "\r\n")
    return folder


def ssv2(folder: Path) -> Path:
    """Two templates; two training clips and one for validation of each."""
    templates = {"Holding [something] next to [something]": "0", "Pushing [something] so that it falls off [something]": "1"}
    labels = folder / "labels"
    labels.mkdir(parents=True)
    (labels / "labels.json").write_text(json.dumps({key.replace("[", "").replace("]", ""): value for key, value in templates.items()}))
    number = 78687
    for name, count in (("train", 2), ("validation", 1)):
        entries = []
        for template in templates:
            for _ in range(count):
                video(folder / "20bn-something-something-v2" / f"{number}.webm", 36, seed=number, fps=12)
                entries.append(
                    {"id": str(number), "label": "holding potato next to vicks", "template": template, "placeholders": ["potato"]}
                )
                number += 1
        (labels / f"{name}.json").write_text(json.dumps(entries))
    return folder


def diving48(folder: Path) -> Path:
    """Two dives; two training clips and one test clip of each."""
    folder.mkdir(parents=True)
    dives = [["Back", "15som", "05Twis", "FREE"], ["Forward", "25som", "NoTwis", "PIKE"]]
    (folder / "Diving48_vocab.json").write_text(json.dumps(dives))
    for side, count in (("train", 2), ("test", 1)):
        entries = []
        for label in range(len(dives)):
            for take in range(count):
                name = f"-{side}YIZyIoHQg_{label:03d}{take:02d}"
                video(folder / "rgb" / f"{name}.mp4", 30, seed=len(entries) + 20 * (side == "test"))
                entries.append({"vid_name": name, "label": label, "start_frame": 0, "end_frame": 30})
        (folder / f"Diving48_V2_{side}.json").write_text(json.dumps(entries))
    return folder


def imagenet100(folder: Path, train: int = 2) -> Path:
    """Two classes; `train` training images and one test image of each."""
    for label, wnid in enumerate(("n01558993", "n02869837")):
        names = [f"train/{wnid}/{wnid}_{i}.JPEG" for i in range(train)] + [f"val/{wnid}/ILSVRC2012_val_0000{label}293.JPEG"]
        for seed, name in enumerate(names):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(drawn(1, seed + 30 * label, 50, 75)[0]).save(path, "JPEG")
    return folder


def diagnosed(name: str, folder: Path) -> dict[str, tuple[int, tuple[str, ...]]]:
    """What is wrong with a tree: kind to how many and the first names. That it is smaller than the published set goes without saying."""
    from repro.datasets import LAYOUTS
    from repro.datasets.prepared import inspect, reader

    problems = inspect(LAYOUTS[name](folder), reader()).problems
    return {part.kind: (part.count, part.first) for part in problems if part.kind != "unofficial_size"}
