"""Which function checks which kind of case, and the walk over a folder."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from repro.conformance import data, main_losses, masks, models, objectives, probes, schedules, training
from repro.conformance.compare import Row, compare, compare_statistics, failure
from repro.conformance.golden import MARKERS, Case, Golden, Unsupported
from repro.record import nearest

Check = Callable[[Case], Mapping[str, Tensor]]

CHECKS: dict[str, Check] = {
    "encoder": models.encoder,
    "predictor": models.predictor,
    "target_normalisation": main_losses.target_normalisation,
    "context_distance": main_losses.distance,
    "prediction_loss": main_losses.prediction,
    "context_loss": main_losses.context,
    "hw": objectives.objective(objectives.hw),
    "fwm": objectives.objective(objectives.fwm),
    "delta": objectives.objective(objectives.delta),
    "ld": objectives.objective(objectives.ld),
    "ac": objectives.objective(objectives.ac),
    "spectral": objectives.objective(objectives.spectral),
    "ltc": objectives.objective(objectives.ltc),
    "hamiltonian": objectives.objective(objectives.hamiltonian),
    "velocity_gate": objectives.objective(objectives.velocity_gate),
    "kinematic": objectives.objective(objectives.kinematic),
    "quadrature": objectives.sigreg_quadrature,
    "epps_pulley": objectives.sigreg_statistic,
    "sliced_epps_pulley": objectives.sigreg,
    "block_size": masks.block_sizes,
    "motion_map": masks.motion,
    "origin_probabilities": masks.origins,
    "warmup_cosine": schedules.per_step(schedules.warmup_cosine),
    "linear_decay": schedules.per_step(schedules.linear_decay),
    "cosine": schedules.per_step(schedules.cosine),
    "linear_capped": schedules.per_step(schedules.linear_capped),
    "linear_warmup_hold": schedules.per_step(schedules.linear_warmup_hold),
    "logits": probes.logits,
    "train_losses": probes.train_losses,
    "eval_transform": data.evaluate,
    "eval_frame_indices": data.eval_frame_indices,
    "frame_indices": data.frame_indices,
    "train_transform": data.train,
    "random_crop_statistics": data.crop_statistics,
    "weighted_sampler": data.sampler,
    "train": training.train,
}
STATISTICS = {"mask_statistics": masks.statistics}


def check_folder(path: Path, only: str = "", device: str = "cpu") -> Iterator[Row]:
    """One row per expected array and per statistic of the folder at `path`, networks and objectives computed on `device`.

    Raises Unsupported if it is no such folder.
    """
    golden = Golden(path, device)
    seen: set[tuple[str, str]] = set()
    for case in golden.cases(only):
        rows = check_case(case)
        seen.update((row.file, row.array) for row in rows)
        yield from rows
    for name, file in golden.files.items():
        for key, entry in file.entry.get("arrays", {}).items():
            if only in name and entry["role"] == "expected" and (name, key) not in seen:
                yield Row(file=name, array=key, passed=False, error=float("inf"), margin=float("inf"), note="no case computes it")


def check_case(case: Case) -> list[Row]:
    """Compute a case and compare all that is expected of it. What cannot be computed fails, with the reason."""
    try:
        if case.kind in STATISTICS:
            outputs, numbers = STATISTICS[case.kind](case)
            return [*_rows(case, outputs), *compare_statistics(case, numbers)]
        if case.kind not in CHECKS:
            raise Unsupported(f"no check for {case.kind!r}; {nearest(case.kind, CHECKS)}")
        return _rows(case, CHECKS[case.kind](case))
    except Exception as error:  # whatever goes wrong in a case is a failure of that case, and the others are still checked
        return [failure(case, key, f"{type(error).__name__}: {error}") for key in case.expected or [case.name]]


def _rows(case: Case, outputs: Mapping[str, Tensor]) -> list[Row]:
    gradients = _gradients(case, outputs)
    rows = []
    for key in case.expected:
        output = case.file.entry["arrays"][key]["output"]
        if output == "gradient":
            rows.append(compare(case, key, gradients[key]))
        elif output in outputs:
            rows.append(compare(case, key, outputs[output]))
        else:
            rows.append(failure(case, key, f"output {output!r} is not computed; {nearest(output, outputs)}"))
    return rows


def _gradients(case: Case, outputs: Mapping[str, Tensor]) -> dict[str, Tensor | None]:
    """Derivatives of the case's value with respect to the arrays that its gradient entries name; None where none arrives."""
    arrays = case.file.entry["arrays"]
    wanted = {key: arrays[key]["wrt"] for key in case.expected if arrays[key]["output"] == "gradient"}
    unknown = [wrt for wrt in wanted.values() if wrt not in case.leaves and wrt not in MARKERS]
    value = outputs.get("value")
    if not wanted or value is None or not value.requires_grad:
        return dict.fromkeys(wanted)
    if unknown:
        raise Unsupported(f"gradients are wanted for {unknown}, which did not enter the computation")
    leaves = [case.leaves[wrt] for wrt in wanted.values()]
    return dict(zip(wanted, torch.autograd.grad(value, leaves, allow_unused=True), strict=True))
