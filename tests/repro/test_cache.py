"""The cache of decoded clips: the same frames as the decoder's, damage noticed, builds that go on where they stopped."""

import numpy as np
import pytest

from repro import cache
from repro.cache import CacheDamaged, CacheTooLarge, ClipCache, build, decoded_bytes
from repro.clips import Inspection, Reader
from tests.repro import trees


@pytest.fixture(scope="module")
def reader():
    with Reader(1) as made:
        yield made


@pytest.fixture
def videos(tmp_path, reader):
    paths = [trees.video(tmp_path / f"{seed}.avi", frames=20, seed=seed) for seed in range(3)]
    return list(reader.inspect([*paths, tmp_path / "gone.avi"]))


def test_cached_frames_are_the_decoded_ones(tmp_path, videos, reader):
    held = build(tmp_path / "cache", videos, reader)
    for video in videos[:3]:
        (decoded,) = reader.read([(video, [19, 0, 7, 7])])
        assert np.array_equal(held.read(video.path, [19, 0, 7, 7]), decoded)


def test_the_estimate_is_the_size_on_disk(tmp_path, videos, reader):
    for side in (None, 24):
        build(tmp_path / str(side), videos, reader, short_side=side)
        shards = (tmp_path / str(side)).glob("*.u8")
        assert (
            sum(path.stat().st_size for path in shards)
            == decoded_bytes(videos, side)
            == 3 * 20 * (48 * 64 if side is None else 24 * 32) * 3
        )


def test_full_size_ucf101_is_estimated_at_hundreds_of_gigabytes():
    videos = [Inspection(path=str(i), outcome="decord", frames=186, height=240, width=320) for i in range(9537)]
    assert 400e9 < decoded_bytes(videos) < 420e9


def test_nothing_is_written_where_there_is_no_room(tmp_path, videos, reader, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    with pytest.raises(CacheTooLarge, match="give a smaller short side"):
        build(tmp_path / "cache", videos, reader)
    assert not list((tmp_path / "cache").iterdir())


def test_frames_cannot_be_written_to(tmp_path, videos, reader):
    held = build(tmp_path / "cache", videos, reader)
    with pytest.raises(ValueError):
        held.video(videos[0].path)[0] = 0


def test_a_flipped_bit_is_noticed_in_its_clip_alone(tmp_path, videos, reader):
    build(tmp_path / "cache", videos, reader)
    with (tmp_path / "cache" / "shard-00000.u8").open("r+b") as file:
        file.seek(5000)
        byte = file.read(1)[0]
        file.seek(5000)
        file.write(bytes([byte ^ 4]))
    held = ClipCache(tmp_path / "cache")
    assert held.read(videos[1].path, [0]).shape == (1, 48, 64, 3)
    with pytest.raises(CacheDamaged, match=r"0\.avi are not those that were written"):
        held.read(videos[0].path, [0])


def test_a_shard_cut_short_is_no_cache(tmp_path, videos, reader):
    build(tmp_path / "cache", videos, reader)
    trees.truncate(tmp_path / "cache" / "shard-00000.u8")
    with pytest.raises(CacheDamaged, match="not a finished cache"):
        ClipCache(tmp_path / "cache")


def test_an_unfinished_build_is_no_cache_and_goes_on_where_it_stopped(tmp_path, videos, reader, monkeypatch):
    monkeypatch.setattr(cache, "SHARD_BYTES", 1)
    written = []

    def fails_on_the_third(name, *rest, original=cache._write_shard):
        written.append(name.name)
        if len(written) == 3:
            raise KeyboardInterrupt
        original(name, *rest)

    monkeypatch.setattr(cache, "_write_shard", fails_on_the_third)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "cache", videos, reader)
    with pytest.raises(CacheDamaged):
        ClipCache(tmp_path / "cache")
    assert len(build(tmp_path / "cache", videos, reader)) == 3
    assert written == ["shard-00000", "shard-00001", "shard-00002", "shard-00002"]


def test_another_size_is_built_anew(tmp_path, videos, reader):
    build(tmp_path / "cache", videos, reader)
    held = build(tmp_path / "cache", videos, reader, short_side=24)
    assert held.short_side == 24
    assert held.video(videos[0].path).shape == (20, 24, 32, 3)


def test_a_file_of_another_size_is_not_the_one_that_is_held(tmp_path, videos, reader):
    held = build(tmp_path / "cache", videos, reader)
    changed = Inspection(path=videos[0].path, outcome="decord", size=videos[0].size + 1)
    assert videos[0] in held
    assert changed not in held
    assert videos[3] not in held
