"""Latent temporal contrastive (LTC): the student is nearer to the teacher now than to the teacher next, by a margin."""

from torch import Tensor
from torch.nn.functional import cosine_similarity

from repro.latents import Latents
from repro.objectives.objective import Objective


class TemporalContrastive(Objective):
    """Mean hinge on the two cosines over pairs (arXiv:2605.17165, LTC)."""

    def __init__(self, margin: float = 0.5, eps: float = 1e-8) -> None:
        super().__init__()
        self.margin, self.eps = margin, eps

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        same = cosine_similarity(latents.now, latents.teacher_now, dim=-1, eps=self.eps)
        after = cosine_similarity(latents.now, latents.teacher_after, dim=-1, eps=self.eps)
        return (self.margin - same + after).clamp(min=0).mean()
