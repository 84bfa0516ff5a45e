"""Is a computed array the expected one? The rules of the index, one row of the table for each answer."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from repro.conformance.golden import Case, Unsupported


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    file: str
    array: str
    passed: bool
    error: float
    """Largest absolute error; infinite where nothing could be compared."""
    margin: float
    """Largest error as a share of what is allowed: passes up to 1."""
    note: str = ""


def failure(case: Case, array: str, note: str) -> Row:
    """The row of an array that could not be compared at all."""
    return Row(file=case.file.name, array=array, passed=False, error=math.inf, margin=math.inf, note=note)


def compare(case: Case, key: str, got: Tensor | None) -> Row:
    """Compare `got` with the expected array `key` by the array's own tolerance. None is a missing gradient."""
    rules: dict[str, Any] = case.file.entry["arrays"][key]
    if rules["check"] not in ("elementwise", "statistical_elementwise"):
        return failure(case, key, f"check {rules['check']!r} is not known")
    if rules.get("gradient_kind") == "none":
        got = torch.zeros(()) if got is None else got.abs().amax()
    expected = case.file.tensor(key)
    if got is None:
        return failure(case, key, "no gradient reaches it, one was expected")
    got = got.detach().cpu()
    if got.shape != expected.shape:
        return failure(case, key, f"shape {tuple(got.shape)}, expected {tuple(expected.shape)}")
    return _row(case, key, got.double(), expected.double(), rules["rtol"], rules["atol"])


def _row(case: Case, key: str, got: Tensor, expected: Tensor, rtol: float, atol: float) -> Row:
    error = (got - expected).abs()
    allowed = atol + rtol * expected.abs()
    # nan fails every comparison, so this asks what is inside the tolerance, never what is outside
    passed = bool((error <= allowed).all())
    margin = torch.where(error == 0, torch.zeros_like(error), error / allowed)
    largest, share = (float(x.max()) if x.numel() else 0.0 for x in (error, margin))
    return Row(file=case.file.name, array=key, passed=passed, error=largest, margin=share)


def compare_statistics(case: Case, got: dict[str, float]) -> list[Row]:
    """Compare each number at the case's `statistics` path that has a rule; `got` uses the same names, joined by dots."""
    reference: Any = case.file.entry
    for step in case.entry["statistics"]:
        reference = reference[step]
    rows = []
    for name, rule in case.settings["statistics_tolerance"].items():
        expected = _lookup(reference, name)
        if rule["rule"] == "not_checked" or expected is None:
            continue
        label = f"{case.name}/{name}"
        if name not in got:
            rows.append(failure(case, label, "this statistic is not computed"))
            continue
        if rule["rule"] == "absolute":
            allowed = rule["atol"]
        elif rule["rule"] == "mean_within_standard_errors":
            spread, draws = _lookup(reference, rule["std"]), _lookup(reference, rule["draws"])
            allowed = rule["z"] * math.sqrt(spread**2 / draws + got[rule["std"]] ** 2 / got[rule["draws"]])
        else:
            raise Unsupported(f"statistics rule {rule['rule']!r} is not known")
        rows.append(_row(case, label, torch.tensor(got[name]).double(), torch.tensor(expected).double(), 0, allowed))
    return rows


def _lookup(tree: Any, dotted: str) -> Any:  # noqa: ANN401  # JSON
    for part in dotted.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree
