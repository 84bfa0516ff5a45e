"""What an auxiliary objective is: a loss on the masked views of a batch, averaged over the views that define it."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from repro.latents import Latents


class Objective(nn.Module):
    """Subclasses say what one view is worth in `view_loss`, or override `forward` if views must be pooled."""

    def forward(self, views: Sequence[Latents]) -> Tensor:
        """Mean over the views that define the objective; a constant zero if none does."""
        losses = [loss for view in views if (loss := self.view_loss(view)) is not None]
        if losses:
            return torch.stack(losses).mean()
        return views[0].tokens.new_zeros(()) if views else torch.zeros(())

    def view_loss(self, latents: Latents) -> Tensor | None:
        """The loss on one view, a scalar, or None where it is undefined."""
        raise NotImplementedError


class Detached(Objective):
    """The same number without its gradient: how to run an objective as a release does that forgot to train it."""

    def __init__(self, objective: Objective) -> None:
        super().__init__()
        self.objective = objective

    def forward(self, views: Sequence[Latents]) -> Tensor:
        loss: Tensor = self.objective(views)
        return loss.detach()


def detached(objective: Objective) -> Objective:
    """`objective`, its value counted but nothing trained by it."""
    return Detached(objective)
