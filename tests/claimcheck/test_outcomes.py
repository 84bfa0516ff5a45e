"""Which numbers are results, decided by learned weights: what is asked, what becomes of the rules' assertions. The wordings are our own."""

import json
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import pytest

from claimcheck.dossier import Difference, Lexicon, Name, Range, Value
from claimcheck.extract import comparisons, outcomes
from claimcheck.extract.assertions import Read, read_sentence
from claimcheck.extract.features import Scene
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.number_features import amounts_of, features, numbers, ruled
from claimcheck.extract.outcomes import ADD, CHANGE, CLASSES, KEEP, MOST, choose, decided, likelihoods, softmax
from claimcheck.extract.ranking import turns

FIELD = Vocabulary(Lexicon())
GAIN = "On SQuAD, XyloNet improves over BARNet by 0.4 points."
TWO = "BARNet and XyloNet reach 81.2 and 79.3 on CIFAR-10."
SETTING = "The dropout of XyloNet is 0.3 on CIFAR-10."
STEP = "XyloNet rises from 70.1 to 81.2 on CIFAR-10."
RULES = {f"R:{kind}": [9.0 * (each == kind) for each in CLASSES] for kind in CLASSES}


def favoured(kind: str, by: float = 40.0) -> list[float]:
    return [by * (each == kind) for each in CLASSES]


def learned(monkeypatch: pytest.MonkeyPatch, weights: dict[str, list[float]]) -> None:
    """Weights of our own; without any, every number is what the rules hold it to be."""
    monkeypatch.setattr(outcomes, "weights", lambda: RULES | weights)


def after(text: str, vocabulary: Vocabulary = FIELD) -> tuple[Read, Read]:
    """A sentence by the rules, and after the decision."""
    read = read_sentence(text, vocabulary)
    return read, decided(read, vocabulary)


def asked(text: str, vocabulary: Vocabulary = FIELD) -> dict[str, list[str]]:
    """What is said of each number."""
    read = read_sentence(text, vocabulary)
    assert read.marked is not None
    return {f"{amount.text}:{part}": names for amount, part, names in features(read.marked, read.assertions, vocabulary)}


# What is asked


def test_labels_years_and_citations_are_no_numbers_that_may_be_results() -> None:
    read = read_sentence("In Table 4 and in 2019 [3], XyloNet with 12 layers reaches 81.2 on CIFAR-10.", FIELD)
    assert read.marked is not None
    assert [amount.role for amount in amounts_of(read.marked)] == ["label", "year", "citation", "size", "amount"]
    assert [amount.text for amount, _ in numbers(read.marked)] == ["12", "81.2"]


def test_labels_stay_as_they_are_even_if_every_number_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"bias": favoured("score")})
    _, made = after("In Table 4 and in 2019 [3], XyloNet with 12 layers reaches 81.2 on CIFAR-10.")
    assert [str(a.value) for a in made.assertions if isinstance(a, Value)] == ["12", "81.2"]
    assert made.fates == ("label", "year", "citation", "bound", "bound")
    assert made.unbound == ()


def test_of_a_step_both_numbers_are_asked_about() -> None:
    said = asked(STEP)
    assert list(said) == ["70.1 to 81.2:value", "70.1 to 81.2:was"]
    assert "part=was" in said["70.1 to 81.2:was"]
    assert "part=was" not in said["70.1 to 81.2:value"]


def test_a_number_knows_its_words_its_names_and_what_the_rules_made_of_it() -> None:
    (said,) = asked(GAIN).values()
    assert {"R:+", "R:has=baseline", "L1=by", "unit=pp", "decimal=True", "S:dataset", "S:method", "bias", "verb=change+L"} <= set(said)
    assert len(said) == len(set(said))
    (said,) = asked(SETTING).values()
    assert {"R:none", "is=setting"} <= set(said)
    assert "is=setting" not in asked(GAIN)["0.4 points:value"]


def test_a_number_in_brackets_knows_what_opens_them() -> None:
    said = asked("XyloNet beats BARNet (81.2) on CIFAR-10 with 12 heads.")
    assert {"bracket=yes", "bracket=first", "bracket=alone"} <= set(said["81.2:value"])
    assert "bracket=no" in said["12:value"]


def test_of_a_list_each_number_knows_its_place_and_its_neighbours() -> None:
    said = asked(TWO)
    assert {"list=2", "place=0", "nth=0", "R:after=score", "R:before=^"} <= set(said["81.2:value"])
    assert {"list=2", "place=1", "nth=1", "R:after=^", "R:before=score"} <= set(said["79.3:value"])


def test_an_assertion_belongs_to_the_number_within_its_words() -> None:
    read = read_sentence("XyloNet uses 81.2 of them and BARNet reaches 81.2 on CIFAR-10.", FIELD)
    assert read.marked is not None
    text = read.marked.text
    last = Value(method="BARNet", dataset="", metric="", value="81.2", text="reaches 81.2")
    lost = last.model_copy(update={"text": ""})
    assert list(ruled(read.marked, [last])) == [(text.rindex("81.2"), "value")]
    assert list(ruled(read.marked, [lost, lost])) == [(text.index("81.2"), "value"), (text.rindex("81.2"), "value")]
    assert ruled(read.marked, [last.model_copy(update={"value": 5})]) == {}


# The decision


def test_a_passed_over_number_becomes_a_score_with_its_slots_open(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"is=setting": favoured("score")})
    before, made = after(SETTING)
    assert (before.assertions, before.fates, before.unbound) == ((), ("setting",), ("0.3",))
    (value,) = made.assertions
    assert isinstance(value, Value)
    assert (str(value.value), value.method, value.dataset, value.text) == ("0.3", "", "", "0.3")
    assert (value.ambiguous, value.infers) == (("method", "dataset"), False)
    assert (made.fates, made.unbound) == (("bound",), ())


@pytest.mark.parametrize("sign", ["+", "-"])
def test_a_passed_over_number_becomes_a_difference_with_its_slots_and_its_unit_open(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    learned(monkeypatch, {"is=setting": favoured(sign)})
    _, made = after(SETTING)
    (found,) = made.assertions
    assert isinstance(found, Difference)
    assert (str(found.value), found.sign, found.baseline, found.infers) == ("0.3", sign, "", True)
    assert found.ambiguous[:3] == ("method", "dataset", "baseline")


def test_a_limit_is_open_too(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"R:none": favoured("score")})
    _, made = after("The dropout of XyloNet is over 0.3 on CIFAR-10.")
    assert [a.ambiguous for a in made.assertions] == [("method", "dataset", "value")]


def test_a_number_that_is_no_result_loses_its_assertion(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"place=0": favoured("none")})
    before, made = after(TWO)
    assert [a.text for a in made.assertions] == [before.assertions[1].text]
    assert made.assertions[0] is before.assertions[1]
    assert (made.fates, made.unbound) == (("undecided", "bound"), ("81.2",))


def test_another_sign_keeps_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"R:+": favoured("-")})
    before, made = after(GAIN)
    (old,), (new,) = before.assertions, made.assertions
    assert isinstance(old, Difference)
    assert new == old.model_copy(update={"sign": "-", "learned": ("value",)})
    assert (made.fates, made.unbound) == (before.fates, before.unbound)


@pytest.mark.parametrize(("printed", "sign"), [("-0.5", "-"), ("+0.5", "+")])
@pytest.mark.parametrize("decided_as", ["+", "-"])
def test_a_printed_sign_is_no_guess(monkeypatch: pytest.MonkeyPatch, printed: str, sign: str, decided_as: outcomes.Class) -> None:
    learned(monkeypatch, {f"R:{rule}": favoured(decided_as) for rule in ("+", "-", "score", "none")})
    _, made = after(f"XyloNet improves over BARNet on SQuAD by {printed} points.")
    (found,) = made.assertions
    assert isinstance(found, Difference)
    assert (found.sign, str(found.value)) == (sign, "0.5")


def test_another_kind_keeps_the_names_it_has_and_forgets_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"R:+": favoured("score")})
    before, made = after(GAIN)
    (old,), (new,) = before.assertions, made.assertions
    assert isinstance(new, Value)
    assert (new.method, new.dataset, new.metric, new.text, new.supplied) == ("XyloNet", "SQuAD", "F1", old.text, ("metric",))
    assert (str(new.value), new.ambiguous, new.infers) == ("0.4", (), False)


def test_a_score_that_turns_into_a_difference_has_its_baseline_open(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"place=1": favoured("-")})
    _, made = after(TWO)
    first, second = made.assertions
    assert (first.kind, second.kind) == ("Value", "Difference")
    assert isinstance(second, Difference)
    assert (second.method, second.dataset, second.baseline, second.sign) == ("XyloNet", "CIFAR-10", "", "-")
    assert second.ambiguous == ("baseline",)


@pytest.mark.parametrize(
    ("feature", "doubt", "kept"), [("part=was", 6.0, 0), ("part=value", 6.0, 0), ("part=was", 4.0, 2), ("part=value", 4.0, 2)]
)
def test_both_numbers_of_a_step_go_together(monkeypatch: pytest.MonkeyPatch, feature: str, doubt: float, kept: int) -> None:
    """Each doubt is enough for the number alone; the milder one is not for the mean of both."""
    learned(monkeypatch, {"R:score": [0.0] * 4, feature: [doubt, 0.0, 0.0, 0.0], "bias": favoured("score", 2.0)})
    before, made = after(STEP)
    assert (len(before.assertions), len(made.assertions)) == (2, kept)
    assert made.fates == (("bound",) if kept else ("undecided",))
    assert made.unbound == (() if kept else ("70.1 to 81.2",))


def test_neither_number_of_a_step_is_a_difference() -> None:
    read = read_sentence(STEP, FIELD)
    assert read.marked is not None
    value, was = likelihoods(features(read.marked, read.assertions, FIELD), {"bias": favoured("+")})
    assert value == was
    assert value[2:] == [0.0, 0.0]


@pytest.mark.parametrize("text", ["XyloNet scores 70-75 on CIFAR-10.", "XyloNet reaches between 70.1 and 81.2 on CIFAR-10."])
def test_a_range_of_scores_is_not_made(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    learned(monkeypatch, {"high=True": favoured("score")})
    before, made = after(text)
    assert made is before
    assert made.assertions == ()


def test_a_range_of_differences_turns_and_stays_a_range(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"R:+": favoured("-")})
    _, made = after("XyloNet improves over BARNet by 2 to 3 points on SQuAD.")
    (found,) = made.assertions
    assert isinstance(found, Range)
    assert (int(found.low), int(found.high), found.sign, found.method, found.baseline) == (2, 3, "-", "XyloNet", "BARNet")


def test_what_the_rules_hold_is_left_alone_if_nothing_is_decided_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {})
    for text in (GAIN, TWO, SETTING, STEP):
        before, made = after(text)
        assert made is before


def test_the_numbers_assertions_stand_in_their_order_behind_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"L1=dropout": favoured("score"), "noun=dropout": favoured("score")})
    _, made = after("XyloNet, with a dropout of 0.3, outperforms BARNet and reaches 81.2 on CIFAR-10.")
    assert [(a.kind, str(getattr(a, "value", ""))) for a in made.assertions][-2:] == [("Value", "0.3"), ("Value", "81.2")]
    assert all(a.kind == "Direction" for a in made.assertions[:-2])


def test_without_weights_every_number_is_held_to_be_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "weights", dict)
    _, made = after(SETTING)
    assert [a.kind for a in made.assertions] == ["Value"]  # four equal chances leave three quarters for a result
    before, made = after(GAIN)
    assert made is before


def test_a_study_that_knows_its_methods_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    study = Vocabulary(Lexicon(methods=(Name(name="XyloNet"), Name(name="BARNet"))))
    before, made = after(GAIN, study)
    assert before.assertions
    assert made is before
    assert after(GAIN)[1].assertions == ()


@pytest.mark.parametrize(("many", "left"), [(MOST, False), (MOST + 1, True)])
def test_a_sentence_of_too_many_numbers_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch, many: int, left: bool) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    before, made = after(f"XyloNet reaches 81.2 on CIFAR-10 but {', '.join(f'{n}.5' for n in range(20, 19 + many))}.")
    assert before.marked is not None
    assert len(amounts_of(before.marked)) == many
    assert before.assertions
    assert (made is before) == left


def test_a_sentence_without_a_number_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    unread = Read((), (), False)
    assert decided(unread, FIELD) is unread
    before, made = after("XyloNet outperforms BARNet on CIFAR-10.")
    assert made is before


# The choice


def chances(result: float, score: float = 1.0, plus: float = 0.0) -> list[float]:
    """The probabilities of the classes by that of a result and the shares of a score and of a difference upwards in it."""
    return [1 - result, result * score, result * plus, result * (1 - score - plus)]


@pytest.mark.parametrize(
    ("likely", "rule", "choice"),
    [
        (chances(ADD + 0.01), "none", "score"),
        (chances(ADD - 0.01), "none", "none"),
        (chances(KEEP + 0.01), "score", "score"),
        (chances(KEEP - 0.01), "score", "none"),
        (chances(KEEP + 0.01, 0, 1), "+", "+"),
        (chances(KEEP - 0.01, 0, 1), "+", "none"),
        (chances(0.9, CHANGE + 0.01, 0.3), "-", "score"),
        (chances(0.9, CHANGE - 0.01, 0.3), "-", "-"),
        (chances(0.9, 0.1, CHANGE + 0.01), "-", "+"),
        (chances(0.9, 0.35, 0.25), "none", "-"),
    ],
)
def test_a_number_is_chosen_at_the_bars(likely: list[float], rule: outcomes.Class, choice: str) -> None:
    assert choose(likely, rule) == choice


def test_probabilities_add_up_and_large_scores_do_not_overflow() -> None:
    assert softmax(["a", "unknown"], {"a": [1e6, 0.0, 0.0, 0.0]}) == [1.0, 0.0, 0.0, 0.0]
    found = softmax(["a", "b"], {"a": [0.0, math.log(2), 0.0, 0.0], "b": [0.0, math.log(2), 0.0, 0.0]})
    assert found == pytest.approx([1 / 7, 4 / 7, 1 / 7, 1 / 7])


# The sign of a difference follows its metric


@pytest.mark.parametrize(
    ("text", "metric", "turned"),
    [
        ("XyloNet improves accuracy over BARNet by 3 points.", "word error rate", True),
        ("XyloNet improves accuracy over BARNet by 3 points.", "BLEU", False),
        ("XyloNet increases accuracy over BARNet by 3 points.", "word error rate", False),
        ("XyloNet changes accuracy over BARNet by +3 points.", "word error rate", False),
    ],
)
def test_a_difference_turns_with_a_metric_of_the_other_sense(text: str, metric: str, turned: bool) -> None:
    sentence = Scene(found.marked) if (found := read_sentence(text, FIELD)).marked is not None else None
    assert sentence is not None
    old = Difference(method="XyloNet", baseline="BARNet", dataset="", metric="accuracy", value="3", sign="+")
    amount = amounts_of(sentence.sentence)[0]
    assert turns(sentence, old, metric, amount, FIELD) == turned


# What is shipped

SAMPLE = (
    GAIN,
    TWO,
    STEP,
    SETTING,
    "Our full model, which uses 12 layers (BARNet-12), reaches 81.2 (79.3 for BARNet) on the test set of CIFAR-10 and 70.1 on SVHN, while "
    "earlier work loses 3 points compared to XyloNet.",
    "Without the pruning step, the accuracy of XyloNet drops from 81.2 to 79.3 and that of 4 BARNet models to 70.1%, respectively.",
    "We get the best BLEU on SQuAD (31.2), CIFAR-10 (30.0 ± 0.2) and SVHN; the original baseline (ours, XyloNet, is in brackets) has 12.1 F1.",
    "If XyloNet would be 2 to 3 points better than BARNet, a gain of 10 of 14, it might be the best, 0.5% higher and worse by 1, and 100 lower.",
    "The error rate is lower by 1.5 than with BARNet, i.e. 0.1 + 0.2 = 0.3 [7], and an improvement of 4.2 in F1 over XyloNet makes a better score.",
    "It is 81.2.",
    "A higher accuracy correlates with a larger loss, of 81.2 for XyloNet.",
    "Our XyloNet (ours) performs better and more accurately by 0.7 than the proposed model with 0 heads.",
    "On SQuAD, XyloNet (ours) faster reaches 3.2, performs worse, and does favorably with 1.5.",
    "This causes 1.5 points of a larger gain; BARNet has the largest drop of 3.4, which outperforms 4.5, where XyloNet scores over 90 in accuracy.",
)


def family(feature: str) -> str:
    """What a feature is about: its first word, without what it is asked together with."""
    match = re.match(r"(?:\w+[+-]?\|)?((?:[RS]:)?[A-Za-z]*)", feature)
    assert match is not None
    return match.group(1)


def shipped() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads(files("claimcheck.extract").joinpath("outcomes.json").read_text(encoding="utf-8"))
    return found


def test_every_shipped_weight_is_of_a_feature_that_can_occur() -> None:
    named = Vocabulary(Lexicon(methods=(Name(name="XyloNet"),)))  # a paper's own names
    produced = {family(name) for text in SAMPLE for field in (FIELD, named) for names in asked(text, field).values() for name in names}
    assert {family(name) for name in shipped()} - produced == set()


def test_the_shipped_weights_are_four_finite_numbers_each() -> None:
    assert len(shipped()) > 100
    assert [name for name, each in shipped().items() if len(each) != len(CLASSES) or not all(math.isfinite(w) for w in each)] == []
    assert not [name for name in shipped() if name.startswith("developed:")]


def test_the_shipped_weights_decide_as_anyone_would() -> None:
    for text in (GAIN, TWO, SETTING):
        before, made = after(text)
        assert [(a.kind, a.text) for a in made.assertions] == [(a.kind, a.text) for a in before.assertions]


PROGRAM = """
import sys
from claimcheck.dossier import Lexicon
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.comparisons import compared
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.outcomes import decided
from claimcheck.extract.ranking import refined

field = Vocabulary(Lexicon())
for text in sys.argv[1:]:
    read = refined(compared(decided(read_sentence(text, field), field), field), field)
    print(repr((read.assertions, read.fates, read.unbound)))
"""


def test_the_order_of_hashes_makes_no_difference() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *SAMPLE[4:7]],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0].count("Value(") > 3
    assert runs[0] == runs[1]


def test_the_reading_that_is_decided_is_not_changed_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    before = read_sentence(TWO, FIELD)
    copy = replace(before)
    assert decided(before, FIELD) != copy
    assert before == copy


def test_what_the_rules_passed_over_must_be_surer_than_what_they_took():
    """More likely a result than not, and likelier than what is kept: a whole paper prints far more settings than results."""
    assert max(KEEP, 0.5) < ADD < 1
    assert max(comparisons.KEEP, 0.5) < comparisons.ADD < 1
