"""Every sentence of the synthesis rests on something the report holds, and says no number that is not there."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from claimcheck import checklists, figures
from claimcheck.dossier import Disclosure, Dossier, Flow, Reason, SearchLog, Source, Verdict
from claimcheck.report import render
from claimcheck.synthesis import Synthesis

from .report_sample import at, dossier

SYNTHESIS = Synthesis.of(dossier())
SENTENCES = [sentence for _, sentences in SYNTHESIS.sections for sentence in sentences]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def texts(section, **changes):
    return [sentence.text for sentence in getattr(Synthesis.of(dossier(**changes)), section)]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.text[:40])
def test_every_sentence_rests_on_something(sentence):
    assert sentence.rests
    assert sentence.text.rstrip().endswith((".", "?", "…"))


@pytest.mark.parametrize("changes", [{}, {"search": None, "runs": (), "reviews": (), "papers": ()}, {"claims": ()}])
def test_every_place_a_sentence_rests_on_is_in_the_report(changes):
    page = LexborHTMLParser(render(dossier(**changes), "html"))
    ids = {node.attributes["id"] for node in page.css("[id]")}
    made = Synthesis.of(dossier(**changes))
    rests = [place for _, sentences in made.sections for sentence in sentences for place in sentence.rests]
    rests += [place for _, sentences in checklists.mlrc(dossier(**changes)) for sentence in sentences for place in sentence.rests]
    rests += [place for answer in checklists.neurips(dossier(**changes)) for place in answer.rests]
    assert {place.anchor for place in rests} <= ids
    assert len(rests) > 10


@pytest.mark.parametrize("sentence", SYNTHESIS.results, ids=lambda s: s.text[:10])
def test_a_result_says_no_number_that_its_findings_do_not(sentence):
    claims = [dossier().claim(place.claim) for place in sentence.rests]
    numbers = [place.anchor.split("-") for place in sentence.rests if place.anchor.startswith("finding")]
    held = " ".join(dossier().claim(int(claim)).findings[int(number) - 1].explanation for _, claim, number in numbers)
    known = set(NUMBER.findall(held)) | {str(c.number) for c in claims} | {f"{c.confidence:.2f}" for c in claims}
    assert set(NUMBER.findall(sentence.text)) <= known


def test_refuted_claims_come_first_and_every_claim_is_told_once():
    told = [int(re.match(r"Claim (\d+) is (\w+)", text)[1]) for text in texts("results")]
    assert told[0] == 7
    assert sorted(told) == list(range(1, 12))
    assert texts("results")[0].startswith("Claim 7 is refuted (confidence 0.97")


def test_numbers_that_come_out_do_not_carry_a_conclusion():
    assert any("its numbers come out of the evidence; what keeps its conclusion open: " in text for text in texts("results"))


def test_many_claims_are_told_by_their_reason_but_refuted_ones_one_by_one():
    many = tuple(claim.model_copy(update={"number": i}) for i, claim in enumerate(dossier().claims * 20, start=1))
    told = texts("results", claims=many)
    assert sum(text.startswith("Claim ") for text in told) == 20
    assert len(told) < 40
    assert "20 claims are inconclusive: untrained encoder. The scores were read from an encoder that was never trained." in told


def test_without_a_search_the_report_says_that_there_was_none():
    told = texts("methodology", search=None)
    assert "No search of the literature stands behind this report; the document was given." in told
    assert "The document says “12 papers were retrieved.”; no log of that search is at hand." in told
    assert not any("No search" in text for text in texts("methodology"))


def test_a_lost_database_is_said():
    assert "crossref gave nothing, so what it holds is missing." in texts("methodology")


def test_an_abstention_is_a_limitation_and_so_is_what_was_not_checked():
    told = texts("limitations")
    assert "The reviewer of reproducibility abstains: one of its rules broke (ValueError: x)." in told
    assert told[-1].endswith("neither a pass nor a fail.")
    assert any(text.startswith("Claim 3: seed mismatch.") for text in told)


def test_nothing_found_is_said_and_nothing_else():
    assert texts("abstract", claims=()) == ["No claim was found in the document, so nothing was checked."]
    assert Synthesis.of(Dossier(paper="empty.txt")).results == ()


# The flow


def test_a_step_that_was_not_taken_is_not_drawn():
    log = SearchLog(question="?", flow=Flow(identified=3, screened=3))
    assert [step.name for step in figures.steps(log)] == ["Records identified", "Records screened"]
    assert figures.flow(log).count("<rect") == 3


# Checklists


def replies(**changes):
    return {answer.item: answer for answer in checklists.neurips(dossier(**changes))}


def test_the_neurips_checklist_has_its_sixteen_items_and_leaves_those_of_people_to_people():
    found = replies()
    assert len(found) == 16
    assert [item for item, answer in found.items() if answer.reply == "a person's to answer"] == [
        "Theory assumptions and proofs",
        "Code of ethics",
        "Broader impacts",
        "Safeguards",
        "New assets",
        "Crowdsourcing and research with human subjects",
        "Institutional review board approvals",
        "Declaration of LLM usage",
    ]


def test_what_is_told_answers_yes_its_lack_no_and_a_synopsis_leaves_it_open():
    paper = (Source(name="paper.tex", sha256="0" * 64, size=1, role="paper"),)
    bars = (Disclosure(kind="intervals", quote="81.2 ± 0.3", where=at(3)),)
    item = "Experiment statistical significance"
    assert replies(sources=paper, disclosures=bars)[item][1:3] == ("yes", "error bars: “81.2 ± 0.3”")
    assert replies(sources=paper)[item][1:3] == ("no", "No sentence that was read tells of error bars.")
    assert replies()[item].reply == "open"
    half = (Disclosure(kind="code", quote="our code", where=at(3)),)
    assert replies(sources=paper, disclosures=half)["Open access to data and code"].why.endswith(
        "; no sentence that was read tells of data."
    )


def test_claims_hold_only_if_all_are_verified():
    assert replies()["Claims"].reply == "no"
    good = tuple(c.model_copy(update={"verdict": Verdict.VERIFIED, "reasons": (Reason.MATCHES,)}) for c in dossier().claims)
    assert replies(claims=good)["Claims"].reply == "yes"
    assert replies(claims=tuple(c for c in dossier().claims if c.number != 7))["Claims"].reply == "open"
    assert replies(claims=())["Claims"].reply == "open"


def test_the_reproducibility_summary_has_its_six_parts():
    summary = dict(checklists.mlrc(dossier()))
    assert next(iter(summary)) == "Scope of reproducibility"
    assert len(summary) == 6
    assert summary["Communication with the original authors"][0].text == "None is recorded in the dossier."
    assert "1 run did not finish." in [sentence.text for sentence in summary["What was difficult"]]
