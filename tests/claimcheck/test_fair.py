"""A reading that learned weights made against the rules can be verified, but refutes nothing."""

from decimal import Decimal

import pytest

from claimcheck.document import Location
from claimcheck.dossier import Claim, Difference, Reason, Verdict
from claimcheck.verify import fair
from claimcheck.verify.findings import vote

PLACE = Location(document="p.tex")


def claim(*learned: tuple[str, ...]) -> Claim:
    assertions = tuple(
        Difference(method="A", baseline="B", dataset="D", value=2, unit="pp", sign="+", text="by 2 points", learned=fields)
        for fields in learned
    )
    return Claim(number=1, sentence="A beats B on D by 2 points.", where=PLACE, assertions=assertions)


def finding(verdict: Verdict, *about: int):
    reason = Reason.CONTRADICTS if verdict is Verdict.REFUTED else Reason.MATCHES
    return vote("tables", "numbers", verdict, reason, "A 1.0 against B 9.0.", about, (), confidence=0.9)


def test_a_learned_reading_is_left_open_where_it_would_be_refuted():
    found = fair(finding(Verdict.REFUTED, 0), claim(("dataset",)))
    assert (found.verdict, found.reason, found.confidence) == (Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, 0)
    assert found.explanation == "The sentence may not say what was read from it. A 1.0 against B 9.0."
    assert found.resolves


@pytest.mark.parametrize("about", [(), (0, 1)])
def test_one_learned_reading_among_those_meant_is_enough(about):
    assert fair(finding(Verdict.REFUTED, *about), claim((), ("value",))).verdict is Verdict.INCONCLUSIVE


def test_what_the_rules_read_is_refuted_and_what_weights_read_is_verified():
    assert fair(finding(Verdict.REFUTED, 0), claim(())).verdict is Verdict.REFUTED
    assert fair(finding(Verdict.VERIFIED, 1), claim((), ("value",))).verdict is Verdict.VERIFIED


def test_a_number_with_another_reading_that_is_learned_is_left_open_too():
    both = claim((), ("dataset",))
    assert fair(finding(Verdict.REFUTED, 0), both).verdict is Verdict.INCONCLUSIVE
    other = both.model_copy(update={"assertions": (both.assertions[0], both.assertions[1].model_copy(update={"value": Decimal(3)}))})
    assert fair(finding(Verdict.REFUTED, 0), other).verdict is Verdict.REFUTED
    assert fair(finding(Verdict.VERIFIED, 0), both).verdict is Verdict.VERIFIED
