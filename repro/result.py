"""What a run leaves behind. Standard library only."""

from dataclasses import dataclass, field
from typing import Any, Literal

from repro.experiment import Experiment
from repro.record import from_dict, to_dict

State = Literal["finished", "failed", "interrupted", "nan_loss", "collapsed", "data_invalid", "budget_exhausted"]


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """The outcome of one experiment. A run that did not finish has a reason and may have no scores."""

    experiment: Experiment
    seed: int
    scores: dict[str, float] = field(default_factory=dict)
    """Probe name to top-1 accuracy in percent."""
    samples: dict[str, int] = field(default_factory=dict)
    """Probe name to the number of held-out samples behind its score."""
    correct: dict[str, int] = field(default_factory=dict)
    """Probe name to how many of them were classified correctly."""
    protocols: dict[str, str] = field(default_factory=dict)
    """Probe name to how its classifier was made, in words; its epochs stand in the experiment."""
    hits: dict[str, str] = field(default_factory=dict)
    """Probe name to which held-out samples were classified correctly: one bit a sample, eight to two hex digits, the last padded with 0."""
    majority: dict[str, int] = field(default_factory=dict)
    """Probe name to the number of held-out samples of the most frequent class: what always naming it would get right."""
    majority_class: dict[str, bool] = field(default_factory=dict)
    """Probe name to whether the probe named one class only or scored just what that would: it may have learned nothing."""
    untrained: dict[str, int] = field(default_factory=dict)
    """Probe name to how many held-out samples the same probe classified correctly from this seed's encoder before any training."""
    facts: dict[str, float] = field(default_factory=dict)
    """Numbers about the encoder as it was built, which no training changes: embedding_dim, latent_dim, encoder_parameters."""
    weights: str = ""
    """SHA-256 of the checkpoint whose encoder was probed instead of training one; empty for a run of our own."""
    environment: dict[str, str] = field(default_factory=dict)
    """Versions, device, commit and whether the tree was dirty."""
    cost: dict[str, float] = field(default_factory=dict)
    """Seconds, steps, flops and whatever else was spent, by name with its unit."""
    state: State = "finished"
    reason: str = ""
    """Why the run did not finish; empty if it did."""
    curves: dict[str, list[float]] = field(default_factory=dict)
    """Quantity name to its values over the run."""
    code_version: str = ""
    """What made the numbers: runs are reused only under an equal digest and code version."""

    def __post_init__(self) -> None:
        for probe, score in self.scores.items():
            if probe in self.samples and probe in self.correct and abs(score - 100 * self.correct[probe] / self.samples[probe]) > 1e-6:
                raise ValueError(f"score {score} of {probe} is not {self.correct[probe]} of {self.samples[probe]} in percent")
        if self.state != "finished" and not self.reason:
            raise ValueError(f"a run that ended as {self.state} must say why")

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and strings, ready for JSON."""
        return to_dict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "RunResult":
        """The inverse of `to_dict`. Unknown fields and wrong types raise a ValueError that names them."""
        return from_dict(cls, data)
