"""Classes of words that keep like company in papers: "accuracy" with "recall", "segmentation" with "detection".

They let what is learned of one word hold for others that no annotated sentence has. Learned without annotation, from the sentences of papers
that are not held out, by benchmarks/fit_word_classes.py: `word_classes.json` gives each word its coarse and its fine class.
"""

import json
from functools import cache
from importlib.resources import files

from claimcheck.extract.candidates import Word

LEVELS = ("c", "C")
"""Coarse and fine."""

UNKNOWN = ("?", "?")
KEPT = frozenset(("M", "D", "K", "N", "O"))


@cache
def classes() -> dict[str, tuple[str, str]]:
    """The classes of each word, in lower case."""
    found: dict[str, list[int]] = json.loads(files("claimcheck.extract").joinpath("word_classes.json").read_text(encoding="utf-8"))
    return {word: (str(coarse), str(fine)) for word, (coarse, fine) in found.items()}


def classes_of(word: Word, tag: str) -> tuple[str, str]:
    """A word's coarse and fine class; of a citation, a number or an unknown name what its tag says."""
    known = classes().get(word.lower.rstrip("*+"))
    if known is not None:
        return known
    if word.text.startswith("["):
        return ("[", "[")
    if word.text[0].isdigit():
        return ("0", "0")
    return (tag, tag) if tag in KEPT else UNKNOWN
