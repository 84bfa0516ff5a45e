"""Video-text alignment: frozen video tokens and captions meet in one space, trained by a symmetric contrastive loss (arXiv:2103.00020)."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

PADDING = 0
UNKNOWN = 1


@dataclass(frozen=True)
class Vocabulary:
    """Words by number; 0 pads and 1 is any word that the captions it was made from did not have."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, captions: Iterable[str]) -> "Vocabulary":
        """The words of these captions."""
        return cls(tuple(sorted({word for caption in captions for word in _words(caption)})))

    def encode(self, captions: Sequence[str]) -> Tensor:
        """Word numbers, padded to the longest caption, (B, L) int64."""
        numbers = {word: number for number, word in enumerate(self.words, start=UNKNOWN + 1)}
        rows = [torch.tensor([numbers.get(word, UNKNOWN) for word in _words(caption)]) for caption in captions]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PADDING)

    def __len__(self) -> int:
        return len(self.words) + UNKNOWN + 1


class TextTower(nn.Module):
    """A small transformer over words; the mean of its outputs is the caption."""

    def __init__(self, words: int, width: int, dim: int, longest: int = 64) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, width, padding_idx=PADDING)
        self.position = nn.Parameter(0.02 * torch.randn(longest, width))
        self.layer = nn.TransformerEncoderLayer(width, 4, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.project = nn.Linear(width, dim)

    def forward(self, words: Tensor) -> Tensor:
        """Unit vectors (B, dim) of captions (B, L)."""
        missing = words == PADDING
        tokens = self.layer(self.embed(words) + self.position[: words.shape[1]], src_key_padding_mask=missing)
        kept = (~missing).unsqueeze(-1)
        return normalize(self.project((tokens * kept).sum(1) / kept.sum(1)), dim=1)


class VideoTower(nn.Module):
    """Several learned queries pool the frozen tokens, and a linear map takes them to the shared space."""

    def __init__(self, width: int, dim: int, queries: int = 8) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width) / math.sqrt(width))
        self.norm = nn.LayerNorm(queries * width)
        self.project = nn.Linear(queries * width, dim)

    def forward(self, tokens: Tensor) -> Tensor:
        """Unit vectors (B, dim) of clips (B, N, width)."""
        weights = (tokens @ self.queries.T).softmax(1)
        pooled = (weights.transpose(1, 2) @ tokens).flatten(1)
        return normalize(self.project(self.norm(pooled)), dim=1)


class Alignment(nn.Module):
    """Both towers and the temperature between them."""

    def __init__(self, width: int, words: int, dim: int = 64) -> None:
        super().__init__()
        self.video, self.text = VideoTower(width, dim), TextTower(words, dim, dim)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def forward(self, tokens: Tensor, words: Tensor) -> Tensor:
        """The loss of a batch: each clip is to find its caption among all of them, and each caption its clip."""
        similarity = self.log_scale.exp().clamp(max=100) * self.video(tokens) @ self.text(words).T
        own = torch.arange(len(tokens), device=tokens.device)
        return (cross_entropy(similarity, own) + cross_entropy(similarity.T, own)) / 2


def recall(videos: Tensor, texts: Tensor, k: int, captions: Sequence[str]) -> tuple[float, float]:
    """Percent of clips whose own caption is among the k nearest, and of captions whose own clip is; row i of all belong together.

    A clip whose caption reads the same is as right as one's own. All others that are as near count against: an encoder that maps every
    clip to one place finds nothing.
    """
    numbers = {caption: number for number, caption in enumerate(captions)}
    said = torch.tensor([numbers[caption] for caption in captions])
    other = said.unsqueeze(0) != said.unsqueeze(1)
    similarity = videos @ texts.T
    shares = []
    for scores in (similarity, similarity.T):
        own = scores.diagonal().unsqueeze(1)
        shares.append(100 * (((scores >= own) & other).sum(1) < k).double().mean().item())
    return shares[0], shares[1]


def zero_shot(videos: Tensor, texts: Tensor, text_labels: Tensor) -> Tensor:
    """The class (n,) whose captions' mean vector is nearest to each clip (n, dim); `texts` (m, dim) have classes `text_labels` (m,)."""
    classes = int(text_labels.max()) + 1
    sums = torch.zeros(classes, texts.shape[1]).index_add_(0, text_labels, texts)
    return (videos @ normalize(sums, dim=1).T).argmax(1)


def _words(caption: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", caption.lower())
