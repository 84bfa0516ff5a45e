"""Every named experiment: a function of seed and scale. Standard library only; see `mixed`, `ucf101` and `synthetic` for what each is."""

from collections.abc import Callable

from repro.experiment import Experiment, Scale
from repro.experiments.mixed import MIXED
from repro.experiments.scales import at_scale, scaled
from repro.experiments.synthetic import SYNTHETIC
from repro.experiments.ucf101 import UCF101
from repro.record import nearest

EXPERIMENTS: dict[str, Callable[..., Experiment]] = {function.__name__: scaled(function) for function in (*MIXED, *UCF101, *SYNTHETIC)}
"""Name to function(seed=239, scale="paper")."""

__all__ = ["EXPERIMENTS", "at_scale", "experiment"]


def experiment(name: str, seed: int = 239, scale: Scale = "paper") -> Experiment:
    """The experiment called `name`; raises ValueError with the nearest name if there is none."""
    if name not in EXPERIMENTS:
        raise ValueError(f"no experiment {name!r}; {nearest(name, EXPERIMENTS)}")
    return EXPERIMENTS[name](seed=seed, scale=scale)
