"""What our own runs may say of a claim, and what they may not."""

from dataclasses import replace

import pytest

from claimcheck.dossier import Arm, Level, Reason, StandIn, Verdict
from claimcheck.judge import check
from repro.experiments import EXPERIMENTS
from repro.result import RunResult
from tests.claimcheck.conftest import count, difference, dossier, rank, score

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


def ended(name, state):
    return RunResult(experiment=EXPERIMENTS[name](seed=239, scale="smoke"), seed=239, state=state, reason="it broke")


def judged(*runs, assertion=None):
    made = dossier(assertion or difference("A", "D", "+5.00"), results=RESULTS)
    return check(made.model_copy(update={"arms": ARMS, "stand_ins": STAND_INS, "runs": runs})).claims[0]


def said(claim, reason):
    return " ".join(f.explanation for f in claim.findings if f.verifier == "reproduction" and f.reason is reason)


def test_not_run_is_said_and_never_blocks():
    claim = judged()
    assert "2 of 2 experiments bound to this claim have not been run: fwm, mixed_baseline" in said(claim, Reason.NOT_RUN)
    assert claim.verdict is Verdict.VERIFIED


def test_pair_of_one_seed_is_shown_with_its_sampling_interval():
    claim = judged(finished("fwm", 40), finished("mixed_baseline", 30))
    assert "A +10.00 [+5.82, +14.13]" in said(claim, Reason.SCALE_MISMATCH)
    assert "1 of at least 3 seeds" in said(claim, Reason.INSUFFICIENT_RUNS)


def test_smoke_runs_that_point_the_other_way_do_not_refute():
    runs = [finished(name, percent, seed) for seed in (1, 2, 3) for name, percent in (("fwm", 10), ("mixed_baseline", 60))]
    claim = judged(*runs)
    assert "0 of 1 gain as stated" in said(claim, Reason.SCALE_MISMATCH)
    assert claim.verdict is Verdict.VERIFIED


def test_score_stands_beside_that_of_the_untrained_encoder():
    runs = [
        replace(finished(name, p), untrained={"p": 500}, majority_class={"p": p == 30}) for name, p in (("fwm", 40), ("mixed_baseline", 30))
    ]
    text = said(judged(*runs), Reason.SCALE_MISMATCH)
    assert "fwm seed 239 −10.00 [" in text
    assert "mixed_baseline seed 239 −20.00 [−24.14, −15.75] (no better than naming one class)." in text


def test_only_equal_seeds_are_paired():
    assert said(judged(finished("fwm", 40, seed=1), finished("mixed_baseline", 30, seed=2)), Reason.SCALE_MISMATCH) == ""


def test_paper_scale_with_three_seeds_votes():
    def runs(ours):
        percents = {"fwm": ours, "mixed_baseline": (30, 31, 32)}
        return [finished(name, percents[name][i], seed=i, scale="paper", n=5000) for i in range(3) for name in percents]

    agreeing = judged(*runs((40, 42, 41)))
    assert (agreeing.verdict, agreeing.level) == (Verdict.VERIFIED, Level.REPRODUCED)
    opposite = judged(*runs((20, 22, 21)))
    assert (opposite.numbers, opposite.conclusion) == (Verdict.VERIFIED, Verdict.REFUTED)


def test_paper_scale_inside_the_noise_does_not_vote():
    percents = {"fwm": (29, 33, 31), "mixed_baseline": (30, 31, 32)}
    runs = [finished(name, percents[name][i], seed=i, scale="paper") for i in range(3) for name in percents]
    assert not [f for f in judged(*runs).findings if f.verifier == "reproduction" and f.kind == "verdict"]


@pytest.mark.parametrize("state", ["failed", "nan_loss", "collapsed", "data_invalid", "budget_exhausted", "interrupted"])
def test_run_that_ended_badly_is_said_and_never_counts(state):
    claim = judged(ended("fwm", state), finished("mixed_baseline", 30))
    assert any("it broke" in f.explanation for f in claim.findings)
    assert claim.verdict is Verdict.VERIFIED


def test_count_says_how_many_lose_and_not_by_how_much():
    runs = [finished("fwm", 40), finished("hw", 20), finished("mixed_baseline", 30)]
    claim = judged(*runs, assertion=count(1, 2, "5", "-", "D"))
    assert "1 of 2 lose, 1 beyond noise; the paper's threshold is an absolute number" in said(claim, Reason.SCALE_MISMATCH)


def test_one_member_at_paper_scale_does_not_decide_a_rank_or_a_count():
    runs = [finished(name, p, seed=i, scale="paper", n=5000) for i in range(3) for name, p in (("fwm", 60 + i), ("mixed_baseline", 30 + i))]
    for assertion in (rank("A", "D"), count(1, 2, "5", "-", "D")):
        assert not [f for f in judged(*runs, assertion=assertion).findings if f.verifier == "reproduction" and f.kind == "verdict"]
