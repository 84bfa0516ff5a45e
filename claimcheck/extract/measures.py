"""Whether a number is a score or a difference, of which sign and unit, and which metric or method is printed with it."""

import re
from collections.abc import Sequence
from typing import Literal

from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.quantities import MASK, Amount
from claimcheck.extract.sentences import Clause, Cue, Marked
from claimcheck.extract.subjects import shown

Sign = Literal["+", "-"]


def delta_sign(sentence: Marked, clause: Clause, run: Sequence[Amount], amount: Amount, vocabulary: Vocabulary) -> Sign | None:
    """The direction of a number that is a difference; None if it is a score."""
    if amount.sign and not is_likelihood(clause):
        return amount.sign
    said = [delta_noun(sentence, clause, a) or comparative(sentence, clause, a) for a in run]
    cue = next((cue for cue in said if cue is not None), None)
    if cue is None and sentence.masked[: run[0].start].endswith("by "):  # "achieves gains on A by 5.3%"
        cue = next((c for c in clause.cues("delta") if c.end <= amount.start), None)
    if cue is not None:
        return numeric(cue, clause, vocabulary)
    predicate = clause.predicate
    if predicate is None or not predicate.sign or predicate.start > amount.start:
        return "+" if amount.unit == "pp" and predicate is not None and predicate.kind == "score" and amount.relative is None else None
    before = sentence.masked[predicate.end : run[0].start]
    if re.search(r"\bto\s(?:about\s|around\s)?$", before) or re.search(r"\bfrom\s$", before):
        return None
    by = re.search(
        r"\bby\s(?:an?\s|about\s|around\s|over\s|nearly\s|only\s|up\sto\s|(?:absolute|relative)\s|\w+\s)?(?:margin\sof\s)?$", before
    )
    own = own_metric(sentence, clause, amount) if not amount.unit else None
    if by or amount.unit == "pp" or (own is not None and own.start >= amount.end) or (predicate.numeric and not before.strip(" +-")):
        return numeric(predicate, clause, vocabulary)
    return None


def numeric(cue: Cue, clause: Clause, vocabulary: Vocabulary) -> Sign:
    """The sign of the number itself: improving an error rate lowers it."""
    metrics = clause.of("metric")
    lower = bool(metrics) and vocabulary.lower_is_better(metrics[0].name)
    return "-" if (cue.sign == "-") != (lower and not cue.numeric) else "+"


def delta_noun(sentence: Marked, clause: Clause, amount: Amount) -> Cue | None:
    """ "a 5.02-point gain", "a gain of 5.02 points"."""
    for cue in clause.cues("delta"):
        after = sentence.masked[amount.end : cue.start]
        before = sentence.masked[cue.end : amount.start]
        if amount.end <= cue.start and len(after.split()) <= 3 and not re.search(r"[,;()]", after):
            return cue
        if cue.end <= amount.start and re.fullmatch(
            r"\s(?:in\s(?:\w+\s)?)?(?:of|by)\s(?:about\s|up\sto\s|around\s|over\s)?", before.replace(MASK, "x")
        ):
            return cue
    return None


def comparative(sentence: Marked, clause: Clause, amount: Amount) -> Cue | None:
    """ "2.1 points higher"."""
    return next((c for c in clause.cues("adjective") if 0 <= c.start - amount.end <= 3 and amount.unit in ("pp", "%", "")), None)


def own_metric(sentence: Marked, clause: Clause, amount: Amount) -> Mention | None:
    """The metric printed with the number: "37.2 mAP", "0.4 points (EM)", "a BLEU of 27"."""
    for metric in clause.of("metric"):
        if metric.start >= amount.end and re.fullmatch(r"\s?\(?(?:(?:in|of|on)\s(?:terms\sof\s)?)?", sentence.between(amount, metric)):
            return metric
        if metric.end <= amount.start and re.fullmatch(
            r"\s?(?:[:=(]|(?:score\s)?(?:of|is|by|to|at))?\s?", sentence.between(metric, amount)
        ):
            return metric
    return None


def is_likelihood(clause: Clause) -> bool:
    return any(m.name in ("log-likelihood", "NLL") for m in clause.of("metric"))


def is_rival(sentence: Marked, clause: Clause, amount: Amount) -> bool:
    """Whether the number stands against the one before it: "76.9% versus 59.9%"."""
    before = [a for a in clause.amounts if a.end <= amount.start]
    return (
        bool(before)
        and re.fullmatch(rf"(?:\s{MASK}+)?\s(?:versus|vs\.?|against|compared\s(?:to|with)|over)\s", sentence.between(before[-1], amount))
        is not None
    )


def owner(sentence: Marked, clause: Clause, amount: Amount) -> str:
    """The method a number is said of right after it: "59.9% for B"."""
    for mention in clause.of("method", "set"):
        if mention.start > amount.end and re.fullmatch(r"\s(?:for|by|of|with)\s(?:the\s|our\s)?", sentence.between(amount, mention)):
            return shown(mention)
    return ""


def delta_unit(amount: Amount, metric: str, vocabulary: Vocabulary) -> str:
    """Points of a percentage are `pp`; of another metric, that metric's unit or plain points."""
    if amount.unit == "%":
        return "pp" if amount.relative is False else "%"
    if amount.unit in ("", "pp"):
        return "pp" if vocabulary.unit(metric) in ("%", "pp") else vocabulary.unit(metric) or "points"
    return amount.unit


def score_unit(amount: Amount, metric: str, vocabulary: Vocabulary) -> str:
    return amount.unit or vocabulary.unit(metric)


def unclear(amount: Amount) -> bool:
    """A bare "%" may be points or a share of the baseline's score."""
    return amount.unit == "%" and amount.relative is None
