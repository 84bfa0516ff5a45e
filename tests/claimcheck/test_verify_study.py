"""What the verifiers say of the bundled study's eleven claims from the released numbers alone."""

import pytest

from claimcheck.dossier import Reason, Verdict
from claimcheck.judge import check
from claimcheck.verify.comparison import arms_of

V, I = Verdict.VERIFIED, Verdict.INCONCLUSIVE

EXPECTED = {  # numbers, conclusion, reasons among those given
    1: (V, I, {Reason.NOT_SIGNIFICANT}),
    2: (V, I, {Reason.UNTRAINED_ENCODER, Reason.PROTOCOL_MISMATCH}),
    3: (V, I, {Reason.UNTRAINED_TERM, Reason.PROTOCOL_MISMATCH}),
    4: (V, V, {Reason.SINGLE_SEED}),
    5: (V, I, {Reason.COUNT_DEPENDS_ON_SEED, Reason.AT_THRESHOLD}),
    6: (V, I, {Reason.SIGN_DEPENDS_ON_SEED}),
    7: (V, I, {Reason.SIGN_DEPENDS_ON_SEED}),
    8: (V, V, {Reason.SINGLE_SEED}),
    9: (V, I, {Reason.UNTRAINED_ENCODER, Reason.CAUSAL}),
    10: (V, None, {Reason.MATCHES}),
    11: (None, I, {Reason.AMBIGUOUS_TARGET}),
}


@pytest.fixture(scope="module")
def checked(study):
    return check(study)


def said(checked, number, reason=None):
    """Everything the findings on a claim say, or those with one reason."""
    return " ".join(f.explanation for f in checked.claim(number).findings if reason in (None, f.reason))


@pytest.mark.parametrize("number", EXPECTED)
def test_verdicts_and_their_reasons(checked, number):
    numbers, conclusion, reasons = EXPECTED[number]
    found = checked.claim(number)
    assert (found.numbers, found.conclusion) == (numbers, conclusion)
    assert reasons <= set(found.reasons)


def test_claim_1_two_of_three_gains_are_noise(checked):
    noise = said(checked, 1, Reason.NOT_SIGNIFICANT)
    assert "+0.30" in noise
    assert "+0.14" in noise
    assert "+1.38" not in noise
    assert "n 1,970" in noise
    assert "n 5,000" in noise


def test_claim_2_says_its_universe_and_who_lies_outside(checked):
    universe = said(checked, 2, Reason.UNIVERSE)
    assert "4 of the 6" in universe
    assert "Kinematic-Huber −2.39" in universe


def test_claim_3_lists_what_differs(checked):
    everything = said(checked, 3)
    assert "seed 239 is compared with seed 42" in everything
    assert "probe epochs is 50 for FWM-HW-LD and 100" in said(checked, 3, Reason.PROTOCOL_MISMATCH)
    assert "On ImageNet-100 the other recorded settings are the same" in everything
    assert "differ by 3.60 on ImageNet-100" in everything
    assert "differ by 1.77 on SSv2" in everything
    assert "inside sampling noise" in said(checked, 3, Reason.TRUNCATED)


def test_claim_4_holds_against_the_same_seed_too(checked):
    assert "13.41 − Baseline 6.62 = +6.79" in said(checked, 4, Reason.SEED_MISMATCH)


def test_claim_5_counts_over_each_universe_and_seed(checked):
    everything = said(checked, 5)
    assert "10 of the 14" in everything
    assert "Over all 15 with a score on ImageNet-100, 11" in said(checked, 5, Reason.UNIVERSE)
    assert "the count is 5 of the 14" in said(checked, 5, Reason.COUNT_DEPENDS_ON_SEED)
    threshold = said(checked, 5, Reason.AT_THRESHOLD)
    assert "HW-LD −5.08" in threshold
    assert "Motion-Guided Masking −5.16" in threshold


@pytest.mark.parametrize(("number", "turned"), [(6, "+1.54"), (7, "+0.38")])
def test_claims_6_and_7_turn_against_the_same_seed(checked, number, turned):
    assert turned in said(checked, number, Reason.SIGN_DEPENDS_ON_SEED)


def test_claim_8_same_seed(checked):
    assert "= −6.54, the same direction" in said(checked, 8, Reason.SEED_MISMATCH)


def test_claim_11_shows_both_readings(checked):
    readings = said(checked, 11, Reason.AMBIGUOUS_TARGET)
    assert "Spearman +0.80 (n 15" in readings
    assert "Spearman −0.14 (n 14" in readings
    assert "13 of 15 methods lose on ImageNet-100" in readings


def test_no_verdict_without_a_reason_and_evidence(checked):
    for found in checked.claims:
        assert found.reasons
        assert all(f.evidence for f in found.findings if f.verdict is not I)


def test_deviations_name_the_claims_they_bear_on(study):
    """As their runs and benchmarks say: a claim that compares a method of a touched run on a touched benchmark, or over all of them."""
    for deviation in study.deviations:
        touched = []
        for claim in study.claims:
            runs = {arm.run for arm in arms_of(claim, study) if arm.run}
            named = {a.dataset for a in claim.assertions if a.dataset}
            here = not deviation.datasets or not named or named & set(deviation.datasets)
            if here and runs and ("*" in deviation.runs or runs & set(deviation.runs)):
                touched.append(claim.number)
        assert list(deviation.claims) == touched, deviation.id
