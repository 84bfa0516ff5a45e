"""Experiments on generated clips of moving blobs (arXiv:2605.17165): two ranks, 8 frames of 128 pixels, no EMA."""

from repro.experiment import Experiment, ModelSize, Term
from repro.experiments.mixed import with_terms
from repro.experiments.ucf101 import as_released, without_ema


def _synthetic() -> Experiment:
    parent = Experiment(
        name="synthetic",
        regime="synthetic",
        data={"motion8": 1.0},
        model=ModelSize(crop=128, frames=8, mask_tokens=2),
        fps=4,
        steps=5000,
        warmup_steps=50,
        batch_size=16,
        ranks=2,
        probe_epochs={"motion8": 100},
    )
    return without_ema(parent)


def synth_2gpu_kinematic() -> Experiment:
    """Targets move little."""
    return with_terms(_synthetic(), Term(name="kinematic"))


def synth_2gpu_sigreg() -> Experiment:
    """SIGReg in place of EMA."""
    return with_terms(_synthetic(), Term(name="sigreg"))


SYNTHETIC = (
    synth_2gpu_kinematic,
    synth_2gpu_sigreg,
    as_released(synth_2gpu_kinematic),
    as_released(synth_2gpu_sigreg),
)
