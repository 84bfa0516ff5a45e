"""What a comparison or a number is said of: scores, or something that no table of scores decides."""

import pytest

from claimcheck.tabular.phrasing import TOWARDS, altered, other_measure, set_apart


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Weaver's word list is larger than that of GateNet.", "larger than that of GateNet"),
        ("Weaver uses 30% fewer weights than GateNet.", "30% fewer"),
        ("Weaver is 11% faster than GateNet.", "11% faster"),
        ("The groups that Weaver finds are better separated than those of GateNet.", "better"),
        ("Weaver has a stronger ability to remember than GateNet.", "stronger"),
        ("Weaver guesses in a more accurate way than GateNet.", "more accurate"),
    ],
)
def test_sizes_speeds_and_abilities_are_no_scores(sentence, text):
    assert other_measure(sentence, text, named=False, costs=False)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Weaver is better than GateNet.", "better"),
        ("Weaver gives significantly better overall results than GateNet.", "better"),
        ("Weaver performs best.", "performs best"),
        ("Weaver scores 3 points higher than GateNet.", "3 points higher"),
        ("Weaver outperforms GateNet.", "outperforms"),
        ("Weaver shows the largest gain for temporal order.", "the largest gain"),
        ("Weaver is better separated, and better than GateNet.", "better"),
    ],
)
def test_what_is_said_of_the_whole_is_said_of_its_scores(sentence, text):
    assert other_measure(sentence, text, named=False, costs=False) == ""


def test_a_metric_that_is_named_or_a_cost_may_be_larger_and_faster():
    assert other_measure("Weaver has a larger recall than GateNet.", "larger", named=True, costs=False) == ""
    assert other_measure("Weaver is 11% faster than GateNet.", "11% faster", named=False, costs=True) == ""


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("Adding a gate to Weaver gives 25.5.", True),
        ("GateNet beats the no Weaver variant.", True),
        ("Weaver adds a gate to GateNet.", False),
        ("Adding a gate to Weaver helps, yet Weaver alone gives 24.", False),
        ("GateNet gives 25.5.", False),
    ],
)
def test_a_method_that_is_changed_is_another_row(sentence, changed):
    assert altered(sentence, "Weaver") is changed


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        ("Weaver needs half the steps to reach ", True),
        ("It took six days to achieve an accuracy of ", True),
        ("We were able to reach ", False),
    ],
)
def test_a_mark_to_be_reached_is_no_score(before, mark):
    assert (TOWARDS.search(before) is not None) is mark


@pytest.mark.parametrize(
    ("said", "labels", "apart"),
    [
        ("best Micro-F1", "Weaver | Macro-F1 | 3", True),
        ("best Micro-F1 and Macro-F1", "Weaver | Macro-F1 | 3", False),
        ("accuracy on the test set", "Weaver | Dev | 3", True),
        ("best F1", "Weaver | Macro-F1 | 3", False),
    ],
)
def test_micro_is_not_macro_and_test_is_not_validation(said, labels, apart):
    assert set_apart(said, labels) is apart
