"""Which words state a comparison, decided by learned weights: what is added, turned and dropped. The wordings are our own."""

import json
import math
import re
from importlib.resources import files

import pytest

from claimcheck.dossier import Direction, Lexicon, Name, Rank
from claimcheck.extract import comparisons
from claimcheck.extract.assertions import Read, read_sentence
from claimcheck.extract.comparisons import ADD, CLASSES, KEEP, MOST, QUOTED, choose, compared, comparing, features, placed
from claimcheck.extract.lexicon import Vocabulary

FIELD = Vocabulary(Lexicon())
BEATS = "XyloNet outperforms BARNet on CIFAR-10, where it reaches 81.2."
TWICE = "Here XyloNet is better, and BARNet is better too, with 81.2 on CIFAR-10."
BEST = "XyloNet has the best accuracy on CIFAR-10, 81.2."
RULES = {f"R:{kind}": [9.0 * (each == kind) for each in CLASSES] for kind in CLASSES}


def favoured(kind: str) -> list[float]:
    return [40.0 * (each == kind) for each in CLASSES]


def learned(monkeypatch: pytest.MonkeyPatch, weights: dict[str, list[float]]) -> None:
    """Weights of our own; without any, every word says what the rules hold it to say."""
    monkeypatch.setattr(comparisons, "weights", lambda: RULES | weights)


def after(text: str, vocabulary: Vocabulary = FIELD) -> tuple[Read, Read]:
    """A sentence by the rules, and after the decision."""
    read = read_sentence(text, vocabulary)
    return read, compared(read, vocabulary)


def stated(read: Read) -> list[Direction | Rank]:
    return [a for a in read.assertions if isinstance(a, Direction | Rank)]


def asked(text: str) -> list[list[str]]:
    return [names for _, names in features(read_sentence(text, FIELD), FIELD)]


# The decision


@pytest.mark.parametrize("sign", ["+", "-"])
def test_a_word_that_was_passed_over_states_a_direction_with_its_slots_open(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    learned(monkeypatch, {"order=0/2": favoured(sign)})
    before, made = after(TWICE)
    assert stated(before) == []
    (found,) = stated(made)
    assert isinstance(found, Direction)
    assert (found.sign, found.method, found.baseline, found.ambiguous, found.infers) == (
        sign,
        "",
        "",
        ("method", "baseline", "dataset"),
        True,
    )
    assert made.assertions[: len(before.assertions)] == before.assertions


@pytest.mark.parametrize("order", ["largest", "smallest"])
def test_a_word_that_was_passed_over_states_a_rank(monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    learned(monkeypatch, {"order=1/2": favoured(order)})
    (found,) = stated(after(TWICE)[1])
    assert isinstance(found, Rank)
    assert (found.order, found.method, found.ambiguous) == (order, "", ("method", "baseline", "dataset"))


@pytest.mark.parametrize("number", [0, 1])
def test_the_quote_stands_in_the_sentence_and_leads_back_to_its_own_word(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    learned(monkeypatch, {f"order={number}/2": favoured("+")})
    for text in (
        TWICE,
        "Then XyloNet is better and, as was seen before by all of us who looked at it for long, BARNet is better with 81.2 too.",
    ):
        _, made = after(text)
        (found,) = stated(made)
        words = comparing(made)
        assert found.text in text
        assert text.index(found.text) == words[number].start
        assert len(found.text) <= QUOTED
        assert re.search(r"\w\Z|[.,]\Z", found.text)
        assert not re.match(r"\w", text[words[number].start + len(found.text) :])  # no word is cut
        assert list(placed(made)) == [words[number].start]


def test_a_direction_turns_and_keeps_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"R:+": favoured("-")})
    before, made = after(BEATS)
    assert [a.kind for a in made.assertions] == [a.kind for a in before.assertions]
    (old,), (new,) = stated(before), stated(made)
    assert (old.method, old.baseline, old.sign) == ("XyloNet", "BARNet", "+")
    assert new == old.model_copy(update={"sign": "-", "learned": ("sign",)})


def test_a_direction_becomes_a_rank_and_a_rank_a_direction_with_the_same_names(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"R:+": favoured("smallest"), "R:largest": favoured("-")})
    (rank,) = stated(after(BEATS)[1])
    assert isinstance(rank, Rank)
    assert (rank.order, rank.method, rank.baseline, rank.dataset, rank.ambiguous) == ("smallest", "XyloNet", "BARNet", "CIFAR-10", ())
    (direction,) = stated(after(BEST)[1])
    assert isinstance(direction, Direction)
    assert (direction.sign, direction.method, direction.dataset, direction.ambiguous) == ("-", "XyloNet", "CIFAR-10", ("baseline",))


@pytest.mark.parametrize("text", [BEATS, BEST])
def test_what_a_word_does_not_state_is_dropped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    before, made = after(text)
    assert len(stated(before)) == 1
    assert made.assertions == tuple(a for a in before.assertions if a.kind == "Value") != ()
    assert (made.fates, made.unbound) == (before.fates, before.unbound)


def test_what_the_rules_hold_stays_if_nothing_is_decided_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {})
    for text in (BEATS, TWICE, BEST):
        before, made = after(text)
        assert made.assertions == before.assertions


def test_without_weights_every_word_is_held_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "weights", dict)
    assert [a.kind for a in stated(after(TWICE)[1])] == ["Direction", "Direction"]  # five equal chances leave four fifths for a statement


def test_a_sentence_without_a_number_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    for text in ("XyloNet outperforms BARNet on CIFAR-10.", "XyloNet outperforms BARNet in Table 4."):
        before, made = after(text)
        assert stated(before)
        assert made is before
    unread = Read((), (), False)
    assert compared(unread, FIELD) is unread


def test_a_study_that_knows_its_methods_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    learned(monkeypatch, {"bias": favoured("none")})
    study = Vocabulary(Lexicon(methods=(Name(name="XyloNet"), Name(name="BARNet"))))
    before, made = after(BEATS, study)
    assert stated(before)
    assert made is before


@pytest.mark.parametrize(("many", "left"), [(MOST, False), (MOST + 1, True)])
def test_a_sentence_of_too_many_comparing_words_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch, many: int, left: bool) -> None:
    learned(monkeypatch, {"bias": favoured("+")})
    before, made = after(f"XyloNet reaches 81.2 and is {', '.join(['better'] * many)}.")
    assert len(comparing(before)) == many
    assert (made is before) == left
    assert left or len(stated(made)) == many


# The choice


@pytest.mark.parametrize(
    ("stating", "rule", "choice"),
    [(ADD + 0.01, "none", "-"), (ADD - 0.01, "none", "none"), (KEEP + 0.01, "-", "-"), (KEEP - 0.01, "-", "none"), (KEEP + 0.01, "+", "-")],
)
def test_a_word_is_chosen_at_the_bars(stating: float, rule: comparisons.Class, choice: str) -> None:
    assert choose([1 - stating, 0.2 * stating, 0.5 * stating, 0.2 * stating, 0.1 * stating], rule) == choice


def test_the_likeliest_statement_is_chosen() -> None:
    assert [choose([0.1, *(0.6 if n == m else 0.1 for m in range(4))], "none") for n in range(4)] == list(CLASSES[1:])


# What is said of a word


def test_a_word_knows_itself_its_neighbours_and_what_the_rules_made_of_it() -> None:
    (said,) = asked(BEATS)
    assert {"kind=compare+", "text=outperforms", "R:+", "L1=M", "order=0/1", "methodL=1/1", "bias", "compare+|R:+"} <= set(said)
    assert len(said) == len(set(said))
    first, second = asked(TWICE)
    assert {"R:none", "order=0/2", "after=adjective+1"} <= set(first)
    assert {"order=1/2", "before=adjective+1", "number-after=1"} <= set(second)


def test_a_doubt_before_a_word_is_heard() -> None:
    (said,) = asked("XyloNet might be better than BARNet, with 81.2 on CIFAR-10.")
    assert [name for name in said if name.startswith("doubt=might")]
    (said,) = asked("XyloNet is better than BARNet, with 81.2 on CIFAR-10.")
    assert not [name for name in said if name.startswith("doubt=")]


def test_whether_less_is_better_is_known() -> None:
    assert "lower=True" in asked("The word error rate of XyloNet is better by 3.1 than that of BARNet.")[0]
    assert "lower=False" in asked("The accuracy of XyloNet is better by 3.1 than that of BARNet.")[0]


# What is shipped

SAMPLE = (
    BEATS,
    TWICE,
    BEST,
    "If XyloNet would be better than our BARNet in F1, it might improve by 3 points on SQuAD, the largest gain of all, and drop less than 2.",
)


def family(feature: str) -> str:
    """What a feature is about: its first word, without the kind of word it is asked together with."""
    match = re.match(r"(?:\w+[+-]?\|)?(R:|[A-Za-z-]+)", feature)
    assert match is not None, feature
    return match.group(1)


def shipped() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads(files("claimcheck.extract").joinpath("comparisons.json").read_text(encoding="utf-8"))
    return found


def test_every_shipped_weight_is_of_a_feature_that_can_occur() -> None:
    produced = {family(name) for text in SAMPLE for names in asked(text) for name in names}
    assert {family(name) for name in shipped()} - produced == set()


def test_the_shipped_weights_are_five_finite_numbers_each() -> None:
    assert len(shipped()) > 100
    assert [name for name, each in shipped().items() if len(each) != len(CLASSES) or not all(math.isfinite(w) for w in each)] == []
    assert not [name for name in shipped() if name.startswith("developed:")]


def test_the_shipped_weights_keep_what_is_plainly_said() -> None:
    for text in (BEATS, BEST):
        before, made = after(text)
        assert made.assertions == before.assertions
