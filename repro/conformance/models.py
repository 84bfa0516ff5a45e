"""Encoder and predictor cases."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from repro.conformance.golden import Case, Settings
from repro.experiment import ModelSize
from repro.models.encoder import Encoder
from repro.models.predictor import Predictor
from repro.models.weights import load_strictly


def reference_side(settings: Settings) -> dict[str, Any]:
    """How rotary positions are rescaled, as arguments of `ModelSize`."""
    settings.require("rope", True)
    settings.require("activation", "gelu_erf")
    settings.require("modality_embedding", True)
    side = settings["rope_reference_side"] if settings["interpolate_rope"] else None
    return {"interpolate_rope": settings["interpolate_rope"], "rope_reference_side": side, "rope_base": settings["rope_base"]}


def encoder_size(settings: Settings) -> dict[str, Any]:
    """The encoder's settings as arguments of `ModelSize`."""
    return {
        "width": settings["dim"],
        "depth": settings["depth"],
        "heads": settings["heads"],
        "mlp_ratio": settings["mlp_ratio"],
        "patch": settings["patch"],
        "tubelet": settings["tubelet"],
        "crop": settings["crop"],
        "frames": settings["frames"],
        "level_blocks": tuple(settings["level_blocks"]),
        "norm_eps": settings["norm_eps"],
        "qkv_bias": settings["qkv_bias"],
        **reference_side(settings),
    }


def predictor_size(settings: Settings) -> dict[str, Any]:
    """The predictor's settings as arguments of `ModelSize`; the encoder's width is the hidden width between the two input maps."""
    levels = settings["levels"]
    if not settings["input_width"] == settings["output_width"] == levels * settings["hidden_width"]:
        raise ValueError("the predictor's input and output widths are not its levels times its hidden width")
    return {
        "width": settings["hidden_width"],
        "heads": 1,
        "depth": levels,
        "level_blocks": tuple(range(levels)),
        "predictor_width": settings["dim"],
        "predictor_depth": settings["depth"],
        "predictor_heads": settings["heads"],
        "mask_tokens": settings["num_mask_tokens"],
        "mlp_ratio": settings["mlp_ratio"],
        "patch": settings["patch"],
        "tubelet": settings["tubelet"],
        "crop": settings["crop"],
        "frames": settings["frames"],
        "norm_eps": settings["norm_eps"],
        "qkv_bias": settings["qkv_bias"],
        **reference_side(settings),
    }


@torch.no_grad()
def encoder(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    network = Encoder(ModelSize(**encoder_size(settings)))
    load_strictly(network, case.own_weights()[1])
    mask = case.arg("mask")
    mask = None if mask is None else mask.to(case.device)
    return {"tokens": network.to(case.device)(case.need("clip").to(case.device), mask, levels=settings["training"])}


@torch.no_grad()
def predictor(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    network = Predictor(ModelSize(**predictor_size(settings)))
    load_strictly(network, case.own_weights()[1])
    predicted, context = network.to(case.device)(
        case.need("context_tokens").to(case.device),
        case.need("context_mask").to(case.device),
        case.need("prediction_mask").to(case.device),
        group=settings["group_index"],
        modality=settings["modality"],
    )
    return {"predicted_tokens": predicted, "context_tokens": context}
