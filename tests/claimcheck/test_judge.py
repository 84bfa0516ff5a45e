"""The rule that folds findings into a judgement, its truth table enumerated."""

import itertools

import pytest

from claimcheck.dossier import Finding, Level, Reason, Verdict
from claimcheck.judge import judge, verdict
from tests.claimcheck.conftest import claim, difference

V, R, I = Verdict.VERIFIED, Verdict.REFUTED, Verdict.INCONCLUSIVE

PARTS = {  # numbers, conclusion: the claim; None is a part the claim does not have
    (None, None): I,
    (None, V): V,
    (None, R): R,
    (None, I): I,
    (V, None): V,
    (V, V): V,
    (V, R): R,
    (V, I): I,
    (R, None): R,
    (R, V): R,
    (R, R): R,
    (R, I): R,
    (I, None): I,
    (I, V): I,
    (I, R): R,
    (I, I): I,
}


def test_truth_table_is_complete():
    assert PARTS.keys() == set(itertools.product([None, V, R, I], repeat=2))


@pytest.mark.parametrize(("parts", "expected"), PARTS.items())
def test_claim_from_its_parts(parts, expected):
    assert verdict(*parts) is expected


def vote(part, outcome, position=0, confidence=0.9, level=Level.RELEASED):
    reason = {V: Reason.MATCHES, R: Reason.CONTRADICTS, I: Reason.NO_EVIDENCE}[outcome]
    sure = 0.0 if outcome is I else confidence
    return Finding(
        verifier="t",
        kind="verdict",
        part=part,
        verdict=outcome,
        confidence=sure,
        reason=reason,
        explanation="",
        assertions=(position,),
        level=level,
    )


def caveat(part="conclusion", blocks=True, reason=Reason.CAUSAL):
    return Finding(verifier="t", kind="caveat", part=part, blocks=blocks, reason=reason, explanation="", resolves="a control")


def judged(*findings, assertions=1):
    made = claim(*[difference("A", f"D{i}", "+1") for i in range(assertions)])
    return judge(made.model_copy(update={"findings": findings}))


VOTES = {  # the verdicts cast on one part of a claim with one assertion: what the part comes to
    (): I,
    (V,): V,
    (R,): R,
    (I,): I,
    (V, I): V,
    (R, I): R,
    (V, R): R,
    (V, R, I): R,
}


@pytest.mark.parametrize(("cast", "expected"), VOTES.items())
@pytest.mark.parametrize("caveats", [(), (caveat(blocks=False),), (caveat("numbers", blocks=False),)])
def test_numbers_from_votes_whatever_the_caveats(cast, expected, caveats):
    assert judged(*(vote("numbers", v) for v in cast), *caveats).numbers is expected


@pytest.mark.parametrize(("cast", "expected"), VOTES.items())
@pytest.mark.parametrize("blocked", [False, True])
def test_conclusion_from_votes_and_blocking(cast, expected, blocked):
    outcome = judged(*(vote("conclusion", v) for v in cast), caveat(blocks=blocked)).conclusion
    assert outcome is (I if blocked and expected is V else expected)


def test_blocking_caveat_cannot_touch_numbers():
    assert judged(vote("numbers", V), caveat()).numbers is V


def test_every_assertion_needs_its_own_vote():
    assert judged(vote("numbers", V, 0), assertions=2).numbers is I
    assert judged(vote("numbers", V, 0), vote("numbers", V, 1), assertions=2).numbers is V


def test_unchecked_claim_is_not_a_pass_or_a_fail():
    judgement = judged()
    assert (judgement.verdict, judgement.confidence, judgement.reasons) == (I, 0.0, (Reason.NOT_CHECKED,))


def test_confidence_is_that_of_the_least_sure_part():
    judgement = judged(vote("numbers", V, confidence=0.99), vote("conclusion", V, confidence=0.7))
    assert (judgement.verdict, judgement.confidence) == (V, 0.7)


def test_refutation_outweighs_a_blocking_caveat():
    judgement = judged(vote("numbers", V), vote("conclusion", R, confidence=0.8), caveat())
    assert (judgement.verdict, judgement.confidence, judgement.reasons) == (R, 0.8, (Reason.CONTRADICTS,))


def test_level_counts_only_decided_parts():
    conclusion = vote("conclusion", V, level=Level.SIGNIFICANT)
    assert judged(vote("numbers", V), conclusion, caveat()).level is Level.RELEASED
    assert judged(vote("numbers", V), conclusion).level is Level.SIGNIFICANT
    assert judged(vote("numbers", I)).level is Level.STATED


def test_inconclusive_says_what_stands_in_the_way():
    judgement = judged(vote("numbers", V), vote("conclusion", V), caveat())
    assert (judgement.reasons, judgement.would_change) == ((Reason.CAUSAL,), ("a control",))


def test_single_seed_stands_beside_a_verified_conclusion():
    judgement = judged(vote("numbers", V), vote("conclusion", V), caveat(blocks=False, reason=Reason.SINGLE_SEED))
    assert judgement.verdict is V
    assert Reason.SINGLE_SEED in judgement.reasons
