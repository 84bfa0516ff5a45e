"""The names of an assertion's slots, chosen by learned weights: the candidates, what is said of them, and the choice. The wordings are our own."""

import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files

import pytest

from benchmarks.annotated import TRAINING, WRITTEN
from claimcheck.benchmarks import prose
from claimcheck.benchmarks.heldout import held_out
from claimcheck.dossier import Assertion, Lexicon, Name, Value
from claimcheck.extract import ranking
from claimcheck.extract.assertions import Read, read_sentence
from claimcheck.extract.candidates import candidates, words
from claimcheck.extract.features import SLOTS, Scene, described, letters, opened
from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.phrases import LOWER
from claimcheck.extract.quantities import Amount
from claimcheck.extract.ranking import FEWEST, MOST, Anchor, anchored, chosen, number_anchor, refined
from claimcheck.extract.sentences import marked
from claimcheck.extract.word_classes import classes

FIELD = Vocabulary(Lexicon())
TWO = "BARNet and XyloNet reach 81.2 and 79.3 on CIFAR-10."
UNLIKE = "BARNet, ZigNet and XyloNet reach 81.2 and 79.3 on CIFAR-10."
GAIN = "On SQuAD, XyloNet improves over BARNet by 0.4 points."


def scene(text: str) -> Scene:
    return Scene(marked(text, FIELD))


def found(text: str) -> dict[str, str]:
    """Each candidate, and how it was found."""
    sentence = marked(text, FIELD)
    return {c.text: c.how for c in candidates(sentence, words(sentence))}


def said(text: str, number: int = 0) -> dict[str, list[str]]:
    """Each name that may fill a slot of one assertion of a sentence (the last, none, by the empty name), and what speaks for it."""
    read = read_sentence(text, FIELD)
    assert read.marked is not None
    anchors = anchored(read.marked, read.assertions)
    assertion = read.assertions[number]
    return dict(zip(*described(scene(text), anchors[number], assertion.kind, assertion), strict=True))


def learned(monkeypatch: pytest.MonkeyPatch, **weights: dict[str, float]) -> None:
    """Weights of our own; without any, a slot is left as the rules have it."""
    rules = {slot: {f"rule={slot}": 9.0, f"given={slot}": 9.0, f"nothing={slot}False": 20.0} for slot in SLOTS}
    monkeypatch.setattr(ranking, "weights", lambda: rules | weights)


def again(text: str, vocabulary: Vocabulary = FIELD) -> tuple[Assertion, Assertion]:
    """The first assertion of a sentence by the rules, and after the choice."""
    read = read_sentence(text, vocabulary)
    return read.assertions[0], refined(read, vocabulary).assertions[0]


# Candidates


@pytest.mark.parametrize(
    ("text", "candidate", "how"),
    [
        ("BARNet beats it.", "BARNet", "mention"),
        ("Then most slow dogs here.", "slow dogs", "run"),
        ("Then slow old dogs here.", "old dogs", "end"),
        ("Then slow old dogs here.", "slow old", "beginning"),
        ("BARNet with the sparse heads is slow.", "BARNet with the sparse heads", "joined"),
        ("BARNet and XyloNet are slow.", "BARNet and XyloNet", "listed"),
        ("It was run on four languages.", "four languages", "counted"),
        ("It was run on 11 languages.", "11 languages", "counted"),
        ("It is slower than [Ape et al., 1999].", "[Ape et al., 1999]", "cited"),
        ("Still we reach 4.1.", "we", "we"),
        ("Still the proposed method is slow.", "the proposed method", "definite"),
        ("Without the pruning step it is slow.", "Without the pruning step", "doing"),
        ("Adding the noise helps.", "Adding the noise", "doing"),
    ],
)
def test_what_may_be_named_is_a_candidate(text: str, candidate: str, how: str) -> None:
    assert found(text).get(candidate) == how


def test_no_candidate_reaches_across_a_number_a_verb_or_a_mark() -> None:
    every = found("The parser, BARNet, reaches 81.2 points where shallow trees fail; dense ones drop 3.0 more.")
    assert {"parser", "BARNet", "shallow trees fail"} <= set(every)
    assert not [text for text in every if re.search(r"81\.2|3\.0|reaches|drop|where|[,;]", text)]


def test_a_name_keeps_the_function_words_that_are_part_of_it() -> None:
    known = Vocabulary(Lexicon(methods=(Name(name="Two for One"),)))
    sentence = marked("Still Two for One is slow.", known)
    read = words(sentence)
    assert [word.text for word in read if word.apart] == ["Still", "is", "."]
    exact = {c.text: c.exact for c in candidates(sentence, read)}["Two for One"]
    assert exact is not None
    assert exact.own


def test_a_word_that_holds_a_name_and_a_cue_counts_as_the_name() -> None:
    word = words(marked("Here SQuAD/best is slow.", FIELD))[1]
    assert (word.text, word.apart, isinstance(word.item, Mention)) == ("SQuAD/best", False, True)


def test_a_citation_is_one_word_that_stands_apart() -> None:
    read = words(marked("It trails the tree parser [Ape and Bee, 1999; Cat, 2001] by far.", FIELD))
    (citation,) = [word for word in read if word.text.startswith("[")]
    assert (citation.text, citation.apart) == ("[Ape and Bee, 1999; Cat, 2001]", True)


def test_a_joined_word_is_one_word() -> None:
    assert [w.text for w in words(marked("Zig-zag's n/a is C++ here", FIELD))] == ["Zig-zag's", "n/a", "is", "C+", "+", "here"]


def test_each_stretch_is_a_candidate_once() -> None:
    sentence = marked("BARNet and XyloNet on the big frozen parser wins and BARNet.", FIELD)
    spans = [(c.start, c.end) for c in candidates(sentence, words(sentence))]
    assert len(spans) == len(set(spans))


# What is said of them


@pytest.mark.parametrize(("text", "at"), [("a (b) c X", -1), ("a (b X", 2), ("a (b (c) X", 2), ("(a) (b (c X", 7), ("a) X", -1)])
def test_the_innermost_open_bracket_is_found(text: str, at: int) -> None:
    assert opened(text, text.index("X")) == at


def test_the_name_before_a_bracket_owns_the_number_in_it() -> None:
    near = said("On SQuAD, XyloNet beats BARNet (81.2 F1).")
    assert "bracket-owner" in near["BARNet"]
    assert not [x for name in ("XyloNet", "SQuAD", "") for x in near[name] if x.startswith("bracket-owner")]


@pytest.mark.parametrize(("number", "own", "other"), [(0, "BARNet", "XyloNet"), (1, "XyloNet", "BARNet")])
def test_of_two_lists_in_turn_the_names_in_the_same_place_belong_together(number: int, own: str, other: str) -> None:
    features = said(TWO, number)
    assert ("aligned-method" in features[own], "misaligned-method" in features[own]) == (True, False)
    assert ("aligned-method" in features[other], "misaligned-method" in features[other]) == (False, True)
    assert not [x for x in features["CIFAR-10"] if "aligned" in x]


def test_lists_of_different_lengths_are_not_in_turn() -> None:
    assert not [x for features in said(UNLIKE).values() for x in features if "aligned" in x]


LISTS = "We gain 1.2, 3.5 and 2.6 points on the slow task, on tagging (with all labels) and on birds, respectively."


def test_what_is_listed_stands_in_turn_whatever_it_names_and_in_brackets_apart() -> None:
    seen = scene(LISTS)
    assert [[[w.text for w in seen.words[first : last + 1]] for first, last in group] for group in seen.lists] == [
        [["slow", "task"], ["tagging"], ["birds"]]
    ]
    assert [[a.text for a in group] for group in seen.number_lists] == [["1.2", "3.5", "2.6 points"]]
    apart = scene("Here ZigNet (on birds, on dogs) is slow, as it was.")
    assert [[apart.words[first].text for first, _ in group] for group in apart.lists] == [["birds", "dogs"]]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("", []),
        ("Dogs, cats and the birds.", [["Dogs", "cats", "birds"]]),
        ("Then dogs), cats and birds.", [["dogs", "cats", "birds"]]),
        ("Then dogs (or cats (newts, frogs), or the birds.", [["newts", "frogs"], ["cats", "birds"]]),
        ("Then dogs [Ape, 1999], cats [Bee, 2001] and birds.", [["dogs", "cats", "birds"]]),
        ("Then shoes of dogs and cats.", [["dogs", "cats"]]),
        ("Then dogs, 12 cats and birds.", [["cats", "birds"]]),
    ],
)
def test_a_list_needs_a_mark_between_and_goes_on_over_citations_and_stray_brackets(text: str, lists: list[list[str]]) -> None:
    seen = scene(text)
    found = [[" ".join(w.text for w in seen.words[first : last + 1]) for first, last in group] for group in seen.lists]
    assert sorted(found) == sorted(lists)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("We gain 1.5/2.5/3.5 points.", [["1.5", "2.5", "3.5 points"]]),
        ("We gain 1.5 wug, 2.5 wug and 3.5 points.", [["1.5", "2.5", "3.5 points"]]),
        ("We gain 1.5 on dogs and 2.5 on cats.", [["1.5"], ["2.5"]]),
        ("In 2015, 1.5 or -2.5 was reached.", [["1.5", "-2.5"]]),
    ],
)
def test_results_with_no_more_than_a_word_and_a_mark_between_stand_in_a_list(text: str, numbers: list[list[str]]) -> None:
    assert [[a.text for a in group] for group in scene(text).number_lists] == numbers


def beside(text: str, number: int) -> dict[str, list[str]]:
    """What speaks for each name beside one of a sentence's numbers, whatever the rules make of it."""
    seen = scene(text)
    anchor = Anchor(seen.amounts[number].start, seen.amounts[number].end, "value", seen.amounts[number])
    return dict(zip(*described(seen, anchor, "Difference", None), strict=True))


def test_one_number_is_in_turn_with_no_list() -> None:
    features = beside("On dogs, cats and birds it gains 1.2 points.", 0)
    assert not [x for each in features.values() for x in each if x.startswith(("unlike-lists", "in-turn", "out-of-turn", "whole-list"))]


def test_on_which_side_a_list_stands_and_whether_a_candidate_ends_its_member_is_told() -> None:
    left = beside("On slow dogs, cats and birds it gains 1.2, 3.5 and 2.6 points.", 0)
    assert {"in-turn&Lplain", "in-turn&Difference", "in-turn&x", "in-turn&True&3"} <= set(left["dogs"])
    assert "in-turn&False&3" in left["slow"]
    right = beside("Respectively, we gain 1.2, 3.5 and 2.6 points on slow dogs, cats and birds.", 1)
    assert {"in-turn&Rrespectively", "in-turn&True&3"} <= set(right["cats"])
    assert "out-of-turn&Rrespectively" in right["birds"]


@pytest.mark.parametrize(("number", "own", "other"), [(0, "slow task", "birds"), (1, "tagging", "slow task"), (2, "birds", "tagging")])
def test_of_a_list_the_member_in_the_place_of_the_number_is_in_turn(number: int, own: str, other: str) -> None:
    features = beside(LISTS, number)
    assert ("in-turn" in features[own], "out-of-turn" in features[own]) == (True, False)
    assert ("in-turn" in features[other], "out-of-turn" in features[other]) == (False, True)
    assert "in-turn&respectively" in features[own]


def test_a_list_of_another_length_is_told_apart_and_the_whole_of_one_is_no_member() -> None:
    features = said(UNLIKE)
    assert "unlike-lists=2/3&True" in features["BARNet"]
    assert not [x for each in features.values() for x in each if x.startswith(("in-turn", "out-of-turn"))]
    assert "whole-list" in said(TWO)["BARNet and XyloNet"]


def test_words_of_like_company_share_a_class_and_others_go_by_their_tag() -> None:
    known = classes()
    assert known["accuracy"] == known["recall"] != known["segmentation"]
    seen = scene("A xyzzy BARNet [Ape, 1999] has 81.2 recall.")
    by_word = {word.text: each for word, each in zip(seen.words, seen.classes, strict=True)}
    assert by_word["xyzzy"] == ("?", "?")
    assert by_word["BARNet"] == ("M", "M")
    assert by_word["[Ape, 1999]"] == ("[", "[")
    assert by_word["81.2"] == ("0", "0")
    assert by_word["recall"] == known["recall"]
    (features,) = (each for name, each in said("The slow recall of XyloNet is 81.2.").items() if name == "slow recall")
    assert f"chead={known['recall'][0]}" in features
    assert f"Cwithin={known['slow'][1]}" in features


def test_the_classes_of_a_candidates_ends_of_what_is_within_and_of_what_stands_beside_it_are_told_apart() -> None:
    known = classes()
    features = beside("slow recall drops by 1.2 points.", 0)["slow recall"]
    ends = {f"{level}{end}={known[word][n]}" for n, level in enumerate("cC") for end, word in (("head", "recall"), ("first", "slow"))}
    sides = {f"{level}{side}" for n, level in enumerate("cC") for side in ("left=^", f"right={known['drops'][n]}")}
    assert ends | sides <= set(features)
    assert len({known[word][1] for word in ("slow", "recall", "drops")}) == 3
    assert [x for x in features if x.startswith("Cwithin=")] == [f"Cwithin={known['slow'][1]}"]
    assert "cright=$" in beside("It drops by 1.2 on birds", 0)["birds"]


def test_each_word_has_a_class_of_the_few_and_one_of_the_many() -> None:
    few, many = (set(each) for each in zip(*classes().values(), strict=True))
    assert 50 < len(few) <= 100 < len(many) <= 300


def test_a_marked_word_has_the_class_of_the_bare_one() -> None:
    seen = scene("Then recall* and Recall+ drop.")
    assert seen.classes[1] == seen.classes[3] == classes()["recall"]


def test_the_rules_choice_speaks_for_a_name_and_their_silence_is_heard() -> None:
    features = said(GAIN)
    assert "rule=method" in features["XyloNet"]
    assert "rule=baseline" in features["BARNet"]
    assert "given=metric" in features["F1"]  # what the rules supplied stands nowhere in the sentence
    assert "nothing=methodTrue" in features[""]
    assert "rule-silent=baseline" in said("XyloNet reaches 81.2 on CIFAR-10.")["XyloNet"]


# The choice


def test_nothing_is_chosen_only_if_it_is_likelier_than_the_bar() -> None:
    names, features = ["A", "B", ""], [["a"], ["b"], ["none"]]
    even = math.log(FEWEST / (1 - FEWEST) * 2)  # of two names and nothing, nothing has just the bar
    assert chosen(names, features, {"none": even - 0.01, "b": 0.0, "a": 0.0}) == "A"
    assert chosen(names, features, {"none": even + 0.01}) == ""
    assert chosen(names, features, {"none": 1.0, "b": 5.0}) == "B"
    assert chosen(["A", ""], [["a"], ["none"]], {"none": 0.1}) == "A"  # nothing is likeliest, yet not by enough


def test_without_a_candidate_nothing_is_chosen() -> None:
    assert chosen([""], [["none"]], {"none": -9.0}) == ""


def test_a_feature_counts_once_and_large_scores_do_not_overflow() -> None:
    assert chosen(["A", "B", ""], [["a", "a", "a"], ["b"], []], {"a": 1.0, "b": 2.0}) == "B"
    assert chosen(["A", ""], [["a"], []], {"a": 1e6}) == "A"


def test_an_empty_slot_is_filled_and_no_longer_open(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, method={"exact=method,False": 9.0})
    read = read_sentence("XyloNet reaches 81.2 on CIFAR-10.", FIELD)
    bare = replace(read, assertions=(read.assertions[0].model_copy(update={"method": "", "ambiguous": ("method", "value")}),))
    after = refined(bare, FIELD).assertions[0]
    assert isinstance(after, Value)
    assert (after.method, after.ambiguous, after.dataset) == ("XyloNet", ("value",), "CIFAR-10")


def test_a_wrong_slot_is_emptied_and_listed_as_open(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, baseline={"nothing": 20.0})
    before, after = again(GAIN)
    assert (before.baseline, after.baseline, after.ambiguous) == ("BARNet", "", (*before.ambiguous, "baseline"))
    assert after.method == before.method == "XyloNet"


def test_a_wrong_name_gives_way_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, method={"rule=baseline": 9.0}, baseline={"rule=method": 9.0})
    _, after = again(GAIN)
    assert (after.method, after.baseline, after.ambiguous) == ("BARNet", "XyloNet", ())


@pytest.mark.parametrize(
    ("weights", "slots"),
    [
        (
            {"baseline": {"rule=method": 12.0, "rule=baseline": 9.0}},
            ("XyloNet", "BARNet"),
        ),  # sure of the method as baseline: the method gives way
        ({"method": {"rule=baseline": 12.0, "rule=method": 9.0}}, ("XyloNet", "BARNet")),
    ],
)
def test_one_name_does_not_fill_two_slots(
    monkeypatch: pytest.MonkeyPatch, weights: dict[str, dict[str, float]], slots: tuple[str, str]
) -> None:
    learned(monkeypatch, **weights)
    _, after = again(GAIN)
    assert after.method != after.baseline
    assert after.method in (slots[0], "")
    assert after.baseline in (slots[1], "")


def test_of_two_slots_with_one_name_the_likelier_keeps_it_and_the_other_what_the_rules_gave() -> None:
    rule = Value(method="A", dataset="D", metric="", value="81.2", unit="%")
    picked = {"method": ("X", 0.9), "dataset": ("x", 0.4), "metric": ("M", 0.3)}
    ranking.apart(picked, rule)
    assert picked == {"method": ("X", 0.9), "dataset": ("D", 0.4), "metric": ("M", 0.3)}
    picked = {"method": ("X", 0.4), "dataset": ("D", 0.2), "metric": ("X", 0.9)}
    ranking.apart(picked, rule.model_copy(update={"method": "x"}))
    assert picked == {"method": ("", 0.4), "dataset": ("D", 0.2), "metric": ("X", 0.9)}


def test_what_a_sentence_compares_is_no_measure_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "BARNet (72.4%) beats XyloNet (70.1%) on CIFAR-10."
    learned(monkeypatch, metric={"exact=method,False": 9.0, "exact=method,True": 9.0})
    read = read_sentence(text, FIELD)
    made = refined(read, FIELD).assertions
    assert {a.method for a in made} == {"BARNet", "XyloNet"}
    assert {letters(a.metric) for a in made}.isdisjoint({"barnet", "xylonet"})


@pytest.mark.parametrize(
    ("slot", "wording", "name"),
    [
        ("dataset", "SQuAD benchmark", "SQuAD"),
        ("dataset", "SQuAD test", "SQuAD test"),  # another set
        ("dataset", "slow dogs", "slow dogs"),
        ("method", "SQuAD benchmark", "SQuAD benchmark"),
        ("dataset", "SQuAD and CIFAR-10", "SQuAD and CIFAR-10"),
    ],
)
def test_a_known_name_beside_words_that_name_nothing_is_that_name(slot: str, wording: str, name: str) -> None:
    seen = scene("We run on the SQuAD benchmark, on a SQuAD test, on slow dogs, and for SQuAD and CIFAR-10.")
    assert ranking.known_name(seen, slot, wording) == name


def test_a_supplied_name_stays_if_nothing_is_chosen_and_is_no_longer_supplied_if_another_is(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, metric={"nothing": 20.0})
    before, after = again(GAIN)
    assert (after.metric, after.supplied) == (before.metric, before.supplied) == ("F1", ("metric",))
    learned(monkeypatch, metric={"rule=dataset": 9.0})
    _, after = again(GAIN)
    assert (after.metric, after.supplied) == ("SQuAD", ())


@pytest.mark.parametrize(
    ("text", "metric", "units"),
    [
        ("XyloNet reaches an accuracy of 31.2, which shows in BLEU.", "BLEU", ("%", "")),
        ("XyloNet improves accuracy over BARNet by 0.4, which shows in BLEU.", "BLEU", ("pp", "points")),
        ("XyloNet reaches an accuracy of 31.2%, which shows in BLEU.", "BLEU", ("%", "%")),
    ],
)
def test_the_unit_is_that_of_the_new_metric_unless_one_is_printed(
    monkeypatch: pytest.MonkeyPatch, text: str, metric: str, units: tuple[str, str]
) -> None:
    learned(monkeypatch, metric={f"right={'$' if text.endswith(metric) else '.'}": 20.0})
    before, after = again(text)
    assert (before.metric, after.metric) == ("accuracy", metric)
    assert (before.unit, after.unit) == units


@pytest.mark.parametrize(
    ("metric", "less"),
    [
        *(
            (name, True)
            for name in ("DER", "FID", "test RMSE", "log-MSE", "logloss", "memory footprint", "training costs", "BPC", "bi-disparity")
        ),
        *((name, False) for name in ("accuracy", "FIDs seen", "memory of names", "costliness", "RMSEs won", "order")),
    ],
)
def test_less_of_an_error_or_a_cost_is_better(metric: str, less: bool) -> None:
    assert ranking.less(metric, FIELD) is less
    assert (LOWER.fullmatch(metric) is not None) is less


def test_a_value_gets_no_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, baseline={"exact=method,False": 9.0})
    before, after = again(TWO)
    assert after is before


def test_a_study_that_knows_its_methods_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, method={"nothing": 20.0})
    study = Vocabulary(Lexicon(methods=(Name(name="XyloNet"), Name(name="BARNet"))))
    read = read_sentence(GAIN, study)
    assert read.assertions
    assert refined(read, study) is read
    assert refined(read_sentence(GAIN, FIELD), FIELD).assertions[0].method == ""


def test_a_sentence_of_too_many_names_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, method={"nothing": 20.0})
    several = ", ".join(f"ZigNet{n} reaches {40 + n}.5 on CIFAR-10" for n in range(40))
    read = read_sentence(f"{several}.", FIELD)
    assert read.marked is not None
    assert len(read.assertions) * len(Scene(read.marked).candidates) > MOST
    assert refined(read, FIELD) is read


def test_a_sentence_without_an_assertion_is_left_alone() -> None:
    nothing = Read((), (), False)
    assert refined(nothing, FIELD) is nothing
    read = read_sentence("The dropout is 0.1.", FIELD)
    assert refined(read, FIELD) is read


# Where an assertion stands


def placed(text: str, value: str, within: str, used: set[tuple[int, str]]) -> Anchor | None:
    return number_anchor(marked(text, FIELD), Decimal(value), within, used)


def test_a_number_is_looked_for_within_the_assertions_words_first() -> None:
    text = "BARNet reaches 81.2 on SVHN and XyloNet reaches 81.2 on CIFAR-10."
    anchor = placed(text, "81.2", "XyloNet reaches 81.2", set())
    assert anchor is not None
    assert anchor.start == text.rindex("81.2")
    anchor = placed(text, "81.2", "words that are not there", set())
    assert anchor is not None
    assert anchor.start == text.index("81.2")


def test_a_number_that_stands_twice_is_taken_once_each() -> None:
    text, used = "BARNet reaches 81.2 on SVHN and XyloNet reaches 81.2 on CIFAR-10.", set[tuple[int, str]]()
    starts = [anchor.start for anchor in (placed(text, "81.2", text, used) for _ in range(3)) if anchor is not None]
    assert starts == [text.index("81.2"), text.rindex("81.2"), text.index("81.2")]  # the third has none of its own


def test_the_first_number_of_a_step_is_found_by_its_part_and_a_sign_makes_no_difference() -> None:
    text = "XyloNet rises from 70.1 to 81.2 on CIFAR-10."
    anchors = [placed(text, value, "", set()) for value in ("-70.1", "81.2", "5")]
    assert [anchor and anchor.part for anchor in anchors] == ["was", "value", None]
    assert isinstance(anchors[0] and anchors[0].amount, Amount)


def test_a_comparison_without_a_number_stands_at_its_verb() -> None:
    read = read_sentence("XyloNet outperforms BARNet on CIFAR-10.", FIELD)
    assert read.marked is not None
    (anchor,) = anchored(read.marked, read.assertions)
    assert anchor is not None
    assert (read.marked.text[anchor.start : anchor.end], anchor.part) == ("outperforms", "cue")


# What is shipped

SAMPLE = (
    GAIN,
    TWO,
    UNLIKE,
    "Our full model, which uses 12 layers (BARNet-12), reaches 81.2 (79.3 for BARNet) on the test set of CIFAR-10 and 70.1 on SVHN, while earlier "
    "work loses 3 points compared to XyloNet.",
    "Without the pruning step, the accuracy of XyloNet drops from 81.2 to 79.3 and that of 4 BARNet models to 70.1, respectively.",
    "XyloNet outperforms all previous systems [Ape, 1999] in BLEU and F1 on CIFAR-10, SVHN and SQuAD.",
    "We get the best BLEU on SQuAD (31.2), CIFAR-10 (30.0) and SVHN; the original baseline (ours, XyloNet, is in brackets) has 12.1 F1.",
    "XyloNet reaches 81.2 and 79.3 on CIFAR-10 and SVHN.",
    "In F1 and BLEU, 81.2 and 30.3 are reached by XyloNet.",
    "In contrast to the CIFAR-10 accuracy of 81.2 that XyloNet has, BARNet (which needs no labels), with its F1 of 79.3, is far behind (by 1.9).",
)


def family(feature: str) -> str:
    """What a feature is about: its name, without what it is joined to and without its value."""
    match = re.match(r"(?:[\w-]+\|)?([A-Za-z-]+)", feature)
    assert match is not None, feature
    return match.group(1)


def test_every_shipped_weight_is_of_a_feature_that_can_occur() -> None:
    produced: set[str] = set()
    for text in SAMPLE:
        read = read_sentence(text, FIELD)
        assert read.marked is not None
        places: list[tuple[Assertion, Anchor | None]] = list(zip(read.assertions, anchored(read.marked, read.assertions), strict=True))
        for assertion, anchor in [*places, *((a, None) for a, _ in places)]:
            open_too = assertion.model_copy(update={"ambiguous": ("method", "value")})
            for rule in (assertion, open_too):
                _, features = described(Scene(read.marked), anchor, assertion.kind, rule)
                produced |= {family(feature) for each in features for feature in each}
    shipped = {family(feature) for weights in ranking.weights().values() for feature in weights}
    assert not shipped - produced


def test_the_shipped_weights_are_four_slots_of_finite_numbers_none_of_them_too_small_to_matter() -> None:
    weights = json.loads(files("claimcheck.extract").joinpath("ranking.json").read_text(encoding="utf-8"))
    assert set(weights) == set(SLOTS)
    for slot in SLOTS:
        assert weights[slot]
        assert all(isinstance(w, float) and math.isfinite(w) and abs(w) >= 0.03 for w in weights[slot].values())


def test_the_shipped_weights_choose_as_anyone_would() -> None:
    before, after = again(GAIN)
    assert (
        (after.method, after.baseline, after.dataset) == ("XyloNet", "BARNet", "SQuAD") == (before.method, before.baseline, before.dataset)
    )


def bare(paper: str) -> str:
    """A paper's id without the set that it is known from and its version."""
    return re.sub(r"v\d+$", "", paper.rpartition(":")[2])


def test_no_paper_that_weights_are_fitted_on_is_held_out() -> None:
    training = prose.rows(TRAINING)
    measured = {bare(paper["id"]) for paper in prose.rows(prose.FILE) if held_out(paper["id"])}
    assert len(training) > 200
    assert len(measured) > 10
    assert not [paper["id"] for paper in training if held_out(bare(paper["id"])) or bare(paper["id"]) in measured]


def test_no_sentence_that_extraction_is_measured_on_is_one_that_weights_are_fitted_on() -> None:
    training, measured = ({row["sha256"] for paper in prose.rows(file) for row in paper["sentence"]} for file in (TRAINING, prose.FILE))
    assert not training & measured
    written = {prose.fingerprint(row["text"]) for paper in prose.rows(WRITTEN) for row in paper["sentence"]}
    assert len(written) > 2000
    assert not written & (training | measured)
