"""Latent dynamics (LD): a small head reads the student now and predicts the teacher's next step."""

from collections.abc import Callable

from torch import Tensor, nn

from repro.latents import Latents
from repro.objectives.objective import Objective


class LatentDynamics(Objective):
    """Mean absolute error of the predicted step over pairs (arXiv:2605.17165, LD).

    `reads` are the channels that the head may see; `weigh` turns the errors of all pairs into weights of mean one.
    """

    def __init__(self, dim: int, hidden: int = 256, reads: slice = slice(None), weigh: Callable[[Tensor], Tensor] | None = None) -> None:
        super().__init__()
        self.reads, self.weigh = reads, weigh
        self.head = nn.Sequential(nn.Linear(len(range(dim)[reads]), hidden), nn.GELU(), nn.Linear(hidden, dim))

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        step: Tensor = self.head(latents.now[:, self.reads])
        error = (step - (latents.teacher_after - latents.teacher_now)).abs()
        if self.weigh is not None:
            error = error * self.weigh(error.mean(-1)).unsqueeze(-1)
        return error.mean()
