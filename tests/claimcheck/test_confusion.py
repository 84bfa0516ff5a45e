"""Scores that one confusion matrix must give, against enumeration of every matrix."""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimcheck.dossier import Quantity
from claimcheck.stats.confusion import ALIASES, SCORES, check, check_total, known


def scores_of(tp, fn, fp, tn):
    """The defined scores of a matrix by their textbook formulas, independent of the module's linear forms."""
    p, n = tp + fn, fp + tn
    quotients = {
        "accuracy": (tp + tn, p + n),
        "error rate": (fp + fn, p + n),
        "sensitivity": (tp, p),
        "specificity": (tn, n),
        "false positive rate": (fp, n),
        "false negative rate": (fn, p),
        "precision": (tp, tp + fp),
        "negative predictive value": (tn, tn + fn),
        "F1": (2 * tp, 2 * tp + fp + fn),
        "Jaccard": (tp, tp + fp + fn),
    }
    found = {name: Fraction(top, bottom) for name, (top, bottom) in quotients.items() if bottom}
    found["balanced accuracy"] = (found["sensitivity"] + found["specificity"]) / 2
    chance = Fraction((tp + fp) * p + (tn + fn) * n, (p + n) ** 2)
    return found | ({"kappa": (found["accuracy"] - chance) / (1 - chance)} if chance != 1 else {})


def printed(value, decimals=2):
    return Quantity(value=Decimal(round(value * 10**decimals)).scaleb(-decimals)).interval


@settings(max_examples=150)
@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_agrees_with_every_matrix_tried(p, n, data):
    tp, tn = data.draw(st.integers(0, p)), data.draw(st.integers(0, n))
    true = scores_of(tp, p - tp, n - tn, tn)
    names = data.draw(st.lists(st.sampled_from(sorted(true)), min_size=1, max_size=4, unique=True))
    scores = {name: printed(true[name]) for name in names}
    assert check(scores, p, n).possible
    wrong = scores | {names[0]: printed(true[names[0]] + Fraction(data.draw(st.integers(-30, 30)), 100))}
    matrices = (scores_of(a, p - a, n - b, b) for a, b in itertools.product(range(p + 1), range(n + 1)))
    expected = any(all(name not in m or i.low <= m[name] <= i.high for name, i in wrong.items()) for m in matrices)
    found = check(wrong, p, n)
    assert found.possible is expected
    assert not expected or sum(found.example) == p + n


def test_a_score_that_only_one_split_into_classes_allows():
    scores = {"accuracy": printed(Fraction(7, 10)), "sensitivity": printed(Fraction(1, 1)), "specificity": printed(Fraction(4, 7))}
    assert check_total(scores, 10).example == (3, 0, 3, 4)
    assert check_total(scores | {"specificity": printed(Fraction(5, 7))}, 10).possible is False


def test_accuracy_outside_of_sensitivity_and_specificity_is_impossible():
    scores = {"accuracy": printed(Fraction(9, 10)), "sensitivity": printed(Fraction(1, 2)), "specificity": printed(Fraction(4, 5))}
    assert check(scores, 10_000, 30_000).possible is False


def test_a_question_too_large_is_given_up_and_not_answered():
    assert check({"F1": printed(Fraction(1, 2)), "accuracy": printed(Fraction(1, 2))}, 10**9, 10**9).possible is None


def test_a_class_without_samples_is_no_question():
    with pytest.raises(ValueError, match="both classes need samples"):
        check({"accuracy": printed(Fraction(1, 2))}, 0, 3)


def test_every_alias_is_of_a_score():
    assert set(ALIASES.values()) <= set(SCORES)
    assert (known("Sens"), known("f1"), known("BLEU")) == ("sensitivity", "F1", "")
