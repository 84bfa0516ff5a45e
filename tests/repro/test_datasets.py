"""The registries of datasets, and views of clips."""

from pathlib import Path

import pytest
import torch

import repro.datasets
from repro.datasets import PROBES, TRAINING_SETS, DataMissing, normalise, probe, training_set
from repro.datasets.views import bag_of_frames, one_frame
from repro.experiments import EXPERIMENTS, experiment


def test_every_dataset_file_is_registered():
    files = {path.stem for path in Path(repro.datasets.__file__).parent.glob("*.py")} - {
        "__init__",
        "dataset",
        "dropout",
        "layout",
        "prepared",
        "videos",
        "views",
    }
    entries = (*TRAINING_SETS.values(), *PROBES.values())
    assert {entry.__module__.rpartition(".")[2] for entry in entries} >= files


@pytest.mark.parametrize("scale", ["smoke", "proxy"])
def test_every_experiment_below_paper_scale_finds_its_data(scale):
    for name in EXPERIMENTS:
        found = experiment(name, scale=scale)
        assert set(found.data) <= set(TRAINING_SETS)
        assert set(found.probe_epochs) <= set(PROBES)


def test_an_unknown_name_is_met_with_the_nearest():
    smoke = experiment("mixed_baseline", scale="smoke")
    with pytest.raises(DataMissing, match="did you mean 'sprites_order'"):
        probe("sprite_order", smoke)
    with pytest.raises(DataMissing, match="no training set"):
        training_set("ucf", smoke)


def test_probe_clips_have_the_size_that_the_encoder_sees():
    smoke = experiment("mixed_baseline", scale="smoke")
    task = probe("sprites_order", smoke)
    size = smoke.model
    assert task.test.read([0, 5]).shape == (2, 3, size.frames, size.crop, size.crop)
    assert len(task.test) >= 1000


def test_bytes_are_normalised_to_the_colour_statistics():
    clip = torch.tensor([0.485, 0.456, 0.406]).mul(255).round().to(torch.uint8).view(1, 3, 1, 1, 1)
    assert normalise(clip).abs().max() < 0.01


def test_one_frame_leaves_no_time_and_does_not_say_which_it_is():
    clips = torch.arange(6).to(torch.uint8).view(1, 1, 6, 1, 1).expand(30, 3, 6, 2, 2)
    seen = one_frame(clips, range(30))[:, 0, :, 0, 0]
    assert (seen == seen[:, :1]).all()
    assert set(seen[:, 0].tolist()) == set(range(6))


def test_a_bag_keeps_the_frames_and_loses_their_order():
    clips = torch.arange(8).to(torch.uint8).view(1, 1, 8, 1, 1).expand(2, 3, 8, 2, 2)
    bag = bag_of_frames(clips, [4, 5])
    assert bag[0, 0, :, 0, 0].sort().values.tolist() == list(range(8))
    assert bag[0, 0, :, 0, 0].tolist() != bag[1, 0, :, 0, 0].tolist()
    assert torch.equal(bag_of_frames(clips[1:], [5])[0], bag[1])
