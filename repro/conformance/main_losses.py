"""Main-loss cases: targets, distances, prediction and context loss."""

from collections.abc import Mapping

from torch import Tensor

from repro.conformance.golden import Case
from repro.latents import at, normalise_levels
from repro.losses import context_distance, context_loss, prediction_loss


def target_normalisation(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("affine", False)
    return {"target": normalise_levels(case.need("raw_target"), settings["level_width"], settings["norm_eps"])}


def distance(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("metric", "sqrt_of_euclidean_token_distance")
    settings.require("loss_weight", "reciprocal")
    return {"distance": context_distance(case.need("mask_enc"), case.need("mask_pred"), settings.grid)}


def prediction(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("reduce", "mean_per_mask_then_mean_over_masks")
    targets = [at(case.need("target"), mask) for mask in case.args("mask")]
    return {"value": prediction_loss(case.args("z"), targets, settings["exponent"]) * settings["lambda_applied"]}


def context(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("reduce", "mean_per_mask_then_mean_over_masks")
    targets = [at(case.need("target"), mask) for mask in case.args("mask")]
    distances = case.args("distance") if settings["distance_weights"] else None
    return {"value": context_loss(case.args("z"), targets, distances, settings["exponent"]) * settings["lambda_applied"]}
