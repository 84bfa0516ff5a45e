"""Checked decoding: which decoder a file gets, which fault it has, and frames that are the right ones."""

import os
import random
import signal
import subprocess
import sys
import time

import av
import decord
import numpy as np
import pytest
from PIL import Image

from repro import clips
from repro.clips import ClipUnreadable, Inspection, Reader, shrunk_size
from tests.repro import trees


@pytest.fixture(scope="module")
def reader():
    with Reader(1) as made:
        yield made


def inspected(reader, path):
    return next(reader.inspect([path]))


def in_order(path):
    """Every frame by PyAV from the start, by one thread: several do not always make the same of a damaged frame."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        container.streams.video[0].codec_context.thread_type = "NONE"
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def reencoded(path, codec, **options):
    """The usual moving square in another codec."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options={"x265-params": "log-level=none", **options})
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        for picture in trees.drawn(40):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".avi", ".webm", ".mp4"])
def test_plain_files_are_decords_and_have_their_facts(reader, tmp_path, suffix):
    found = inspected(reader, trees.video(tmp_path / f"a{suffix}"))
    assert (found.outcome, found.frames, found.height, found.width, round(found.fps)) == ("decord", 40, 48, 64, 25)


@pytest.mark.parametrize("suffix", [".avi", ".webm", ".mp4"])
def test_frames_are_those_of_their_indices(reader, tmp_path, suffix):
    path = trees.video(tmp_path / f"a{suffix}", seed=3)
    (frames,) = reader.read([(inspected(reader, path), [31, 2, 2, 17])])
    distance = np.abs(frames[:, None].astype(int) - in_order(path)[None]).mean((2, 3, 4))
    assert distance.argmin(1).tolist() == [31, 2, 2, 17]


@pytest.mark.skipif("libx265" not in av.codecs_available, reason="this build of PyAV has no HEVC encoder")
def test_hevc_never_gives_a_wrong_frame(reader, tmp_path):
    path = reencoded(tmp_path / "a.mp4", "libx265", preset="ultrafast")
    (frames,) = reader.read([(inspected(reader, path), range(39, -1, -3))])
    distance = np.abs(frames[:, None].astype(int) - in_order(path)[None]).mean((2, 3, 4))
    assert distance.argmin(1).tolist() == list(range(39, -1, -3))


def test_decord_is_left_where_its_frames_depend_on_their_order(monkeypatch, tmp_path):
    """A decoder that is one frame off after a seek, as decord is on some HEVC files."""
    path = str(trees.video(tmp_path / "a.avi"))

    class Astray(decord.VideoReader):
        def get_batch(self, indices):
            return super().get_batch([min(i + 1, 39) if i > 20 else i for i in indices])

    assert clips._examine(path)["outcome"] == "decord"
    monkeypatch.setattr(decord, "VideoReader", Astray)
    found = clips._examine(path)
    assert found["outcome"] == "pyav"
    assert "change with the order" in found["detail"]


def test_decord_is_left_where_its_frames_are_others_than_in_order(monkeypatch, tmp_path):
    """Consistent but shifted frames, which reading twice with one decoder cannot notice."""
    path = str(trees.video(tmp_path / "a.avi"))
    _, thumbnails = clips._reference(path)
    wrong, _ = clips._decord_errs(path, 40, np.roll(thumbnails, 2, 0))
    assert "are others than in order" in wrong


def test_pyav_reads_what_decord_does_not_open(reader, tmp_path):
    path = tmp_path / "a.gif"
    pictures = [Image.fromarray(picture) for picture in trees.drawn(6)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100)
    found = inspected(reader, path)
    (frames,) = reader.read([(found, [4, 1])])
    assert (found.outcome, found.frames) == ("pyav", 6)
    assert np.array_equal(frames, in_order(path)[[4, 1]])


@pytest.mark.parametrize("suffix", [".avi", ".webm"])
def test_a_file_cut_short_is_truncated(reader, tmp_path, suffix):
    path = trees.video(tmp_path / f"a{suffix}", frames=60)
    trees.truncate(path, 0.6)
    assert inspected(reader, path).outcome == "truncated"


def test_an_mp4_without_its_index_is_unreadable(reader, tmp_path):
    path = trees.video(tmp_path / "a.mp4")
    trees.truncate(path)
    assert inspected(reader, path).outcome == "unreadable"


def test_flipped_bits_are_damage(reader, tmp_path):
    path = trees.video(tmp_path / "a.mp4")
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 400
    content[start : start + 300] = bytes(byte ^ 0x5A for byte in content[start : start + 300])
    path.write_bytes(content)
    assert inspected(reader, path).outcome in ("damaged", "unreadable")


def test_missing_empty_and_foreign_files_have_their_names(reader, tmp_path):
    (tmp_path / "empty.avi").touch()
    (tmp_path / "page.avi").write_text("<html>404</html>")
    found = reader.inspect(tmp_path / name for name in ("gone.avi", "empty.avi", "page.avi"))
    assert [video.outcome for video in found] == ["missing", "empty", "unreadable"]


def test_sound_alone_is_no_video(reader, tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
        container.mux(stream.encode())
    assert inspected(reader, path).outcome == "no_video"


def test_images_are_frames(reader, tmp_path):
    path = tmp_path / "a.PNG"
    picture = trees.drawn(1)[0]
    Image.fromarray(picture).save(path)
    found = inspected(reader, path)
    (frames,) = reader.read([(found, [0, 0])])
    assert (found.outcome, found.frames) == ("image", 1)
    assert np.array_equal(frames, np.stack([picture, picture]))


def test_a_file_that_changed_since_is_not_read(reader, tmp_path):
    found = inspected(reader, trees.video(tmp_path / "a.avi"))
    trees.truncate(tmp_path / "a.avi")
    with pytest.raises(ClipUnreadable, match="when it was inspected"):
        reader.read([(found, [0])])


def test_a_file_damaged_since_at_equal_size_is_not_read(reader, tmp_path):
    path = trees.video(tmp_path / "a.avi")
    found = inspected(reader, path)
    path.write_bytes(bytes(found.size))
    with pytest.raises(ClipUnreadable, match="is not now"):
        reader.read([(found, [0])])


def test_a_hanging_file_times_out_and_the_next_is_read(tmp_path):
    os.mkfifo(tmp_path / "hangs.avi")  # opening it waits for a writer for ever
    request = {"do": "inspect", "path": str(tmp_path / "hangs.avi")}
    child = clips._Child()
    began = time.monotonic()
    answer, _ = child.ask(request, 1.5)
    later, _ = child.ask({"do": "inspect", "path": str(trees.video(tmp_path / "a.avi"))}, 20)
    child.end()
    assert answer["outcome"] == "timeout"
    assert later["outcome"] == "decord"
    assert time.monotonic() - began < 15


def test_a_process_that_dies_is_replaced(tmp_path):
    path = str(trees.video(tmp_path / "a.avi"))
    child = clips._Child()
    child.ask({"do": "inspect", "path": path}, 20)
    os.kill(child._process.pid, signal.SIGSEGV)
    child._process.wait()
    died, _ = child.ask({"do": "inspect", "path": path}, 20)
    again, _ = child.ask({"do": "inspect", "path": path}, 20)
    child.end()
    assert (died["outcome"], died["detail"]) == ("crashed", "the decoding process ended with SIGSEGV")
    assert again["outcome"] == "decord"


def test_closing_leaves_no_process(tmp_path):
    with Reader(1) as made:
        inspected(made, trees.video(tmp_path / "a.avi"))
        process = made._children.get()
        made._children.put(process)
        pid = process._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_parent_of_decoders_loads_none_of_them():
    code = "import sys, repro.clips; print([name for name in ('torch', 'av', 'decord', 'PIL') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_frames_shrink_to_the_short_side_and_never_grow(reader, tmp_path):
    found = inspected(reader, trees.video(tmp_path / "a.avi"))
    assert reader.read([(found, [0])], short_side=24)[0].shape == (1, 24, 32, 3)
    assert reader.read([(found, [0])], short_side=100)[0].shape == (1, 48, 64, 3)
    assert shrunk_size(240, 427, 128) == (128, 228)


def test_only_decoders_make_a_file_usable():
    usable = {name for name in ("decord", "pyav", "image", "timeout", "damaged") if Inspection(path="", outcome=name).usable}
    assert usable == {"decord", "pyav", "image"}


def test_a_file_whose_time_stamps_go_back_is_read_from_the_start(reader, tmp_path):
    """decord tells frames apart by time stamps: two of its reads of such a file may differ."""
    path = tmp_path / "back.webm"
    content, block = trees.encoded(".webm", 40), b"\x81" + (440).to_bytes(2, "big")  # track 1, 440 ms into its cluster: frame 11
    assert block in content
    path.write_bytes(content.replace(block, b"\x81" + (261).to_bytes(2, "big"), 1))
    found = inspected(reader, path)
    assert (found.outcome, found.detail) == ("pyav", "time stamps do not rise")
    (frames,) = reader.read([(found, [11, 3, 19])])
    assert np.array_equal(frames, in_order(path)[[11, 3, 19]])


@pytest.mark.parametrize("suffix", [".avi", ".webm", ".mp4"])
def test_bytes_that_changed_at_random_end_in_an_outcome_and_never_in_a_wrong_frame(reader, tmp_path, suffix):
    rng = random.Random(suffix)
    for number in range(8):
        content = bytearray(trees.encoded(suffix, 40))
        for _ in range(rng.choice((1, 3, 10))):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path = tmp_path / f"{number}{suffix}"
        path.write_bytes(content)
        found = inspected(reader, path)
        assert found.outcome not in ("crashed", "timeout"), found.detail
        if found.usable:
            order = rng.sample(range(found.frames), found.frames)
            (frames,) = reader.read([(found, order)])
            distance = np.abs(frames[:, None].astype(np.int16) - in_order(path)[None]).mean((2, 3, 4))
            assert (distance[np.arange(len(order)), order] <= distance.min(1) + 1).all(), number
