"""The verifiers on a made-up study: names, seeds and settings they have never seen."""

from decimal import Decimal

import pytest

from claimcheck.document import Location
from claimcheck.dossier import (
    Deviation,
    Difference,
    Dossier,
    Level,
    MethodSet,
    Quantity,
    Range,
    Rank,
    Reason,
    Result,
    Trend,
    Value,
    Verdict,
)
from claimcheck.judge import check
from claimcheck.verify import VERIFIERS
from tests.claimcheck.conftest import claim, count, difference, direction, dossier, rank, score, spread
from tests.claimcheck.test_tabular import table

V, R, I = Verdict.VERIFIED, Verdict.REFUTED, Verdict.INCONCLUSIVE


def judged(made):
    return check(made).claims[0]


def reasons(found):
    return {f.reason for f in found.findings}


BASE = score("Baseline", "D", "20.00")


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [("+5.92", V), ("+5.9", V), ("+6", V), ("+5.93", V), ("+5.94", R), ("-5.92", R), ("+5.29", R)],
)
def test_difference_within_printed_decimals(stated, numbers):
    found = judged(dossier(difference("A", "D", stated), results=[BASE, score("A", "D", "25.92")]))
    assert found.numbers is numbers


def test_unknown_score_is_not_a_fail():
    found = judged(dossier(difference("A", "E", "+1"), results=[BASE, score("A", "D", "21.00")]))
    assert (found.numbers, found.conclusion, found.verdict) == (I, I, I)


@pytest.mark.parametrize(("low", "high", "numbers"), [("4", "6", V), ("5.0", "6.0", V), ("5.1", "6.0", R), ("4", "5.9", R)])
def test_range_holds_every_member(low, high, numbers):
    results = [BASE, score("A", "D", "25.00"), score("B", "D", "26.00")]
    assert judged(dossier(spread("methods", "D", low, high, "+", "mixed"), results=results)).numbers is numbers


@pytest.mark.parametrize(("number", "total", "numbers"), [(2, 2, V), (2, None, V), (1, 2, R), (3, 2, R), (2, 7, I)])
def test_count_over_a_stated_universe(number, total, numbers):
    results = [BASE, score("A", "D", "14.00"), score("B", "D", "13.00")]
    assert judged(dossier(count(number, total, "5", "-", "D"), results=results)).numbers is numbers


def test_member_exactly_at_the_threshold_is_not_surely_counted():
    results = [BASE, score("A", "D", "15.00"), score("B", "D", "13.00")]
    for number in (1, 2):
        assert judged(dossier(count(number, 2, "5", "-", "D"), results=results)).numbers is V


RANKED = [BASE, score("A", "D", "14.00"), score("B", "D", "23.00"), score("C", "D", "21.00")]


@pytest.mark.parametrize(
    ("method", "order", "sign", "numbers"),
    [("B", "largest", "+", V), ("A", "largest", "+", R), ("A", "smallest", "-", V), ("C", "smallest", "-", R)],
)
def test_rank(method, order, sign, numbers):
    assert judged(dossier(rank(method, "D", order=order, sign=sign), results=RANKED)).numbers is numbers


def test_largest_gain_that_is_a_loss_is_refuted():
    results = [BASE, score("A", "D", "14.00"), score("B", "D", "13.00")]
    assert judged(dossier(rank("A", "D"), results=results)).numbers is R


def test_rank_of_an_error_counts_from_below():
    results = [r.model_copy(update={"lower_is_better": True, "metric": "WER"}) for r in RANKED]
    assert judged(dossier(rank("A", "D"), results=results)).numbers is V


@pytest.mark.parametrize(("universe", "numbers"), [("kin of B", V), ("the table", R), ("strangers", I)])
def test_rank_is_within_its_universe(universe, numbers):
    made = dossier(rank("B", "D", universe=universe), results=[*RANKED, score("Z", "D", "30.00")])
    kin = MethodSet(name="kin of B", members=("A", "B", "C"))
    made = made.model_copy(update={"lexicon": made.lexicon.model_copy(update={"sets": (kin,)})})
    assert judged(made).numbers is numbers


@pytest.mark.parametrize(("stated", "numbers"), [("+14", I), ("+12", V), ("+20", R)])
def test_best_seed_is_not_taken_for_the_method(stated, numbers):
    """Three seeds of one method: its best run's difference is one of several readings, the mean over seeds is the method's."""
    results = [*seeds_of("Baseline", ["60.00"]), *seeds_of("A", ["74.00", "70.00", "72.00"])]
    assert judged(dossier(difference("A", "D", stated), results=results)).numbers is numbers


def test_metrics_are_not_mixed():
    results = [BASE, score("A", "D", "90.00").model_copy(update={"metric": "top-5"})]
    assert judged(dossier(difference("A", "D", "+70.00"), results=results)).numbers is I


def test_named_metric_that_is_not_there_refutes_nothing():
    results = [r.model_copy(update={"metric": "F1"}) for r in (BASE, score("A", "D", "25.00"))]
    assert judged(dossier(difference("A", "D", "+9.00"), results=results)).numbers is I


def test_fraction_is_a_percentage():
    fractions = [r.model_copy(update={"score": Quantity(value=r.score.value.scaleb(-2))}) for r in (BASE, score("A", "D", "25.00"))]
    assert judged(dossier(difference("A", "D", "+5.00"), results=fractions)).verdict is V


def test_seed_that_is_not_said_is_not_the_same_seed():
    results = [
        score("Baseline", "D", "20.00", seed="", run="other"),
        score("Baseline", "D", "24.00", seed=""),
        score("A", "D", "25.00", seed=""),
    ]
    found = judged(dossier(difference("A", "D", "+1.00"), results=results))
    assert "+1.00" in " ".join(f.explanation for f in found.findings if f.verifier == "significance")


def test_scores_at_the_ends_of_the_scale():
    results = [score("Baseline", "D", "0.00"), score("A", "D", "100.00")]
    assert judged(dossier(difference("A", "D", "+100.00"), results=results)).verdict is V


def test_many_seeds_do_not_average_the_test_set_away():
    results = [
        r.model_copy(update={"n": 100}) for r in seeds_of("Baseline", ["50.0", "50.1", "50.2"]) + seeds_of("A", ["50.1", "50.2", "50.3"])
    ]
    assert judged(dossier(difference("A", "D", "+0.10"), results=results)).conclusion is I


@pytest.mark.parametrize(("sign", "numbers"), [("+", V), ("-", R)])
def test_direction(sign, numbers):
    assert judged(dossier(direction("A", "D", sign), results=[BASE, score("A", "D", "21.00")])).numbers is numbers


def test_controlled_and_beyond_noise_is_verified_at_level_controlled():
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, score("A", "D", "25.00")]))
    assert (found.verdict, found.level) == (V, Level.CONTROLLED)
    assert Reason.SINGLE_SEED in found.reasons


def test_inside_sampling_noise_blocks():
    found = judged(dossier(difference("A", "D", "+0.50"), results=[BASE, score("A", "D", "20.50")]))
    assert (found.numbers, found.conclusion, found.reasons) == (V, I, (Reason.NOT_SIGNIFICANT,))


def test_more_samples_settle_the_same_difference():
    results = [score("Baseline", "D", "20.00", n=10**6), score("A", "D", "20.50", n=10**6)]
    assert judged(dossier(difference("A", "D", "+0.50"), results=results)).conclusion is V


def test_other_seed_without_a_pair_blocks():
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, score("A", "D", "25.00", seed="2")]))
    assert Reason.SEED_MISMATCH in found.reasons


def test_same_seed_pair_that_agrees_settles_it():
    twin = score("Baseline", "D", "21.00", seed="2", run="Baseline-2")
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, twin, score("A", "D", "25.00", seed="2")]))
    assert found.verdict is V


def test_same_seed_pair_that_turns_the_sign_blocks():
    twin = score("Baseline", "D", "28.00", seed="2", run="Baseline-2")
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, twin, score("A", "D", "25.00", seed="2")]))
    assert (found.numbers, found.conclusion) == (V, I)
    assert Reason.SIGN_DEPENDS_ON_SEED in found.reasons


def test_effect_within_the_seed_spread_blocks():
    twin = score("Baseline", "D", "13.00", seed="3", run="Baseline-3")
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, twin, score("A", "D", "25.00")]))
    assert Reason.WITHIN_SEED_SPREAD in found.reasons


def test_unnamed_setting_blocks():
    results = [score("Baseline", "D", "20.00", probe_epochs="100"), score("A", "D", "25.00", probe_epochs="50")]
    assert judged(dossier(difference("A", "D", "+5.00"), results=results)).reasons == (Reason.PROTOCOL_MISMATCH,)


def deviation(**changes):
    given = {"id": "x", "title": "t", "described": "d", "released": "r", "consequence": "c", "source": "s"}
    return Deviation(**{**given, "reason": Reason.UNTRAINED_TERM, "runs": ("A",), **changes})


@pytest.mark.parametrize(
    ("changes", "conclusion"),
    [({}, I), ({"blocks": False}, V), ({"runs": ("C",)}, V), ({"datasets": ("E",)}, V), ({"runs": ("Baseline",)}, I)],
)
def test_deviation_blocks_only_what_it_touches(changes, conclusion):
    made = dossier(difference("A", "D", "+5.00"), results=[BASE, score("A", "D", "25.00")])
    assert judged(made.model_copy(update={"deviations": (deviation(**changes),)})).conclusion is conclusion


def test_causal_wording_blocks():
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, score("A", "D", "25.00")], causal=True))
    assert found.reasons == (Reason.CAUSAL,)


def test_impossible_percentage_is_flagged():
    results = [score("Baseline", "D", "20.00", n=40), score("A", "D", "66.00", n=40)]
    found = judged(dossier(difference("A", "D", "+46.00"), results=results))
    flagged = [f for f in found.findings if f.reason is Reason.IMPOSSIBLE_VALUE]
    assert "66.00% of 40" in flagged[0].explanation


def test_percentage_that_was_cut_off_is_told_from_one_that_is_impossible():
    results = [score("Baseline", "D", "20.00", n=40), score("A", "D", "66.6", n=3)]
    found = judged(dossier(difference("A", "D", "+46.6"), results=results))
    assert "cut off down" in next(f for f in found.findings if f.reason is Reason.IMPOSSIBLE_VALUE).explanation


@pytest.mark.parametrize(("specificity", "reason"), [("80.0", Reason.MATCHES), ("70.0", Reason.IMPOSSIBLE_VALUE)])
def test_scores_of_one_run_come_from_one_confusion_matrix(specificity, reason):
    """Accuracy 75 lies between sensitivity and specificity in the proportion of the classes, or it does not."""
    printed = {"accuracy": "75.0", "sensitivity": "60.0", "specificity": specificity}
    results = [score("A", "D", x, n=40, positives="10", negatives="30").model_copy(update={"metric": m}) for m, x in printed.items()]
    stated = Value(method="A", dataset="D", metric="accuracy", value="75.0", regime="mixed")
    found = [f for f in judged(dossier(stated, results=results)).findings if f.verifier == "granularity" and "matrix" in f.explanation]
    assert [f.reason for f in found] == [reason]


def test_restated_with_another_number_is_said():
    made = dossier(difference("A", "D", "+5.00"), results=[BASE, score("A", "D", "25.00")])
    again = made.claims[0].model_copy(update={"number": 2, "assertions": (difference("A", "D", "+5.50"),)})
    found = check(made.model_copy(update={"claims": (*made.claims, again)})).claims[0]
    assert any(f.verifier == "arithmetic" and f.reason is Reason.CONTRADICTS for f in found.findings)


def test_larger_stated_difference_refutes_a_superlative():
    made = dossier(difference("A", "D", "+5.00"), rank("A", "D"), results=[])
    rival = made.claims[0].model_copy(update={"number": 2, "assertions": (difference("B", "D", "+7.00"),)})
    assert check(made.model_copy(update={"claims": (*made.claims, rival)})).claims[0].numbers is R


def as_printed(result, **changes):
    """The score as a table of the paper shows it: no seed, no settings."""
    return result.model_copy(update={"origin": "paper", "settings": {}, **changes})


def test_paper_tables_give_level_consistent():
    paper = [as_printed(r) for r in (BASE, score("A", "D", "25.00"))]
    found = judged(dossier(difference("A", "D", "+5.00"), results=paper))
    assert (found.numbers, found.level) == (V, Level.CONSISTENT)


def test_unknown_sample_count_blocks_and_is_asked_for():
    paper = [as_printed(r, n=None) for r in (BASE, score("A", "D", "25.00"))]
    found = judged(dossier(difference("A", "D", "+5.00"), results=paper))
    assert (found.numbers, found.conclusion, found.reasons) == (V, I, (Reason.NO_EVIDENCE,))
    assert "number of test samples" in found.would_change[0]


def test_score_that_is_no_share_of_samples_has_no_known_noise():
    scores = [r.model_copy(update={"metric": "BLEU"}) for r in (BASE, score("A", "D", "25.00"))]
    assert judged(dossier(difference("A", "D", "+5.00"), results=scores)).conclusion is I


def test_percent_may_be_meant_relative():
    results = [BASE, score("A", "D", "25.00")]
    for value, numbers in (("25", V), ("5", V), ("20", R)):
        stated = difference("A", "D", f"+{value}").model_copy(update={"unit": "%", "ambiguous": ("unit",)})
        assert judged(dossier(stated, results=results)).numbers is numbers


@pytest.mark.parametrize(("value", "numbers"), [("25", V), ("5", R)])
def test_percent_that_is_said_to_be_relative_is_not_points(value, numbers):
    results = [BASE, score("A", "D", "25.00")]
    stated = difference("A", "D", f"+{value}").model_copy(update={"unit": "%"})
    assert judged(dossier(stated, results=results)).numbers is numbers


def test_several_scores_that_fit_refute_nothing():
    results = [BASE, score("A", "D", "25.00"), score("A", "D", "23.00", seed="2", run="A-2")]
    found = judged(dossier(difference("A", "D", "+3.00"), results=results))
    assert (found.numbers, reasons(found) >= {Reason.AMBIGUOUS_TARGET}) == (I, True)


def test_lower_is_better_turns_the_direction():
    results = [r.model_copy(update={"lower_is_better": True, "metric": "WER"}) for r in (BASE, score("A", "D", "18.00"))]
    assert judged(dossier(direction("A", "D", "+"), results=results)).numbers is V
    assert judged(dossier(direction("A", "D", "-"), results=results)).numbers is R


def seeds_of(method, percents):
    """One released run per seed, the first being the printed one."""
    return [score(method, "D", p, seed=str(i), run=method if i == 1 else f"{method}-{i}") for i, p in enumerate(percents, 1)]


def test_three_paired_seeds_reach_significant():
    results = seeds_of("Baseline", ["20.00", "21.00", "20.50"]) + seeds_of("A", ["25.00", "26.10", "25.40"])
    found = judged(dossier(difference("A", "D", "+5.00"), results=results))
    assert (found.verdict, found.level) == (V, Level.SIGNIFICANT)
    assert Reason.SINGLE_SEED not in found.reasons


def test_paired_seeds_that_disagree_block():
    results = seeds_of("Baseline", ["20.00", "21.00", "20.50"]) + seeds_of("A", ["25.00", "15.00", "21.00"])
    assert judged(dossier(difference("A", "D", "+5.00"), results=results)).conclusion is I


def test_count_far_from_its_threshold_is_verified():
    results = [BASE, score("A", "D", "10.00"), score("B", "D", "28.00")]
    assert judged(dossier(count(1, 2, "5", "-", "D"), results=results)).verdict is V


def test_count_near_its_threshold_is_not():
    results = [BASE, score("A", "D", "14.90"), score("B", "D", "28.00")]
    found = judged(dossier(count(1, 2, "5", "-", "D"), results=results))
    assert (found.numbers, found.reasons) == (V, (Reason.AT_THRESHOLD,))


def test_verifier_that_breaks_abstains_and_silences_no_other(monkeypatch):
    def broken(claim, dossier):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setitem(VERIFIERS, "granularity", broken)
    found = judged(dossier(difference("A", "D", "+5.00"), results=[BASE, score("A", "D", "25.00")]))
    assert (found.numbers, found.conclusion, found.reasons) == (V, I, (Reason.CHECK_FAILED,))


def trend(sign, *pairs, **changes):
    """Methods M0, M1, … with a score on X and one on Y each."""
    names = [f"M{i}" for i in range(len(pairs))]
    results = [score("Baseline", d, "20.00") for d in "XY"]
    results += [score(name, d, p) for name, pair in zip(names, pairs, strict=True) for d, p in zip("XY", pair, strict=True)]
    stated = Trend(method="methods", cause="X", effect="Y", sign=sign, regime="mixed", infers=True)
    return judged(dossier(stated, results=results, members=names).model_copy(update=changes))


RISING = [(f"{20 + i}.00", f"{30 + i}.00") for i in range(6)]


def test_trend_that_all_readings_show_is_verified():
    found = trend("+", *RISING)
    assert (found.numbers, found.conclusion, found.confidence) == (None, V, pytest.approx(1 - 2 / 720))


def test_trend_the_other_way_round_is_not_refuted_by_a_p_value():
    assert trend("-", *RISING).reasons == (Reason.CONTRADICTS,)
    assert trend("-", *RISING).verdict is I


def test_trend_over_a_constant_column_says_nothing():
    assert trend("+", *[(x, "30.00") for x, _ in RISING]).reasons == (Reason.NO_EVIDENCE,)


def test_trend_over_runs_that_are_not_what_their_names_say():
    assert trend("+", *RISING, deviations=(deviation(runs=("M2",)),)).reasons == (Reason.UNTRAINED_TERM,)


def test_count_with_other_seeds_and_no_pair_blocks():
    results = [BASE, score("A", "D", "10.00", seed="2"), score("B", "D", "28.00", seed="2")]
    assert Reason.SEED_MISMATCH in judged(dossier(count(1, 2, "5", "-", "D"), results=results)).reasons


def test_file_whose_label_names_another_method_blocks():
    results = [BASE, score("A", "D", "25.00").model_copy(update={"label": "B"}), score("B", "D", "25.00")]
    found = judged(dossier(difference("A", "D", "+5.00"), results=results))
    assert (found.numbers, found.conclusion, found.reasons) == (V, I, (Reason.LABEL_MISMATCH,))


def test_label_that_nobody_knows_is_no_other_method():
    results = [BASE, score("A", "D", "25.00").model_copy(update={"label": "run_17_final"})]
    assert judged(dossier(difference("A", "D", "+5.00"), results=results)).verdict is V


@pytest.mark.parametrize(("rivals", "conclusion"), [(1, V), (12, I)])
def test_best_of_many_needs_a_larger_lead_than_best_of_two(rivals, conclusion):
    """1.5 points at n 10,000 exclude zero for one comparison at 95%, and not for twelve at once."""
    others = [score(f"R{i}", "D", "48.50" if i == 0 else "40.00") for i in range(rivals)]
    names = ["A", *(r.method for r in others)]
    found = judged(dossier(rank("A", "D"), results=[score("Baseline", "D", "20.00"), score("A", "D", "50.00"), *others], members=names))
    assert (found.numbers, found.conclusion) == (V, conclusion)


@pytest.mark.parametrize(("share", "conclusion"), [("24.8", I), ("20.0", V), ("unknown", V)])
def test_score_of_the_most_frequent_class_supports_no_conclusion(share, conclusion):
    results = [score("Baseline", "D", "20.00", majority=share), score("A", "D", "25.00", majority=share)]
    assert judged(dossier(difference("A", "D", "+5.00"), results=results)).conclusion is conclusion


@pytest.mark.parametrize(
    ("stated", "averaged", "numbers"), [("72.0", None, V), ("74.0", None, I), ("74.0", 3, R), ("74.0", 5, I), ("80.0", None, R)]
)
def test_best_of_the_released_seeds_is_not_their_mean(stated, averaged, numbers):
    stated_value = Value(method="A", dataset="D", metric="top-1", value=stated, regime="mixed", averaged=averaged)
    assert judged(dossier(stated_value, results=seeds_of("A", ["74.00", "70.00", "72.00"]))).numbers is numbers


def table_score(method, percent, row, table="Table 1", metric="accuracy", dataset="D"):
    where = Location(document="p.tex", detail=f"{table}, row {row}, column 2")
    quantity = Quantity(value=Decimal(percent), unit="%")
    return Result(method=method, dataset=dataset, metric=metric, score=quantity, where=where)


def own(assertion, *results):
    """The numbers' verdict on a claim of a paper that no study knows."""
    made = Dossier(paper="p", claims=(claim(assertion),), results=results)
    return judged(made).numbers


TABLE = [table_score(m, x, i) for i, (m, x) in enumerate([("B", "50.0"), ("A", "60.0"), ("C", "55.0"), ("Human", "90.0")], 2)]


@pytest.mark.parametrize(
    ("method", "options", "numbers"),
    [
        ("A", {}, V),
        ("C", {}, R),
        ("C", {"place": 2}, V),
        ("B", {"order": "smallest"}, V),
        ("A", {"universe": "the table"}, V),
        ("A", {"universe": "kin"}, I),
    ],
)
def test_superlative_of_the_scores_themselves(method, options, numbers):
    stated = Rank(method=method, baseline="", dataset="D", metric="accuracy", infers=True, ambiguous=("baseline",), **options)
    assert own(stated, *TABLE) is numbers


def test_superlative_that_two_tables_answer_differently_is_ambiguous():
    stated = Rank(method="A", baseline="", dataset="D", metric="accuracy", infers=True)
    other = [table_score("A", "60.0", 2, "Table 2"), table_score("Z", "70.0", 3, "Table 2")]
    assert own(stated, *TABLE, *other) is I


@pytest.mark.parametrize(("low", "high", "numbers"), [("5.0", "10.0", V), ("5.0", "9.0", R), ("6.0", "10.0", R)])
def test_all_other_methods_are_the_rows_of_the_table(low, high, numbers):
    stated = Range(method="All other methods", baseline="B", dataset="D", metric="accuracy", low=low, high=high, sign="+", infers=True)
    assert own(stated, *TABLE[:3]) is numbers


def test_metric_that_the_sentence_does_not_name_leaves_open_which_is_meant():
    both = [table_score("A", "60.0", 2), table_score("A", "70.0", 2, metric="F1")]
    for number, numbers in (("60.0", I), ("70.0", I), ("65.0", I)):
        assert own(Value(method="A", dataset="D", metric="accuracy", supplied=("metric",), value=number), *both) is numbers
    assert own(Value(method="A", dataset="D", metric="accuracy", value="60.0"), *both) is V


@pytest.mark.parametrize(
    ("stated", "sentence", "numbers"),
    [
        ("60.0", "A reaches {}.", V),
        ("60.4", "A reaches {}.", R),  # a slip
        ("57.0", "A reaches {}.", R),  # another row of the same table
        ("12.5", "A reaches {}.", I),  # too far off to be this score, and printed nowhere
        ("57.0", "A rises from {} to 60.0.", I),  # the score itself is stated too
    ],
)
def test_a_number_is_refuted_only_by_a_score_that_it_can_be_said_of(stated, sentence, numbers):
    scores = (table_score("A", "60.0", 2), table_score("B", "57.0", 3))
    value = Value(method="A", dataset="D", metric="accuracy", value=stated)
    made = claim(value).model_copy(update={"sentence": sentence.format(stated)})
    assert judged(Dossier(paper="p", claims=(made,), results=scores)).numbers is numbers


def test_a_number_of_no_dataset_is_not_refuted_by_the_score_on_one_of_several():
    scores = (table_score("A", "60.0", 2, dataset=""), table_score("A", "70.0", 2, dataset="E"))
    value = Value(method="A", dataset="", metric="accuracy", value="60.4")
    made = claim(value)
    assert judged(Dossier(paper="p", claims=(made,), results=scores)).numbers is I
    assert judged(Dossier(paper="p", claims=(made,), results=scores[:1])).numbers is R


def test_scores_of_one_table_are_compared_with_each_other():
    elsewhere = [table_score("A", "66.0", 2, "Table 2"), table_score("B", "57.0", 3, "Table 2")]
    stated = Difference(method="A", baseline="B", dataset="D", metric="accuracy", value="9.0", sign="+", infers=True)
    for number, numbers in (("9.0", I), ("3.0", R)):  # 60 − 57 stand in different tables
        assert own(stated.model_copy(update={"value": Decimal(number)}), *TABLE, *elsewhere) is numbers


@pytest.mark.parametrize(("stated", "numbers"), [("66.7", V), ("67.2", R), ("60.0", R)])
def test_one_number_for_several_datasets_is_their_mean(stated, numbers):
    """60, 70 and 70 printed to tenths: a mean of 66.62 to 66.72. None of them is refuted for not being the mean itself."""
    scores = [table_score("A", x, 2, dataset=d) for d, x in (("D", "60.0"), ("E", "70.0"), ("F", "70.0"))]
    values = [Value(method="A", dataset=d, metric="accuracy", value=stated) for d in "DEF"]
    made = claim(*values).model_copy(update={"sentence": "Averaged over D, E and F, A reaches it."})
    assert judged(Dossier(paper="p", claims=(made,), results=tuple(scores))).numbers is numbers


@pytest.mark.parametrize(("times", "numbers"), [("2.0", V), ("1.0", V), ("3.0", R)])
def test_times_higher_is_a_ratio_and_no_difference(times, numbers):
    stated = Difference(
        method="A", baseline="B", dataset="D", metric="accuracy", value=times, unit="x", sign="+", text="times higher", infers=True
    )
    assert own(stated, table_score("A", "60.0", 2), table_score("B", "30.0", 3)) is numbers


def test_faster_is_not_read_from_scores():
    stated = Difference(
        method="A", baseline="B", dataset="D", metric="accuracy", value="3", unit="x", sign="+", text="3× faster", infers=True
    )
    assert own(stated, table_score("A", "60.0", 2), table_score("B", "30.0", 3)) is I
    timed = [
        table_score(m, x, i, metric="time").model_copy(update={"lower_is_better": True})
        for i, (m, x) in enumerate([("A", "10.0"), ("B", "30.0")], 2)
    ]
    assert own(stated.model_copy(update={"metric": "time"}), *timed) is V


@pytest.mark.parametrize(("stated", "numbers"), [("15.0", V), ("10.0", R)])
def test_one_gain_on_average_over_datasets_is_the_mean_of_the_gains(stated, numbers):
    scores = [
        table_score(m, x, 2, dataset=d) for d, m, x in (("D", "A", "60.0"), ("D", "B", "50.0"), ("E", "A", "70.0"), ("E", "B", "50.0"))
    ]
    gains = [Difference(method="A", baseline="B", dataset=d, metric="accuracy", value=stated, sign="+", infers=True) for d in "DE"]
    made = claim(*gains).model_copy(update={"sentence": "On average over D and E, A gains it over B."})
    assert judged(Dossier(paper="p", claims=(made,), results=tuple(scores))).numbers is numbers


@pytest.mark.parametrize(("words", "sign", "numbers"), [("improves by 3", "+", V), ("3 points higher", "+", R), ("3 points lower", "-", V)])
def test_higher_error_is_no_improvement(words, sign, numbers):
    errors = [table_score(m, x, 2, metric="WER").model_copy(update={"lower_is_better": True}) for m, x in (("A", "7.0"), ("B", "10.0"))]
    stated = Difference(method="A", baseline="B", dataset="D", metric="WER", value="3.0", sign=sign, text=words, infers=True)
    assert own(stated, *errors) is numbers


@pytest.mark.parametrize(("stated", "words", "numbers"), [("0.225", "of 0.225", V), ("0.225", "0.225%", R), ("0.235", "of 0.235", R)])
def test_fraction_in_the_sentence_and_in_the_table(stated, words, numbers):
    scores = [table_score(m, x, 2).model_copy(update={"score": Quantity(value=Decimal(x))}) for m, x in (("A", "0.225"), ("B", "0.215"))]
    assert own(Value(method="A", dataset="D", metric="accuracy", value=stated, text=words), *scores) is numbers
    gain = Difference(
        method="A", baseline="B", dataset="D", metric="accuracy", value="0.010", sign="+", text="gains 0.010 points", infers=True
    )
    assert own(gain, *scores) is V


def test_two_scores_of_one_column_are_compared_and_not_those_of_two():
    def cell(method, value, row, column, metric):
        where = Location(document="p", detail=f"Table 1, row {row}, column {column}")
        return score(method, "D", value).model_copy(update={"where": where, "origin": "paper", "metric": metric, "regime": ""})

    results = [
        cell("A", "70.0", 2, 2, "F1"), cell("Baseline", "60.0", 3, 2, "F1"), cell("A", "50.0", 2, 3, "F1"), cell("Baseline", "40.0", 3, 3, "F1")
    ]  # fmt: skip
    stated = direction("A", "D", "+").model_copy(update={"metric": "F1", "regime": ""})
    assert judged(dossier(stated, results=results)).numbers is V


def test_scores_of_two_tables_do_not_refute_a_difference():
    def cell(method, value, number):
        where = Location(document="p", detail=f"Table {number}, row 2, column 2")
        return score(method, "D", value).model_copy(update={"where": where, "origin": "paper", "regime": ""})

    stated = difference("A", "D", "+1.0").model_copy(update={"regime": ""})
    results = {number: [cell("A", "29.8", 1), cell("Baseline", "21.3", number)] for number in (1, 2)}
    assert [judged(dossier(stated, results=found)).numbers for found in results.values()] == [R, I]


def test_the_column_that_is_called_just_so_is_meant_before_its_kin():
    grid = "Model | AP | AP50\nA | 37.1 | 59.6\nBaseline | 35.9 | 55.4"
    sheet = table(grid).model_copy(update={"label": "Table 1"})

    def cell(method, value, row, column):
        where = Location(document="p", detail=f"Table 1, row {row}, column {column}")
        return score(method, "D", value).model_copy(update={"where": where, "origin": "paper", "metric": "AP", "regime": ""})

    results = [cell("A", "37.1", 2, 2), cell("A", "59.6", 2, 3), cell("Baseline", "35.9", 3, 2), cell("Baseline", "55.4", 3, 3)]
    stated = difference("A", "D", "+1.2").model_copy(update={"regime": "", "metric": "AP"})
    made = dossier(stated, results=results).model_copy(update={"tables": (sheet,)})
    assert judged(made).numbers is V


def test_accuracy_admits_a_top_1_column_where_no_score_goes_by_its_own_name():
    results = [score("A", "D", "75.0").model_copy(update={"metric": "top-1"})]
    stated = Value(method="A", dataset="D", metric="accuracy", value=Decimal("75.0"), regime="mixed")
    assert judged(dossier(stated, results=results)).numbers is V


def test_two_numbers_for_one_thing_refute_nothing():
    stated = [difference("A", "D", sign) for sign in ("+5.9", "+2.8")]
    assert judged(dossier(*stated, results=[BASE, score("A", "D", "25.92")])).numbers is I
    assert judged(dossier(stated[1], results=[BASE, score("A", "D", "25.92")])).numbers is R


def test_nothing_is_compared_with_itself():
    stated = difference("Baseline", "D", "+2.6")
    assert judged(dossier(stated, results=[BASE])).numbers is I
