"""What our own runs may say of a claim, and what they may not."""

from dataclasses import replace

import pytest

from claimcheck.dossier import Arm, Fact, Level, Reason, StandIn, Trend, Verdict
from claimcheck.judge import check
from repro.experiments import EXPERIMENTS
from repro.result import RunResult
from tests.claimcheck.conftest import count, difference, direction, dossier, rank, score, spread

RESULTS = [score("Baseline", "D", "20.00"), score("A", "D", "25.00"), score("B", "D", "14.00")]
ARMS = (
    Arm(experiment="mixed_baseline", method="Baseline", regime="mixed"),
    Arm(experiment="fwm", method="A", regime="mixed"),
    Arm(experiment="hw", method="B", regime="mixed"),
)
STAND_INS = (StandIn(dataset="D", probe="p", paper_probe="p"),)


def finished(name, percent, seed=239, scale="smoke", n=1000):
    correct = round(percent * n / 100)
    made = EXPERIMENTS[name](seed=seed, scale=scale)
    return RunResult(experiment=made, seed=seed, scores={"p": 100 * correct / n}, samples={"p": n}, correct={"p": correct})


def matrix(scale="smoke", n=1000, **percents):
    """A run for every experiment and seed: `fwm=(40, 41, 42)`."""
    return [finished(name, own[i], seed=i + 1, scale=scale, n=n) for name, own in percents.items() for i in range(len(own))]


def ended(name, state):
    return RunResult(experiment=EXPERIMENTS[name](seed=239, scale="smoke"), seed=239, state=state, reason="it broke")


def judged(*runs, assertion=None, results=RESULTS, **changes):
    made = dossier(assertion or difference("A", "D", "+5.00"), results=results)
    return check(made.model_copy(update={"arms": ARMS, "stand_ins": STAND_INS, "runs": runs, **changes})).claims[0]


def ours(claim, reason=None):
    return [f for f in claim.findings if f.verifier == "reproduction" and (reason is None or f.reason is reason)]


def said(claim, reason):
    return " ".join(f.explanation for f in ours(claim, reason))


def estimate(claim, **where):
    """The one estimate among our findings that is so."""
    found = [f.estimate for f in ours(claim) if f.estimate is not None]
    (one,) = [e for e in found if all(getattr(e, name) == value for name, value in where.items())]
    return one


def test_not_run_is_said_and_never_blocks():
    claim = judged()
    assert "2 of 2 experiments bound to this claim have not been run: fwm, mixed_baseline" in said(claim, Reason.NOT_RUN)
    assert claim.verdict is Verdict.VERIFIED


def test_one_seed_is_a_look_and_not_a_test():
    claim = judged(finished("fwm", 40), finished("mixed_baseline", 30))
    text = said(claim, Reason.INSUFFICIENT_RUNS)
    assert "1 of at least 3 seeds" in text
    assert "does not speak about the paper's absolute numbers" in text
    one = estimate(claim)
    assert (one.value, one.outcome, one.seeds) == (10, "undecided", 1)
    assert one.low == pytest.approx(10 - 1.96 * 2.11, abs=0.15)


def test_three_smoke_seeds_test_the_direction_and_never_vote():
    claim = judged(*matrix(fwm=(10, 11, 12), mixed_baseline=(60, 61, 62)))
    one = estimate(claim, scale="smoke")
    assert (one.asks, one.outcome) == ("A gains", "disagrees")
    assert said(claim, Reason.SCALE_MISMATCH).endswith("absolute numbers.")
    assert claim.verdict is Verdict.VERIFIED


def test_only_equal_seeds_are_paired():
    assert not [f for f in ours(judged(finished("fwm", 40, seed=1), finished("mixed_baseline", 30, seed=2))) if f.estimate]


def test_undecided_says_how_many_seeds_would_decide():
    claim = judged(*matrix(fwm=(33, 47, 40), mixed_baseline=(30, 30, 30)))
    one = estimate(claim)
    assert one.outcome == "undecided"
    assert one.seeds_needed in range(4, 11)
    assert f"about {one.seeds_needed} seeds would decide it" in said(claim, Reason.SCALE_MISMATCH)


def test_no_number_of_seeds_decides_what_the_samples_cannot():
    claim = judged(*matrix(fwm=(31, 29.9, 31.2), mixed_baseline=(30, 30, 30), n=500))
    assert estimate(claim).seeds_needed is None
    assert "no number of seeds on these samples" in said(claim, Reason.SCALE_MISMATCH)


def test_score_stands_beside_that_of_the_untrained_encoder():
    runs = [
        replace(finished(name, p), untrained={"p": 500}, majority_class={"p": p == 30}) for name, p in (("fwm", 40), ("mixed_baseline", 30))
    ]
    text = said(judged(*runs), Reason.INSUFFICIENT_RUNS)
    assert "Against its own encoder untrained a run scores −20.00 to −10.00, 2 of 2 lower; 1 score no better than naming one class." in text


def test_paper_scale_with_three_seeds_votes():
    agreeing = judged(*matrix("paper", 5000, fwm=(35, 37, 36), mixed_baseline=(30, 31, 32)))
    assert (agreeing.verdict, agreeing.level) == (Verdict.VERIFIED, Level.REPRODUCED)
    opposite = judged(*matrix("paper", 5000, fwm=(20, 22, 21), mixed_baseline=(30, 31, 32)))
    assert opposite.conclusion is Verdict.REFUTED


def test_printed_number_outside_the_prediction_interval_is_refuted_and_one_inside_is_not():
    runs = matrix("paper", 5000, fwm=(40, 42, 41), mixed_baseline=(30, 31.2, 30.9))
    for stated, verdict in (("+10.20", Verdict.VERIFIED), ("+55.00", Verdict.REFUTED)):
        numbers = [f for f in ours(judged(*runs, assertion=difference("A", "D", stated))) if f.kind == "verdict" and f.part == "numbers"]
        assert [f.verdict for f in numbers] == [verdict]


def test_paper_scale_inside_the_noise_does_not_vote_on_the_direction():
    claim = judged(*matrix("paper", fwm=(29, 33, 31), mixed_baseline=(30, 31, 32)))
    assert not [f for f in ours(claim) if f.kind == "verdict" and f.part == "conclusion"]
    assert any(f.blocks for f in ours(claim, Reason.NOT_SIGNIFICANT))


@pytest.mark.parametrize("state", ["failed", "nan_loss", "collapsed", "data_invalid", "budget_exhausted", "interrupted"])
def test_run_that_ended_badly_is_said_and_never_counts(state):
    claim = judged(ended("fwm", state), finished("mixed_baseline", 30))
    assert any("it broke" in f.explanation for f in claim.findings)
    assert claim.verdict is Verdict.VERIFIED


def test_count_below_paper_scale_is_one_of_directions():
    runs = matrix(fwm=(40, 41, 40), hw=(20, 21, 20), mixed_baseline=(30, 30, 31))
    one = estimate(judged(*runs, assertion=count(1, 2, "5", "-", "D")))
    assert (one.asks, one.value, one.low, one.high, one.outcome) == ("at least 1 of 2 lose", 1, 1, 1, "agrees")


def test_count_at_paper_scale_keeps_its_threshold():
    runs = matrix("paper", fwm=(40, 41, 40), hw=(26, 26, 26), mixed_baseline=(30, 30, 30))
    one = estimate(judged(*runs, assertion=count(1, 2, "5", "-", "D")))
    assert (one.asks, one.value) == ("at least 1 of 2 lose more than 5 points", 0)


def test_range_asks_for_all_of_its_members():
    runs = matrix(fwm=(40, 41, 40), hw=(20, 21, 20), mixed_baseline=(30, 30, 31))
    one = estimate(judged(*runs, assertion=spread("methods", "D", "1", "2", "+", regime="mixed")))
    assert (one.asks, one.outcome) == ("all 2 members of “methods” gain", "disagrees")
    assert one.value == pytest.approx(-10)


def test_rank_is_the_place_among_those_that_were_run():
    runs = matrix(fwm=(40, 41, 40), hw=(20, 21, 20), mixed_baseline=(30, 30, 31))
    assert estimate(judged(*runs, assertion=rank("A", "D"))).outcome == "agrees"
    assert estimate(judged(*runs, assertion=rank("B", "D"))).outcome == "disagrees"


def test_member_without_runs_is_named_and_keeps_paper_scale_from_voting():
    runs = matrix("paper", 5000, fwm=(60, 61, 62), mixed_baseline=(30, 31, 32))
    for assertion in (rank("A", "D"), count(1, 2, "5", "-", "D")):
        claim = judged(*runs, assertion=assertion)
        assert not [f for f in ours(claim) if f.kind == "verdict"]
        assert "Left out for want of finished runs: B." in said(claim, Reason.NOT_RUN)


def test_readings_that_differ_block_instead_of_voting():
    arms = (*ARMS, Arm(experiment="fwm_hw_ld_as_released", method="A", regime="mixed", reading="as_released"))
    runs = matrix("paper", 5000, fwm=(60, 61, 62), fwm_hw_ld_as_released=(10, 11, 12), mixed_baseline=(30, 31, 32))
    claim = judged(*runs, assertion=direction("A", "D", "+"), arms=arms)
    assert not [f for f in ours(claim) if f.kind == "verdict"]
    assert all(f.blocks for f in ours(claim, Reason.DEVIATION))
    assert estimate(claim, reading="as_released").outcome == "disagrees"


def test_trend_over_methods_has_an_interval():
    names = ("fwm", "hw", "delta", "ld", "spectral", "ltc")
    arms = (ARMS[0], *(Arm(experiment=name, method=name, regime="mixed") for name in names))
    runs = []
    for i, name in enumerate((*names, "mixed_baseline")):
        for seed in (1, 2, 3):
            scores = {"p": 30 + 5 * i + 0.1 * seed, "q": 60 - 5 * i + 0.1 * seed}
            made = EXPERIMENTS[name](seed=seed, scale="smoke")
            correct = {probe: round(10 * score) for probe, score in scores.items()}
            scores = {probe: right / 10 for probe, right in correct.items()}
            runs.append(RunResult(experiment=made, seed=seed, scores=scores, samples={"p": 1000, "q": 1000}, correct=correct))
    asked = Trend(method="methods", baseline="Baseline", cause="D", effect="E", sign="-", regime="mixed", infers=True)
    results = [score(name, dataset, "20.00") for name in ("Baseline", *names) for dataset in ("D", "E")]
    made = dossier(asked, results=results, members=names)
    stand_ins = (*STAND_INS, StandIn(dataset="E", probe="q", paper_probe="q"))
    claim = check(made.model_copy(update={"arms": arms, "stand_ins": stand_ins, "runs": tuple(runs)})).claims[0]
    one = estimate(claim)
    assert one.value == -1
    assert one.low <= one.value <= one.high
    assert one.outcome == "agrees"


def test_fact_about_the_model_is_read_off_the_encoder_that_was_built():
    arms = (Arm(experiment="kinematic_as_released", method="encoder", regime=""),)
    asked = Fact(subject="encoder", property="embedding dimension", value="768")

    def runs(width):
        made = replace(finished("kinematic_as_released", 60, scale="paper"), facts={"embedding_dim": width})
        return made, replace(finished("kinematic_as_released", 60), facts={"embedding_dim": 64})

    agreeing = judged(*runs(768), assertion=asked, arms=arms)
    assert (agreeing.numbers, agreeing.level) == (Verdict.VERIFIED, Level.REPRODUCED)
    assert "scaled down with the run" in said(agreeing, Reason.SCALE_MISMATCH)
    assert judged(*runs(512), assertion=asked, arms=arms).numbers is Verdict.REFUTED


def test_scores_that_need_no_training_block_what_is_concluded_from_them(study):
    def scored(percent, seed):
        correct = round(0.4 * percent)
        made = EXPERIMENTS["kinematic_as_released"](seed=seed, scale="paper")
        made = replace(made, probe_epochs={"motion8": 100})
        return RunResult(
            experiment=made, seed=seed, scores={"motion8": correct / 0.4}, samples={"motion8": 40}, correct={"motion8": correct}
        )

    runs = tuple(scored(p, seed) for p, seed in ((75, 239), (65, 42), (67.5, 1337)))
    claim = check(study.model_copy(update={"runs": runs})).claim(9)
    (found,) = ours(claim, Reason.UNTRAINED_ENCODER)
    assert found.blocks
    assert "2 of 2 lie inside" in found.explanation
    assert not ours(check(study.model_copy(update={"runs": runs})).claim(2), Reason.UNTRAINED_ENCODER)
