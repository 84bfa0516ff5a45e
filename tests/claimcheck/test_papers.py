"""Claims of several papers in one dossier: each is checked against its own paper and no other."""

from decimal import Decimal

from claimcheck.document import Location
from claimcheck.dossier import Claim, Difference, Dossier, Paper, Quantity, Result, Verdict
from claimcheck.judge import check
from claimcheck.reproduce import Request, matrix
from claimcheck.studies import BUNDLED
from tests.claimcheck.conftest import STUDY_CLAIMS


def scored(paper, method, percent):
    where = Location(document=paper, detail="Table 1")
    return Result(method=method, dataset="D", metric="top-1", score=Quantity(value=Decimal(percent), unit="%"), where=where)


def found(paper, ours, theirs):
    results = (scored(paper, "Ours", ours), scored(paper, "Baseline", theirs))
    return Paper(id=paper, role="found", state="read", results=results)


def gain(paper, value, number):
    assertion = Difference(method="Ours", baseline="Baseline", dataset="D", metric="top-1", value=Decimal(value), sign="+")
    return Claim(number=number, sentence=f"Ours gains {value} points.", where=Location(document=paper), assertions=(assertion,))


def test_a_claim_is_checked_against_the_paper_that_makes_it():
    papers = (found("arxiv:1v1", "82.0", "80.0"), found("arxiv:2v1", "75.0", "70.0"))
    claims = (gain("arxiv:1v1", "2.0", 1), gain("arxiv:2v1", "5.0", 2), gain("arxiv:2v1", "2.0", 3))
    checked = check(Dossier(paper="question", papers=papers, claims=claims))
    assert [claim.numbers for claim in checked.claims] == [Verdict.VERIFIED, Verdict.VERIFIED, Verdict.REFUTED]


def test_a_claim_of_the_document_itself_is_not_checked_against_cited_papers():
    cited = found("arxiv:1v1", "82.0", "80.0").model_copy(update={"role": "cited"})
    checked = check(Dossier(paper="paper.md", papers=(cited,), claims=(gain("paper.md", "5.0", 1),)))
    assert checked.claims[0].numbers is Verdict.INCONCLUSIVE


def test_claims_of_a_found_paper_that_is_a_study_s_can_be_rerun():
    named = {"study": BUNDLED.name, "lexicon": BUNDLED.lexicon, "arms": BUNDLED.arms, "stand_ins": BUNDLED.stand_ins}
    papers = (found("arxiv:1v1", "82.0", "80.0"), Paper(id="arxiv:2605.17165v1", role="found", state="read", **named))
    theirs = STUDY_CLAIMS[3].model_copy(update={"number": 2, "where": Location(document="arxiv:2605.17165v1")})
    dossier = Dossier(paper="question", papers=papers, claims=(gain("arxiv:1v1", "2.0", 1), theirs))
    assert matrix(dossier, Request(claims=[1])) == []
    assert {experiment.name for experiment in matrix(dossier, Request(claims=[2]))} >= {"mixed_baseline", "ld"}
