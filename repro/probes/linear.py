"""Linear probe: one linear map from a pooled frozen feature (B, dim) to logits (B, classes)."""

from torch import nn


class LinearProbe(nn.Linear):
    """Logits from one vector per clip (arXiv:2605.17165, ImageNet-100)."""

    def __init__(self, dim: int, classes: int) -> None:
        super().__init__(dim, classes)
