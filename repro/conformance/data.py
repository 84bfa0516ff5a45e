"""Cases of the data pipeline: which videos, which frames, which pixels."""

import random
from collections.abc import Mapping

import torch
from torch import Tensor

from repro.conformance.golden import Case, Unsupported
from repro.transforms import (
    CropBox,
    clip_indices,
    crop_box,
    eval_indices,
    eval_transform,
    frame_step,
    train_transform,
    weighted_indices,
    window_end_range,
)


def frame_indices(case: Case) -> Mapping[str, Tensor]:
    s = case.settings
    step = s["frame_step"] if s.present("frame_step") else frame_step(s["video_fps"], s["target_fps"])
    if step != s["effective_step"]:
        raise Unsupported(f"the effective step is {s['effective_step']}, but the frame rates give {step}")
    ends = window_end_range(s["video_frames"], s["clip_frames"], step)
    end = s["window_end"] if s.present("window_end") else None
    if (ends is None) != (end is None) or (ends is not None and [ends.start, ends.stop] != s["window_end_range"]):
        raise Unsupported(f"windows may end in {s['window_end_range']}, but the lengths give {ends}")
    return {"indices": torch.from_numpy(clip_indices(s["video_frames"], s["clip_frames"], step, end))}


def eval_frame_indices(case: Case) -> Mapping[str, Tensor]:
    case.settings.require("frame_rule", "floor_linspace_0_to_L-1_or_0..L-1_then_last_repeated_if_short")
    return {"indices": torch.from_numpy(eval_indices(case.settings["video_frames"], case.settings["frames"]))}


def train(case: Case) -> Mapping[str, Tensor]:
    s = case.settings
    s.require("resize", "bilinear_align_corners_false_no_antialias")
    s.require("output_layout", "C,T,H,W")
    box = CropBox(*s["crop_top_left_height_width"])
    return {"clip": train_transform(case.need("video"), box, s["flip"], s["size"], s["mean"], s["std"], s["pixel_range"])}


def evaluate(case: Case) -> Mapping[str, Tensor]:
    s = case.settings
    s.require("frame_rule", "floor_linspace_0_to_L-1")
    s.require("resize", "bilinear_no_antialias_short_side_to_crop_floor")
    s.require("crop_rule", "centre")
    s.require("scale_to", "0..1")
    video = case.need("video")
    frames = video[torch.from_numpy(eval_indices(s["video_frames"], s["frames"]))]
    return {"probe_input": eval_transform(frames, s["crop"], s["mean"], s["std"])}


def crop_statistics(case: Case) -> Mapping[str, Tensor]:
    s = case.settings
    s.require("aspect_law", "log_uniform")
    rng = random.Random(0)
    area, aspect = tuple(s["area_fraction"]), tuple(s["aspect_ratio"])
    boxes = [crop_box(s["height"], s["width"], area, aspect, rng, s["tries"]) for _ in range(s["draws"])]
    fraction = torch.tensor([box.height * box.width / (s["height"] * s["width"]) for box in boxes])
    ratio = torch.tensor([box.width / box.height for box in boxes])
    numbers = {
        "area_fraction_mean": fraction.mean(),
        "area_fraction_std": fraction.std(correction=0),
        "width_over_height_mean": ratio.mean(),
        "width_over_height_std": ratio.std(correction=0),
    }
    unknown = [name for name in s["statistics"] if name not in numbers]
    if unknown:
        raise Unsupported(f"statistics {unknown} are not computed")
    return {"statistics": torch.stack([numbers[name] for name in s["statistics"]])}


def sampler(case: Case) -> Mapping[str, Tensor]:
    s = case.settings
    s.require("replacement", True)
    s.require("generator", "numpy_default_rng(base_seed+epoch).choice")
    indices = weighted_indices(
        s["dataset_sizes"], s["dataset_weights"], epoch=s["epoch"], rank=s["rank"], ranks=s["ranks"], base_seed=s["base_seed"]
    )
    return {"indices": torch.from_numpy(indices[: s["first"]])}
