"""k nearest neighbours: a probe without training, so nothing of its score is owed to an optimiser (arXiv:1805.01978)."""

import torch
from torch import Tensor
from torch.nn.functional import normalize


def knn_predict(train: Tensor, labels: Tensor, test: Tensor, classes: int, k: int = 20, temperature: float = 0.07) -> Tensor:
    """The class (m,) of each test vector (m, dim): its k most similar training vectors (n, dim) vote with weight exp(cosine / temperature).

    Vectors are centred on the training mean first, since features share a large constant part that would make all cosines alike.
    """
    centre = train.mean(0)
    bank, asked = normalize(train - centre, dim=1), normalize(test - centre, dim=1)
    similarity, neighbours = (asked @ bank.T).topk(min(k, len(bank)), dim=1)
    votes = torch.zeros(len(test), classes, device=test.device)
    votes.scatter_add_(1, labels.to(test.device)[neighbours], ((similarity - similarity[:, :1]) / temperature).exp())
    return votes.argmax(1)
