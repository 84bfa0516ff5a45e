"""Files that decoders hang, crash or lie on: each ends in a typed outcome in time, and what is read from it is right."""

import time
from pathlib import Path

import av
import numpy as np
import pytest

from repro.clips import Reader

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "weird" / "video"

OUTCOMES = {
    "decord--unordered.mov": {"decord", "pyav"},
    "own--bitflip_of_mmaction2_demo.mp4": {"damaged", "unreadable"},
    "own--bitflip_of_mmaction2_test.avi": {"damaged"},
    "own--truncated_mmaction2_demo.mp4": {"unreadable"},
    "own--truncated_mmaction2_test.avi": {"truncated"},
    "small--mp4-with-audio.mp4": {"no_video"},
    "small--webm.webm": {"pyav"},
    "torchcodec--discard_first_keyframe.mp4": {"pyav"},
    "torchcodec--h265_video.mp4": {"pyav"},
    "torchcodec--testsrc2_odd_height_and_width_vp9.mp4": {"decord", "pyav"},
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs the collection of odd videos in {FOLDER}"),
]


@pytest.fixture(scope="module")
def reader():
    with Reader(1) as made:
        yield made


def test_every_file_of_the_collection_is_named_here():
    assert {path.name for path in FOLDER.iterdir()} - {"EXPECTED.json"} == OUTCOMES.keys()


@pytest.mark.parametrize("name", OUTCOMES)
def test_it_ends_in_its_outcome_in_time(reader, name):
    began = time.monotonic()
    found = next(reader.inspect([FOLDER / name]))
    assert found.outcome in OUTCOMES[name], found.detail
    assert found.usable or found.detail
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("name", [name for name, outcomes in OUTCOMES.items() if outcomes & {"decord", "pyav"}])
def test_every_frame_that_is_read_is_the_right_one(reader, name):
    with av.open(str(FOLDER / name)) as container:
        truth = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    found = next(reader.inspect([FOLDER / name]))
    order = np.random.default_rng(0).permutation(found.frames).tolist()
    (frames,) = reader.read([(found, order)])
    small = [pictures[:, ::4, ::4].astype(np.int16) for pictures in (frames, truth)]
    distance = np.abs(small[0][:, None] - small[1][None]).mean((2, 3, 4))
    assert found.frames == len(truth)
    assert (distance[np.arange(len(order)), order] <= distance.min(1) + 1).all()
