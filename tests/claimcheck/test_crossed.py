"""Differences over seeds and samples: what the draws say, and that their intervals hold what was planted."""

import numpy as np
import pytest

from claimcheck.stats.crossed import Crossed, interval, probability, rank_correlation, ranks, resampled_methods
from claimcheck.stats.seeds import mean_interval, prediction_interval
from claimcheck.stats.statements import All, AtLeast, Place, Sign, band, seeds_needed


def bits(right):
    return np.packbits(np.asarray(right, bool)).tobytes().hex()


def test_spread_over_seeds_alone_gives_students_interval():
    """With samples beyond number only the seeds are left: the textbook interval of paired differences."""
    crossed = Crossed.of([[30, 41], [31, 44], [29, 39]], n=10**9)
    low, high = mean_interval([11, 13, 10])
    assert interval(crossed.draws()) == pytest.approx((low, high), abs=0.35)


def test_one_seed_leaves_the_sampling_error():
    crossed = Crossed.of([[30, 40]], n=1000)
    assert interval(crossed.draws()) == pytest.approx((10 - 4.13, 10 + 4.13), abs=0.15)


def test_same_clips_make_a_sharper_comparison():
    rng = np.random.default_rng(0)
    easy = rng.random(1000) < 0.5
    better = easy | (rng.random(1000) < 0.1)
    scores = [[100 * easy.mean(), 100 * better.mean()]]
    paired = Crossed.of(scores, 1000, [[bits(easy), bits(better)]])
    alone = Crossed.of(scores, 1000)
    assert np.ptp(interval(paired.draws())) < 0.5 * np.ptp(interval(alone.draws()))


def test_luck_of_single_runs_is_not_counted_twice():
    """Independent errors of every run are in the spread over seeds already, so almost nothing is shared."""
    rng = np.random.default_rng(1)
    right = rng.random((3, 2, 2000)) < 0.5
    crossed = Crossed.of(100 * right.mean(2), 2000, [[bits(run) for run in row] for row in right])
    binomial = 100 * np.sqrt(2 * 0.25 / 2000)
    assert np.sqrt(crossed.shared[0, 0]) < 0.5 * binomial
    assert crossed.floor[0] == pytest.approx(binomial, rel=0.1)


def test_equal_scores_are_still_uncertain():
    crossed = Crossed.of([[50, 50], [50, 50], [50, 50]], 40)
    low, high = interval(crossed.next_run())
    assert low < -10
    assert high > 10


def test_shared_baseline_moves_all_methods_together():
    crossed = Crossed.of([[20, 30, 30], [30, 31, 31], [25, 29, 30]], 10_000)
    draws = crossed.draws()
    assert np.corrcoef(draws.T)[0, 1] > 0.9


def test_probability_is_never_quite_one():
    assert probability(np.ones(98, bool)) == 0.99


def test_seeds_needed_shrinks_with_the_effect():
    statement = Sign(0, 1)
    weak, strong = (Crossed.of([[30, 30 + e - 4], [30, 30 + e + 4], [30, 30 + e]], 10**6) for e in (1.5, 6))
    assert seeds_needed(weak, statement) > seeds_needed(strong, statement)
    assert seeds_needed(Crossed.of([[30, 30], [30, 31], [30, 29]], 100), statement) is None


def test_ranks_and_their_correlation():
    assert ranks(np.array([[3.0, 1.0, 2.0]])).tolist() == [[1, 3, 2]]
    assert rank_correlation(np.array([[3.0, 1.0, 2.0]]), np.array([[5.0, 9.0, 7.0]])) == pytest.approx([-1])


def test_methods_drawn_again_are_the_same_on_both_sides():
    causes = np.arange(12.0).reshape(2, 6)
    again, effects = resampled_methods(causes, -causes)
    assert again == pytest.approx(-effects, abs=1e-8)


def test_prediction_interval_keeps_its_floors():
    assert prediction_interval([5.0, 5.0, 5.0]) == (5.0, 5.0)
    assert prediction_interval([5.0, 5.0, 5.0], half_unit=0.05) == pytest.approx((4.95, 5.05))
    low, high = prediction_interval([5.0, 5.0, 5.0], least_sd=1.0)
    assert high - low == pytest.approx(2 * 4.3027 * np.sqrt(4 / 3), rel=1e-4)


def table(*means, seeds=3, noise=0.0, n=10**8):
    rng = np.random.default_rng(3)
    return Crossed.of([[30, *(30 + m + noise * rng.standard_normal() for m in means)] for _ in range(seeds)], n)


@pytest.mark.parametrize(
    ("statement", "settled", "value"),
    [
        (Sign(0, 1), True, 9),
        (Sign(0, -1), False, 9),
        (All(1), False, -6),
        (AtLeast(2, 1), True, 2),
        (AtLeast(3, 1), False, 2),
        (AtLeast(1, 1, limit=5.0), True, 1),
        (Place(0), True, 1),
        (Place(1), False, 2),
        (Place(2, sign=-1), True, 1),
    ],
)
def test_statements_are_settled_by_clear_differences(statement, settled, value):
    crossed = table(9, 3, -6, noise=0.05)
    draws = crossed.draws()
    assert statement.value(crossed.means) == pytest.approx(value, abs=0.2)
    assert statement.settled(statement.interval(draws, crossed.means)) is settled
    assert (probability(statement.holds(draws)) > 0.5) is settled


def test_nothing_is_settled_within_the_noise():
    crossed = table(1, -1, 1, noise=5)
    draws = crossed.draws()
    for statement in (Sign(0, 1), All(1), AtLeast(2, 1), Place(0)):
        assert statement.settled(statement.interval(draws, crossed.means)) is None


def test_small_losses_of_many_methods_do_not_refute_that_all_lose():
    """Half of the means lie above zero by chance; none of them surely."""
    crossed = table(*([-0.1] * 15), noise=2, seeds=5)
    statement, draws = All(-1), crossed.draws()
    assert probability(statement.holds(draws)) < 0.025
    assert statement.settled(statement.interval(draws, crossed.means)) is None


def test_band_holds_all_methods_at_once():
    draws = np.random.default_rng(0).standard_normal((20_000, 10))
    low, high = band(draws, np.zeros(10))
    inside = ((draws > low) & (draws < high)).all(1).mean()
    assert inside == pytest.approx(0.95, abs=0.005)
    assert (high > 1.96).all()


def planted(rng, seeds, effect, n=1000):
    """Runs of a baseline and a method that truly gains `effect`, scored sample by sample; samples differ in difficulty for each method."""
    base = 100 * rng.uniform(0.3, 0.6)
    truth = np.array([base, base + effect])
    own = rng.normal(0, 20, (2, n))
    chance = np.clip(truth[:, None] + own - own.mean(1, keepdims=True) + rng.normal(0, 3, (seeds, 2, 1)), 0, 100)
    right = 100 * rng.random((seeds, 2, n)) < chance
    return Crossed.of(100 * right.mean(2), n, [[bits(run) for run in row] for row in right])


def test_planted_effects_lie_in_their_intervals_and_true_claims_are_not_refuted():
    """The small twin of benchmarks/planted_effects.py, whose figures stand in docs/reproducing.md."""
    rng = np.random.default_rng(0)
    covered = refuted = confirmed = 0
    for i in range(600):
        effect = float(rng.choice([0.5, 2, 10]))
        crossed = planted(rng, (3, 5, 10)[i % 3], effect)
        ends = Sign(0, 1).interval(crossed.draws(2000), crossed.means)
        covered += ends.low <= effect <= ends.high
        refuted += Sign(0, 1).settled(ends) is False
        confirmed += Sign(0, 1).settled(ends) is True
    assert 0.925 <= covered / 600 <= 0.98
    assert refuted / 600 <= 0.025
    assert confirmed / 600 > 0.2
