"""Numbers as printed. The value, sign, unit and range of each must come back exactly."""

import string
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimcheck.extract.quantities import LONGEST, MOST, NUMBER, amounts, mask, parse


def only(text: str) -> tuple[str, ...]:
    """The one amount of a text as (sign, value, high, unit), empty parts left out."""
    (amount,) = amounts(text)
    return tuple(str(part) for part in (amount.sign, amount.value, amount.high, amount.unit) if part not in ("", None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gains +0.30 pp here", ("+", "0.30", "pp")),
        ("gains +0.30pp here", ("+", "0.30", "pp")),
        ("loses \u22122.4 points", ("-", "2.4", "pp")),
        ("loses \u20132.4 points", ("-", "2.4", "pp")),
        ("(-10.14)", ("-", "10.14")),
        ("by 2.5\u20132.9 points", ("2.5", "2.9", "pp")),
        ("by 2.5-2.9 points", ("2.5", "2.9", "pp")),
        ("by 2.5 to 2.9 points", ("2.5", "2.9", "pp")),
        ("between 2.5 and 2.9 points", ("2.5", "2.9", "pp")),
        ("+40\u201345 point", ("+", "40", "45", "pp")),
        ("+40 to +45 points", ("+", "40", "45", "pp")),
        ("from -2.9 to -2.5 pp is a change", ("-", "2.5", "pp")),
        ("84.20%", ("84.20", "%")),
        ("84.2 %", ("84.2", "%")),
        ("84.2\u2009%", ("84.2", "%")),
        ("84.2 percent", ("84.2", "%")),
        ("5 percentage points", ("5", "pp")),
        ("5 %-points", ("5", "pp")),
        ("1,970 clips", ("1970", "clips")),
        ("1,234.5", ("1234.5",)),
        ("1.234,5", ("1234.5",)),
        ("24\u2009777 clips", ("24777", "clips")),
        ("24\u00a0777 clips", ("24777", "clips")),
        ("81,9%", ("81.9", "%")),
        (".305", ("0.305",)),
        ("1e-4", ("0.0001",)),
        ("3 \u00d7 10^-4", ("0.0003",)),
        ("2.1\u00d710\u207b\u00b3", ("0.0021",)),
        ("10^{-4}", ("0.0001",)),
        ("2.3\u00d7 faster", ("2.3", "x")),
        ("two points", ("2", "pp")),
        ("\ufb01ve points", ("5", "pp")),
        ("a footnote 72.2^3 there", ("72.2",)),
        ("72.2\u00b3 %", ("72.2", "%")),
        ("10\u207b\u2074", ("0.0001",)),
        ("3 \\times 10^{-4}", ("0.0003",)),
        ("1.2 million clips", ("1.2E+6", "clips")),
    ],
)
def test_printed_forms(text: str, expected: tuple[str, ...]) -> None:
    assert only(text) == expected


@pytest.mark.parametrize("text", ["GPT-4", "ViT-B/16", "x_2", "v2.0", "CO2", "top-heavy", "H100s"])
def test_digits_inside_names_are_no_quantities(text: str) -> None:
    assert amounts(f"with {text} we") == ()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("see Table 2 for", "label"),
        ("in Sec. 4 we", "label"),
        ("with seed 42 we", "label"),
        ("at epoch 100 it", "label"),
        ("the top 5 are", "label"),
        ("in 2019 it", "year"),
        ("as in [12] we", "citation"),
        ("both (1) what", "enumerator"),
        ("the square 5^2 there", "label"),
        ("as in [3\u20135] we", "citation"),
        ("for 100 epochs on", "size"),
        ("an 86M model", "size"),
    ],
)
def test_numbers_that_are_no_scores(text: str, role: str) -> None:
    assert [amount.role for amount in amounts(text)] == [role]


def test_a_second_number_of_a_label_is_a_label() -> None:
    assert [a.role for a in amounts("Tables 2 and 3 show")] == ["label", "label"]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        (">5 points", ">"),
        ("more than 5", ">"),
        ("at least 5", ">="),
        ("\u2265 5", ">="),
        ("within 0.30", "<="),
        ("less than 5", "<"),
        ("~5", "~"),
    ],
)
def test_relations(text: str, relation: str) -> None:
    (amount,) = amounts(f"is {text} here")
    assert amount.relation == relation
    assert text in amount.text


def test_sides_of_a_kernel_are_labels() -> None:
    assert {a.role for a in amounts("a 3\u00d73 kernel on 224 \u00d7 224 pixels")} == {"label"}


def test_a_season_is_no_score() -> None:
    assert [a.role for a in amounts("in 2020-21 we")] == ["year", "year"]


def test_relation_stands_right_after_a_symbol() -> None:
    assert [a.relation for a in amounts("p<.001")] == ["<"]


def test_relative_to_something_is_not_a_relative_percent() -> None:
    assert [a.relative for a in amounts("0.5% relative to the baseline")] == [None]


def test_count_out_of_a_total() -> None:
    (amount,) = amounts("10 of 14 methods")
    assert (amount.value, amount.total) == (10, 14)


def test_spelled_count() -> None:
    (amount,) = amounts("Ten of the fourteen methods")
    assert (amount.value, amount.total) == (10, 14)


def test_uncertainty_in_both_notations() -> None:
    assert {a.error for a in amounts("72.2 \u00b1 0.3 and 72.2(3) and 72.2 (\u00b10.3%) and 72.2% \u00b1 0.3%")} == {Decimal("0.3")}


def test_relative_and_absolute_percent_are_told_apart() -> None:
    assert [a.relative for a in amounts("a 5% relative gain, a 5% absolute gain, a gain of 5%")] == [True, False, None]


def test_change_from_one_score_to_another_is_no_range() -> None:
    (amount,) = amounts("rises from 27.5 to 72.5")
    assert (amount.was, amount.value, amount.high) == (Decimal("27.5"), Decimal("72.5"), None)


def test_a_falling_pair_is_no_range() -> None:
    assert all(a.high is None for a in amounts("2020-21 and 9-3"))


def test_masked_names_hide_their_digits() -> None:
    text = "on ImageNet-100 by 5 points"
    assert [a.text for a in amounts(mask(text, [(3, 15)]))] == ["5 points"]


@given(
    st.decimals(min_value=0, max_value=999, places=2),
    st.sampled_from(["+", "-", "\u2212", ""]),
    st.sampled_from([" pp", "%", " points", ""]),
)
def test_what_is_printed_comes_back(value: Decimal, sign: str, unit: str) -> None:
    (amount,) = amounts(f"it is {sign}{value}{unit} here")
    assert str(amount.value) == str(value)
    assert amount.sign == {"\u2212": "-"}.get(sign, sign)
    assert amount.unit == {" pp": "pp", "%": "%", " points": "pp", "": ""}[unit]


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_come_back(value: int) -> None:
    assert parse(f"{value:,}") == value


@given(st.text(alphabet=string.printable + "\u2212\u2013\u2009\u00b1\u00d7\u2070\u207b%", max_size=300))
def test_any_text_is_read_without_error_and_in_order(text: str) -> None:
    found = amounts(text)
    assert all(a.end <= b.start or a.start < b.start for a, b in pairwise(found))
    assert all(text[a.start : a.end] == a.text for a in found)


@given(st.text(alphabet="0123456789.,", max_size=200))
@example("0,0.000,0")
def test_no_digit_is_glued_from_two_tokens(text: str) -> None:
    assert all(set(a.text) <= set(text) and a.text in text for a in amounts(text))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1-",
        "1,",
        "1.",
        "+",
        "(1) ",
        "1.5 to ",
        "ten of ",
        "1 of ",
        " ",
        "1\u2009",
        "%",
        "> ",
        "more than ",
        "1 aa bb ",
        "10^",
        "\u00b1",
        "1e",
        "(",
    ],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    """Not timed: a pattern that backtracks would not come back before the suite's time limit."""
    assert len(amounts(piece * (1_000_000 // len(piece)))) <= MOST


def test_a_run_of_digits_longer_than_any_number_is_data() -> None:
    assert amounts("1" * (LONGEST + 1)) == ()
    assert NUMBER.match("1" * (LONGEST + 1)) is not None


def test_exponents_are_no_amounts_and_powers_of_ten_are():
    roles = {amount.text: amount.role for amount in amounts("rate = d^(−0.5) · min(s^(-1.5), 2.3 · 10^19)")}
    assert roles == {"0.5": "label", "1.5": "label", "2.3 · 10^19": "amount"}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between −1 and 1", "-1", "1"),
        ("−0.3–0.2", "-0.3", "0.2"),
        ("range from -0.5 to 1.2", "-0.5", "1.2"),
        ("−2.9 to +0.1", "-2.9", "0.1"),
    ],
)
def test_a_range_across_zero_keeps_its_ends(text: str, low: str, high: str) -> None:
    (found,) = amounts(f"Values lie {text} here.")
    assert (found.value, found.high, found.sign) == (Decimal(low), Decimal(high), "")


def test_a_number_whose_power_of_ten_is_absurd_is_none() -> None:
    assert [a.role for a in amounts("We reach 9e999999999 points.") if a.role == "amount"] == []


@pytest.mark.parametrize(
    ("text", "relative", "unit"),
    [
        ("absolute gains of 2.4% and 3.8% on both", [False, False], "%"),
        ("absolute improvements in success of 4.2%", [False], "%"),
        ("an absolute improvement of about 6% in mAP", [False], "%"),
        ("gains of 2.4%, 3.1% and 3.8% absolute", [False, False, False], "%"),
        ("a relative reduction of 5.0% and 4.1%", [True, True], "%"),
        ("3% relative and 2% absolute", [True, False], "%"),
        ("relative to the baseline of 3%", [None], "%"),
        ("absolute gains of 2.4% on A while B has 3.8%", [False, None], "%"),
        ("absolute gains of 2.4% or of 3.8%", [False, None], "%"),
        ("relative gains of +2.4%, or +3.8%", [True, True], "%"),
        ("gains of 2.4% or 3.8% relative", [True, True], "%"),
        ("relative gains of 2.4% and 3.8% absolute", [True, False], "%"),
        ("3.8% relative to the 4.1% and 5.2% of dogs", [None, None, None], "%"),
        ("a relative gain of 2.4% and 3.8 for dogs", [True, None], None),
        ("an absolute gain of 3 and 2.4%", [False, None], None),
        ("gains of 1.6%/1.3%/0.5% points", [None, None, None], "pp"),
        ("a gain of 1.6% and 1.3 points", [None, None], None),
    ],
)
def test_what_is_said_of_one_end_of_a_list_holds_for_all_of_it(text: str, relative: list[bool | None], unit: str | None) -> None:
    found = amounts(text)
    assert [a.relative for a in found] == relative
    assert unit is None or {a.unit for a in found} == {unit}


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("gains of 1.6% and 1.3% points", ["%", "pp"]),
        ("gains of 1.6% points/1.3%", ["pp", "%"]),
        ("gains of 1.6/1.3% points", ["", "pp"]),
    ],
)
def test_points_hold_for_the_percentages_that_a_stroke_joins_before_them(text: str, units: list[str]) -> None:
    assert [a.unit for a in amounts(text)] == units


def test_the_time_before_a_change_may_print_its_unit_too() -> None:
    (change,) = amounts("reduced from 84 hours to 9.5 hours")
    assert (change.was, change.value, change.unit) == (84, Decimal("9.5"), "h")
    assert amounts("takes 2.4 msec")[0].unit == "ms"
