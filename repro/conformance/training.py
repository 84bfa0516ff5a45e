"""Cases of whole training steps: loss, gradients, and how far each network moved, through the code that pretraining uses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from repro.conformance.golden import Case, Settings, Unsupported
from repro.conformance.models import encoder_size, predictor_size
from repro.experiment import Experiment, ModelSize, Option, Term
from repro.jepa import JEPA, training_loss
from repro.masking import Masks
from repro.models.weights import load_strictly
from repro.schedule import cosine, linear_capped, warmup_cosine

KINEMATIC: dict[str, dict[str, Option]] = {"l1": {}, "acceleration": {"order": 2}, "huber": {"huber_delta": 0.1}}
"""Options of the kinematic term for each type."""


def terms(settings: Settings) -> tuple[Term, ...]:
    """The objectives whose coefficients are switched on."""
    on = {name: weight for name, weight in settings["coefficients"].items() if weight}
    unknown = set(on) - {"prediction", "hw", "fwm_static", "fwm_orth", "ld", "kinematic"}
    if unknown or on.get("prediction") != 1:
        raise Unsupported(f"coefficients {on} are not implemented")
    split: dict[str, Option] = {"appearance": settings["fwm_app_ratio"]} if settings.present("fwm_app_ratio") else {}
    result = []
    if "hw" in on:
        settings.require("hw_theta_floor", 1e-6)
        settings.require("hw_min_tokens", 2)
        result.append(Term(name="hard_region", weight=on["hw"], options={"temperature": settings["hw_theta"]}))
    if "fwm_static" in on:
        result.append(Term(name="static_appearance", weight=on["fwm_static"], options=split))
    if "fwm_orth" in on:
        result.append(Term(name="orthogonality", weight=on["fwm_orth"], options=split))
    if "ld" in on:
        options: dict[str, Option] = {"hidden": settings["ld_hidden"]}
        if "fwm_static" in on or "fwm_orth" in on:
            options |= {"reads": "dynamics", **split}
        if settings["ld_error_reweighting"]:
            options |= {"weigh": "hard_region", "temperature": settings["hw_theta"]}
        result.append(Term(name="latent_dynamics", weight=on["ld"], options=options, detached=not settings["ld_value_has_gradient"]))
    if "kinematic" in on:
        settings.require("kinematic_type", *KINEMATIC)
        result.append(Term(name="kinematic", weight=on["kinematic"], options=KINEMATIC[settings["kinematic_type"]]))
    return tuple(result)


def experiment(settings: Settings) -> Experiment:
    """The case as an experiment. Schedules whose values the settings list step by step are applied in `train`."""
    inner = {name: Settings(settings[name]) for name in ("encoder", "predictor")}
    widths = {name: value for name, value in predictor_size(inner["predictor"]).items() if name.startswith("predictor_")}
    size = ModelSize(**encoder_size(inner["encoder"]), **widths, mask_tokens=inner["predictor"]["num_mask_tokens"])
    ema = settings["ema"]
    return Experiment(
        name=settings["variant"],
        regime="golden",
        data={"golden": 1.0},
        frame_step=1,
        model=size,
        objectives=terms(settings),
        ema=ema["start"] if ema["enabled"] else None,
        stop_gradient=ema["enabled"],
        batch_size=settings["batch"],
        ranks=1,
        steps=settings["steps"],
        epochs=1,
        loss_exponent=settings["loss_exponent"],
        distance_weights=settings["distance_weights"],
        precision="fp32",
    )


def train(case: Case) -> Mapping[str, Tensor]:
    """Run the steps and report what the expected arrays hold."""
    settings = case.settings
    settings.require("mask_token", 0)
    settings.require("target_network", "ema_copy_without_gradient" if settings["ema"]["enabled"] else "online_encoder_with_gradient")
    settings.require("target_norm_eps", 1e-5)
    settings.require("ema_update", "after_step: target = m*target+(1-m)*online")
    run = experiment(settings)
    jepa = JEPA(run)
    _load(case, jepa)
    jepa.to(case.device)
    start = {name: parameter.detach().clone() for name, parameter in jepa.named_parameters()}
    optimiser = _optimiser(settings, jepa)
    losses, gradients = [], {}
    for step in range(settings["steps"]):
        _set_rates(settings, optimiser, step + 1)
        clip, masks = _batch(case, step)
        weighted = replace(run, context_weight=settings["context_lambda"]["per_step"][step], context_start=0, context_end=0)
        loss = training_loss(jepa, weighted, clip, masks, step)
        losses.append(loss.total.detach())
        torch.autograd.backward(loss.total)
        if step == 0:
            gradients = {name: torch.zeros((), device=p.device) if p.grad is None else p.grad.norm() for name, p in jepa.trained()}
        optimiser.step()
        optimiser.zero_grad()
        if settings["ema"]["enabled"]:
            ema = settings["ema"]
            jepa.update_target(linear_capped(step + 1, start=ema["start"], end=ema["end"], total=settings["lr_schedule"]["total_steps"]))
    order = _order(case, jepa)
    now = dict(jepa.named_parameters())
    encoder = [name.removeprefix("encoder.") for name in order if name.startswith("encoder.")]
    return {
        "total_loss_per_step": torch.stack(losses),
        "gradient_norm_per_parameter_step1": torch.stack([gradients[name] for name in order]),
        "parameter_norm_per_parameter_after_step3": torch.stack([now[name].detach().norm() for name in order]),
        "online_encoder_distance_from_start_per_tensor": _drift(now, start, "encoder.", encoder),
        "target_encoder_distance_from_start_per_tensor": _drift(now, start, "target.", encoder),
    }


def _drift(now: Mapping[str, Tensor], start: Mapping[str, Tensor], part: str, names: list[str]) -> Tensor:
    return torch.stack([(now[part + name].detach() - start[part + name]).norm() for name in names])


def _load(case: Case, jepa: JEPA) -> None:
    """Initial weights, and the head's, which is the one remaining prefix."""
    initial = case.settings["initial_weights"]
    load_strictly(jepa.encoder, case.weights(initial["encoder"]))
    load_strictly(jepa.target, case.weights(initial["target_encoder"]))
    load_strictly(jepa.predictor, case.weights(initial["predictor"]))
    for prefix in set(case.entry["weights"]) - set(initial.values()):
        load_strictly(_head(jepa)[1], case.weights(prefix))


def _head(jepa: JEPA) -> tuple[str, torch.nn.Module]:
    heads = [(name, module) for name, module in jepa.named_modules() if name.startswith("objectives") and name.endswith(".head")]
    if len(heads) != 1:
        raise Unsupported(f"the case has one head, the objectives have {len(heads)}")
    return heads[0]


def _order(case: Case, jepa: JEPA) -> list[str]:
    """Our names of the parameters, in the folder's order."""
    names: Any = case.file.entry
    for part in case.settings["parameter_order"]["all"]:
        names = names[part]
    ours = []
    for name in names:
        part, _, rest = name.partition("/")
        ours.append(f"{_head(jepa)[0]}.{rest}" if part == "dyn_head" else f"{part}.{rest.removeprefix('backbone.')}")
    return ours


def _batch(case: Case, step: int) -> tuple[Tensor, list[Masks]]:
    keys = case.entry["args"][f"step{step}"]
    masks = [
        Masks(case.file.tensor(seen), case.file.tensor(hidden)) for seen, hidden in zip(keys["mask_enc"], keys["mask_pred"], strict=True)
    ]
    return case.file.tensor(keys["clip"]).to(case.device), masks


def _optimiser(settings: Settings, jepa: JEPA) -> torch.optim.AdamW:
    rules = Settings(settings["optimiser"])
    rules.require("kind", "adamw")
    rules.require("weight_decay_on", "ndim != 1 and name lacks 'bias'")
    rules.require("weight_decay_elsewhere", 0.0)
    rules.require("gradient_clipping", "none")
    return torch.optim.AdamW(jepa.parameter_groups(rules["weight_decay"]), lr=0.0, betas=tuple(rules["betas"]), eps=rules["eps"])


def _set_rates(settings: Settings, optimiser: torch.optim.AdamW, k: int) -> None:
    """Learning rate and weight decay of step `k`, from their schedules; they must be what the settings list."""
    rate, decay = Settings(settings["lr_schedule"]), Settings(settings["wd_schedule"])
    rate.require("kind", "warmup_cosine")
    decay.require("kind", "cosine")
    total = rate["total_steps"]
    lr = warmup_cosine(k, start=rate["start_lr"], peak=rate["lr"], final=rate["final_lr"], warmup=rate["warmup_steps"], total=total)
    wd = cosine(k, start=decay["wd"], final=decay["final_wd"], total=total)
    for name, got, listed in (("lr", lr, settings["lr_per_step"]), ("wd", wd, settings["wd_per_step"])):
        if abs(got - listed[k - 1]) > 1e-12:
            raise Unsupported(f"{name} of step {k} comes out as {got}, the folder lists {listed[k - 1]}")
    decayed, others = optimiser.param_groups
    decayed["lr"] = others["lr"] = lr
    decayed["weight_decay"] = wd
