"""The statistics against published worked examples and an independent implementation."""

import math
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.dossier import Interval, Quantity
from claimcheck.stats import granularity
from claimcheck.stats.calibration import expected_error, frequency, reliability
from claimcheck.stats.proportions import compare, wilson
from claimcheck.stats.ranks import spearman, spearman_p
from claimcheck.stats.seeds import mean_interval, sign_probability, spread, student_cdf

HALF = Fraction(1, 2)
ROUNDINGS = {
    "either": lambda x: {math.ceil(x - HALF), math.floor(x + HALF)},
    "half_up": lambda x: {math.floor(x + HALF)},
    "half_even": lambda x: {round(x)},
    "half_down": lambda x: {math.ceil(x - HALF)},
    "down": lambda x: {math.floor(x)},
    "up": lambda x: {math.ceil(x)},
}


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_against_newcombe_1998_table_1(k, n, low, high):
    assert wilson(k / n, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (5, 56, 0, 29, -0.0381, 0.1926), (10, 10, 0, 10, 0.6075, 1.0)],
)
def test_difference_against_newcombe_1998_method_10(a, m, b, n, low, high):
    found = compare(100 * a / m, m, 100 * b / n, n)
    assert (found.low / 100, found.high / 100) == pytest.approx((low, high), abs=5e-5)


def test_difference_of_equal_scores_holds_zero():
    assert not compare(50, 100, 50, 100).excludes_zero


@pytest.mark.parametrize("degrees", [1, 2, 5, 30])
def test_student_against_scipy(degrees):
    from scipy.stats import t

    for x in (-2.5, 0.0, 0.7, 12.7):
        assert student_cdf(x, degrees) == pytest.approx(t.cdf(x, degrees), abs=1e-12)


def test_sign_probability_without_replicates_is_normal():
    assert sign_probability(1.96, 1.0) == pytest.approx(0.975, abs=1e-4)


def test_sign_probability_with_two_seeds_is_cauchy():
    """Two scores a distance d apart have deviation d/√2, and a difference of single runs has d: effect d is one scale."""
    assert sign_probability(3.0, 1e-9, [10.0, 13.0]) == pytest.approx(0.75, abs=1e-6)


def test_spread_and_mean_interval():
    assert spread([1.0, 4.0, 2.0]) == 3.0
    assert mean_interval([1.0, 2.0, 3.0]) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=1e-3)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=30))
def test_spearman_against_scipy(pairs):
    from scipy.stats import spearmanr

    x, y = zip(*pairs, strict=True)
    if len(set(x)) > 1 and len(set(y)) > 1:
        assert spearman(x, y) == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)


def test_spearman_p_against_scipy():
    from scipy.stats import spearmanr

    x, y = [1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 7, 8, 6, 5]
    known = spearmanr(x, y)
    assert spearman_p(known.statistic, 8) == pytest.approx(known.pvalue, abs=1e-9)


@pytest.mark.parametrize(
    ("printed", "n", "possible"),
    [("67.5", 40, True), ("66.0", 40, False), ("8.68", 1970, True), ("8.67", 1970, False), ("33.3", 3, True), ("12.34", 24777, True)],
)
def test_granularity(printed, n, possible):
    assert granularity.check(Quantity(value=Decimal(printed), unit="%"), n).possible is possible


@given(st.integers(1, 3000), st.data(), st.integers(0, 3))
def test_granularity_never_flags_a_real_score(n, data, decimals):
    k = data.draw(st.integers(0, n))
    rounded = round(Fraction(100 * k, n), decimals)
    printed = (Decimal(rounded.numerator) / Decimal(rounded.denominator)).quantize(Decimal(1).scaleb(-decimals))
    quantity = Quantity(value=printed, unit="%")
    found = granularity.check(quantity, n)
    assert found.possible
    assert found.counts[0] <= k <= found.counts[1]


@given(st.integers(1, 400), st.integers(0, 2), st.sampled_from(sorted(ROUNDINGS)), st.data())
def test_granularity_against_every_count_tried(n, decimals, mode, data):
    """Which values k/n prints, by each rounding of exact fractions, and the share of them among all printable values."""
    units = 100 * 10**decimals
    value = data.draw(st.integers(0, units))
    gives = {k: ROUNDINGS[mode](Fraction(units * k, n)) for k in range(n + 1)}
    counts = [k for k, printed in gives.items() if value in printed]
    found = granularity.check(Quantity(value=Decimal(value).scaleb(-decimals)), n, mode)
    assert found.possible is bool(counts)
    assert not counts or found.counts == (counts[0], counts[-1])
    assert found.chance == pytest.approx(len(set().union(*gives.values())) / (units + 1))


def test_granularity_says_when_it_has_no_power():
    assert granularity.chance(24777, Decimal("8.39")) == 1.0
    assert granularity.chance(40, Decimal("67.5")) == pytest.approx(41 / 1001)


def test_rounding_interval_keeps_trailing_zeros():
    assert Quantity(value=Decimal("8.40")).interval == Interval(Decimal("8.395"), Decimal("8.405"))
    assert Quantity(value=Decimal("8.4")).interval == Interval(Decimal("8.35"), Decimal("8.45"))
    assert Quantity(value=Decimal("18")).interval == Interval(Decimal("17.5"), Decimal("18.5"))


@given(st.decimals("-100", "100", places=4), st.decimals("-100", "100", places=4), st.integers(0, 3))
def test_printed_difference_always_meets_its_scores(a, b, decimals):
    """However the three numbers are rounded, honest rounding is never called a contradiction."""
    step = Decimal(1).scaleb(-decimals)
    printed = [Quantity(value=x.quantize(step)) for x in (a, b, a - b)]
    assert printed[2].interval.overlaps(printed[0].interval - printed[1].interval)


def test_reliability_of_honest_and_of_boastful_probabilities():
    honest = reliability([0.75] * 100, [True] * 75 + [False] * 25)
    assert (len(honest), expected_error(honest)) == (1, 0.0)
    assert expected_error(reliability([0.99] * 100, [True] * 60 + [False] * 40)) == pytest.approx(0.39)
    assert expected_error([]) == 0.0


def test_bins_hold_every_case_once_and_never_part_equal_probabilities():
    stated = [0.5] * 30 + [0.6, 0.7, 0.8] * 10 + [0.9] * 5
    bins = reliability(stated, [True] * len(stated), bins=4)
    assert sum(b.n for b in bins) == len(stated)
    assert len({b.stated for b in bins}) == len(bins)
    with pytest.raises(ValueError, match="1 probabilities and 0 outcomes"):
        reliability([0.5], [])


def test_a_frequency_is_never_certain():
    assert frequency(0, 0) == 0.5
    assert 0 < frequency(0, 10) < frequency(10, 10) < 1


def test_probability_of_a_sign_comes_true_as_often_as_it_says():
    """Pairs of accuracies a few standard errors apart, measured once each."""
    draw = random.Random(5)
    cases = []
    for _ in range(4000):
        p = draw.uniform(0.3, 0.7)
        q, n = p + draw.uniform(-0.1, 0.1), 1000
        a, b = (round(n * draw.gauss(x, (x * (1 - x) / n) ** 0.5)) for x in (p, q))
        seen = compare(100 * a / n, n, 100 * b / n, n)
        if a != b:
            cases.append((sign_probability(seen.difference, seen.standard_error), (a > b) == (p > q)))
    assert expected_error(reliability(*zip(*cases, strict=True))) < 0.03
