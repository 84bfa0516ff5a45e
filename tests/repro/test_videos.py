"""Generated sets as files: the pictures of the tensors, whole files, lists that name them."""

import csv

import av
import numpy as np
import pytest

from repro.datasets import motion8, sprites, videos

pytestmark = pytest.mark.skipif("libx264" not in av.codecs_available, reason="this build of PyAV has no encoder libx264")


def decoded(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(stream)])
        return frames, stream.codec_context.name, float(stream.average_rate)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("motion8")
    videos.write("motion8", made, {"train": 2, "test": 3, "pretrain": 1})
    return made


@pytest.mark.parametrize(
    ("name", "clip"),
    [
        ("train/00001.mp4", lambda: motion8.generate(43, (3, -3))),
        ("test/00002.mp4", lambda: motion8.generate(42 + 162, motion8.DIRECTIONS["E"])),
        ("pretrain/00000.mp4", lambda: motion8.generate(0, None)),
    ],
)
def test_files_show_the_clips_of_the_tensors(folder, name, clip):
    frames, codec, rate = decoded(folder / name)
    drawn = clip().permute(1, 2, 3, 0).numpy()
    assert (frames.shape, codec, rate) == (drawn.shape, "h264", 8.0)
    assert np.abs(frames.astype(int) - drawn).mean() < 8  # grain and half the colour resolution are lost
    others = motion8.generate(999, (0, 4)).permute(1, 2, 3, 0).numpy()
    assert np.abs(frames.astype(int) - others).mean() > 20


def test_lists_name_each_file_with_its_label(folder):
    rows = [line.rsplit(" ", 1) for line in (folder / "test.csv").read_text().splitlines()]
    assert [label for _, label in rows] == ["0", "1", "2"]
    assert [path for path, _ in rows] == [str(folder / f"test/0000{i}.mp4") for i in range(3)]


def test_an_interrupted_call_goes_on_where_it_was(tmp_path):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        videos.write("sprites", tmp_path, {"train": 3, "test": 0, "pretrain": 0}, stop)
    first = (tmp_path / "train/00000.mp4").stat().st_mtime_ns
    assert not list(tmp_path.glob("*.csv"))
    videos.write("sprites", tmp_path, {"train": 3, "test": 0, "pretrain": 0})
    assert (tmp_path / "train/00000.mp4").stat().st_mtime_ns == first
    assert sorted(path.name for path in (tmp_path / "train").iterdir()) == ["00000.mp4", "00001.mp4", "00002.mp4"]


def test_sprites_have_a_list_for_each_label_space_and_their_captions(tmp_path):
    lists = videos.write("sprites", tmp_path, {"train": 0, "test": 2, "pretrain": 0})
    assert [path.name for path in lists] == ["test_appearance.csv", "test_motion.csv", "test_order.csv", "test_captions.csv"]
    with (tmp_path / "test_captions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["caption"] for row in rows] == list(sprites.Sprites().captions("test", range(2)))


def test_the_same_clip_is_the_same_file():
    clip = motion8.generate(7, None, 8)
    assert videos.encoded(clip) == videos.encoded(clip)


def test_more_training_clips_than_the_study_has_are_refused(tmp_path):
    with pytest.raises(ValueError, match="160 clips in train, not 161"):
        videos.write("motion8", tmp_path, {"train": 161})
    with pytest.raises(ValueError, match="no split validation"):
        videos.write("motion8", tmp_path, {"validation": 1})
