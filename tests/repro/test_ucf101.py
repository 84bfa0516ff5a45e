"""UCF-101 in its true layout: what the lists say, what is wrong with a damaged copy, and clips for training and probes."""

import os
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from repro.cache import build
from repro.datasets import DataMissing, normalise, probe, training_set
from repro.datasets import prepared as preparing
from repro.datasets.prepared import CACHE, inspect, opened, reader, write
from repro.datasets.ucf101 import layout
from repro.experiments import experiment
from repro.pretrain import Trainer
from repro.run import run
from repro.transforms import CropBox, clip_indices, eval_indices, eval_transform, train_transform
from tests.repro import trees
from tests.repro.tiny import shrink

LISTS = "ucfTrainTestlist"


@pytest.fixture
def tree(tmp_path):
    return trees.ucf101(tmp_path / "ucf101")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    trees.ucf101(folder / "ucf101")
    return folder


@pytest.fixture(scope="module")
def ucf(root):
    """The experiment on tiny crops, and its training set."""
    tiny = shrink(experiment("ucf101_baseline"))
    return tiny, training_set("ucf101", tiny, root)


def clip(tree, number):
    return sorted(tree.glob("UCF-101/*/*.avi"))[number]


def test_labels_are_the_class_numbers_from_0(tree):
    found = layout(tree)
    assert found.classes == ("Archery", "HandstandPushups", "YoYo")
    assert [(item.path.split("/")[1], item.label) for item in found.test] == [("Archery", 0), ("HandstandPushups", 1), ("YoYo", 2)]
    assert len(found.train) == 6


def test_an_intact_tree_has_nothing_wrong(tree):
    assert trees.diagnosed("ucf101", tree) == {}


def test_a_smaller_copy_than_the_published_one_says_so_and_can_be_used(tree):
    found = [str(part) for part in layout(tree).problems]
    assert found[1] == "unofficial_size: 6 training clips listed, 9,537 published"
    assert not inspect(layout(tree), reader()).invalid


def test_missing_list(tree):
    (tree / LISTS / "testlist01.txt").unlink()
    assert trees.diagnosed("ucf101", tree) == {"missing_list": (1, (f"{LISTS}/testlist01.txt",))}


def test_missing_folder(tree):
    (tree / "UCF-101").rename(tree / "UCF101")
    assert trees.diagnosed("ucf101", tree)["missing_folder"][0] == 1


def test_missing_files_are_counted_and_the_first_named(tree):
    for path in tree.glob("UCF-101/*/*.avi"):
        path.unlink()
    count, first = trees.diagnosed("ucf101", tree)["missing"]
    assert count == 9
    assert first[0] == "UCF-101/Archery/v_Archery_g08_c01.avi"
    assert len(first) == 5


def test_empty_file(tree):
    clip(tree, 0).write_bytes(b"")
    assert trees.diagnosed("ucf101", tree) == {"empty": (1, ("UCF-101/Archery/v_Archery_g01_c01.avi",))}


def test_truncated_video(tree):
    trees.truncate(clip(tree, 2), 0.8)
    assert trees.diagnosed("ucf101", tree) == {"truncated": (1, ("UCF-101/Archery/v_Archery_g09_c01.avi",))}


def test_wrong_label(tree):
    path = tree / LISTS / "trainlist01.txt"
    path.write_text(path.read_text().replace("YoYo_g08_c01.avi 3", "YoYo_g08_c01.avi 2"))
    assert trees.diagnosed("ucf101", tree) == {"wrong_label": (1, ("YoYo/v_YoYo_g08_c01.avi 2",))}


def test_a_class_that_the_table_lacks_is_a_wrong_label(tree):
    path = tree / LISTS / "classInd.txt"
    path.write_text(path.read_text().replace("3 YoYo\n", ""))
    assert trees.diagnosed("ucf101", tree)["wrong_label"][0] == 1


def test_damaged_list(tree):
    with (tree / LISTS / "trainlist01.txt").open("a") as file:
        file.write("YoYo/v_YoYo_g10\x00\n")
    assert trees.diagnosed("ucf101", tree)["damaged_list"][0] == 1


def test_a_clip_on_both_sides(tree):
    with (tree / LISTS / "testlist01.txt").open("a") as file:
        file.write("YoYo/v_YoYo_g08_c01.avi\n")
    assert trees.diagnosed("ucf101", tree) == {"overlap": (1, ("UCF-101/YoYo/v_YoYo_g08_c01.avi",))}


def test_a_name_that_leads_out_of_the_folder(tree):
    with (tree / LISTS / "trainlist01.txt").open("a") as file:
        file.write("YoYo/../../../v.avi 3\n")
    assert "damaged_list" in trees.diagnosed("ucf101", tree)


def test_training_clips_are_crops_of_the_true_frames(root, ucf):
    tiny, _ = ucf
    whole = replace(tiny, model=replace(tiny.model, crop=48), crop_area=(1.0, 1.0), crop_aspect=(4 / 3, 4 / 3), flip=0.0)
    data = training_set("ucf101", whole, root)
    made = data.clips([1], random.Random(7))[0]
    frames = whole.model.frames
    window = clip_indices(40, frames, 1, random.Random(7).choice(range(frames, 40)))
    item = data.items[1]
    (truth,) = data.prepared.frames([(item, window.tolist())])
    expected = train_transform(torch.from_numpy(truth), CropBox(0, 0, 48, 64), False, 48)
    assert torch.allclose(made, expected, atol=1e-5)


def test_a_clip_depends_on_the_random_numbers_alone(ucf):
    _, data = ucf
    assert torch.equal(data.clips([0, 3], random.Random(5)), data.clips([0, 3], random.Random(5)))
    assert not torch.equal(data.clips([3], random.Random(5)), data.clips([3], random.Random(6)))


def test_a_video_shorter_than_its_window_is_spread_and_padded(ucf):
    tiny, data = ucf
    assert data.prepared.found[data.items[0].path].frames == 12
    assert data.clips([0], random.Random(0)).shape == (1, 3, tiny.model.frames, tiny.model.crop, tiny.model.crop)


def test_probe_clips_are_those_of_the_protocol(root, ucf):
    tiny, _ = ucf
    task = probe("ucf101", tiny, root)
    prepared = opened("ucf101", layout, root)
    (frames,) = prepared.frames([(prepared.test[2], eval_indices(40, tiny.model.frames).tolist())])
    expected = eval_transform(torch.from_numpy(frames), tiny.model.crop)
    assert torch.allclose(normalise(task.test.read([2]))[0], expected, atol=1e-5)
    assert task.train.labels.tolist() == [0, 0, 1, 1, 2, 2]
    assert (task.protocol.head, task.protocol.lr, task.protocol.batch_size) == ("attentive", 3e-4, 16)


def test_a_step_at_paper_scale_on_real_videos(root, ucf):
    tiny, _ = ucf
    row = Trainer(replace(tiny, precision="fp32"), root).advance()
    assert np.isfinite(row["loss"])


def test_without_a_root_the_message_says_what_to_name(ucf):
    with pytest.raises(DataMissing, match="name the folder that holds ucf101/"):
        training_set("ucf101", ucf[0], None)


def test_without_the_folder_the_message_says_what_to_run(ucf, tmp_path):
    with pytest.raises(DataMissing, match="claimcheck data prepare ucf101 PATH"):
        training_set("ucf101", ucf[0], tmp_path)


def test_more_than_one_in_a_hundred_skipped_is_no_data(ucf, tree):
    clip(tree, 0).unlink()
    with pytest.raises(DataMissing, match=r"1 of 3 test clips cannot be used, more than 1%.*missing: .*v_Archery_g01"):
        training_set("ucf101", ucf[0], tree.parent)


def test_one_in_a_hundred_is_skipped_by_name_and_never_replaced(tmp_path, caplog):
    folder = trees.ucf101(tmp_path / "ucf101")
    with (folder / LISTS / "trainlist01.txt").open("a") as file:
        for number in range(100, 200):
            path = trees.video(folder / "UCF-101" / "YoYo" / f"v_YoYo_g20_c{number}.avi", frames=12)
            file.write(f"YoYo/{path.name} 3\n")
    trees.truncate(folder / "UCF-101" / "YoYo" / "v_YoYo_g20_c150.avi", 0.8)
    data = training_set("ucf101", shrink(experiment("ucf101_baseline")), tmp_path)
    assert len(data) == 105
    assert "UCF-101/YoYo/v_YoYo_g20_c150.avi" not in {item.path for item in data.items}
    assert "v_YoYo_g20_c150.avi is skipped: truncated" in caplog.text


def test_a_file_that_breaks_later_stops_the_run(ucf, tree):
    data = training_set("ucf101", ucf[0], tree.parent)
    trees.truncate(tree / data.items[3].path)
    with pytest.raises(DataMissing, match="when it was inspected"):
        data.clips([3], random.Random(0))


def test_prepared_data_is_read_without_inspecting_again(tree, tmp_path, ucf, monkeypatch):
    write(inspect(layout(tree), reader()), tmp_path / "prepared" / "ucf101")
    monkeypatch.setattr(preparing, "inspect", None)
    assert len(training_set("ucf101", ucf[0], tmp_path / "prepared")) == 6
    first = (tmp_path / "prepared" / "ucf101" / "train.csv").read_text().splitlines()[0]
    assert first == f"{tree.resolve()}/UCF-101/Archery/v_Archery_g08_c01.avi 0"


def test_cached_clips_equal_decoded_ones(tree, tmp_path, ucf):
    found = inspect(layout(tree), reader())
    write(found, tmp_path / "prepared" / "ucf101")
    plain = training_set("ucf101", ucf[0], tree.parent)
    some = [found.found[item.path] for item in found.train[:3]]
    build(tmp_path / "prepared" / "ucf101" / CACHE, some, reader())
    cached = training_set("ucf101", ucf[0], tmp_path / "prepared")
    assert cached.prepared.cache is not None
    assert torch.equal(cached.clips([5, 1, 2], random.Random(1)), plain.clips([5, 1, 2], random.Random(1)))


def test_data_prepared_by_a_relative_path_is_read_from_anywhere(tree, tmp_path, ucf, monkeypatch):
    monkeypatch.chdir(tree.parent)
    write(inspect(layout(Path("ucf101")), reader()), tmp_path / "prepared" / "ucf101")
    monkeypatch.chdir("/")
    assert training_set("ucf101", ucf[0], tmp_path / "prepared").clips([1], random.Random(0)).isfinite().all()


def test_a_run_on_broken_data_ends_as_data_invalid(tree, tmp_path, ucf):
    for path in tree.glob("UCF-101/YoYo/*"):
        trees.truncate(path, 0.8)
    result = run(ucf[0], tmp_path / "run", root=tree.parent)
    assert result.state == "data_invalid"
    assert "truncated: 3 files end before their last frame: UCF-101/YoYo/v_YoYo_g08_c01.avi" in result.reason
    assert not result.scores


def test_a_program_that_forks_gets_decoders_of_its_own(ucf):
    ours = reader()
    child = os.fork()
    if child == 0:
        os._exit(0 if reader() is not ours else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert reader() is ours
