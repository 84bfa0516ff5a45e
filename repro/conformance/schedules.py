"""Schedule cases: one value per listed step."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from repro import schedule
from repro.conformance.golden import Case, Settings


def per_step(value: Callable[[Settings, int], float]) -> Callable[[Case], Mapping[str, Tensor]]:
    """The check of a schedule that `value` computes for one step."""

    def check(case: Case) -> Mapping[str, Tensor]:
        steps = [int(step) for step in case.need("steps")]
        return {"value_per_step": torch.tensor([value(case.settings, step) for step in steps], dtype=torch.float64)}

    return check


def warmup_cosine(s: Settings, k: int) -> float:
    return schedule.warmup_cosine(
        k, start=s["start_lr"], peak=s["lr"], final=s["final_lr"], warmup=s["warmup_steps"], total=s["total_steps"]
    )


def linear_decay(s: Settings, k: int) -> float:
    return schedule.linear_decay(k, peak=s["lr"], final=s["final_lr"], total=s["total_steps"])


def cosine(s: Settings, k: int) -> float:
    return schedule.cosine(k, start=s["wd"], final=s["final_wd"], total=s["total_steps"])


def linear_capped(s: Settings, k: int) -> float:
    return schedule.linear_capped(k, start=s["start"], end=s["end"], total=s["denominator"])


def linear_warmup_hold(s: Settings, i: int) -> float:
    return schedule.context_weight(i, value=s["value"], start=s["start_iteration"], end=s["end_iteration"])
