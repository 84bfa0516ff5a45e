"""Auxiliary objectives by name. A new one is a file here and a line below."""

from repro.experiment import Term
from repro.objectives.action import Action
from repro.objectives.couplings import arguments
from repro.objectives.delta import Delta
from repro.objectives.factorization import Orthogonality, StaticAppearance
from repro.objectives.hamiltonian import Hamiltonian
from repro.objectives.hard_region import HardRegion
from repro.objectives.kinematic import Kinematic
from repro.objectives.latent_dynamics import LatentDynamics
from repro.objectives.objective import Objective, detached
from repro.objectives.sigreg import SIGReg
from repro.objectives.spectral import Spectral
from repro.objectives.temporal_contrastive import TemporalContrastive
from repro.objectives.velocity_gate import VelocityGate
from repro.record import nearest

OBJECTIVES: dict[str, type[Objective]] = {
    "action": Action,
    "delta": Delta,
    "hamiltonian": Hamiltonian,
    "hard_region": HardRegion,
    "kinematic": Kinematic,
    "latent_dynamics": LatentDynamics,
    "orthogonality": Orthogonality,
    "sigreg": SIGReg,
    "spectral": Spectral,
    "static_appearance": StaticAppearance,
    "temporal_contrastive": TemporalContrastive,
    "velocity_gate": VelocityGate,
}


def build(term: Term, dim: int) -> Objective:
    """The objective that `term` names, for latents of `dim` channels. Its weight is left to the caller.

    Raises ValueError, naming the nearest known name, if the term or one of its options does not exist.
    """
    if term.name not in OBJECTIVES:
        raise ValueError(f"no objective {term.name!r}; {nearest(term.name, OBJECTIVES)}")
    kind = OBJECTIVES[term.name]
    objective = kind(**arguments(term, kind, dim))
    return detached(objective) if term.detached else objective
