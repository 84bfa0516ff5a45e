"""Main-loss cases: targets, distances, prediction and context loss."""

from collections.abc import Mapping

from torch import Tensor

from repro.conformance.golden import Case
from repro.latents import at, normalise_levels
from repro.losses import context_distance, context_loss, prediction_loss


def target_normalisation(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("affine", False)
    return {"target": normalise_levels(case.need("raw_target").to(case.device), settings["level_width"], settings["norm_eps"])}


def distance(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("metric", "sqrt_of_euclidean_token_distance")
    settings.require("loss_weight", "reciprocal")
    return {"distance": context_distance(case.need("mask_enc"), case.need("mask_pred"), settings.grid)}


def prediction(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("reduce", "mean_per_mask_then_mean_over_masks")
    targets, guesses = _targets(case), [z.to(case.device) for z in case.args("z")]
    return {"value": prediction_loss(guesses, targets, settings["exponent"]) * settings["lambda_applied"]}


def context(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("reduce", "mean_per_mask_then_mean_over_masks")
    targets, guesses = _targets(case), [z.to(case.device) for z in case.args("z")]
    distances = [distance.to(case.device) for distance in case.args("distance")] if settings["distance_weights"] else None
    return {"value": context_loss(guesses, targets, distances, settings["exponent"]) * settings["lambda_applied"]}


def _targets(case: Case) -> list[Tensor]:
    target = case.need("target").to(case.device)
    return [at(target, mask.to(case.device)) for mask in case.args("mask")]
