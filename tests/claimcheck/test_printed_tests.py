"""Printed p values against the statistics beside them."""

import csv
from decimal import Decimal

import pytest
from scipy import stats

from claimcheck.benchmarks.statcheck import CHECKED, measure
from claimcheck.dossier import Claim, Dossier, Location, PrintedTest, Reason
from claimcheck.extract import extract
from claimcheck.extract.quantities import amounts
from claimcheck.readers import read
from claimcheck.review.statistical_soundness import REVIEWER
from claimcheck.stats.reported import check, reported
from claimcheck.verify.printed_tests import verify


def one(text: str):
    (test,) = reported(text)
    return test


@pytest.mark.parametrize(
    ("printed", "kind", "freedom", "value", "relation", "p"),
    [
        ("t(28) = 2.20, p = .036", "t", (28,), "2.20", "=", ".036"),
        ("t(28.4) = −2.20, p < .05", "t", (28.4,), "-2.20", "<", ".05"),
        ("F(1, 47) = 3.42, p = .07", "F", (1, 47), "3.42", "=", ".07"),
        ("F (2,1,204)=3.42 , p>.05", "F", (2, 1204), "3.42", ">", ".05"),
        ("r(58) = .41, p < .01", "r", (58,), ".41", "<", ".01"),
        ("χ2(2, N = 1,150) = 9.45; p = .009", "chi2", (2,), "9.45", "=", ".009"),
        ("χ²(2) = 9.45, p = .009", "chi2", (2,), "9.45", "=", ".009"),
        ("G2(1) = 3.08, p = .079", "chi2", (1,), "3.08", "=", ".079"),
        ("z = 1.50, n.s.", "z", (), "1.50", "ns", "0.05"),
        ("QW(12) = 9.20, p = .69", "Q", (12,), "9.20", "=", ".69"),
        ("t(28) = 6.20, p = 1.1e-6", "t", (28,), "6.20", "=", "0.0000011"),
        ("t(28) = 6.20, p < 2 × 10−4", "t", (28,), "6.20", "<", "0.0002"),
        ("t(28) = 6.20, p = 1.1 × 10⁻⁶", "t", (28,), "6.20", "=", "0.0000011"),
        ("t(28) = 6.20, p = 1.1 \\times 10^{-6}", "t", (28,), "6.20", "=", "0.0000011"),
    ],
)
def test_a_test_is_read_with_all_its_parts(printed, kind, freedom, value, relation, p):
    test = one(f"A made a difference, {printed}, as foreseen.")
    assert (test.kind, test.freedom, test.value, test.p_relation, test.p) == (kind, freedom, Decimal(value), relation, Decimal(p))


@pytest.mark.parametrize(
    "text",
    [
        "t(28) = 2.20",
        "p = .036",
        "Fig. F(1) shows 3.4, p. 7",
        "f(2, 3) = 4.0, p = .1",
        "F(28) = 2.2, p = .3",
        "at(28) = 2.2, p = .04",
        "t() = 1, p = .3",
        "t(0) = 1.20, p = .3",
        "t(28) = 2.20, p = 3",
        "t(28) = 2.20, p = 3.6%",
        "t(28) = 2.20, p = 12.5",
    ],
)
def test_what_is_no_whole_test_is_none(text):
    assert not list(reported(text))


def test_the_p_values_are_those_of_scipys_distributions():
    for text, exact in [
        ("t(28) = 2.20, p = .036", 2 * stats.t.sf(2.2, 28)),
        ("F(3, 47) = 3.42, p = .025", stats.f.sf(3.42, 3, 47)),
        ("χ2(2) = 9.45, p = .009", stats.chi2.sf(9.45, 2)),
        ("z = 1.96, p = .05", 2 * stats.norm.sf(1.96)),
        ("r(58) = .41, p = .001", stats.t.sf(0.41 * (58 / (1 - 0.41**2)) ** 0.5, 58) * 2),
    ]:
        found = check(one(text))
        assert found.low < exact < found.high < 1.1 * found.low + 0.01


@pytest.mark.parametrize(
    ("text", "consistent", "decision"),
    [
        ("t(28) = 2.20, p = .036", True, False),
        ("t(28) = 2.2, p = .04", True, False),  # 2.15 to 2.25 gives .033 to .040
        ("t(28) = 2.20, p = .36", False, True),
        ("t(28) = 2.20, p = .020", False, False),
        ("t(28) = 2.20, p < .05", True, False),
        ("t(28) = 2.20, p < .01", False, False),
        ("t(28) = 2.20, p > .05", False, True),
        ("t(28) = 1.10, ns", True, False),
        ("t(28) = 3.10, ns", False, True),
        ("F(1, 180) < 1, p = .36", True, False),
        ("F(1, 180) < 1, p = .20", False, False),
        ("t(28) = 9.99, p = .000", False, False),
        ("r(10) = 1.00, p < .001", True, False),
        ("t(28) = 6.20, p = 1.1e-6", True, False),
        ("t(28) = 6.20, p = 1.1e-3", False, False),
    ],
)
def test_what_fits_and_what_does_not(text, consistent, decision):
    found = check(one(text))
    assert (found.consistent, found.decision) == (consistent, decision)


def test_half_a_p_value_fits_only_where_one_tailed_tests_are_spoken_of():
    test = one("t(28) = 1.80, p = .041")
    assert not check(test).consistent
    assert check(test, one_tailed=True).one_tailed
    assert not check(one("F(1, 28) = 3.24, p = .041"), one_tailed=True).consistent  # F has no second tail


def claim(sentence: str) -> Claim:
    return Claim(number=1, sentence=sentence, where=Location(document="paper.md", line=3))


def test_a_p_value_on_the_other_side_of_the_level_keeps_the_conclusion_open():
    (found,) = verify(claim("A was faster than B, t(28) = 2.20, p = .36."), Dossier(paper="p"))
    assert (found.kind, found.reason, found.part, found.blocks) == ("caveat", Reason.IMPOSSIBLE_VALUE, "conclusion", True)
    assert "0.036 to 0.037" in found.explanation
    assert found.evidence[0].quote == "t(28) = 2.20, p = .36"


def test_a_p_value_that_is_merely_off_is_said_and_blocks_nothing():
    (found,) = verify(claim("A was faster than B, t(28) = 2.20, p = .030."), Dossier(paper="p"))
    assert (found.reason, found.blocks) == (Reason.IMPOSSIBLE_VALUE, False)


def test_nothing_is_said_of_a_claim_without_a_test_and_a_fitting_one_is_named():
    assert not list(verify(claim("A is faster than B."), Dossier(paper="p")))
    (found,) = verify(claim("A was faster than B, t(28) = 2.20, p = .036."), Dossier(paper="p"))
    assert found.reason is Reason.MATCHES


def test_a_document_that_speaks_of_one_tailed_tests_is_taken_at_its_word():
    text = b"# A\n\nWe use one-tailed tests.\n\nDepth helped, t(28) = 1.80, p = .041.\n"
    (test,) = extract(read(text, "a.md")).tests
    assert test.one_tailed
    (found,) = verify(claim("Depth helped, t(28) = 1.80, p = .041."), Dossier(paper="p", tests=(test,)))
    assert found.reason is Reason.MATCHES


def test_the_numbers_of_a_test_are_no_scores():
    roles = {amount.text: amount.role for amount in amounts("Accuracy rose to 93.5, t(28) = 2.20, p = .036.")}
    assert roles["93.5"] == "amount"
    assert {roles[text] for text in ("28", "2.20")} == {"label"}


def test_the_panel_counts_printed_tests_and_is_silent_without():
    where = Location(document="paper.md", line=3)
    tests = tuple(PrintedTest(text=f"t(28) = 2.20, p = {p}", where=where) for p in (".036", ".36", ".04", ".036"))
    dossier = Dossier(paper="p", claims=(claim("A is faster than B."),), tests=tests)
    seen = {look.rule: look for look in REVIEWER.review(dossier).reasons}["printed p values"]
    assert "1 of 4 printed p values do not follow" in seen.text
    bare = {look.rule: look for look in REVIEWER.review(dossier.model_copy(update={"tests": ()})).reasons}["printed p values"]
    assert "No test is printed" in bare.text


def test_the_benchmark_counts_flags_against_those_of_people(tmp_path):
    columns = ["raw", "error", "decision_error", "one_tailed_in_txt"]
    rows = [
        ("t(28) = 2.20, p = .036", "FALSE", "FALSE", "FALSE"),
        ("t(28) = 2.20, p = .36", "TRUE", "TRUE", "FALSE"),
        ("t(28) = 1.80, p = .041", "FALSE", "FALSE", "TRUE"),
        ("t(28) = 2.20, p = .030", "FALSE", "FALSE", "FALSE"),
        ("nothing", "TRUE", "FALSE", "FALSE"),
    ]
    with (tmp_path / CHECKED).open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows([columns, *rows])
    number, figures = measure(tmp_path)
    assert (number, figures["read"]) == (5, 0.8)
    assert (figures["error_precision"], figures["error_recall"]) == (0.5, 0.5)
    assert (figures["decision_precision"], figures["decision_recall"]) == (1, 1)
