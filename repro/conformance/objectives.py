"""Auxiliary-objective cases: each builds the terms that its settings describe and runs them on the stored latents."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from repro.conformance.golden import Case, Settings, Unsupported
from repro.experiment import Option, Term
from repro.latents import Latents, at
from repro.models.weights import load_strictly
from repro.objectives import build
from repro.objectives.epps_pulley import epps_pulley, quadrature
from repro.objectives.sigreg import SIGReg
from repro.schedule import anneal


def views(case: Case) -> list[Latents]:
    """The masked views of a case; what a case does not have is zero, and without context lists there is one view per predicted list."""
    settings = case.settings
    if settings["context_masks"] == "none":
        return []
    B, grid, D = settings["batch"], settings.grid, settings["channels"]
    target, device = case.arg("target"), case.device
    teacher = (target if target is not None else torch.zeros(B, grid[0] * grid[1] * grid[2], D)).to(device)
    predicted, tokens = ([part.to(device) for part in case.args(name)] for name in ("z_pred", "z_enc"))
    hidden, seen = case.args("mask_pred"), case.args("mask_enc")
    count = max(len(predicted), len(tokens), 1)
    nothing = torch.zeros(B, 0, dtype=torch.int64)
    result = []
    grid_teacher = teacher.view(B, *grid, D)
    for i in range(count):
        aims = hidden[i] if hidden else nothing
        result.append(
            Latents(
                clip=_clip(case).to(device),
                predicted=predicted[i] if predicted else torch.zeros(B, 0, D, device=device),
                masked=at(teacher, aims.to(device)),
                tokens=tokens[i] if tokens else torch.zeros(B, 0, D, device=device),
                indices=seen[i] if seen else nothing,
                teacher=grid_teacher,
                exponent=settings["loss_exponent"],
            )
        )
    return result


def _clip(case: Case) -> Tensor:
    settings = case.settings
    clip = case.arg("clip")
    if clip is None:
        return torch.zeros(settings["batch"], 3, settings["clip_frames"], 1, 1)
    first, last = settings["clip_frame_range"] if settings.present("clip_frame_range") else (0, clip.shape[2])
    return clip[:, :, first:last]


def reads(settings: Settings) -> dict[str, Option]:
    """The channels that a head sees, as options of a term; they must come out as the settings say."""
    options: dict[str, Option] = {"reads": "all"}
    if settings["fwm_active"]:
        options = {"reads": "dynamics", "appearance": settings["fwm_app_ratio"]}
    return options


def hw(settings: Settings) -> list[Term]:
    settings.require("weights_detached", True)
    settings.require("min_tokens", 2)
    settings.require("theta_floor", 1e-6)
    return [Term(name="hard_region", weight=settings["coeff"], options={"temperature": settings["theta"]})]


def fwm(settings: Settings) -> list[Term]:
    options: dict[str, Option] = {"appearance": settings["app_ratio"]}
    weights = {"static_appearance": settings["static_coeff"], "orthogonality": settings["orth_coeff"]}
    return [Term(name=name, weight=weight, options=options) for name, weight in weights.items() if weight]


def ld(settings: Settings) -> list[Term]:
    settings.require("fwm_terms_included", False)
    options = {"hidden": _only_width(settings), **reads(settings)}
    if settings["error_reweighting"]:
        options |= {"weigh": "hard_region", "temperature": settings["theta"]}
    return [Term(name="latent_dynamics", weight=settings["coeff"], options=options)]


def ac(settings: Settings) -> list[Term]:
    settings.require("distance", "l1")
    settings.require("fwm_terms_included", False)
    options: dict[str, Option] = {"hidden": _only_width(settings), "actions": settings["action_channels"], **reads(settings)}
    return [Term(name="action", weight=settings["coeff"], options=options)]


def delta(settings: Settings) -> list[Term]:
    return [Term(name="delta", weight=settings["coeff"])]


def spectral(settings: Settings) -> list[Term]:
    settings.require("frequency_weight_spacing", "linear")
    settings.require("fft_normalisation", "none")
    settings.require("cells", "present_at_every_t")
    settings.require("min_T", 4)
    low, high = settings["frequency_weight"]
    return [Term(name="spectral", weight=settings["coeff"], options={"low": low, "high": high})]


def ltc(settings: Settings) -> list[Term]:
    options: dict[str, Option] = {"margin": settings["margin"], "eps": settings["cosine_eps"]}
    return [Term(name="temporal_contrastive", weight=settings["coeff"], options=options)]


def hamiltonian(settings: Settings) -> list[Term]:
    hidden = settings["hidden"]
    if len(set(hidden)) != 1 or len(hidden) != 2:
        raise Unsupported(f"hidden widths {hidden} are not implemented; only two equal ones")
    return [Term(name="hamiltonian", weight=settings["coeff"], options={"hidden": hidden[0], "dt": settings["dt"]})]


def velocity_gate(settings: Settings) -> list[Term]:
    settings.require("quantile", "linear_interpolation_per_clip_and_t")
    settings.require("gate", "speed<=threshold")
    return [Term(name="velocity_gate", weight=settings["coeff"], options={"percentile": settings["percentile"]})]


def kinematic(settings: Settings) -> list[Term]:
    settings.require("type", "l1", "acceleration", "huber")
    settings.require("anneal", "cosine")
    settings.require("channels_used", [0, int(settings["channels"] * settings["split_ratio"])])
    weight = settings["coeff"]
    if settings.present("anneal"):
        weight *= anneal(settings["anneal_epoch"], settings["anneal_total_epochs"])
    options: dict[str, Option] = {"order": settings["order"], "channels": settings["split_ratio"]}
    if settings.present("huber_delta"):
        options["huber_delta"] = settings["huber_delta"]
    return [Term(name="kinematic", weight=weight, options=options)]


def objective(terms: Callable[[Settings], list[Term]]) -> Callable[[Case], Mapping[str, Tensor]]:
    """The check of one kind of objective: sum of its weighted terms, head weights loaded and made available for gradients."""

    def check(case: Case) -> Mapping[str, Tensor]:
        latents = views(case)
        value = torch.zeros((), device=case.device)
        settings = case.settings
        for term in terms(settings):
            built = build(replace(term, detached=not settings["value_has_gradient"]), settings["channels"])
            _check_channels(settings, built)
            _load_head(case, built)
            value = value + term.weight * built(latents)
        return {"value": value}

    return check


def _load_head(case: Case, objective: nn.Module) -> None:
    """Give the objective the case's weights, move it to the case's device and make its weights available for gradients."""
    heads = [module for name, module in objective.named_modules() if name.split(".")[-1] == "head"]
    if not heads:
        objective.to(case.device)
        return
    prefix, weights = case.own_weights()
    load_strictly(heads[0], weights)
    objective.to(case.device)
    case.leaves.update({f"{prefix}/{name}": parameter for name, parameter in heads[0].named_parameters()})


def _check_channels(settings: Settings, objective: nn.Module) -> None:
    dim = settings["channels"]
    for module in objective.modules():
        for name, setting in (("reads", "head_input_channels"), ("appearance", "app_channels"), ("dynamics", "dyn_channels")):
            channels = getattr(module, name, None)
            if isinstance(channels, slice) and settings.present(setting):
                start, stop, _ = channels.indices(dim)
                if [start, stop] != list(settings[setting]):
                    raise Unsupported(f"{setting} {settings[setting]} do not follow from the split, which gives {[start, stop]}")


def _only_width(settings: Settings) -> int:
    hidden = settings["hidden"]
    if len(hidden) != 1:
        raise Unsupported(f"hidden widths {hidden} are not implemented; only one")
    return int(hidden[0])


def sigreg_quadrature(case: Case) -> Mapping[str, Tensor]:
    _require_trapezoid(case.settings)
    nodes, weights = quadrature(case.settings["nodes"], case.settings["t_max"])
    return {"nodes": nodes, "quadrature_times_gaussian": weights}


def sigreg_statistic(case: Case) -> Mapping[str, Tensor]:
    _require_trapezoid(case.settings)
    return {"statistic": epps_pulley(case.need("samples").to(case.device), case.settings["nodes"], case.settings["t_max"])}


def sigreg(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    _require_trapezoid(settings)
    settings.require("directions_law", "standard_normal_columns_unit_norm")
    settings.require("rows", "all_clips_all_masks_stacked")
    term = SIGReg(directions=settings["num_slices"], nodes=settings["nodes"], t_max=settings["t_max"])
    tokens = torch.cat([z.flatten(0, 1) for z in case.args("z_enc")]).to(case.device)
    directions = case.arg("directions")
    if directions is None:
        directions = term.draw(tokens.shape[1], settings["directions_seed"])
    return {"value": settings["coeff"] * term.statistic(tokens, directions.to(case.device))}


def _require_trapezoid(settings: Settings) -> None:
    settings.require("integration", "trapezoid")
    settings.require("symmetric_doubling", True)
    settings.require("sample_scale", "number_of_rows")
    settings.require("ranks", 1)
