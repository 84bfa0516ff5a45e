"""A taxonomy of leaderboards, (task, dataset, metric), and the words by which a text names their parts.

Words weigh by how few names of a slot hold them, and a number counts only together with a neighbour: "5-way" and "1-shot",
"Set5", "top 1". What a label says in short ("De-En", "P") is spelled out.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from claimcheck.extract.lexicon import Vocabulary

Matrix = NDArray[np.float64]

WORD = re.compile(r"[a-z0-9]+(?:\.\d+)?[a-z]*")
GLUED = re.compile(r"([a-z]{2,})(\d+(?:\.\d+)?)([a-z]?)|(\d+(?:\.\d+)?)([a-z]{2,})")
SHORT_CAPITALS = re.compile(r"(?<![\w])((?:AS|IT|IS|US|OR|GO|IN|ON|TO|AN|AT|WE|ALL|CAN|AID|MAN|HERO|COIN|CARE|DRIVE|PETS?|CARS?)(?![\w-]))")
"""Names that are words in lower case; doubled, they meet only each other."""

COST = re.compile(r"#|\b(?:params?|parameters?|flops|macs|time|latency|memory|speed|fps)\b|\(M\)", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
STOP = frozenset(["the", "of", "on", "in", "for", "and", "a", "an", "to", "with", "by", "from", "at", "using", "based", "via"])
RANKS = ("r", "rank", "recall", "top", "cmc")
"""Recall at rank k goes by these names, field by field."""

UPTO = re.compile(r"@\s?[NKnk]\b|\bat\s[NKnk]\b")
PAIR = re.compile(r"\s*(?:[-–/,&→]|->|\bto\b)\s*")
HEADS: dict[str, tuple[str, ...]] = {
    "p": ("precision",),
    "r": ("recall",),
    "f": ("f1", "fmeasure", "measure"),
    "f1": ("fmeasure", "measure"),
    "f-score": ("f1", "fmeasure", "measure"),
    "h": ("hmean", "mean", "f1", "fmeasure", "measure"),
    "prec": ("precision",),
    "rec": ("recall",),
    "acc": ("accuracy",),
    "acc.": ("accuracy",),
    "err": ("error",),
    "avg": ("average", "mean"),
    "avg.": ("average", "mean"),
    "mean": ("average",),
    "average": ("mean",),
    "iou": ("miou", "meaniou"),
    "ppl": ("perplexity",),
    "val": ("val", "validation", "dev"),
    "dev": ("val", "validation"),
    "mod": ("moderate",),
    "mod.": ("moderate",),
    "ped": ("pedestrian",),
    "en": ("english",),
    "de": ("german",),
    "fr": ("french",),
    "es": ("spanish",),
    "it": ("italian",),
    "ru": ("russian",),
    "zh": ("chinese",),
    "ja": ("japanese",),
    "cs": ("czech",),
    "ro": ("romanian",),
    "fi": ("finnish",),
    "tr": ("turkish",),
    "ar": ("arabic",),
}
"""What a short column head stands for, as features; field knowledge."""


class Triple(NamedTuple):
    """An entry of the taxonomy."""

    task: str
    dataset: str
    metric: str


def tokens(text: str) -> list[str]:
    """Words and numbers, case and accents folded: "Market1501" is two, "F1" and "4x" one; `x4` and `4x` are the same."""
    folded = unicodedata.normalize("NFKD", SHORT_CAPITALS.sub(r"\1\1", text.replace("×", "x").replace("’", "'"))).casefold()
    folded = re.sub(r"\bx\s?(\d+)\b", r"\1x", re.sub(r"(?<=[a-z])[*'&](?=[a-z])", "", folded))
    found: list[str] = []
    for word in WORD.findall(folded):
        split = GLUED.fullmatch(word)
        found += [part for part in split.groups() if part] if split else [word.rstrip(".")]
    return [stem(token) for token in found if token not in STOP]


def stem(token: str) -> str:
    return token[:-1] if len(token) > 3 and token.endswith("s") and not token.endswith("ss") else token


def features(text: str) -> set[str]:
    """Words, those inside "CrazyClimber" too, and neighbours joined; a number counts only together with a neighbour."""
    found: set[str] = set()
    for spelling in dict.fromkeys((text, CAMEL.sub(" ", text))):
        words = tokens(spelling)
        found.update(word for word in words if not word[0].isdigit() or len(words) == 1)
        found.update(left + right for left, right in pairwise(words))
        found.update(f"{other}{right}" for left, right in pairwise(words) if left in RANKS and right.isdigit() for other in RANKS)
    return found


def label_features(labels: Sequence[str]) -> set[str]:
    """Words of the labels of a row or column, from the outermost in, with what heads like "P" and "De-En" are short for."""
    found = features(UPTO.sub(" ", " ".join(labels)))
    for label in labels:
        for part in PAIR.split(label.strip().strip("().%")) if len(label) <= 20 else ():
            found.update(HEADS.get(part.strip().casefold(), ()))
        pair = [HEADS.get(part.strip().casefold(), ("",))[0] for part in PAIR.split(label.strip())] if len(label) <= 20 else []
        found.update(left + right for left, right in pairwise(pair) if left and right)
    return found


def parts(name: str) -> list[tuple[str, float]]:
    """A name's features with their share of one word each: a number's neighbours divide its weight."""
    words = tokens(name)
    found: list[tuple[str, float]] = []
    for index, word in enumerate(words):
        if not word[0].isdigit():
            found.append((word, 1.0))
            continue
        joined = [words[index - 1] + word] if index else []
        joined += [word + words[index + 1]] if index + 1 < len(words) else []
        found += [(feature, 1.0 / len(joined)) for feature in joined] or [(word, 1.0)]
    directed = re.search(r"([^\W\d_]+)(?:-to-|->)([^\W\d_]+)", name)
    return [*found, *([("".join(tokens(" ".join(directed.groups()))), 1.0)] if directed else [])]


class Names:
    """The distinct names of one slot of the taxonomy, as weights over features: rows sum to one."""

    def __init__(self, names: Iterable[str], vocabulary: Vocabulary) -> None:
        self.names = list(dict.fromkeys(names))
        self.row = {name: index for index, name in enumerate(self.names)}
        self.parts = [parts(name) for name in self.names]
        counts = Counter(feature for found in self.parts for feature in {f for f, _ in found})
        self.idf = {feature: math.log(1 + len(self.names) / count) for feature, count in counts.items()}
        self.column = {feature: index for index, feature in enumerate(self.idf)}
        self.weights: Matrix = np.zeros((len(self.names), len(self.idf)))
        for row, found in enumerate(self.parts):
            for feature, share in found:
                self.weights[row, self.column[feature]] += share * self.idf[feature]
        self.weights /= np.maximum(self.weights.sum(axis=1, keepdims=True), 1e-9)
        self.mass: Matrix = np.array(list(self.idf.values()))
        self.spelled = self._spelled(vocabulary)

    def _spelled(self, vocabulary: Vocabulary) -> dict[str, set[str]]:
        """For each name of the lexicon, how the taxonomy spells it."""
        found: dict[str, set[str]] = {}
        for name in self.names:
            for mention in vocabulary.mentions(name):
                if mention.kind in ("dataset", "metric"):
                    found.setdefault(mention.name, set()).update(features(name[mention.start : mention.end]))
        return found

    def vector(self, found: Iterable[str]) -> Matrix:
        row: Matrix = np.zeros(len(self.column))
        for feature in found:
            if feature in self.column:
                row[self.column[feature]] = 1.0
        return row


class Taxonomy:
    """A fixed list of leaderboards."""

    def __init__(self, triples: Iterable[Triple], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.triples = list(dict.fromkeys(Triple(*(name.strip() for name in triple)) for triple in triples))
        self.tasks = Names((t.task for t in self.triples), vocabulary)
        self.datasets = Names((t.dataset for t in self.triples), vocabulary)
        self.metrics = Names((t.metric for t in self.triples), vocabulary)
        self.slots = (self.datasets, self.metrics, self.tasks)
        self.rows = np.array([[self.datasets.row[t.dataset], self.metrics.row[t.metric], self.tasks.row[t.task]] for t in self.triples])
        shared = Counter((t.task, t.dataset) for t in self.triples)
        self.alone: Matrix = np.array([1.0 / shared[t.task, t.dataset] for t in self.triples])
        named = [[m.name for m in vocabulary.mentions(t.metric) if m.kind == "metric"] for t in self.triples]
        self.percent = np.array([any(vocabulary.unit(name) == "%" for name in names) for names in named])
        self.lower = np.array([lower_is_better(t.metric, names, vocabulary) for t, names in zip(self.triples, named, strict=True)])
        self.costs = np.array([COST.search(t.metric) is not None for t in self.triples])


def lower_is_better(metric: str, named: Sequence[str], vocabulary: Vocabulary) -> bool:
    return (
        any(map(vocabulary.lower_is_better, named))
        or re.search(r"error|distance|loss|perplexity|rmse|\bmae\b", metric, re.IGNORECASE) is not None
    )
