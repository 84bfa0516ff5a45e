"""Mean-pool probe: a linear map from the mean of a clip's frozen tokens (B, n, dim) to logits (B, classes)."""

from torch import Tensor, nn


class MeanPoolProbe(nn.Module):
    """The linear probe for features that were not pooled before."""

    def __init__(self, dim: int, classes: int) -> None:
        super().__init__()
        self.head = nn.Linear(dim, classes)

    def forward(self, features: Tensor) -> Tensor:
        logits: Tensor = self.head(features.mean(1))
        return logits
