"""Which methods of a paper are its own: those its title names, those it says it proposes, and rows marked "ours"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from claimcheck.document import Document
from claimcheck.extract.abbreviations import definitions
from claimcheck.extract.lexicon import field_knowledge, key
from claimcheck.extract.names import CITED, SHAPED, name_like

OURS = re.compile(r"\b(?:ours?|proposed|this (?:work|paper|study)|we)\b", re.IGNORECASE)
CITATION = re.compile(r"\[[^\[\]]{1,80}\]|\bet\sal\b|\(\D{0,40}(?:19|20)\d\d[a-z]?\)")
PROPOSED = re.compile(
    r"\b(?:(?:we|this\spaper|this\swork|paper|work)\s(?:[a-z]+\s){0,3}?(?:propos|present|introduc|develop|design|call|nam|dub|term)\w*"
    r"|(?:call|nam|dubb|term|coin)ed|referred\sto\sas|(?:our|proposed)\s(?:[a-z-]+\s){0,3}?(?:method|model|approach|network|framework|system|algorithm|architecture)s?)\b",
    re.IGNORECASE,
)
TURN = re.compile(r"[,;]|\.\s|\b(?:on|with|using|from|than|over|by|based|which|that|where|to|in|for|as|and|of)\b|\[")
GENERIC = (
    *(
        "CNN",
        "CNNs",
        "RNN",
        "RNNs",
        "LSTM",
        "LSTMs",
        "BiLSTM",
        "GRU",
        "GRUs",
        "MLP",
        "GAN",
        "GANs",
        "VAE",
        "DNN",
        "DNNs",
        "DQN",
    ),
    *(
        "ResNet",
        "ResNet50",
        "ResNet-101",
        "ResNet-18",
        "ResNet-34",
        "VGG",
        "VGG16",
        "BERT",
        "Transformer",
        "GNN",
        "GCN",
        "SVM",
        "SVMs",
    ),
    *(
        "kNN",
        "DTW",
        "HMM",
        "HMMs",
        "FC",
        "FPN",
        "RPN",
        "IoU",
        "FPS",
        "AP",
        "SR",
        "ReID",
        "GT",
        "PyTorch",
        "TensorFlow",
        "FLOPs",
    ),
    *(
        "MuJoCo",
        "NVIDIA",
        "GTX",
        "Titan",
        "fps",
    ),
)
"""Parts and measures that many papers name after "we propose"."""

STEM = re.compile(r"[A-Za-z]{3,}(?=[-_\d])")

REACH = 110
"""Characters after "we propose" in which the name stands."""

SENTENCES = 400
"""Sentences searched for names; a paper names its method before that."""


@dataclass(frozen=True)
class Own:
    """What marks a row as the paper's own method."""

    title: frozenset[str]
    """Keys of names in the title: the surest."""

    proposed: frozenset[str]
    """Keys of names that follow "we propose" and the like; parts of the method are among them."""

    def marks(self, labels: Sequence[str]) -> bool:
        """Whether labels name a method of the paper: "Ours", or one of its names that carries no citation."""
        return any(OURS.search(label) or self.named(label, self.title | self.proposed) for label in labels)

    def surely_marks(self, labels: Sequence[str]) -> bool:
        return any(OURS.search(label) or self.named(label, self.title) for label in labels)

    @staticmethod
    def named(label: str, names: frozenset[str]) -> bool:
        return not CITATION.search(label) and any(key(word) in names for word in words(label))


def own_methods(document: Document) -> Own:
    """The names the paper gives its own methods."""
    proposed: set[str] = set()
    for number, sentence in enumerate(document.sentences()):
        if number >= SENTENCES:
            break
        for match in PROPOSED.finditer(sentence.text):
            proposed.update(first_names(sentence.text[match.end() : match.end() + REACH]))
    return Own(frozenset(known_out(titled(document.title))), frozenset(known_out(proposed)))


def known_out(names: Iterable[str]) -> Iterator[str]:
    """The names without those of the field's datasets and metrics, and of parts that every paper uses."""
    known = {key(name) for name in GENERIC}.union(field_keys())
    return (name for name in names if len(name) > 1 and name not in known)


@cache
def field_keys() -> frozenset[str]:
    return frozenset(key(entry.alias) for entry in field_knowledge().entries)


def titled(title: str) -> Iterator[str]:
    """The name before the colon of a title: "MirrorGAN: learning …"."""
    head = re.split(r":| - | – | — ", title, maxsplit=1)
    if len(head) == 2 and len(head[0].split()) <= 4 and re.search(r"[A-Z]", head[0]):
        yield key(head[0])
    yield from (key(word.group()) for word in SHAPED.finditer(title) if name_like(word.group()))


def first_names(text: str) -> Iterator[str]:
    """The name that a text after "we propose" leads to: the first before a preposition, or the first abbreviation it defines."""
    for match in SHAPED.finditer(TURN.split(text, maxsplit=1)[0]):
        if name_like(match.group()):
            yield key(match.group())
            return
    short = next(iter(definitions(text)), None)
    if short is not None:
        yield from (key(name) for name in short)


def words(label: str) -> Iterator[str]:
    """The words of a label that may be a name, and the name a variant is called by: "SSD" of "SSD512", "SWEM" of "SWEM-concat"."""
    bare = CITED.sub("", label).strip()
    yield bare
    yield from re.split(r"[\s(),/+]+", bare)
    for match in SHAPED.finditer(bare):
        yield match.group()
        stem = STEM.match(match.group())
        if stem is not None:
            yield stem.group()


def is_cited(labels: Sequence[str]) -> bool:
    """Whether the labels carry a citation: numbers taken from elsewhere."""
    return any(CITATION.search(label) for label in labels)
