"""The panel: every rule notices what it is for, is silent where its question does not arise, and may break without harm."""

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest

from claimcheck import review as panel_package
from claimcheck.document import Location
from claimcheck.dossier import (
    Claim,
    Difference,
    Disclosure,
    Dossier,
    Paper,
    Quantity,
    Reason,
    Result,
    Saying,
    SearchLog,
    StatedVerdict,
    Verdict,
)
from claimcheck.gather import gather
from claimcheck.judge import check
from claimcheck.readers import read
from claimcheck.review import REVIEWERS, Panel, review
from claimcheck.review.rules import Reviewer, Rule, Seen
from claimcheck.review.terms import aspects, claim_terms, terms, touches

from .report_sample import dossier as sample
from .report_sample import finding

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "seed"
HERE = Location(document="paper.txt", line=3)
RULES = [(reviewer, rule.name) for reviewer, found in REVIEWERS.items() for rule in found.rules]

SYNTHESIS = """# Sparse routing for speech models in noisy rooms

## Introduction

Research question: Does sparse routing improve speech transcription in reverberant rooms?

## Methodology

We compare 40 variants of routing. A search retrieved 9 papers retrieved from two databases. A quality score of 9.1/10 was given.

## Results

3 claims extracted; 2 verified.

## Claims

Claim\tVerified\tConfidence
Sparse routing by Router-A gains 2.10 points on LibriSpeech over the baseline.\tyes\t0.31
Router-A gains 1.20 points on LibriSpeech over the baseline.\tyes\t0.91
The router adds 12 parameters.\tno\t0.10

## References

- <http://arxiv.org/abs/2401.00001v1>
- <http://arxiv.org/abs/2401.00002v1>
"""


def synthesis():
    from claimcheck.gather import assemble

    content = SYNTHESIS.encode()
    return check(assemble(read(content, "paper.txt"), content, None, role="paper"))


def looks(dossier, reviewer):
    """What each rule of a reviewer saw, by its name."""
    return {look.rule: look for look in REVIEWERS[reviewer].review(dossier).reasons}


def said(about, value, quote="so it says"):
    return Saying(about=about, quote=quote, value=value, where=HERE)


def stated(number, confidence, verified=True, **rest):
    verdict = StatedVerdict(verified=verified, confidence=Decimal(confidence))
    return Claim(number=number, sentence="A beats B on C.", where=HERE, stated=verdict, **rest)


def cited(number, title):
    return Paper(id=f"arxiv:2401.0000{number}", role="cited", cited_as=f"arxiv:2401.0000{number}v1", title=title, state="not_retrieved")


def test_folder_and_registry_agree():
    folder = Path(panel_package.__file__).parent
    assert {path.stem for path in folder.glob("*.py") if "\nREVIEWER = " in path.read_text()} == set(REVIEWERS)
    assert [reviewer.name for reviewer in REVIEWERS.values()] == list(REVIEWERS)
    assert len(REVIEWERS) >= 7


@pytest.mark.parametrize(("reviewer", "name"), RULES)
def test_a_rule_that_breaks_makes_its_reviewer_abstain_and_no_other(monkeypatch, reviewer, name):
    whole = review(sample()).reviews

    def broken(dossier):
        raise ZeroDivisionError("injected")

    rules = tuple(dataclasses.replace(rule, look=broken) if rule.name == name else rule for rule in REVIEWERS[reviewer].rules)
    monkeypatch.setitem(REVIEWERS, reviewer, dataclasses.replace(REVIEWERS[reviewer], rules=rules, unfit=lambda dossier: ""))
    reviews = {one.reviewer: one for one in review(sample()).reviews}
    assert reviews[reviewer].score is None
    assert "broke (ZeroDivisionError: injected)" in reviews[reviewer].abstains
    assert [r for r in reviews.values() if r.reviewer != reviewer] == [r for r in whole if r.reviewer != reviewer]
    others = [r.score for r in whole if r.reviewer != reviewer and r.score is not None]
    assert Panel.of(tuple(reviews.values())).mean == pytest.approx(sum(others) / len(others))


def test_a_reviewer_that_cannot_tell_whether_it_can_judge_abstains_too():
    broken = Reviewer("x", "?", (Rule("r", 1, "", lambda d: Seen(0.0, "")),), unfit=lambda dossier: dossier.nothing)
    assert broken.review(sample()).score is None


@pytest.mark.parametrize("dossier", [sample(), synthesis(), Dossier(paper="empty.txt")], ids=["sample", "synthesis", "empty"])
def test_a_score_is_ten_less_the_points_shown_and_every_look_says_what_it_saw(dossier):
    for one in review(dossier).reviews:
        assert (one.score is None) == bool(one.abstains)
        assert all(look.text.endswith(".") for look in one.reasons)
        assert all(0 <= position < len(one.evidence) for look in one.reasons for position in look.evidence)
        if one.score is not None:
            assert one.score == pytest.approx(10 + sum(look.points or 0 for look in one.reasons), abs=0.051)


def test_the_same_dossier_gives_the_same_reviews():
    assert review(sample()).reviews == review(Dossier.model_validate_json(sample().model_dump_json(by_alias=True))).reviews


def test_nothing_known_is_no_low_score():
    reviews = review(Dossier(paper="empty.txt")).reviews
    assert [r.reviewer for r in reviews if r.score is not None] == []
    unchecked = {r.reviewer: r for r in review(Dossier(paper="x", claims=(stated(1, "0.9"),))).reviews}
    assert unchecked["evidence_strength"].abstains.endswith("not checked is not weak")
    cause = finding("controls", Verdict.INCONCLUSIVE, Reason.CAUSAL, "It asserts a cause.", part="conclusion")
    only = Dossier(paper="x", claims=(stated(1, "0.9", causal=True, findings=(cause.model_copy(update={"evidence": ()}),)),))
    assert looks(only, "evidence_strength") == {}


def test_checking_again_drops_the_reviews_of_before():
    assert check(review(sample())).reviews == ()


def test_a_panel_counts_no_abstention():
    score = dataclasses.replace(REVIEWERS["scope"], rules=(Rule("r", 1, "", lambda d: Seen(0.5, ".")),), unfit=lambda d: "")
    half = score.review(sample())
    panel = Panel.of((half, half.model_copy(update={"score": 8.0}), half.model_copy(update={"score": None, "abstains": "x"})))
    assert panel == Panel(2, 1, 6.5, 5.0, 8.0, pytest.approx(2.1213, abs=1e-4), 0.0)
    assert str(Panel.of(())) == "The panel has not met."


# What a synthesis must not get past


def test_works_said_to_be_retrieved_but_not_listed():
    look = looks(synthesis(), "citation_grounding")["retrieved and listed"]
    assert look.points < 0
    assert "7 of 9 cannot be traced" in look.text


def test_listed_works_on_other_subjects_are_named():
    papers = cited(1, "Sparse Router Gains for LibriSpeech Transcription"), cited(2, "A Survey of Alpine Botany")
    look = looks(synthesis().model_copy(update={"papers": papers}), "citation_grounding")["works on the subject"]
    assert look.points < 0
    assert "1 of 2" in look.text
    assert "Alpine Botany" in look.text


def test_a_question_that_no_claim_answers():
    found = looks(synthesis(), "scope")
    assert "by none: “speech transcription”, “reverberant rooms”" in found["parts of the question"].text
    assert found["an answer"].text.startswith("No claim answers the question")


def test_a_score_of_its_own_without_a_basis():
    assert "9.1/10 with no basis given" in looks(synthesis(), "uncertainty_disclosure")["own score"].text
    told = synthesis().model_copy(update={"disclosures": (Disclosure(kind="criteria", quote="scored by a rubric of five", where=HERE),)})
    assert looks(told, "uncertainty_disclosure")["own score"].points == 0


def test_claims_marked_verified_at_a_low_confidence():
    look = looks(synthesis(), "uncertainty_disclosure")["low confidence"]
    assert "1 of 2 claims are marked as verified at a confidence below 0.5: claim 1" in look.text
    assert look.claims == (1,)


def test_counts_of_its_own_that_do_not_match():
    release = tuple(score(method) for method in ("Baseline", "Router-A", "Router-B"))
    look = looks(synthesis().model_copy(update={"results": release}), "numerical_consistency")["own counts"]
    assert look.text.startswith("1 of 3 counts of its own do not match")
    assert "“40 variants” against 3 released methods" in look.text


def score(method):
    where = Location(document="scores.csv", detail=method)
    return Result(method=method, dataset="D", metric="top-1", score=Quantity(value=Decimal("50.0")), where=where, origin="release")


def test_two_claims_that_state_one_quantity_differently():
    gains = [Difference(method="A", baseline="B", dataset="D", value=Decimal(v), sign="+") for v in ("2.10", "1.20")]
    claims = tuple(Claim(number=i, sentence="A beats B.", where=HERE, assertions=(gain,)) for i, gain in enumerate(gains, 1))
    look = looks(Dossier(paper="x", claims=claims), "numerical_consistency")["restated quantities"]
    assert look.points < 0
    assert look.claims == (1, 2)
    same = claims[0], claims[1].model_copy(update={"assertions": (gains[0],)})
    assert looks(Dossier(paper="x", claims=same), "numerical_consistency")["restated quantities"].points == 0


@pytest.mark.shared
@pytest.mark.skipif(not SEED.is_dir(), reason="the seed synthesis is not here")
def test_the_seed_synthesis():
    found = review(check(gather(str(next(SEED.glob("*.txt"))))))
    text = {(r.reviewer, look.rule): look for r in found.reviews for look in r.reasons}
    assert "9 of 12 cannot be traced" in text["citation_grounding", "retrieved and listed"].text
    assert text["citation_grounding", "works on the subject"].text.startswith("2 of 3")
    assert "frame dropout" in text["scope", "parts of the question"].text
    assert "multimodal video-language alignment" in text["scope", "parts of the question"].text
    assert "8.5/10 with no basis" in text["uncertainty_disclosure", "own score"].text
    assert text["uncertainty_disclosure", "low confidence"].text.startswith("9 of 10")
    assert "18 auxiliary objective variants" in text["numerical_consistency", "own counts"].text
    assert text["numerical_consistency", "own counts"].points < 0
    assert all(r.score is not None for r in found.reviews)


def answered():
    """A search's answer: two found papers, a claim of each, no document of its own."""
    found = tuple(
        cited(n, title).model_copy(update={"role": "found", "cited_as": ""}) for n, title in ((1, "Latent dynamics"), (2, "Bread"))
    )
    claims = tuple(Claim(number=n, sentence="A beats B.", where=Location(document=paper.id)) for n, paper in enumerate(found, 1))
    return Dossier(
        paper="question: x", question="Do latent dynamics help in winter?", search=SearchLog(question="x"), papers=found, claims=claims
    )


def test_an_answer_from_several_papers_is_held_to_what_it_can_know():
    found = {review.reviewer: review for review in review(answered()).reviews}
    assert found["reproducibility"].score is None
    assert "what each paper says of this was not gathered" in found["reproducibility"].reasons[0].text
    looked = looks(answered(), "citation_grounding")
    assert (looked["references listed"].points, looked["claims attributed"].points) == (0, 0)


def test_a_claim_of_a_found_paper_speaks_of_what_its_title_says():
    assert looks(answered(), "scope")["parts of the question"].text.startswith("1 of 2 parts")
    assert looks(answered(), "scope")["claims on the question"].claims == (2,)


# The rules one by one, on the sample's own findings


@pytest.mark.parametrize(
    ("reviewer", "rule", "claims"),
    [
        ("evidence_strength", "refutations", (7,)),
        ("evidence_strength", "conclusions", (1, 2, 3, 5, 6, 7)),
        ("numerical_consistency", "contradictions", (7,)),
        ("benchmark_validity", "protocol", (2, 3)),
        ("statistical_soundness", "noise", (1,)),
        ("uncertainty_disclosure", "low confidence", (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
    ],
)
def test_rules_name_the_claims_they_speak_of(reviewer, rule, claims):
    look = looks(sample(), reviewer)[rule]
    assert look.points < 0
    assert look.claims == claims


def test_one_refutation_costs_half_the_rule():
    whole = sample()
    one = looks(whole, "evidence_strength")["refutations"].points
    none = whole.model_copy(update={"claims": tuple(c for c in whole.claims if c.number != 7)})
    assert looks(none, "evidence_strength")["refutations"].points == 0
    assert one <= -10 * 4 / 13 * 0.5


@pytest.mark.parametrize(
    ("reviewer", "rule", "kind"),
    [
        ("benchmark_validity", "split", "split"),
        ("statistical_soundness", "intervals", "intervals"),
        ("statistical_soundness", "tests", "significance"),
        ("reproducibility", "configuration", "configuration"),
        ("reproducibility", "data", "data"),
        ("reproducibility", "seeds", "seeds"),
        ("reproducibility", "compute", "compute"),
        ("reproducibility", "licence", "licence"),
        ("uncertainty_disclosure", "limitations", "limitations"),
        ("uncertainty_disclosure", "error bars", "intervals"),
    ],
)
def test_what_a_document_says_of_itself_costs_nothing_and_its_silence_does(reviewer, rule, kind):
    paper = sample(sources=(), disclosures=(), search=None)
    told = paper.model_copy(update={"disclosures": (Disclosure(kind=kind, quote="we say so", where=HERE),)})
    look = looks(told, reviewer)[rule]
    assert (look.points, len(look.evidence)) == (0, 1)
    assert looks(paper, reviewer)[rule].points < 0
    assert looks(sample(disclosures=()), reviewer)[rule].points is None  # of a synopsis, silence says nothing


def test_seeds_are_counted_from_the_runs_or_else_from_the_text():
    assert looks(sample(), "statistical_soundness")["seeds"].text.startswith("1 of 1 claims")
    bare = Dossier(paper="x", claims=(stated(1, "0.9"),))
    losses = {}
    for value in ("", "2", "5"):
        told = bare.model_copy(update={"disclosures": (Disclosure(kind="seeds", quote="seeds", where=HERE, value=value),)})
        losses[value] = looks(told, "statistical_soundness")["seeds"].points
    assert losses["5"] == 0 > losses["2"] == losses[""] > looks(bare, "statistical_soundness")["seeds"].points


def test_a_cause_is_held_against_a_document_only_where_evidence_merely_compares():
    compared = finding("trends", Verdict.INCONCLUSIVE, Reason.CAUSAL, "Only a comparison is at hand.", part="conclusion")
    causal = stated(1, "0.9", causal=True, findings=(compared,))
    assert looks(Dossier(paper="x", claims=(causal,)), "uncertainty_disclosure")["causes"].claims == (1,)
    assert looks(Dossier(paper="x", claims=(stated(1, "0.9"),)), "uncertainty_disclosure")["causes"].points is None


# Words


def test_a_question_falls_into_its_parts():
    asked = "How do factorized latents compare to standard JEPA in multimodal alignment tasks under frame dropout conditions?"
    assert aspects(asked) == ("factorized latents", "standard JEPA", "multimodal alignment tasks", "frame dropout conditions")


@pytest.mark.parametrize(
    ("text", "aspect"), [("an aligned pair", "alignment"), ("variants", "a variant"), ("dropping frames", "frame drops")]
)
def test_endings_do_not_part_words(text, aspect):
    assert touches(terms(text), aspect)


def test_a_claim_speaks_of_what_its_names_stand_for(study):
    claim = study.claim(4).model_copy(update={"sentence": "LD gains 5.02 points on SSv2."})
    assert terms("latent dynamics") <= claim_terms(claim, study)


# What is written of it


def test_the_documentation_gives_every_rule_with_its_weight_and_reason():
    text = (ROOT / "docs" / "review.md").read_text()
    for name, reviewer in REVIEWERS.items():
        part = text[text.index(f"### {name}\n") :].split("\n### ")[0]
        assert reviewer.dimension in part
        for rule in reviewer.rules:
            assert f"| {rule.name} | {rule.weight} | {rule.why} |" in part
