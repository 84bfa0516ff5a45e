"""The three sizes of every experiment: smoke (seconds on a CPU core), proxy (an hour on a GPU), paper (as published)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from repro.experiment import Experiment, ModelSize, Scale
from repro.record import nearest

VIT: dict[str, ModelSize] = {
    "tiny": ModelSize(width=192, heads=3),
    "small": ModelSize(width=384, heads=6),
    "base": ModelSize(),
    "large": ModelSize(width=1024, depth=24, heads=16),
}
"""The usual vision transformers on the paper's clips; the paper trains the base one."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """What a scale replaces in an experiment of paper scale. The objectives, masks and seeds stay as they are.

    Steps and clips are those of a run that has the paper's usual numbers; runs with more or fewer keep the proportion.
    """

    model: ModelSize
    steps: int
    epochs: int
    batch_size: int
    lr: float
    probe_epochs: float
    """Probe epochs as a share of the paper's, so that runs probed for half as long still are."""


SIZES: dict[Scale, Size] = {
    "smoke": Size(
        model=ModelSize(width=64, depth=4, heads=4, patch=8, crop=32, frames=8, predictor_width=48, predictor_depth=2, predictor_heads=3),
        steps=120,
        epochs=10,
        batch_size=16,
        lr=1e-3,
        probe_epochs=0.2,
    ),
    "proxy": Size(
        model=replace(VIT["small"], patch=8, crop=64, predictor_width=192, predictor_depth=4, predictor_heads=6),
        steps=3000,
        epochs=100,
        batch_size=64,
        lr=6e-4,
        probe_epochs=0.5,
    ),
}

PAPER_STEPS = 30000
PAPER_BATCH = 32

STAND_INS = {
    "data": {"ucf101": "sprites", "ssv2": "sprites", "imagenet100": "sprites_still", "motion8": "motion8"},
    "probes": {
        "diving48": "sprites_motion",
        "ssv2": "sprites_order",
        "imagenet100": "sprites_appearance",
        "motion8": "motion8",
    },
}
"""Generated sets in place of the real ones below paper scale. `sprites_still` is one frame repeated, as still images enter training."""


def at_scale(experiment: Experiment, scale: Scale) -> Experiment:
    """A paper-scale experiment at `scale`: a smaller network, fewer steps, generated data; schedules keep their share of the run."""
    if scale == "paper":
        return experiment
    if scale not in SIZES:
        raise ValueError(f"no scale {scale!r}; {nearest(scale, [*SIZES, 'paper'])}")
    size = SIZES[scale]
    data: dict[str, float] = {}
    for name, weight in experiment.data.items():
        stand_in = STAND_INS["data"][name]
        data[stand_in] = round(data.get(stand_in, 0.0) + weight, 12)
    return replace(
        experiment.with_steps(size.steps * experiment.steps // PAPER_STEPS),
        scale=scale,
        model=replace(size.model, mask_tokens=experiment.model.mask_tokens),
        data=data,
        frame_step=2 if size.model.frames < 16 else 1,
        fps=None,
        epochs=size.epochs,
        batch_size=size.batch_size * experiment.batch_size // PAPER_BATCH,
        ranks=1,
        lr=size.lr,
        final_lr=size.lr,
        start_lr=size.lr * experiment.start_lr / experiment.lr,
        probe_epochs={STAND_INS["probes"][name]: _epochs(name, epochs, size) for name, epochs in experiment.probe_epochs.items()},
        precision="fp32" if scale == "smoke" else experiment.precision,
    )


def _epochs(name: str, epochs: int, size: Size) -> int:
    """A probe that no other set stands in for keeps its own protocol."""
    return epochs if STAND_INS["probes"][name] == name else round(epochs * size.probe_epochs)


def scaled(function: Callable[[], Experiment]) -> Callable[..., Experiment]:
    """Give an experiment, written down at paper scale and seed, the arguments `seed` and `scale`."""

    def build(seed: int = 239, scale: Scale = "paper") -> Experiment:
        return replace(at_scale(function(), scale), name=function.__name__, seed=seed)

    build.__name__ = function.__name__
    build.__doc__ = function.__doc__
    return build
