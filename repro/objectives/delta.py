"""Delta prediction: the student's change in time should equal the teacher's."""

from torch import Tensor

from repro.latents import Latents
from repro.objectives.objective import Objective


class Delta(Objective):
    """Mean absolute difference of the two changes over pairs (arXiv:2605.17165, delta)."""

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        student = latents.after - latents.now
        teacher = latents.teacher_after - latents.teacher_now
        return (student - teacher).abs().mean()
