import copy
import math
import pickle
from dataclasses import replace

import pytest
import torch

from repro.experiment import ModelSize, Term
from repro.experiments import experiment
from repro.experiments.scales import VIT
from repro.jepa import JEPA
from repro.models.encoder import Encoder
from repro.models.predictor import Predictor
from repro.models.rope import rotate, rotations, turned_heads
from repro.models.weights import export_safetensors, import_safetensors, load_release, load_strictly
from repro.objectives import build
from tests.repro.tiny import SIZE, clips


@pytest.fixture
def encoder():
    torch.manual_seed(0)
    return Encoder(SIZE)


def parameters(module):
    return sum(p.numel() for p in module.parameters())


def test_the_paper_size_has_the_published_number_of_parameters():
    with torch.device("meta"):
        assert parameters(Encoder(ModelSize())) == 86_833_152
        assert parameters(Predictor(ModelSize(mask_tokens=6))) == 10_456_576
        assert parameters(Predictor(ModelSize(mask_tokens=2))) == 10_455_552


@pytest.mark.parametrize(("name", "millions"), [("tiny", 5.5), ("small", 22), ("base", 86), ("large", 304)])
def test_the_usual_transformers_have_their_usual_sizes(name, millions):
    with torch.device("meta"):
        assert parameters(Encoder(VIT[name])) / 1e6 == pytest.approx(millions, rel=0.06)


@pytest.mark.parametrize(
    ("name", "reads", "count"),
    [
        ("latent_dynamics", "all", 1_576_192),
        ("latent_dynamics", "dynamics", 1_182_976),
        ("action", "all", 787_459),
        ("action", "dynamics", 394_243),
    ],
)
def test_heads_have_the_published_number_of_parameters(name, reads, count):
    assert parameters(build(Term(name=name, options={"reads": reads}), ModelSize().latent_dim)) == count


def test_hamiltonian_has_the_published_number_of_parameters():
    assert parameters(build(Term(name="hamiltonian"), ModelSize().latent_dim)) == 852_737


@pytest.mark.parametrize(("depth", "levels"), [(12, (2, 5, 8, 11)), (24, (5, 11, 17, 23)), (40, (9, 19, 29, 39)), (4, (0, 1, 2, 3))])
def test_levels_are_evenly_placed_and_end_with_the_last_block(depth, levels):
    assert replace(ModelSize(), depth=depth).levels == levels


def test_the_evaluation_output_is_the_last_level(encoder):
    clip = clips()
    assert torch.equal(encoder(clip, levels=False), encoder(clip)[..., -SIZE.width :])


def test_views_encoded_together_are_those_encoded_alone(encoder):
    clip = clips()
    tubelets, grid = encoder.cut(clip)
    views = [torch.arange(10).expand(2, -1), torch.arange(5, 30).expand(2, -1)]
    for together, indices in zip(encoder.encode(tubelets, 2, grid, views), views, strict=True):
        assert torch.allclose(together, encoder(clip, indices), atol=1e-6)


def test_tubelets_embedded_by_a_matrix_are_those_of_a_convolution(encoder):
    clip = clips()
    tubelets, grid = encoder.cut(clip)
    convolved = encoder.patch_embed.proj(clip)
    assert grid == convolved.shape[2:]
    assert torch.allclose(encoder.patch_embed(tubelets).view(2, -1, SIZE.width), convolved.flatten(2).transpose(1, 2), atol=1e-6)


def test_the_order_of_tokens_does_not_matter_their_positions_do(encoder):
    clip, indices = clips(), torch.tensor([[3, 9, 20, 41]] * 2)
    order = torch.tensor([2, 0, 3, 1])
    shuffled = encoder(clip, indices[:, order])
    assert torch.allclose(shuffled, encoder(clip, indices)[:, order], atol=1e-5)


def test_a_one_frame_clip_goes_through_the_image_branch(encoder):
    encoder(clips()[:, :, :1]).sum().backward()
    assert encoder.patch_embed_img.proj.weight.grad is not None
    assert encoder.patch_embed.proj.weight.grad is None


def test_a_grid_of_one_row_stays_finite(encoder):
    assert encoder(torch.randn(1, 3, 8, 8, 32)).isfinite().all()


def test_a_clip_that_does_not_split_into_tokens_says_so(encoder):
    with pytest.raises(ValueError, match="8 x 30 x 32 does not split into 2 x 8 x 8 tokens"):
        encoder(torch.randn(1, 3, 8, 30, 32))


def test_recomputed_activations_give_the_same_gradient(encoder):
    again = copy.deepcopy(encoder)
    again.recompute = True
    for network in (encoder, again):
        network(clips()).square().sum().backward()
    assert torch.allclose(encoder.patch_embed.proj.weight.grad, again.patch_embed.proj.weight.grad)


def test_rotary_positions_make_products_depend_on_the_distance_alone():
    turn = rotations(torch.arange(64).view(1, -1), (4, 4, 4), 12, 10000.0, None, torch.float64).unsqueeze(1)
    q, k = torch.randn(2, 12, dtype=torch.float64)
    turned_q, turned_k = (rotate(x.expand(1, 1, 64, 12), turn)[0, 0] for x in (q, k))
    a = turned_q[0] @ turned_k[21]  # 21 = one step along each axis
    b = turned_q[42] @ turned_k[63]
    assert a == pytest.approx(b.item())


def test_a_head_of_odd_width_leaves_its_last_channel_alone():
    turn = rotations(torch.arange(8).view(1, -1), (2, 2, 2), 7, 10000.0, None, torch.float32).unsqueeze(1)
    x = torch.randn(1, 2, 8, 7)
    assert torch.equal(rotate(x, turn)[..., -1], x[..., -1])
    assert not torch.equal(rotate(x, turn)[..., 0], x[..., 0])


@pytest.mark.parametrize("transposed", [False, True])
def test_heads_turned_in_one_pass_are_those_turned_by_formula(transposed):
    torch.manual_seed(0)
    turn = rotations(torch.arange(14), (2, 3, 3), 12, 10000.0, None, torch.float64)
    shapes = [(2, 4), (2, 3)]
    qkv = torch.randn(14, 3, 2, 12, dtype=torch.float64, requires_grad=True)
    weights = [torch.randn(2, 2, 12 if transposed else K, K if transposed else 12, dtype=torch.float64) for _, K in shapes]

    def value(heads):
        worth = [w.mT if transposed else w for w in weights]
        return sum(((q + 2 * k + 3 * v) * w).sum() for (q, k, v), w in zip(heads, worth, strict=True))

    plain = torch.stack([rotate(qkv[:, 0], turn[:, None]), rotate(qkv[:, 1], turn[:, None]), qkv[:, 2]], 1).split([8, 6])
    parts = [part.view(*shape, 3, 2, 12).permute(2, 0, 3, 1, 4).unbind(0) for part, shape in zip(plain, shapes, strict=True)]
    ours, formula = value(turned_heads(qkv, turn, shapes)), value(parts)
    assert ours.item() == pytest.approx(formula.item())
    for one, other in zip(torch.autograd.grad(ours, qkv), torch.autograd.grad(formula, qkv), strict=True):
        assert torch.allclose(one, other)
    with torch.no_grad():
        assert value(turned_heads(qkv.clone(), turn, shapes)).item() == pytest.approx(formula.item())


def test_interpolated_positions_span_the_reference_grid():
    turn = rotations(torch.tensor([[15]]), (1, 4, 4), 6, 10000.0, 16, torch.float64)
    row = turn[0, 0, 1]
    assert torch.allclose(row, torch.tensor([math.cos(15), math.sin(15)], dtype=torch.float64))


def test_the_last_maps_of_later_blocks_begin_smaller():
    torch.manual_seed(0)
    blocks = Encoder(replace(SIZE, width=96)).blocks
    first, last, plain = (weight.std().item() for weight in (blocks[0].mlp.fc2.weight, blocks[3].mlp.fc2.weight, blocks[0].mlp.fc1.weight))
    assert last / first == pytest.approx(0.5, rel=0.05)
    assert plain == pytest.approx(0.02, rel=0.05)


def test_predictor_uses_the_mask_token_of_the_group_and_wraps_around():
    torch.manual_seed(0)
    predictor = Predictor(SIZE)
    torch.nn.init.normal_(predictor.mask_tokens[1])
    arguments = torch.randn(1, 3, SIZE.latent_dim), torch.arange(3).view(1, -1), torch.arange(3, 9).view(1, -1)
    first, second, third = (predictor(*arguments, group=group)[0] for group in (0, 1, 2))
    assert torch.equal(first, third)
    assert not torch.equal(first, second)


def test_the_target_follows_the_encoder_by_its_momentum():
    jepa = JEPA(replace(experiment("mixed_baseline", scale="smoke"), model=SIZE))
    with torch.no_grad():
        jepa.encoder.video_mod_embed.fill_(1.0)
        jepa.target.video_mod_embed.fill_(0.0)
    jepa.update_target(0.9)
    assert torch.allclose(jepa.target.video_mod_embed, torch.tensor(0.1))


def test_biases_and_norms_do_not_decay_but_mask_tokens_do():
    jepa = JEPA(replace(experiment("mixed_baseline", scale="smoke"), model=SIZE))
    decayed = {id(p) for p in jepa.parameter_groups(0.04)[0]["params"]}
    assert id(jepa.predictor.mask_tokens[0]) in decayed
    assert id(jepa.encoder.blocks[0].norm1.weight) not in decayed
    assert id(jepa.encoder.blocks[0].attn.qkv.bias) not in decayed
    assert not {id(p) for p in jepa.target.parameters()} & decayed


def test_a_release_checkpoint_loads_strictly(encoder, tmp_path):
    weights = {f"module.backbone.{name}": tensor for name, tensor in encoder.state_dict().items()}
    torch.save({"target_encoder": weights, "epoch": 100}, tmp_path / "latest.pth.tar")
    other = Encoder(SIZE)
    load_release(other, tmp_path / "latest.pth.tar", "target_encoder")
    assert torch.equal(other(clips()), encoder(clips()))


def test_a_checkpoint_without_the_wanted_network_says_what_it_holds(tmp_path):
    torch.save({"target_encoders": {}}, tmp_path / "latest.pth.tar")
    with pytest.raises(ValueError, match="holds no 'target_encoder'; did you mean 'target_encoders'"):
        load_release(Encoder(SIZE), tmp_path / "latest.pth.tar", "target_encoder")


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    class Harmful:
        def __reduce__(self):
            return (print, ("executed",))

    torch.save({"target_encoder": Harmful()}, tmp_path / "latest.pth.tar")
    with pytest.raises(pickle.UnpicklingError):
        load_release(Encoder(SIZE), tmp_path / "latest.pth.tar", "target_encoder")


def test_a_misspelt_weight_is_an_error_and_changes_nothing(encoder):
    weights = encoder.state_dict()
    weights["blocks.0.attn.qvk.weight"] = weights.pop("blocks.0.attn.qkv.weight")
    other = Encoder(SIZE)
    before = copy.deepcopy(other.state_dict())
    with pytest.raises(ValueError, match=r"missing blocks\.0\.attn\.qkv\.weight; unexpected blocks\.0\.attn\.qvk\.weight"):
        load_strictly(other, weights)
    assert all(torch.equal(tensor, before[name]) for name, tensor in other.state_dict().items())


def test_safetensors_round_trip(encoder, tmp_path):
    export_safetensors(encoder, tmp_path / "encoder.safetensors")
    other = Encoder(SIZE)
    import_safetensors(other, tmp_path / "encoder.safetensors")
    assert torch.equal(other(clips()), encoder(clips()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"heads": 5}, "24 does not split into 5 heads"),
        ({"crop": 33}, "do not split"),
        ({"depth": 3}, "no four levels"),
        ({"depth": 0}, "at least 1"),
    ],
)
def test_impossible_sizes_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(SIZE, **change)
