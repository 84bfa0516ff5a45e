"""Something-Something V2 in its true layout: what the lists say, what is wrong with a damaged copy, clips and probe."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from repro.datasets import DataMissing, captioned, probe, training_set
from repro.datasets.ssv2 import layout
from repro.experiments import experiment
from repro.pretrain import Trainer
from tests.repro import trees
from tests.repro.tiny import shrink


@pytest.fixture
def tree(tmp_path):
    return trees.ssv2(tmp_path / "ssv2")


def edited(path, change):
    entries = json.loads(path.read_text())
    change(entries)
    path.write_text(json.dumps(entries))


def test_labels_follow_the_table_by_template(tree):
    found = layout(tree)
    assert found.classes[0] == "Holding something next to something"
    assert [item.label for item in found.train] == [0, 0, 1, 1]
    assert found.test[0].path == "20bn-something-something-v2/78691.webm"


def test_the_older_names_of_the_lists_are_found_too(tree):
    for name in ("labels", "train", "validation"):
        (tree / "labels" / f"{name}.json").rename(tree / f"something-something-v2-{name}.json")
    assert len(layout(tree).train) == 4


def test_an_intact_tree_has_nothing_wrong(tree):
    assert trees.diagnosed("ssv2", tree) == {}


def test_missing_list(tree):
    (tree / "labels" / "validation.json").unlink()
    assert trees.diagnosed("ssv2", tree) == {"missing_list": (1, ("labels/validation.json",))}


def test_missing_file(tree):
    (tree / "20bn-something-something-v2" / "78688.webm").unlink()
    assert trees.diagnosed("ssv2", tree) == {"missing": (1, ("20bn-something-something-v2/78688.webm",))}


def test_empty_file(tree):
    (tree / "20bn-something-something-v2" / "78688.webm").write_bytes(b"")
    assert trees.diagnosed("ssv2", tree) == {"empty": (1, ("20bn-something-something-v2/78688.webm",))}


def test_truncated_video(tree):
    trees.truncate(tree / "20bn-something-something-v2" / "78690.webm", 0.6)
    assert trees.diagnosed("ssv2", tree) == {"truncated": (1, ("20bn-something-something-v2/78690.webm",))}


def test_a_template_that_the_table_lacks_is_a_wrong_label(tree):
    edited(tree / "labels" / "train.json", lambda entries: entries[1].update(template="Folding [something]"))
    assert trees.diagnosed("ssv2", tree) == {"wrong_label": (1, ("78688 (Folding something)",))}


def test_a_list_cut_short_is_damaged(tree):
    trees.truncate(tree / "labels" / "train.json")
    assert trees.diagnosed("ssv2", tree)["damaged_list"][1] == ("train.json",)


def test_an_entry_without_its_template_is_damage(tree):
    edited(tree / "labels" / "train.json", lambda entries: entries[0].pop("template"))
    assert trees.diagnosed("ssv2", tree)["damaged_list"][0] == 1


def test_a_table_with_a_gap_is_damage(tree):
    edited(tree / "labels" / "labels.json", lambda table: table.update(Other="7"))
    assert "damaged_list" in trees.diagnosed("ssv2", tree)


def test_the_probe_sees_the_mean_token_attentively(tree):
    task = probe("ssv2", shrink(experiment("mixed_baseline")), tree.parent)
    assert (task.protocol.head, task.protocol.pooled, task.protocol.lr, task.protocol.batch_size) == ("attentive", True, 1e-3, 16)
    assert task.test.read([1]).shape == (1, 3, 8, 32, 32)


def test_videos_slower_than_the_wanted_rate_are_no_data(tree):
    """Twelve frames a second, where the UCF-101 regime wants sixteen."""
    with pytest.raises(DataMissing, match="4 slower than 16 frames per second"):
        training_set("ssv2", shrink(experiment("ucf101_baseline")), tree.parent)


def test_a_mixed_step_draws_from_all_three_sets_by_weight(tree):
    root = tree.parent
    trees.ucf101(root / "ucf101")
    trees.imagenet100(root / "imagenet100")
    mixed = replace(shrink(experiment("mixed_baseline")), batch_size=8, precision="fp32")
    trainer = Trainer(mixed, root)
    assert [len(set_) for set_ in trainer.sets] == [6, 4, 4]
    drawn = [trainer._locate(i)[0] for step in range(200) for i in trainer._indices(0, 8, step)]
    assert np.bincount(drawn) / len(drawn) == pytest.approx([0.2, 0.6, 0.2], abs=0.06)
    assert np.isfinite(Trainer(mixed, root).advance()["loss"])


def test_clips_differ_over_time(tree):
    data = training_set("ssv2", shrink(experiment("mixed_baseline")), tree.parent)
    clip = data.clips([0], random.Random(0))[0]
    assert (clip[:, 1:] - clip[:, :-1]).abs().mean() > 0.01


def test_captions_are_the_templates_of_the_clips(tree):
    captions = captioned("ssv2", shrink(experiment("mixed_baseline")), tree.parent)
    assert captions.train.captions[2] == "Pushing something so that it falls off something"
    assert captions.train.labels["template"].tolist() == [0, 0, 1, 1]
    assert len(captions.test.captions) == len(captions.test.clips) == 2
