"""The fits of the decisions on numbers and on comparing words, on a handful of invented cases."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks import fit_comparisons, fit_outcomes
from benchmarks.annotated import Annotated
from claimcheck.dossier import Lexicon
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.outcomes import softmax

FIELD = Vocabulary(Lexicon())
TWO = "BARNet and XyloNet reach 81.2 and 79.3 on CIFAR-10."
TWICE = "Here XyloNet is better, and BARNet is better too, with 81.2 on CIFAR-10."


def row(text: str, *says: dict[str, Any], developed: bool = False) -> Annotated:
    return Annotated({"id": "p", "own": []}, {"says": list(says)}, read_sentence(text, FIELD), FIELD, developed)


def value(number: str, **more: str) -> dict[str, Any]:
    return {"kind": "Value", "value": number, "method": "XyloNet", "dataset": "", "metric": "", **more}


def rows(**cases: tuple[int, ...]) -> list[fit_outcomes.Row]:
    return [([name, "bias"], right, 1.0) for name, right in cases.items() for _ in range(30)]


# The softmax


def test_the_feature_that_decides_gets_the_weight() -> None:
    weights = fit_outcomes.softmax_weights(rows(none=(0,), score=(1,), less=(3,)), 4)
    for name, right in (("none", 0), ("score", 1), ("less", 3)):
        chances = softmax([name, "bias"], weights)
        assert max(range(4), key=chances.__getitem__) == right
        assert max(range(4), key=weights[name].__getitem__) == right


def test_of_two_right_classes_either_will_do() -> None:
    chances = softmax(["either", "bias"], fit_outcomes.softmax_weights(rows(either=(2, 3), none=(0,)), 4))
    assert chances[2] == pytest.approx(chances[3], abs=0.01)
    assert chances[2] + chances[3] > 0.7


def test_a_case_that_counts_for_more_has_the_last_word() -> None:
    cases: list[fit_outcomes.Row] = [(["x"], (right,), counted) for right, counted in ((0, 1.0), (1, 0.5)) for _ in range(30)]
    weights = fit_outcomes.softmax_weights(cases, 4)
    assert weights["x"][0] > weights["x"][1] > weights["x"][2]


def test_rare_features_and_those_of_no_matter_are_left_out() -> None:
    cases = rows(a=(0,), b=(1,))
    for names, _, _ in cases[: fit_outcomes.RAREST - 1]:
        names.append("rare")
    assert set(fit_outcomes.softmax_weights(cases, 2)) == {"a", "b"}  # "bias" is as often of either class
    cases[fit_outcomes.RAREST][0].append("rare")
    assert set(fit_outcomes.softmax_weights(cases, 2)) == {"a", "b", "rare"}


def test_the_gradient_is_that_of_the_loss() -> None:
    import numpy as np
    from scipy import sparse
    from scipy.optimize import check_grad

    random = np.random.default_rng(3)
    matrix = sparse.csr_matrix(random.integers(0, 2, (6, 3)).astype(float))
    right = np.eye(4)[[0, 1, 2, 3, 1, 0]]
    right[2, 3] = 1
    fixed = (matrix, right, np.array([1.0, 0.5, 1.0, 0.5, 1.0, 1.0])[:, None])
    at = random.normal(size=12)
    assert check_grad(lambda w: fit_outcomes.loss(w, *fixed)[0], lambda w: fit_outcomes.loss(w, *fixed)[1], at) < 1e-5


def test_each_case_is_taught_without_the_rules_too_and_theirs_told_apart_where_they_were_developed() -> None:
    names = ["L1=by", "R:+"]
    assert fit_outcomes.taught(names, (2,), row(TWO), 0.3) == [(names, (2,), 1.0), (["L1=by"], (2,), fit_outcomes.BLIND)]
    assert fit_outcomes.taught(names, (2,), row(TWO, developed=True), 0.3)[0] == ([*names, "developed:R:+"], (2,), 1.0)
    cases = [
        case for right in (0, 1) for _ in range(20) for case in fit_outcomes.taught([f"R:{right}"], (right,), row(TWO, developed=True), 1.0)
    ]
    assert set(fit_outcomes.softmax_weights(cases, 2)) == {"R:0", "R:1"}  # nothing is shipped of the copies


def test_a_case_of_no_real_paper_counts_for_less() -> None:
    cases = fit_outcomes.taught(["L1=by"], (2,), replace(row(TWO), written=True), 0.3)
    assert [weight for _, _, weight in cases] == [0.3, pytest.approx(0.3 * fit_outcomes.BLIND)]


@pytest.mark.parametrize("fit", [fit_outcomes, fit_comparisons])
def test_each_fit_weighs_what_no_real_paper_prints_by_its_own_measure(fit, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = fit_outcomes.numbered if fit is fit_outcomes else fit_comparisons.worded
    weighed: set[float] = set()
    monkeypatch.setattr(fit, "softmax_weights", lambda rows, classes: weighed.update(weight for *_, weight in rows) or {})
    fit.fitted([prepare(row(TWICE, value("81.2")))])
    assert weighed == {1.0, fit_outcomes.BLIND}
    weighed.clear()
    fit.fitted([prepare(replace(row(TWICE, value("81.2")), written=True))])
    assert weighed == {fit.INVENTED, fit.INVENTED * fit_outcomes.BLIND}


@pytest.mark.parametrize("fit", [fit_outcomes, fit_comparisons])
def test_a_written_sentence_is_learned_from_in_every_fold_and_judged_in_none(fit, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = fit_outcomes.numbered if fit is fit_outcomes else fit_comparisons.worded
    cases = [prepare(replace(row(TWICE, value("81.2")), paper={"id": str(n), "own": []}, written=n < 4)) for n in range(8)]
    taught: list[set[str]] = []
    judged: list[str] = []
    monkeypatch.setattr(fit, "fitted", lambda sentences: taught.append({s.source.paper["id"] for s in sentences}) or {})
    monkeypatch.setattr(fit, "tally", lambda counts, *others: judged.extend(o.source.paper["id"] for o in others if hasattr(o, "source")))
    fit.cross_validated(cases, 3)
    assert all({"0", "1", "2", "3"} <= each for each in taught)
    assert set(judged) == {"4", "5", "6", "7"}


def test_weights_are_written_one_a_line_in_order() -> None:
    assert fit_outcomes.written({"b": [0.126, -1.0], "a": [0.0, 2.0]}) == '{\n"a": [0.0, 2.0],\n"b": [0.13, -1.0]\n}\n'


# Numbers and annotations


def test_each_number_has_the_class_that_is_annotated_and_the_others_none() -> None:
    one = row(TWO, value("79.3"))
    assert fit_outcomes.labels(one) == {(TWO.index("79.3"), "value"): {1}}
    assert fit_outcomes.numbered(one).right == [(0,), (1,)]


def test_an_annotation_that_the_rules_passed_over_is_found_by_its_value() -> None:
    text = "The dropout of XyloNet is 0.3 on CIFAR-10."
    one = row(text, {**value("0.3", sign="-", unit="points"), "kind": "Difference", "baseline": ""})
    assert one.read.assertions == ()
    assert fit_outcomes.labels(one) == {(text.index("0.3"), "value"): {3}}
    assert fit_outcomes.located(one, value("0.4"), {}) is None


def test_equal_numbers_are_told_apart_by_unit_and_role_and_by_who_has_them() -> None:
    text = "XyloNet uses 12 layers, a dropout of 12 and 12% more."
    one, starts = row(text), [text.index("12 l"), text.index("12 a"), text.index("12%")]
    assert fit_outcomes.located(one, value("12", unit="%"), {}) == (starts[2], "value")
    assert fit_outcomes.located(one, value("12", unit=""), {}) == (starts[1], "value")
    assert fit_outcomes.located(one, value("12", unit=""), {(starts[1], "value"): {1}}) == (starts[2], "value")
    assert fit_outcomes.located(one, value("12"), {(start, "value"): {1} for start in starts[1:]}) == (starts[0], "value")


@pytest.mark.parametrize(
    ("stated", "classes"),
    [
        ({"kind": "Value"}, {1}),
        ({"kind": "Difference", "sign": "+"}, {2}),
        ({"kind": "Difference", "sign": "-"}, {3}),
        ({"kind": "Difference", "sign": "either"}, {2, 3}),
        ({"kind": "Range", "sign": "-"}, {3}),
        ({"kind": "Range"}, {1, 2, 3}),
    ],
)
def test_a_number_may_have_every_class_that_the_annotation_admits(stated: dict[str, str], classes: set[int]) -> None:
    assert fit_outcomes.classes_of(stated) == classes


# Comparing words and annotations


def test_a_comparison_belongs_to_the_word_that_the_rules_read_it_from() -> None:
    one = row(
        "XyloNet outperforms BARNet on CIFAR-10, where it reaches 81.2.",
        {"kind": "Direction", "sign": "+", "method": "XyloNet", "baseline": "BARNet", "dataset": "CIFAR-10", "metric": ""},
    )
    assert fit_comparisons.labels(one, one.read) == {len("XyloNet "): {1}}
    assert fit_comparisons.worded(one).right == [(1,)]


@pytest.mark.parametrize(("method", "nth"), [("XyloNet", 0), ("BARNet", 1)])
def test_one_that_they_passed_over_belongs_to_the_word_that_stands_nearest(method: str, nth: int) -> None:
    one = row(TWICE)
    starts = [TWICE.index("better"), TWICE.rindex("better")]
    stated = {"kind": "Direction", "sign": "+", "method": method}
    assert fit_comparisons.located(one.read, stated, {}) == starts[nth]
    assert fit_comparisons.located(one.read, stated, {starts[nth]: {1}}) == starts[1 - nth]
    assert fit_comparisons.located(one.read, stated, dict.fromkeys(starts)) is None
    assert fit_comparisons.located(one.read, {"kind": "Rank", "method": method}, {}) is None


def test_a_word_of_its_sense_is_preferred_and_one_between_its_names() -> None:
    text = "XyloNet is worse here and better than BARNet, with 81.2."
    read = row(text).read
    stated = {"kind": "Direction", "method": "XyloNet"}
    assert fit_comparisons.located(read, stated | {"sign": "-"}, {}) == text.index("worse")
    assert fit_comparisons.located(read, stated | {"sign": "+"}, {}) == text.index("better")
    text = "Better yet, XyloNet is, with 81.2, much better than BARNet is."
    assert fit_comparisons.located(row(text).read, stated | {"baseline": "BARNet", "sign": "+"}, {}) == text.index("better")


def test_a_word_may_have_every_class_that_the_annotation_admits() -> None:
    cases = [
        {"kind": "Rank"},
        {"kind": "Rank", "order": "smallest"},
        {"kind": "Direction", "sign": "-"},
        {"kind": "Direction", "sign": "either"},
    ]
    assert [fit_comparisons.classes_of(each) for each in cases] == [{3}, {4}, {2}, {1, 2}]


def test_names_are_looked_for_by_every_wording_but_the_papers_own() -> None:
    assert fit_comparisons.position("the barnet model", ["@", "XyloNet", "BARNet"]) == 4
    assert fit_comparisons.position("the barnet model", "BARNet") == 4
    assert fit_comparisons.position("the barnet model", ["@"]) is None
