"""Diving-48 V2 in its true layout: what the lists say, what is wrong with a damaged copy, and its probe."""

import json

import pytest

from repro.datasets import probe
from repro.datasets.diving48 import layout
from repro.experiments import experiment
from tests.repro import trees
from tests.repro.tiny import shrink


@pytest.fixture
def tree(tmp_path):
    return trees.diving48(tmp_path / "diving48")


def edited(path, change):
    entries = json.loads(path.read_text())
    change(entries)
    path.write_text(json.dumps(entries))


def test_classes_are_the_dives_of_the_vocabulary(tree):
    found = layout(tree)
    assert found.classes == ("Back 15som 05Twis FREE", "Forward 25som NoTwis PIKE")
    assert [item.label for item in found.train] == [0, 0, 1, 1]
    assert found.test[0].path == "rgb/-testYIZyIoHQg_00000.mp4"


def test_an_intact_tree_has_nothing_wrong(tree):
    assert trees.diagnosed("diving48", tree) == {}


@pytest.mark.parametrize("name", ["Diving48_V2_train.json", "Diving48_V2_test.json", "Diving48_vocab.json"])
def test_missing_list(tree, name):
    (tree / name).unlink()
    assert trees.diagnosed("diving48", tree) == {"missing_list": (1, (f"diving48/{name}",))}


def test_missing_file(tree):
    (tree / "rgb" / "-trainYIZyIoHQg_00100.mp4").unlink()
    assert trees.diagnosed("diving48", tree) == {"missing": (1, ("rgb/-trainYIZyIoHQg_00100.mp4",))}


def test_empty_file(tree):
    (tree / "rgb" / "-trainYIZyIoHQg_00100.mp4").write_bytes(b"")
    assert trees.diagnosed("diving48", tree) == {"empty": (1, ("rgb/-trainYIZyIoHQg_00100.mp4",))}


def test_a_video_cut_short_has_lost_its_index(tree):
    trees.truncate(tree / "rgb" / "-testYIZyIoHQg_00100.mp4")
    assert trees.diagnosed("diving48", tree) == {"unreadable": (1, ("rgb/-testYIZyIoHQg_00100.mp4",))}


def test_a_label_that_the_vocabulary_lacks_is_wrong(tree):
    edited(tree / "Diving48_V2_test.json", lambda entries: entries[0].update(label=48))
    assert trees.diagnosed("diving48", tree) == {"wrong_label": (1, ("-testYIZyIoHQg_00000 (48)",))}


def test_an_entry_without_a_label_is_damage(tree):
    edited(tree / "Diving48_V2_train.json", lambda entries: entries[0].pop("label"))
    assert trees.diagnosed("diving48", tree)["damaged_list"][0] == 1


def test_the_probe_sees_all_tokens_attentively(tree):
    task = probe("diving48", shrink(experiment("mixed_baseline")), tree.parent)
    assert (task.protocol.head, task.protocol.pooled, task.protocol.lr, task.protocol.batch_size) == ("attentive", False, 1e-3, 16)
    assert task.test.labels.tolist() == [0, 1]
    assert task.train.read([0, 3]).shape == (2, 3, 8, 32, 32)
