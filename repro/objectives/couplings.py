"""From the options of a `Term`, which are plain data, to the arguments of its objective, which may be channels or functions."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from repro.experiment import Option, Term
from repro.objectives.factorization import split_channels
from repro.objectives.hard_region import hard_region_weights
from repro.record import nearest

Coupling = Callable[[dict[str, Option], int], object]


def reads(options: dict[str, Option], dim: int) -> slice:
    """`reads` = "all" or "dynamics": channels that a head sees; `appearance` says where the dynamics channels begin."""
    word = options.pop("reads")
    channels = {"all": slice(0, dim), "dynamics": split_channels(dim, _number(options, "appearance", 0.5))[1]}
    return channels[_known("reads", word, channels)]


def weigh(options: dict[str, Option], dim: int) -> Callable[..., object]:
    """`weigh` = "hard_region": weights of mean one from errors; `temperature` as in hard-region weighting."""
    functions = {"hard_region": hard_region_weights}
    function = functions[_known("weigh", options.pop("weigh"), functions)]
    return partial(function, temperature=_number(options, "temperature", 1.0))


COUPLINGS: dict[str, Coupling] = {"reads": reads, "weigh": weigh}


def arguments(term: Term, kind: Callable[..., object], dim: int) -> dict[str, Any]:
    """Keyword arguments for `kind`, `dim` among them if it wants it. Unknown options raise a ValueError."""
    parameters = inspect.signature(kind).parameters
    options = dict(term.options)
    resolved: dict[str, object] = {"dim": dim} if "dim" in parameters else {}
    for name, coupling in COUPLINGS.items():
        if name in options and name in parameters:
            resolved[name] = coupling(options, dim)
    for name in options:
        if name not in parameters or name == "dim":
            raise ValueError(f"{term.name} has no option {name!r}; {nearest(name, set(parameters) - {'dim'})}")
    return resolved | options


def _number(options: dict[str, Option], name: str, default: float) -> float:
    value = options.pop(name, default)
    if not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number, got {value!r}")
    return value


def _known(option: str, word: Option, words: dict[str, Any]) -> str:
    if word not in words:
        raise ValueError(f"{option}={word!r} is unknown; {nearest(str(word), words)}")
    return str(word)
