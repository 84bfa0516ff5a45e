"""The fitted confidence: every kind of vote has a record, none is certain, and what a sentence leaves open is told apart."""

import pytest

from claimcheck.dossier import Rank, Value, Verdict
from claimcheck.verify import confidence
from claimcheck.verify.confidence import fitted, records, stratum

PLAIN = Value(method="A", dataset="D", metric="accuracy", value="60.0")


@pytest.mark.parametrize("verdict", [Verdict.VERIFIED, Verdict.REFUTED])
@pytest.mark.parametrize("assertion", [PLAIN, PLAIN.model_copy(update={"supplied": ("metric",)})])
def test_every_vote_has_a_record_and_none_is_certain(verdict, assertion):
    assert stratum(verdict, assertion) in records()
    assert 0.9 < fitted(verdict, assertion) < 1


def test_a_superlative_without_a_baseline_leaves_nothing_open():
    best = Rank(method="A", baseline="", dataset="D", ambiguous=("baseline",))
    assert stratum(Verdict.VERIFIED, best) == "verified_plain"
    assert stratum(Verdict.VERIFIED, best.model_copy(update={"ambiguous": ("baseline", "dataset")})) == "verified_open"


def test_a_vote_without_a_record_is_as_sure_as_the_least_sure_one(monkeypatch):
    monkeypatch.setattr(confidence, "records", lambda: {"verified_plain": (98, 98), "refuted_plain": (5, 8)})
    assert fitted(Verdict.VERIFIED, PLAIN) == 0.99
    assert fitted(Verdict.REFUTED, PLAIN.model_copy(update={"supplied": ("metric",)})) == 0.6
