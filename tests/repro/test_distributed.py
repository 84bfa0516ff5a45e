"""Two processes that share out an experiment's ranks take the steps that one process takes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from repro import checkpoint
from repro.experiment import Experiment
from repro.experiments import experiment
from repro.pretrain import CURVES, own_ranks, pretrain, read_curves, sum_gradients
from tests.repro.tiny import SIZE

PROGRAM = """
import json, os, sys, torch, torch.distributed as dist
from pathlib import Path
from repro.experiment import Experiment
from repro.pretrain import pretrain
torch.set_num_threads(1)
dist.init_process_group("gloo")
pretrain(Experiment.from_dict(json.loads(sys.argv[1])), Path(sys.argv[2]))
dist.destroy_process_group()
"""


def two_ranks(name: str) -> Experiment:
    run = replace(experiment(name, scale="smoke").with_steps(3), model=replace(SIZE, mask_tokens=2), batch_size=4, ranks=2, epochs=1)
    return replace(run, data={"sprites": 1.0})


def test_two_processes_equal_two_way_accumulation(tmp_path):
    run = two_ranks("fwm_hw_ld")
    alone, together = tmp_path / "alone", tmp_path / "together"
    alone.mkdir(), together.mkdir()
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    script = tmp_path / "train.py"
    script.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    subprocess.run([*torchrun, str(script), json.dumps(run.to_dict()), str(together)], check=True, env=environment, capture_output=True)
    pretrain(run, alone)
    one, other = checkpoint.load(alone), checkpoint.load(together)
    for part in ("encoder", "predictor", "target_encoder", "objectives"):
        for key, value in one[part].items():
            assert torch.allclose(value.double(), other[part][key].double(), rtol=1e-5, atol=1e-7), f"{part}.{key}"
    losses = [[row["loss"] for row in read_curves(folder / CURVES)] for folder in (alone, together)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


@pytest.fixture
def group(tmp_path):
    dist.init_process_group("gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def test_a_parameter_without_gradient_anywhere_keeps_none(group):
    used, unused = torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(2))
    used.grad = torch.tensor([1.0, 2.0])
    sum_gradients([used, unused])
    assert used.grad.tolist() == [1.0, 2.0]
    assert unused.grad is None


def test_ranks_that_do_not_share_out_are_refused(group, monkeypatch):
    monkeypatch.setattr(dist, "get_world_size", lambda: 3)
    with pytest.raises(ValueError, match="do not share out"):
        own_ranks(4)
