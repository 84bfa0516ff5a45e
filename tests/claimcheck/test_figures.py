"""Plots show the dossier's numbers, each where it belongs."""

import math
import re
from dataclasses import replace

import pytest
from lxml import etree

from claimcheck import figures
from claimcheck.stats.proportions import compare

from .report_sample import dossier, gain, run


def panel(sample, regime, dataset):
    return next(p for p in figures.panels(sample) if (p.regime, p.dataset) == (regime, dataset))


def marks(sample, regime, dataset, method):
    return {
        (m.kind, m.source.partition(",")[0]): m for row in panel(sample, regime, dataset).rows if row.method == method for m in row.marks
    }


def test_a_claimed_difference_stands_beside_the_released_one():
    found = marks(dossier(), "mixed", "SSv2", "LD")
    assert found["claimed", "claim 4"].value == 5.02
    released = found["released", "mixed/ld minus mixed/baseline_seed42 (seeds 239 and 42)"]
    expected = compare(13.41, 24777, 8.39, 24777)
    assert (released.value, released.low, released.high) == (pytest.approx(5.02), expected.low, expected.high)


def test_a_baseline_of_the_same_seed_gives_a_mark_of_its_own():
    found = marks(dossier(), "mixed", "SSv2", "LD")
    assert found["same seed", "mixed/ld minus mixed/baseline (seed 239)"].value == pytest.approx(13.41 - 6.62)
    assert not any(kind == "same seed" for kind, _ in marks(dossier(), "ucf101", "SSv2", "Motion-guided masking"))


def test_our_runs_are_compared_within_one_seed():
    found = [m for row in panel(dossier(), "mixed", "SSv2").rows if row.method == "LD" for m in row.marks if m.kind == "measured"]
    assert [m.value for m in found] == [pytest.approx(100 * (166 - 131) / 512), pytest.approx(100 * (149 - 127) / 512)]
    assert found[0].source == "our ld, smoke scale, seed 0"


def test_a_run_without_a_baseline_of_its_seed_and_scale_is_not_compared():
    other_seed = run("ld", 7, {"sprites_motion": 166})
    other_scale = run("ld", 0, {"sprites_motion": 166})
    other_scale = replace(other_scale, experiment=replace(other_scale.experiment, scale="proxy"))
    baseline = run("mixed_baseline", 0, {"sprites_motion": 131})
    assert "measured" not in figures.kinds(figures.panels(dossier(runs=(baseline, other_seed, other_scale))))


def test_an_unfinished_run_is_not_drawn():
    baseline, stopped = (
        run("mixed_baseline", 0, {"sprites_motion": 131}),
        run("ld", 0, {"sprites_motion": 99}, state="collapsed", reason="rank 1"),
    )
    assert "measured" not in figures.kinds(figures.panels(dossier(runs=(baseline, stopped))))


def test_a_range_is_drawn_for_every_member_of_its_set():
    for method in ("Kinematic-1.0", "Kinematic-Accel"):
        claimed = marks(dossier(), "ucf101", "Diving-48", method)["claimed", "claim 2"]
        assert (claimed.low, claimed.high) == (-2.9, -2.5)


def test_a_count_draws_its_threshold_and_its_members():
    found = panel(dossier(), "mixed", "ImageNet-100")
    assert found.thresholds == ((-5.0, "claim 5 counts beyond this line"),)
    assert {"AC", "FAC", "FWM-LD"} <= {row.method for row in found.rows}


def test_rows_run_from_gain_to_loss():
    values = [next(m.value for m in row.marks if m.kind == "released") for row in panel(dossier(), "mixed", "ImageNet-100").rows]
    assert values == sorted(values, reverse=True)


def test_nothing_is_plotted_where_a_claim_stands_against_nothing():
    assert figures.panels(dossier(results=(), runs=())) == ()


def test_scores_that_are_no_percentages_get_no_interval():
    mark = figures.difference("released", 130.0, 100, 120.0, 100, "fid")
    assert (mark.value, mark.low) == (10.0, None)


def test_a_misread_number_does_not_flatten_the_plot():
    claims = dossier().claims
    wild = claims[3].model_copy(update={"assertions": (*claims[3].assertions, gain("LD", "SSv2", "1E+300", "+"))})
    drawn = figures.plot(panel(dossier(claims=(wild,)), "mixed", "SSv2"), "p")
    assert max(float(x) for x in re.findall(r'cx="([-\d.]+)"', drawn)) <= figures.WIDTH
    assert "nan" not in drawn
    assert "inf" not in drawn


@pytest.mark.parametrize("values", [(0.0,), (0.3, -0.1), (-16.3, 9.5), (1e-9,), (5e5, -3), (0.14, math.nan, math.inf)])
def test_ticks_are_few_round_hold_every_value_and_zero(values):
    scale = figures.Scale.over(values)
    ticks = scale.ticks()
    finite = [v for v in values if math.isfinite(v)]
    assert 0 in ticks
    assert 2 <= len(ticks) <= 9
    assert ticks[0] <= min(finite) <= max(finite) <= ticks[-1] + 1e-9


@pytest.mark.parametrize(("value", "printed"), [(5.024, "+5.02"), (-10.14, "−10.14"), (0.0, "0.00"), (-0.001, "0.00"), (0.005, "+0.01")])
def test_numbers_carry_their_sign(value, printed):
    assert figures.signed(value) == printed


def test_a_plot_is_well_formed_and_says_in_words_what_it_shows():
    svg = etree.fromstring(figures.plot(panel(dossier(), "mixed", "ImageNet-100"), "p1"))
    assert svg.get("aria-labelledby") == "p1-title p1-desc"
    assert svg.findtext("title") == "ImageNet-100: difference from Baseline, mixed regime"
    assert "6 methods" in svg.findtext("desc")


def test_names_in_a_plot_are_text():
    sample = dossier()
    hostile = "</text><script>alert(1)</script>"
    claim = sample.claims[3].model_copy(update={"assertions": (gain(hostile, "SSv2", "5.02", "+"),)})
    results = tuple(r.model_copy(update={"method": hostile}) if r.method == "LD" else r for r in sample.results)
    drawn = figures.plot(panel(dossier(claims=(claim,), results=results, runs=()), "mixed", "SSv2"), "p")
    assert "<script" not in drawn
    etree.fromstring(drawn)


def test_a_curve_has_a_gap_where_it_was_not_a_number():
    drawn = figures.sparkline([3.0, 2.0, math.nan, 1.0, 0.5], "s", "loss")
    assert re.search(r'<path d="([^"]+)"', drawn)[1].count("M") == 2
    assert "nan" not in drawn


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0], [math.nan]])
def test_a_short_flat_or_empty_curve_is_drawn_without_complaint(values):
    etree.fromstring(figures.sparkline(values, "s", "loss"))


def test_a_long_curve_keeps_its_ends_and_at_most_sixty_points():
    picked = figures.thinned(list(range(5000)), 60)
    assert len(picked) == 60
    assert (picked[0], picked[-1]) == ((0, 0), (4999, 4999))


def test_a_claimed_loss_is_drawn_on_the_side_of_losses():
    claim = dossier().claims[3].model_copy(update={"assertions": (gain("LD", "SSv2", "5.02", "-"),)})
    assert marks(dossier(claims=(claim,)), "mixed", "SSv2", "LD")["claimed", "claim 4"].value == -5.02


def test_our_runs_are_compared_within_one_regime():
    other_regime = run("ucf101_baseline", 0, {"sprites_motion": 131})
    assert "measured" not in figures.kinds(figures.panels(dossier(runs=(other_regime, run("ld", 0, {"sprites_motion": 166})))))
