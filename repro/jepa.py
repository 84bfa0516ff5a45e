"""A video JEPA: the networks that are trained together, and the loss of one step. Shape letters: `repro.latents`."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from repro.experiment import Experiment
from repro.latents import Latents, at, normalise_levels
from repro.losses import context_distance, context_loss, mean_error
from repro.masking import Masks
from repro.models.encoder import Encoder
from repro.models.predictor import Predictor
from repro.objectives import build
from repro.schedule import anneal, context_weight


class JEPA(nn.Module):
    """Encoder, predictor, the heads of the objectives, and the target encoder, a copy that never receives a gradient.

    Without EMA the target encoder keeps its initial weights: the encoder is its own target, and the copy is what a release probes that
    never noticed.
    """

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.encoder = Encoder(experiment.model)
        self.predictor = Predictor(experiment.model)
        self.objectives = nn.ModuleList(build(term, experiment.model.latent_dim) for term in experiment.objectives)
        self.target = copy.deepcopy(self.encoder).requires_grad_(False)

    def trained(self) -> Iterator[tuple[str, nn.Parameter]]:
        """Names and parameters that a gradient may reach."""
        return ((name, parameter) for name, parameter in self.named_parameters() if parameter.requires_grad)

    def parameter_groups(self, weight_decay: float) -> list[dict[str, object]]:
        """Groups for the optimiser: matrices and other tensors of several axes decay; biases, norms and other vectors do not.

        Mask tokens and modality vectors have three axes, so they decay, as in the release.
        """
        decayed = [p for name, p in self.trained() if p.ndim != 1 and "bias" not in name]
        others = [p for name, p in self.trained() if p.ndim == 1 or "bias" in name]
        return [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]

    def compute_by(self, *, compile: bool = False, recompute: bool = False) -> None:
        """Fuse each block by torch.compile; keep no activations inside blocks for the backward pass. Masks vary, so sizes stay open."""
        self.encoder.recompute = self.predictor.recompute = recompute
        if compile:
            for block in (*self.encoder.blocks, *self.predictor.predictor_blocks, *self.target.blocks):
                block.compile(dynamic=True)

    @torch.no_grad()
    def update_target(self, momentum: float) -> None:
        """Move the target encoder towards the encoder: target = m target + (1 - m) encoder."""
        targets: list[Tensor] = list(self.target.parameters())
        online: list[Tensor] = list(self.encoder.parameters())
        torch._foreach_mul_(targets, momentum)
        torch._foreach_add_(targets, online, alpha=1 - momentum)


@dataclass(frozen=True, kw_only=True)
class Losses:
    """The loss of one step and what it is made of, each a scalar tensor."""

    total: Tensor
    prediction: Tensor
    context: Tensor
    """Before its weight."""
    terms: tuple[Tensor, ...]
    """One per objective of the experiment, in order, before its weight."""


def targets(jepa: JEPA, experiment: Experiment, tubelets: Tensor, batch: int) -> Tensor:
    """Normalised target on the whole grid, (B, T, H, W, D): from the target encoder, or without EMA from the encoder with gradient."""
    grid = experiment.model.grid
    with torch.inference_mode(experiment.ema is not None):
        (outputs,) = (jepa.encoder if experiment.ema is None else jepa.target).encode(tubelets, batch, grid)
        outputs = normalise_levels(outputs, experiment.model.width).view(batch, *grid, -1)
    return (
        outputs.clone() if outputs.is_inference() else outputs
    )  # the loss keeps it for its backward pass, which only a copy may be kept for


def training_loss(
    jepa: JEPA, experiment: Experiment, clip: Tensor, masks: Sequence[Masks], iteration: int, distances: Sequence[Tensor] | None = None
) -> Losses:
    """The loss of a batch of normalised clips (B, 3, frames, height, width) at `iteration` (from 0).

    There is one pair of index lists per mask family; leave them on the CPU, they are copied. `distances` are those of
    `context_distance`, computed here if they are not given. All masks go through the networks together.
    """
    grid = experiment.model.grid
    tubelets, _ = jepa.encoder.cut(clip)
    teacher = targets(jepa, experiment, tubelets, len(clip))
    truth = teacher.flatten(1, 3)
    if experiment.stop_gradient:
        truth = truth.detach()
    seen, hidden = ([indices.to(clip.device, non_blocking=True) for indices in side] for side in zip(*masks, strict=True))
    if distances is None and experiment.distance_weights:
        distances = [context_distance(here, there, grid) for here, there in zip(seen, hidden, strict=True)]
    students = jepa.encoder.encode(tubelets, len(clip), grid, seen)
    predictions = jepa.predictor.predict(students, seen, hidden)
    views = [
        Latents(
            clip=clip,
            predicted=predicted,
            masked=at(truth, there),
            tokens=student,
            indices=mask.context,
            teacher=teacher,
            exponent=experiment.loss_exponent,
        )
        for mask, student, (predicted, _), there in zip(masks, students, predictions, hidden, strict=True)
    ]
    contexts, context_truths = [context for _, context in predictions], [at(truth, here) for here in seen]
    prediction = mean_error([view.errors for view in views])
    weights = [distance.to(clip.device, non_blocking=True) for distance in distances] if distances is not None else None
    context = context_loss(contexts, context_truths, weights, experiment.loss_exponent)
    terms = tuple(objective(views) for objective in jepa.objectives)
    # a weight of zero still leaves a zero gradient, so that weight decay acts on the context head from the first step
    total = prediction + context * _context_weight(experiment, iteration)
    for term, value in zip(experiment.objectives, terms, strict=True):
        total = total + value * (term.weight * (anneal(experiment.epoch(iteration), experiment.epochs) if term.anneal else 1.0))
    return Losses(total=total, prediction=prediction, context=context, terms=terms)


def _context_weight(experiment: Experiment, iteration: int) -> float:
    return context_weight(iteration, value=experiment.context_weight, start=experiment.context_start, end=experiment.context_end)
