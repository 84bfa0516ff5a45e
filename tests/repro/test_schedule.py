import pytest

from repro.schedule import anneal, context_weight, cosine, linear_capped, linear_decay, warmup_cosine

LR = {"start": 0.1, "peak": 1.0, "final": 0.2, "warmup": 10, "total": 110}


@pytest.mark.parametrize(("k", "value"), [(0, 0.1), (5, 0.55), (10, 1.0), (60, 0.6), (110, 0.2)])
def test_learning_rate_warms_up_and_falls_along_half_a_cosine(k, value):
    assert warmup_cosine(k, **LR) == pytest.approx(value)


def test_a_run_that_is_all_warmup_does_not_divide_by_zero():
    assert warmup_cosine(10, **{**LR, "total": 10}) == 1.0


def test_no_warmup_begins_at_the_peak():
    assert warmup_cosine(0, **{**LR, "warmup": 0}) == 1.0


def test_linear_decay_is_a_line():
    assert linear_decay(50, peak=1.0, final=0.0, total=100) == 0.5


@pytest.mark.parametrize(("start", "final"), [(0.04, 0.4), (0.4, 0.04)])
def test_weight_decay_goes_from_start_to_end_either_way(start, final):
    assert cosine(50, start=start, final=final, total=100) == pytest.approx((start + final) / 2)
    assert cosine(100, start=start, final=final, total=100) == pytest.approx(final)


def test_momentum_rises_from_the_first_step_and_is_capped():
    assert linear_capped(1, start=0.9, end=1.0, total=10) == 0.9
    assert linear_capped(6, start=0.9, end=1.0, total=10) == pytest.approx(0.95)
    assert linear_capped(99, start=0.9, end=1.0, total=10) == 1.0


@pytest.mark.parametrize(("i", "weight"), [(14999, 0.0), (15000, 0.0), (22500, 0.25), (29999, 0.4999667), (30000, 0.5), (99999, 0.5)])
def test_context_weight_reaches_its_value_only_at_the_end(i, weight):
    assert context_weight(i, value=0.5, start=15000, end=30000) == pytest.approx(weight, abs=1e-6)


def test_a_context_weight_without_a_ramp_is_a_step():
    assert [context_weight(i, value=0.5, start=3, end=3) for i in (2, 3)] == [0.0, 0.5]


def test_annealing_begins_at_one_and_ends_near_zero():
    assert [anneal(0, 100), anneal(50, 100)] == pytest.approx([1.0, 0.5])
    assert 0 < anneal(99, 100) < 0.001
