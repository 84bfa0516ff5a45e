"""Which words of a question, a title or a claim carry its subject, and which of them two texts share.

A claim's words include every name that its methods, datasets and sets go by: a claim on "LD" is about latent dynamics.
"""

import re
from functools import cache

from claimcheck.dossier import Ability, Claim, Dossier, MethodSet, Name

PARTED = re.compile(
    r"\b(?:in|on|under|for|with|without|within|during|across|over|between|among|against|versus|vs|and|or|of|from|by|at|when|than|via|through"
    r"|using|toward|towards|to|compared?|affect\w*|influenc\w*|improv\w*|impact\w*|relat\w*|depend\w*|a|an|the|how|what|which|why|do|does|did|is|are|can|could)\b|[,;:?()–—]",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z]{2,}[0-9]*")
SUFFIX = re.compile(r"(?<=\w{4})(?:ations?|ments?|ings?|ies|ised|ized|ed|es|s|ly|e)$")

PLAIN_WORDS = """
a an the in on under for with without within during across over between among against versus vs and or of from by at when than via through
to toward towards into onto after before per all any each both other also only but if then so such
how do does did can could is are was were be what which why whether will would should we our their its it this that these those as well
more most less not no new standard existing current different various several many two three performance results result method methods
approach approaches model models task tasks condition conditions setting settings case study studies empirical analysis paper work report
evaluation benchmark benchmarks dataset datasets data based system systems learning good better best real world large small quality
effective effect effects efficient use used novel simple general leverage power plain usual ordinary
"""
PLAIN = frozenset(PLAIN_WORDS.split())
"""Words that say nothing of a subject: any paper of the field may hold them."""


def terms(text: str) -> frozenset[str]:
    """The content words of a text, without their endings."""
    return frozenset(stem(word) for word in WORD.findall(text.lower()) if word not in PLAIN)


def stem(word: str) -> str:
    """`variants` and `variant`, `align` and `alignment` are one word."""
    return SUFFIX.sub("", word)


def aspects(text: str) -> tuple[str, ...]:
    """The phrases of a question or title, as printed, that have content words: what is compared, on what, under which conditions."""
    phrases = (" ".join(part.split()) for part in PARTED.split(text) if part)
    return tuple(dict.fromkeys(phrase for phrase in phrases if terms(phrase)))


def touches(words: frozenset[str], aspect: str) -> bool:
    """Whether a text with these words speaks of the aspect: at least half of its content words."""
    wanted = terms(aspect)
    return 2 * len(wanted & words) >= len(wanted)


def claim_terms(claim: Claim, dossier: Dossier) -> frozenset[str]:
    """The content words of a claim, of what it asserts, and of the other names that its subjects go by."""
    named = [claim.sentence]
    for assertion in claim.assertions:
        named += [
            str(getattr(assertion, field, "")) for field in ("method", "baseline", "dataset", "subject", "property", "cause", "effect")
        ]
    return terms(" ".join(named)) | frozenset(
        word for names in aliases(dossier) if mentions(claim.sentence, names) for word in terms(" ".join(names))
    )


def aliases(dossier: Dossier) -> tuple[tuple[str, ...], ...]:
    """Every group of names for one thing that the paper's lexicon knows."""
    lexicon = dossier.lexicon
    filed: tuple[Name | MethodSet | Ability, ...] = (*lexicon.methods, *lexicon.datasets, *lexicon.sets, *lexicon.abilities)
    return tuple((entry.name, *entry.aliases) for entry in filed)


def mentions(sentence: str, names: tuple[str, ...]) -> bool:
    return any(spelled(name).search(sentence) for name in names if name)


@cache
def spelled(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w+-]){re.escape(name)}(?![\w+-])", re.IGNORECASE if len(name) > 4 else 0)
