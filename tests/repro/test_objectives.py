import ast
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.functional import huber_loss

import repro
from repro.experiment import Term
from repro.experiments import experiment
from repro.jepa import JEPA, training_loss
from repro.latents import Latents
from repro.objectives import OBJECTIVES, Objective, build
from repro.objectives import hard_region as hard_region_module
from repro.objectives.epps_pulley import epps_pulley
from repro.objectives.hamiltonian import symplectic_euler
from repro.objectives.hard_region import hard_region_weights
from repro.objectives.latent_dynamics import LatentDynamics
from repro.objectives.mean_waves import BLOCK, MeanWaves
from tests.repro import tiny

FOLDER = Path(repro.__file__).parent
NEED_PAIRS = ["action", "delta", "hamiltonian", "latent_dynamics", "static_appearance", "temporal_contrastive", "velocity_gate"]
OPTIONS = {"latent_dynamics": {"hidden": 5}, "action": {"hidden": 5}, "hamiltonian": {"hidden": 5}, "sigreg": {"directions": 6}}


def make(name: str, dim: int = 8, **options: object) -> Objective:
    return build(Term(name=name, options={**OPTIONS.get(name, {}), **options}), dim).double()


def small() -> Latents:
    return tiny.latents(K=14, D=4, grid=(4, 2, 2))


def finite_difference_check(objective: Objective, view: Latents, *inputs: str) -> bool:
    """Gradients for the named fields of the latents and for every weight of the head."""
    fields = [getattr(view, name).detach().clone().requires_grad_() for name in inputs]

    def loss(*tensors: torch.Tensor) -> torch.Tensor:
        if hasattr(objective, "calls"):
            objective.calls.zero_()
        return objective([replace(view, **dict(zip(inputs, tensors, strict=False)))])

    assert loss(*fields) != 0  # else the check would hold of nothing
    return torch.autograd.gradcheck(loss, (*fields, *objective.parameters()), atol=1e-6)


@pytest.mark.parametrize("name", [name for name in OBJECTIVES if name not in ("hard_region", "kinematic")])
def test_gradient_equals_finite_differences(name):
    assert finite_difference_check(make(name, dim=4), small(), "tokens")


@pytest.mark.parametrize("options", [{}, {"order": 2}, {"huber_delta": 0.5}, {"order": 2, "channels": 0.5}])
def test_gradient_of_kinematic_variants_equals_finite_differences(options):
    assert finite_difference_check(make("kinematic", **options), small(), "teacher")


def test_gradient_of_hard_region_equals_finite_differences_at_fixed_weights(monkeypatch):
    view = small()
    fixed = hard_region_weights((view.predicted - view.masked).abs().mean(-1), 0.1)
    monkeypatch.setattr(hard_region_module, "hard_region_weights", lambda error, temperature: fixed)
    assert finite_difference_check(make("hard_region"), view, "predicted")


def test_gradient_of_weighted_latent_dynamics_equals_finite_differences_at_fixed_weights():
    view = small()
    fixed = torch.rand(view.num_pairs, dtype=torch.float64)
    objective = LatentDynamics(4, hidden=5, reads=slice(2, 4), weigh=lambda error: fixed).double()
    assert finite_difference_check(objective, view, "tokens")


@pytest.mark.parametrize("reads", ["all", "dynamics"])
def test_latent_dynamics_beside_hard_region_trains_its_head_and_the_encoder(reads):
    view = tiny.latents()
    objective = make("latent_dynamics", weigh="hard_region", reads=reads)
    objective([view]).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in objective.parameters())
    assert view.tokens.grad.abs().sum() > 0


def test_detached_keeps_the_value_and_trains_nothing():
    view, term = tiny.latents(), Term(name="delta")
    loss = build(replace(term, detached=True), 8)([view])
    assert loss == build(term, 8)([view])
    assert not loss.requires_grad


@pytest.mark.parametrize("name", NEED_PAIRS)
def test_without_any_pair_in_time_the_value_is_zero_and_has_no_gradient(name):
    even_steps_only = torch.arange(36).view(4, 9)[::2].flatten().expand(2, -1)
    view = replace(tiny.latents(K=18), indices=even_steps_only)
    loss = make(name)([view])
    assert loss == 0
    assert not loss.requires_grad


def test_views_that_define_an_objective_are_averaged_and_others_left_out():
    view = tiny.latents()
    without_pairs = replace(tiny.latents(K=18), indices=torch.arange(36).view(4, 9)[::2].flatten().expand(2, -1))
    assert make("delta")([view, without_pairs]) == make("delta")([view])


def test_delta_is_zero_for_a_student_that_moves_like_the_teacher():
    view = tiny.latents(K=36)
    copied = replace(view, tokens=view.teacher.flatten(1, 3) + 3.0, indices=torch.arange(36).expand(2, -1))
    assert make("delta")([copied]) < 1e-12


def test_kinematic_first_difference_of_a_ramp_is_its_slope_and_the_second_is_zero():
    ramp = torch.arange(4.0).double().view(1, 4, 1, 1, 1).expand(2, 4, 3, 3, 8) * 0.25
    view = replace(tiny.latents(), teacher=ramp)
    assert make("kinematic")([view]) == 0.25
    assert make("kinematic", order=2)([view]) == 0


def test_kinematic_of_two_time_steps_falls_back_to_the_first_difference():
    view = tiny.latents(K=10, grid=(2, 3, 3))
    assert make("kinematic", order=2)([view]) == make("kinematic")([view])


def test_kinematic_huber_is_the_usual_one():
    view = tiny.latents()
    motion = view.teacher[:, 1:] - view.teacher[:, :-1]
    expected = huber_loss(motion, torch.zeros_like(motion), delta=0.1)
    assert torch.allclose(make("kinematic", huber_delta=0.1)([view]), expected)


def test_kinematic_counts_the_grid_that_two_views_share_once():
    view, other = tiny.latents(), tiny.latents(seed=1)
    twice = make("kinematic")([view, replace(view, tokens=other.tokens, indices=other.indices)])
    assert twice == make("kinematic")([view])


def test_hard_region_weights_have_mean_one_and_follow_the_error():
    weights = hard_region_weights(torch.tensor([[0.0, 1.0, 3.0]]), 0.5)
    assert weights.mean() == pytest.approx(1)
    assert weights[0, 0] < weights[0, 1] < weights[0, 2]


def test_hamiltonian_step_of_an_oscillator_is_the_textbook_one():
    class Oscillator(nn.Module):
        def forward(self, q, p):
            return (q.square() + p.square()).sum() / 2

    q, p = symplectic_euler(Oscillator(), torch.tensor([[1.0]]), torch.tensor([[0.5]]), dt=0.1)
    assert q.item() == pytest.approx(1.05)
    assert p.item() == pytest.approx(0.5 - 0.1 * 1.05)


def test_spectral_ignores_places_that_are_hidden_at_any_time():
    seen = torch.ones(4, 9, dtype=torch.bool)
    seen[1, 0] = False
    view = replace(tiny.latents(K=35), indices=seen.flatten().nonzero().squeeze(1).expand(2, -1))
    changed = view.tokens.detach().clone()
    changed[:, 0] += 1  # the first token is in the broken column
    assert make("spectral")([replace(view, tokens=changed)]) == make("spectral")([view])


def test_velocity_gate_shuts_off_the_fast_half():
    view = tiny.latents(K=36)
    view = replace(view, indices=torch.arange(36).expand(2, -1))
    full, gated = make("velocity_gate", percentile=1.0)([view]), make("velocity_gate", percentile=0.0)([view])
    assert 0 < gated < full / 4  # one place in nine stays


def test_sigreg_prefers_a_standard_normal():
    x = torch.randn(500, 3, generator=torch.Generator().manual_seed(0))
    assert epps_pulley(x).mean() < epps_pulley(x + 1).mean() / 20
    assert epps_pulley(x).mean() < epps_pulley(x * 0.2).mean() / 20


@pytest.mark.parametrize("columns", [1, 7, 2 * BLOCK, 2 * BLOCK + 1])
def test_mean_waves_are_those_of_autograd_on_any_number_of_columns(columns):
    angles = torch.randn(11, columns, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    order = torch.arange(17)[:, None, None]
    plain = torch.stack([(order * angles).cos().mean(1), (order * angles).sin().mean(1)])
    waves = MeanWaves.apply(angles, 17)
    torch.testing.assert_close(waves, plain)
    upstream = torch.randn(waves.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(*(torch.autograd.grad(each, angles, upstream)[0] for each in (waves, plain)))


def test_sigreg_of_half_precision_latents_is_summed_in_single():
    x = torch.randn(4000, 3, generator=torch.Generator().manual_seed(0)).bfloat16()
    torch.testing.assert_close(epps_pulley(x), epps_pulley(x.float()), rtol=0, atol=0)


def test_sigreg_draws_new_directions_at_each_call_and_remembers_how_many_there_were():
    view = tiny.latents(torch.float32)
    objective = build(Term(name="sigreg", options={"directions": 4}), 8)
    first, second = objective([view]), objective([view])
    assert first != second
    again = build(Term(name="sigreg", options={"directions": 4}), 8)
    again.load_state_dict({**objective.state_dict(), "calls": torch.tensor(1)})
    assert again([view]) == second


def test_a_made_up_objective_is_one_class_and_one_line(monkeypatch):
    class Norm(Objective):
        def __init__(self, power: float = 1.0) -> None:
            super().__init__()
            self.power = power

        def view_loss(self, latents: Latents) -> torch.Tensor:
            return latents.tokens.abs().pow(self.power).mean()

    monkeypatch.setitem(OBJECTIVES, "norm", Norm)
    run = tiny.shrink(
        replace(experiment("mixed_baseline", scale="smoke"), objectives=(Term(name="norm", weight=0.5, options={"power": 2.0}),))
    )
    jepa, clip = JEPA(run), tiny.clips()
    loss = training_loss(jepa, run, clip, tiny.masks(run, clip), 0)
    loss.total.backward()
    assert loss.total.item() == pytest.approx(loss.prediction.item() + 0.5 * loss.terms[0].item())


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (Term(name="latent_dynamic"), "did you mean 'latent_dynamics'"),
        (Term(name="kinematic", options={"ordre": 2}), "kinematic has no option 'ordre'; did you mean 'order'"),
        (Term(name="latent_dynamics", options={"reads": "dynamic"}), "did you mean 'dynamics'"),
        (Term(name="latent_dynamics", options={"weigh": "hard_regions"}), "did you mean 'hard_region'"),
        (Term(name="latent_dynamics", options={"weigh": "hard_region", "temperature": "hot"}), "temperature must be a number, got 'hot'"),
        (Term(name="delta", options={"temperature": 1.0}), "delta has no option 'temperature'"),
        (Term(name="delta", options={"dim": 3}), "delta has no option 'dim'"),
    ],
)
def test_an_unknown_name_or_option_names_the_nearest(term, message):
    with pytest.raises(ValueError, match=message):
        build(term, 8)


def test_the_registry_and_the_folder_agree():
    helpers = {"__init__", "objective", "couplings", "epps_pulley", "mean_waves"}
    files = {path.stem for path in (FOLDER / "objectives").glob("*.py")} - helpers
    assert files == {kind.__module__.rpartition(".")[2] for kind in OBJECTIVES.values()}


def test_no_objective_file_has_more_than_60_lines():
    assert {path.name for path in (FOLDER / "objectives").glob("*.py") if len(path.read_text().splitlines()) > 60} == set()


def test_no_function_of_the_engine_has_more_than_60_lines():
    long = []
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60:
                long.append(f"{path.name}:{node.name}")
    assert long == []
