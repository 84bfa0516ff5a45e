"""Experiments on the UCF-101 regime (arXiv:2605.17165).

Without EMA the release probes a target encoder that keeps its random initialisation; `_as_released` does so too, the plain names probe
the encoder that was trained.
"""

from collections.abc import Callable
from dataclasses import replace

from repro.experiment import Experiment, MaskSpec, ModelSize, Term
from repro.experiments.mixed import guided, with_terms


def ucf101_baseline() -> Experiment:
    """Masked latent prediction alone."""
    return Experiment(
        name="ucf101_baseline",
        regime="ucf101",
        data={"ucf101": 1.0},
        model=ModelSize(mask_tokens=2),
        fps=16,
        probe_epochs={"diving48": 100, "imagenet100": 50, "ssv2": 100, "motion8": 100},
    )


def without_ema(parent: Experiment) -> Experiment:
    """`parent` with the online encoder as its own target, gradient and all; the online encoder is probed."""
    return replace(parent, ema=None, stop_gradient=False, probed_encoder="online")


def _kinematic(weight: float, anneal: bool = False, **options: float) -> Experiment:
    return with_terms(without_ema(ucf101_baseline()), Term(name="kinematic", weight=weight, anneal=anneal, options=dict(options)))


def kinematic() -> Experiment:
    """Targets move little."""
    return _kinematic(1.0)


def kinematic_0_1() -> Experiment:
    """Targets move little, at a tenth of the weight."""
    return _kinematic(0.1)


def kinematic_accel() -> Experiment:
    """Targets accelerate little."""
    return _kinematic(0.1, order=2)


def kinematic_huber() -> Experiment:
    """Targets move little, in Huber's sense."""
    return _kinematic(0.1, huber_delta=0.1)


def kinematic_anneal() -> Experiment:
    """Targets accelerate little, less and less so."""
    return _kinematic(0.1, anneal=True, order=2)


def kinematic_split() -> Experiment:
    """The shallow half of the channels accelerates little."""
    return _kinematic(0.1, order=2, channels=0.5)


def kinematic_2gpu() -> Experiment:
    """The kinematic run on two ranks: twice the steps on half the clips. The context loss keeps its absolute steps."""
    return replace(kinematic(), batch_size=16, ranks=2, steps=60000, warmup_steps=600)


def sigreg() -> Experiment:
    """SIGReg beside EMA."""
    return with_terms(ucf101_baseline(), Term(name="sigreg"))


def sigreg_no_ema() -> Experiment:
    """SIGReg in place of EMA."""
    return without_ema(sigreg())


def hamiltonian() -> Experiment:
    """Hamiltonian dynamics."""
    return with_terms(ucf101_baseline(), Term(name="hamiltonian", options={"dt": 0.1}))


def velgate() -> Experiment:
    """Velocity gate."""
    return with_terms(ucf101_baseline(), Term(name="velocity_gate", options={"percentile": 0.5}))


def motion_guided() -> Experiment:
    """Masks follow motion, a tenth of the blocks stay uniform."""
    parent = ucf101_baseline()
    return replace(parent, masks=guided(parent.masks, gamma=2.0, random_rate=0.1))


def future_predictive() -> Experiment:
    """The encoder sees the first half of the clip, less some blocks, and everything else is predicted."""
    masks = (
        MaskSpec(num_blocks=4, spatial_scale=(0.15, 0.15), full_complement=True, max_temporal_keep=0.5),
        MaskSpec(num_blocks=1, spatial_scale=(0.7, 0.7), full_complement=True, max_temporal_keep=0.5),
    )
    return replace(ucf101_baseline(), masks=masks)


def motion_future() -> Experiment:
    """The same with masks that follow motion."""
    parent = future_predictive()
    return replace(parent, masks=guided(parent.masks, gamma=2.0, random_rate=0.1))


def as_released(function: Callable[[], Experiment]) -> Callable[[], Experiment]:
    """The experiment as the release probes it: the target encoder, although without EMA nothing ever moved it."""

    def build() -> Experiment:
        return replace(function(), probed_encoder="target")

    build.__name__ = f"{function.__name__}_as_released"
    build.__doc__ = f"{function.__doc__} As released: the untrained target encoder is probed."
    return build


WITHOUT_EMA = (
    kinematic,
    kinematic_0_1,
    kinematic_accel,
    kinematic_huber,
    kinematic_anneal,
    kinematic_split,
    kinematic_2gpu,
    sigreg_no_ema,
)
UCF101 = (
    ucf101_baseline,
    sigreg,
    hamiltonian,
    velgate,
    motion_guided,
    future_predictive,
    motion_future,
    *WITHOUT_EMA,
    *(as_released(function) for function in WITHOUT_EMA),
)
