"""ImageNet-100 in its true layout: what the class folders hold, what is wrong with a damaged copy, stills as clips, and its probe."""

import random
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from repro.datasets import probe, training_set
from repro.datasets.imagenet100 import _cropped, layout
from repro.experiments import experiment
from tests.repro import trees
from tests.repro.tiny import shrink

WNIDS = ("n01558993", "n02869837")


@pytest.fixture
def tree(tmp_path):
    return trees.imagenet100(tmp_path / "imagenet100")


def test_labels_follow_the_order_of_the_class_folders(tree):
    found = layout(tree)
    assert found.classes == WNIDS
    assert [item.label for item in found.train] == [0, 0, 1, 1]
    assert found.test[1].path == "val/n02869837/ILSVRC2012_val_00001293.JPEG"


def test_an_intact_tree_has_nothing_wrong(tree):
    assert trees.diagnosed("imagenet100", tree) == {}


def test_missing_folder(tree):
    shutil.rmtree(tree / "val")
    assert trees.diagnosed("imagenet100", tree)["missing_folder"][0] == 1


def test_missing_class(tree):
    shutil.rmtree(tree / "val" / WNIDS[1])
    assert trees.diagnosed("imagenet100", tree) == {"missing_class": (1, (f"val/{WNIDS[1]}",))}


def test_empty_class(tree):
    for image in (tree / "train" / WNIDS[0]).iterdir():
        image.unlink()
    assert trees.diagnosed("imagenet100", tree) == {"missing_class": (1, (f"train/{WNIDS[0]}",))}


def test_empty_file(tree):
    (tree / "train" / WNIDS[0] / f"{WNIDS[0]}_1.JPEG").write_bytes(b"")
    assert trees.diagnosed("imagenet100", tree) == {"empty": (1, (f"train/{WNIDS[0]}/{WNIDS[0]}_1.JPEG",))}


def test_truncated_image(tree):
    trees.truncate(tree / "train" / WNIDS[0] / f"{WNIDS[0]}_1.JPEG")
    assert trees.diagnosed("imagenet100", tree) == {"truncated": (1, (f"train/{WNIDS[0]}/{WNIDS[0]}_1.JPEG",))}


def test_an_image_in_the_folder_of_another_class_is_a_wrong_label(tree):
    (tree / "train" / WNIDS[0] / f"{WNIDS[0]}_1.JPEG").rename(tree / "train" / WNIDS[1] / f"{WNIDS[0]}_1.JPEG")
    assert trees.diagnosed("imagenet100", tree) == {"wrong_label": (1, (f"train/{WNIDS[1]}/{WNIDS[0]}_1.JPEG",))}


def test_a_class_folder_by_another_name_is_a_wrong_label(tree):
    for side in ("train", "val"):
        (tree / side / WNIDS[0]).rename(tree / side / "robin")
    assert trees.diagnosed("imagenet100", tree)["wrong_label"] == (1, ("robin",))


def test_training_clips_stand_still(tree):
    tiny = shrink(experiment("mixed_baseline"))
    clips = training_set("imagenet100", tiny, tree.parent).clips([0, 3], random.Random(0))
    assert clips.shape == (2, 3, tiny.model.frames, tiny.model.crop, tiny.model.crop)
    assert (clips == clips[:, :, :1]).all()
    assert not torch.equal(clips[0], clips[1])


def test_the_probe_is_linear_on_the_mean_token_of_a_still(tree):
    task = probe("imagenet100", shrink(experiment("mixed_baseline")), tree.parent)
    assert (task.protocol.head, task.protocol.pooled, task.protocol.lr, task.protocol.batch_size) == ("linear", True, 1e-3, 256)
    clips = task.test.read([0, 1])
    assert (clips.dtype, clips.shape) == (torch.uint8, (2, 3, 8, 32, 32))
    assert (clips == clips[:, :, :1]).all()


def test_probe_images_are_resized_by_pillow_and_cropped_in_the_centre():
    picture = trees.drawn(1, height=50, width=75)[0]
    expected = np.asarray(Image.fromarray(picture).resize((48, 32), Image.Resampling.BICUBIC))[:, 8:40]
    assert np.array_equal(_cropped(picture, 32), expected)


def test_grey_and_transparent_images_become_colour(tree):
    for mode, name in (("L", "0"), ("RGBA", "1")):
        Image.new(mode, (60, 50), 90 if mode == "L" else (200, 10, 10, 128)).save(
            tree / "train" / WNIDS[0] / f"{WNIDS[0]}_{name}.JPEG", "PNG"
        )
    assert training_set("imagenet100", shrink(experiment("mixed_baseline")), tree.parent).clips([0, 1], random.Random(0)).isfinite().all()
