import json
import subprocess
import sys
from dataclasses import replace

import pydantic
import pytest
import torch

from repro.experiment import Experiment, MaskSpec
from repro.experiments import EXPERIMENTS, experiment
from repro.jepa import JEPA, training_loss
from repro.result import RunResult
from tests.repro import tiny

PAIRS = [name for name in EXPERIMENTS if f"{name}_as_released" in EXPERIMENTS]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_takes_two_steps(name):
    run = tiny.shrink(experiment(name, scale="smoke"))
    torch.manual_seed(0)
    jepa = JEPA(run)
    optimiser = torch.optim.AdamW(jepa.parameter_groups(run.weight_decay), lr=1e-3)
    before = jepa.encoder.blocks[0].attn.qkv.weight.detach().clone()
    for step in range(2):
        clip = tiny.clips(seed=step)
        loss = training_loss(jepa, run, clip, tiny.masks(run, clip, step), step).total
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert loss.isfinite()
    assert not torch.equal(jepa.encoder.blocks[0].attn.qkv.weight, before)


@pytest.mark.parametrize("scale", ["smoke", "proxy", "paper"])
def test_names_and_digests_are_all_different(scale):
    runs = [build(scale=scale) for build in EXPERIMENTS.values()]
    assert len({run.digest for run in runs}) == len(runs)
    assert [run.name for run in runs] == list(EXPERIMENTS)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_plain_data_round_trips(name):
    run = experiment(name)
    assert Experiment.from_dict(json.loads(json.dumps(run.to_dict()))) == run


def test_the_seed_and_nothing_else_differs_between_seeds():
    run = experiment("hw", seed=42)
    assert run.diff(experiment("hw")) == {"seed": (42, 239)}
    assert run.digest != experiment("hw").digest


def test_an_epoch_is_an_equal_share_of_the_steps_even_if_it_does_not_divide_them():
    run = replace(experiment("mixed_baseline"), steps=99, epochs=50)
    assert [run.epoch(step) for step in (0, 1, 2, 98)] == [0, 0, 1, 49]


def test_equal_experiments_are_one_key():
    assert len({experiment("hw"), experiment("hw"), experiment("hw", seed=1)}) == 2


def test_records_can_be_embedded_in_pydantic_models():
    adapter = pydantic.TypeAdapter(RunResult)
    result = RunResult(experiment=experiment("fwm_hw_ld", scale="smoke"), seed=239)
    assert adapter.validate_json(adapter.dump_json(result)) == result


def test_the_digest_ignores_the_name_and_the_kind_of_number():
    run = experiment("mixed_baseline")
    assert replace(run, name="other").digest == run.digest
    assert replace(run, lr=1).digest == replace(run, lr=1.0).digest


def test_the_difference_names_fields_of_the_model():
    run = experiment("mixed_baseline")
    assert run.diff(replace(run, model=replace(run.model, depth=24))) == {"model.depth": (12, 24)}


@pytest.mark.parametrize("name", [name for name in PAIRS if name.startswith(("kinematic", "sigreg", "synth"))])
def test_without_ema_the_release_probes_the_other_encoder_and_nothing_else_differs(name):
    assert experiment(name).diff(experiment(f"{name}_as_released")) == {"probed_encoder": ("online", "target")}


@pytest.mark.parametrize("name", ["hw_ld", "fwm_hw_ld"])
def test_as_released_latent_dynamics_beside_hard_region_is_detached(name):
    described, released = experiment(name), experiment(f"{name}_as_released")
    assert set(described.diff(released)) == {"objectives", "probe_epochs"}
    assert [term.detached for term in released.objectives] == [term.name == "latent_dynamics" for term in released.objectives]


@pytest.mark.parametrize(("name", "moves"), [("fwm_hw_ld", True), ("fwm_hw_ld_as_released", False)])
def test_the_head_of_latent_dynamics_receives_a_gradient_only_as_described(name, moves):
    run = tiny.shrink(experiment(name, scale="smoke"))
    jepa, clip = JEPA(run), tiny.clips()
    training_loss(jepa, run, clip, tiny.masks(run, clip), 0).total.backward()
    heads = [p for name, p in jepa.objectives.named_parameters()]
    assert heads
    assert all((p.grad is not None) == moves for p in heads)


def test_without_ema_the_target_stays_as_it_began_and_the_encoder_feels_its_own_targets():
    run = tiny.shrink(experiment("kinematic", scale="smoke"))
    jepa, clip, masks = JEPA(run), tiny.clips(), None
    masks = tiny.masks(run, clip)
    training_loss(jepa, run, clip, masks, 0).total.backward()
    live = jepa.encoder.patch_embed.proj.weight.grad.clone()
    jepa.zero_grad()
    training_loss(jepa, replace(run, stop_gradient=True), clip, masks, 0).total.backward()
    assert all(p.grad is None for p in jepa.target.parameters())
    assert not torch.allclose(live, jepa.encoder.patch_embed.proj.weight.grad)


def test_the_context_loss_has_a_zero_gradient_before_it_begins():
    run = tiny.shrink(experiment("mixed_baseline", scale="smoke"))
    jepa, clip = JEPA(run), tiny.clips()
    training_loss(jepa, run, clip, tiny.masks(run, clip), 0).total.backward()
    assert jepa.predictor.predictor_proj_context.weight.grad.abs().sum() == 0


def test_an_annealed_term_fades_epoch_by_epoch():
    run = replace(tiny.shrink(experiment("kinematic_anneal", scale="smoke")), context_weight=0.0)
    jepa, clip = JEPA(run), tiny.clips()
    masks = tiny.masks(run, clip)
    extra = []
    for step in (0, run.steps // run.epochs - 1, run.steps // 2):
        loss = training_loss(jepa, run, clip, masks, step)
        extra.append((loss.total - loss.prediction).item())
    assert extra[0] == extra[1]
    assert extra[2] == pytest.approx(extra[0] / 2, rel=1e-3)


def test_fewer_steps_keep_the_shares_of_the_run():
    paper = experiment("mixed_baseline")
    short = paper.with_steps(300)
    assert (short.warmup_steps, short.context_start, short.context_end) == (3, 150, 300)
    assert short.ema**300 == pytest.approx(paper.ema**30000)


def test_scales_keep_the_objectives_the_masks_and_the_seed():
    for name in EXPERIMENTS:
        paper, smoke = experiment(name, seed=7), experiment(name, seed=7, scale="smoke")
        assert (smoke.objectives, smoke.masks, smoke.seed, smoke.regime) == (paper.objectives, paper.masks, 7, paper.regime)


def test_runs_probed_for_half_as_long_still_are_at_every_scale():
    for scale in ("smoke", "proxy", "paper"):
        whole, half = experiment("fwm_ld", scale=scale).probe_epochs, experiment("fwm_ld_as_released", scale=scale).probe_epochs
        order = "diving48" if scale == "paper" else "sprites_order"
        assert half[order] * 2 == whole[order]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sed": 1}, "Experiment has no field 'sed'; did you mean 'seed'"),
        ({"seed": "1"}, "Experiment.seed must be int, got '1'"),
        ({"steps": True}, "Experiment.steps must be int"),
        ({"model": {"widht": 3}}, "Experiment.model has no field 'widht'; did you mean 'width'"),
        ({"objectives": [{"nmae": "hw"}]}, r"Experiment.objectives\[0\] has no field 'nmae'; did you mean 'name'"),
        ({"masks": [{"num_blocks": 1, "spatial_scale": [0.1]}]}, r"spatial_scale must be tuple\[float, float\]"),
        ({"probed_encoder": "onlin"}, "probed_encoder must be"),
        ({"frame_step": 2, "fps": 3}, "exactly one of frame_step and fps"),
        ({"data": {}}, "data must name at least one set"),
        ({"ema": 1.5}, "ema must lie in"),
        ({"batch_size": 3, "ranks": 2}, "do not split over 2 ranks"),
    ],
)
def test_bad_plain_data_is_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        Experiment.from_dict({**experiment("mixed_baseline").to_dict(), **change})


def test_missing_fields_are_refused():
    with pytest.raises(ValueError, match=r"missing .* 'name'"):
        Experiment.from_dict({"regime": "mixed", "data": {"ucf101": 1.0}, "fps": 16})


def test_an_unknown_experiment_or_scale_names_the_nearest():
    with pytest.raises(ValueError, match="no experiment 'fwm_hw_dl'; did you mean 'fwm_hw_ld'"):
        experiment("fwm_hw_dl")
    with pytest.raises(ValueError, match="no scale 'smoky'; did you mean 'smoke'"):
        experiment("hw", scale="smoky")


def test_a_backward_range_is_refused():
    with pytest.raises(ValueError, match="spatial_scale"):
        MaskSpec(num_blocks=1, spatial_scale=(0.7, 0.1))


def test_experiments_and_results_are_read_without_torch():
    code = "import sys, repro.experiments, repro.result; sys.exit(any(m in sys.modules for m in ('torch', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_result_round_trips():
    result = RunResult(
        experiment=experiment("hw", scale="smoke"),
        seed=239,
        scores={"motion8": 27.5},
        samples={"motion8": 40},
        correct={"motion8": 11},
        curves={"loss": [1.0, 0.5]},
    )
    assert RunResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def test_a_score_that_is_not_its_count_is_refused():
    with pytest.raises(ValueError, match=r"27\.0 of motion8 is not 11 of 40"):
        RunResult(experiment=experiment("hw"), seed=1, scores={"motion8": 27.0}, samples={"motion8": 40}, correct={"motion8": 11})


def test_a_run_that_failed_must_say_why():
    with pytest.raises(ValueError, match="must say why"):
        RunResult(experiment=experiment("hw"), seed=1, state="nan_loss")
