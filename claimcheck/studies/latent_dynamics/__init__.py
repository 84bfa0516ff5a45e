"""arXiv:2605.17165, 18 auxiliary objectives for Video-JEPA: our synopsis, the released results, what stands for what."""

from claimcheck.studies.latent_dynamics.bindings import STUDY

__all__ = ["STUDY"]
