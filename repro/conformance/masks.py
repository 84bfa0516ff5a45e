"""Mask cases: block sizes, motion maps, origin probabilities, and statistics over many draws."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from repro.conformance.golden import Case, Settings, Unsupported
from repro.experiment import MaskSpec
from repro.masking import block_size, motion_map, sample_masks
from repro.masking.motion_guided import block_scores, origin_weights


def mask_spec(settings: Settings) -> MaskSpec:
    """The case's settings as data."""
    settings.require("origin_distribution", "uniform_unless_motion_guided")
    settings.require("truncate_to_batch_minimum", True)
    settings.require("block_size_seed", "step")
    guided = settings.present("motion_guided") and settings["motion_guided"]
    if guided:
        settings.require("score_floor", 1e-6)
    return MaskSpec(
        num_blocks=settings["num_blocks"],
        spatial_scale=tuple(settings["spatial_scale"]),
        temporal_scale=tuple(settings["temporal_scale"]),
        aspect_ratio=tuple(settings["aspect_ratio"]),
        motion_gamma=settings["gamma"] if guided else None,
        random_rate=settings["random_rate"] if guided else 0.0,
        full_complement=settings["full_complement"],
        max_temporal_keep=settings["max_temporal_keep"],
        max_keep=settings["max_keep"] if settings.present("max_keep") else None,
    )


def block_sizes(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("generator", "torch_cpu_seeded_with_step")
    settings.require("rounding", "half_to_even")
    if settings["uniforms_order"] != ["temporal", "spatial", "aspect"]:
        raise Unsupported(f"uniforms_order {settings['uniforms_order']} is not implemented")
    spec = MaskSpec(
        num_blocks=1,
        spatial_scale=tuple(settings["spatial_scale"]),
        temporal_scale=tuple(settings["temporal_scale"]),
        aspect_ratio=tuple(settings["aspect_ratio"]),
    )
    first, last = settings["steps"]
    return {"block_size_thw_per_step": torch.tensor([block_size(spec, settings.grid, step) for step in range(first, last + 1)])}


def motion(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("resize", "trilinear_align_corners_false_no_antialias")
    settings.require("first_difference_duplicated", True)
    clip = case.arg("clip")
    if clip is None:
        clip = generated_clip(settings, settings["clip"])
    return {"map": motion_map(clip, settings.grid, settings["max_floor"]).detach().squeeze(0)}


def origins(case: Case) -> Mapping[str, Tensor]:
    settings = case.settings
    settings.require("score_floor", 1e-6)
    settings.require("random_rate", 0.0)
    if settings["order"] != ["start", "top", "left"]:
        raise Unsupported(f"order {settings['order']} is not implemented")
    scores = block_scores(case.need("motion_map").detach().unsqueeze(0), tuple(settings["block"]))
    weights = origin_weights(scores, settings["gamma"]).flatten()
    return {"probabilities": weights / weights.sum()}


def generated_clip(settings: Settings, recipe: Any) -> Tensor:  # noqa: ANN401  # JSON
    """A clip (1, 3, frames, height, width) made from its description."""
    recipe = settings[recipe] if isinstance(recipe, str) else recipe
    if recipe["generator"] == "constant":
        return torch.full(tuple(recipe["shape"]), float(recipe["value"]))
    if recipe["generator"] != "disk_linear_motion":
        raise Unsupported(f"clip generator {recipe['generator']!r} is not implemented")
    frames, size = recipe["frames"], recipe["size"]
    fraction = torch.arange(frames) / (frames - 1)
    (y0, x0), (y1, x1) = recipe["start_yx"], recipe["end_yx"]
    cy, cx = (a + fraction * (b - a) for a, b in ((y0, y1), (x0, x1)))
    yy, xx = torch.arange(size).view(1, -1, 1), torch.arange(size).view(1, 1, -1)
    inside = (yy - cy.view(-1, 1, 1)) ** 2 + (xx - cx.view(-1, 1, 1)) ** 2 <= recipe["radius"] ** 2
    pixels = torch.where(inside, float(recipe["value_inside"]), float(recipe["value_outside"]))
    return pixels.expand(1, recipe["channels"], -1, -1, -1)


def statistics(case: Case) -> tuple[Mapping[str, Tensor], dict[str, float]]:
    """Sizes and places of masks over as many draws as the settings say, with positions from our own random stream."""
    settings = case.settings
    spec, grid, batch = mask_spec(settings), settings.grid, settings["batch"]
    moving = None
    if spec.motion_gamma is not None:
        settings.require("batch_content", "copies_of_blob_clip")
        moving = motion_map(generated_clip(settings, "blob_clip"), grid).expand(batch, -1, -1, -1)
    first, last = settings["steps"]
    seen, hidden, mass = [], [], []
    times_hidden = torch.zeros(grid[0] * grid[1] * grid[2])
    for seed in settings["seeds"]:
        generator = torch.Generator().manual_seed(seed)
        for step in range(first, last + 1):
            masks = sample_masks(spec, batch, grid, step, generator, moving)
            seen.append(masks.context.shape[1])
            hidden.append(masks.target.shape[1])
            times_hidden += torch.bincount(masks.target.flatten(), minlength=len(times_hidden))
            if moving is not None:
                mass.append(float((moving.flatten(1).gather(1, masks.target).sum(1) / moving.flatten(1).sum(1)).mean()))
    draws = len(seen)
    sizes = {"context": torch.tensor(seen).double(), "predicted": torch.tensor(hidden).double()}
    numbers: dict[str, float] = {"draws": draws, "fraction_of_tokens_predicted": float(sizes["predicted"].mean()) / len(times_hidden)}
    for name, size in sizes.items():
        numbers |= {f"{name}.mean": float(size.mean()), f"{name}.std": float(size.std(correction=0))}
    if mass:
        numbers["fraction_of_motion_mass_predicted"] = sum(mass) / draws
    probability = times_hidden.view(grid).mean(0) / (draws * batch)
    return {"prediction_probability_mean_over_time": probability}, numbers
