"""Can several printed scores of a binary classifier come from one confusion matrix of whole counts?

With `positives` and `negatives` samples known, a matrix is (tp, tn), and every score below is a quotient of two functions that are
linear in tp and tn. "The score prints as x" is then two linear inequalities; for each tp they leave an interval of tn, and the
scores are jointly possible if some interval holds a whole number. All sums are in integers. The question is that of Fazekas and
Kovács (2024), who solve it by interval arithmetic score by score; MCC, which is no such quotient, is not covered.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from claimcheck.dossier import Interval

MOST_STEPS = 500_000
"""Values of tp times scores tried before the question is given up."""


class Linear(NamedTuple):
    """a·tp + b·tn + c."""

    tp: int
    tn: int
    constant: int


Quotient = Callable[[int, int], tuple[Linear, Linear]]
"""From positives and negatives to numerator and denominator; the denominator is never negative within the matrix."""

SCORES: dict[str, Quotient] = {
    "accuracy": lambda p, n: (Linear(1, 1, 0), Linear(0, 0, p + n)),
    "error rate": lambda p, n: (Linear(-1, -1, p + n), Linear(0, 0, p + n)),
    "sensitivity": lambda p, n: (Linear(1, 0, 0), Linear(0, 0, p)),
    "specificity": lambda p, n: (Linear(0, 1, 0), Linear(0, 0, n)),
    "false positive rate": lambda p, n: (Linear(0, -1, n), Linear(0, 0, n)),
    "false negative rate": lambda p, n: (Linear(-1, 0, p), Linear(0, 0, p)),
    "precision": lambda p, n: (Linear(1, 0, 0), Linear(1, -1, n)),
    "negative predictive value": lambda p, n: (Linear(0, 1, 0), Linear(-1, 1, p)),
    "F1": lambda p, n: (Linear(2, 0, 0), Linear(1, -1, p + n)),
    "Jaccard": lambda p, n: (Linear(1, 0, 0), Linear(0, -1, p + n)),
    "balanced accuracy": lambda p, n: (Linear(n, p, 0), Linear(0, 0, 2 * p * n)),
    "kappa": lambda p, n: (Linear(2 * n, 2 * p, -2 * p * n), Linear(n - p, p - n, n * n + p * p)),
}
"""Each score as a fraction, by the name used here."""

ALIASES = {
    "acc": "accuracy",
    "sens": "sensitivity",
    "recall": "sensitivity",
    "true positive rate": "sensitivity",
    "tpr": "sensitivity",
    "spec": "specificity",
    "tnr": "specificity",
    "fpr": "false positive rate",
    "fnr": "false negative rate",
    "ppv": "precision",
    "prec": "precision",
    "npv": "negative predictive value",
    "f1": "F1",
    "f1-score": "F1",
    "f1 score": "F1",
    "f-measure": "F1",
    "dice": "F1",
    "jaccard": "Jaccard",
    "iou": "Jaccard",
    "bacc": "balanced accuracy",
    "cohen's kappa": "kappa",
}


class Joint(NamedTuple):
    """Whether scores are jointly possible, with a matrix that gives them."""

    possible: bool | None
    """None if the question was given up as too large."""

    example: tuple[int, int, int, int] | None = None
    """tp, fn, fp, tn."""


def known(metric: str) -> str:
    """The name a score goes by here; empty for one that is not covered."""
    folded = metric.casefold().strip()
    return next((name for name in SCORES if name.casefold() == folded), ALIASES.get(folded, ""))


def check(scores: Mapping[str, Interval], positives: int, negatives: int) -> Joint:
    """Whether some matrix of these class counts gives every score (a fraction) within its interval, ends included.

    An undefined score (0/0) rules no matrix out. Raises KeyError for a score that is not in SCORES, ValueError for counts below 1.
    """
    if positives < 1 or negatives < 1:
        raise ValueError(f"both classes need samples, got {positives} positive and {negatives} negative")
    rules = [rule for name, interval in scores.items() for rule in inequalities(name, interval, positives, negatives)]
    first, last = tp_range(rules, positives)
    if (last - first + 1) * len(rules) > MOST_STEPS:
        return Joint(None)
    for tp in range(first, last + 1):
        tn = least_tn(rules, tp, negatives)
        if tn is not None:
            return Joint(True, (tp, positives - tp, negatives - tn, tn))
    return Joint(False)


def check_total(scores: Mapping[str, Interval], total: int) -> Joint:
    """The same where only the number of samples is known: whether any split into two classes would do."""
    steps = 0
    for positives in range(1, total):
        negatives = total - positives
        rules = [rule for name, interval in scores.items() for rule in inequalities(name, interval, positives, negatives)]
        first, last = tp_range(rules, positives)
        steps += (max(0, last - first) + 1) * len(rules)
        if steps > MOST_STEPS:
            return Joint(None)
        for tp in range(first, last + 1):
            tn = least_tn(rules, tp, negatives)
            if tn is not None:
                return Joint(True, (tp, positives - tp, negatives - tn, tn))
    return Joint(False)


def inequalities(name: str, interval: Interval, positives: int, negatives: int) -> Iterator[Linear]:
    """Numerator − low·denominator and high·denominator − numerator, in integers; both must not be negative."""
    top, bottom = SCORES[name](positives, negatives)
    for bound, sign in ((Fraction(interval.low), 1), (Fraction(interval.high), -1)):
        scaled = (sign * (t * bound.denominator - b * bound.numerator) for t, b in zip(top, bottom, strict=True))
        yield Linear(*scaled)


def tp_range(rules: list[Linear], positives: int) -> tuple[int, int]:
    """The values of tp that the inequalities without tn leave."""
    first, last = 0, positives
    for a, b, c in rules:
        if b == 0 and a > 0:
            first = max(first, -(c // a))
        elif b == 0 and a < 0:
            last = min(last, c // -a)
        elif b == 0 and c < 0:
            return 0, -1
    return first, last


def least_tn(rules: list[Linear], tp: int, negatives: int) -> int | None:
    """The smallest tn that all inequalities allow beside this tp; None if there is none."""
    first, last = 0, negatives
    for a, b, c in rules:
        rest = a * tp + c
        if b > 0:
            first = max(first, -(rest // b))
        elif b < 0:
            last = min(last, rest // -b)
        elif rest < 0:
            return None
    return first if first <= last else None
