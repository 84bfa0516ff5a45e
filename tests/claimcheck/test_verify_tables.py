"""The verifiers `tables` and `documents` on a made-up paper."""

from pathlib import Path

import pytest

from claimcheck.document import Location
from claimcheck.dossier import Claim, Difference, Direction, Dossier, Level, Paper, Quantity, Rank, Reason, Result, Value, Verdict
from claimcheck.gather import gather
from claimcheck.judge import check
from claimcheck.tabular.sheet import Sheet
from claimcheck.tabular.shelf import named
from claimcheck.verify import documents, tables
from tests.claimcheck.test_tabular import table

HERE = Location(document="paper")
MAIN = "Model | Accuracy | F1\nBaseline | 71.2 | 65.4\nTandem-2 | 74.8 | 70.1\nGateNet | 92.40 | 84.7"
OTHER = "Model | Accuracy | F1\nBaseline | 61.0 | 60.1\nTandem-2 | 60.5 | 59.0\nGateNet | 92.46 | 80.0"


def dossier(sentence, *grids, assertions=(), papers=()):
    made = tuple(table(grid, f"Table {n}: Results.").model_copy(update={"label": f"Table {n}"}) for n, grid in enumerate(grids, 1))
    claim = Claim(number=1, sentence=sentence, where=HERE, assertions=assertions)
    return Dossier(paper="paper", claims=(claim,), tables=made, papers=papers)


def said(verifier, made):
    return list(verifier(made.claims[0], made))


BETTER = Direction(method="Baseline", baseline="Tandem-2", sign="+", infers=True)


def test_a_comparison_the_named_table_contradicts_is_refuted_with_its_cells():
    (found,) = said(tables.verify, dossier("The baseline outperforms Tandem-2 (Table 1).", MAIN, OTHER, assertions=(BETTER,)))
    assert (found.verdict, found.reason) == (Verdict.REFUTED, Reason.CONTRADICTS)
    assert {e.quote for e in found.evidence} >= {"Baseline | Accuracy | 71.2", "Tandem-2 | Accuracy | 74.8"}
    assert all(e.where.detail.startswith("Table 1, row") for e in found.evidence)


def test_the_same_comparison_holds_in_another_table():
    (found,) = said(tables.verify, dossier("The baseline outperforms Tandem-2 (Table 2).", MAIN, OTHER, assertions=(BETTER,)))
    assert (found.verdict, found.level, found.assertions) == (Verdict.VERIFIED, Level.CONSISTENT, (0,))


def test_tables_that_do_not_agree_are_both_listed_and_refute_nothing():
    (found,) = said(tables.verify, dossier("The baseline outperforms Tandem-2.", MAIN, OTHER, assertions=(BETTER,)))
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET)
    assert "Table 1" in found.explanation
    assert "Table 2" in found.explanation


def test_an_unnamed_table_among_several_refutes_nothing():
    (found,) = said(tables.verify, dossier("The baseline outperforms Tandem-2.", MAIN, "Setting | Value\nSeeds | 3\nEpochs | 90"))
    assert found.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("sentence", ["Tandem-2 works well (Table 1).", "The encoder is frozen.", "Table 1 shows the results."])
def test_what_the_cells_do_not_decide_is_left_alone(sentence):
    assert said(tables.verify, dossier(sentence, MAIN)) == []


def test_a_number_in_its_own_cell_is_verified():
    value = Value(method="Tandem-2", dataset="", metric="accuracy", value="74.8")
    made = check(dossier("Tandem-2 reaches an accuracy of 74.8 (Table 1).", MAIN, assertions=(value,)))
    found = [f for f in made.claims[0].findings if f.verifier == "tables"]
    assert [(f.verdict, f.assertions) for f in found] == [(Verdict.VERIFIED, (0,))]


LANGUAGES = "Model | EN-DE | EN-FR\nWeaver | 24.6 | 39.9\nGateNet (small) | 26.3 | 40.2\nGateNet (large) | 27.5 | 41.8"
TUNING = "Model | EN-DE\nGateNet large | 26.4\nGateNet tiny | 23.0"


def translation(sentence, *assertions):
    made = dossier(sentence, LANGUAGES, TUNING, assertions=assertions)
    praised = made.tables[0].model_copy(update={"caption": "Table 1: The GateNet achieves better BLEU scores than others on newstest."})
    tuned = made.tables[1].model_copy(update={"caption": "Table 2: The GateNet improves with size (development set)."})
    return made.model_copy(update={"tables": (praised, tuned)})


def test_our_large_model_is_the_row_of_that_size_and_the_table_of_the_dataset_is_meant():
    sentence = "Our large model achieves 41.0 on English-to-French, outperforming all of the previous models."
    value = Value(method="our large model", dataset="English-to-French", metric="BLEU", value="41.0")
    (found,) = said(tables.verify, translation(sentence, value))
    assert (found.verdict, found.reason) == (Verdict.REFUTED, Reason.CONTRADICTS)
    assert [e.quote for e in found.evidence] == ["GateNet (large) | EN-FR | 41.8"]


@pytest.mark.parametrize("method", ["Weaver", "the baseline", ""])
def test_a_number_that_the_prose_gives_to_somebody_else_refutes_nothing(method):
    value = Value(method=method, dataset="English-to-French", metric="BLEU", value="41.0")
    sentence = "Our large model achieves 41.0 on English-to-French, outperforming all of the previous models."
    (found,) = said(tables.verify, translation(sentence, value))
    assert found.verdict is Verdict.INCONCLUSIVE


def test_our_model_may_be_any_of_the_papers_own_rows():
    value = Value(method="our model", dataset="English-to-French", metric="BLEU", value="40.2")
    (found,) = said(tables.verify, translation("On English-to-French, our model achieves a BLEU score of 40.2 after 3.5 days.", value))
    assert (found.verdict, found.assertions) == (Verdict.VERIFIED, (0,))


def test_a_number_that_another_table_prints_too_tells_no_table():
    made = translation("Our large model achieves 26.4 on English-to-German.")
    assert all(found.verdict is Verdict.INCONCLUSIVE for found in said(tables.verify, made))


def test_an_average_is_not_verified_by_a_cell_where_the_rest_is_unread():
    value = Value(method="GateNet (large)", dataset="English-to-French", metric="BLEU", value="41.8")
    sentence = "On English-to-French, the average BLEU of GateNet (large) is 41.8, which is not a surprise."
    assert all(found.verdict is Verdict.INCONCLUSIVE for found in said(tables.verify, translation(sentence, value)))


def test_a_number_of_another_table_is_named_with_its_place():
    (found,) = said(documents.verify, dossier("In Table 1, GateNet reaches 92.46.", MAIN, OTHER))
    assert (found.kind, found.reason) == ("caveat", Reason.AMBIGUOUS_TARGET)
    assert found.evidence[0].where.detail.startswith("Table 2")


def cited(score, **more):
    result = Result(
        method="GateNet",
        dataset="Ponds",
        metric="accuracy",
        score=Quantity(value=score),
        where=Location(document="arxiv:1", detail="Table 3"),
    )
    return Paper(id="arxiv:1", role="cited", state="read", title="Gates", version="v1", results=(result,), **more)


@pytest.mark.parametrize(("score", "reason"), [("92.4", Reason.MATCHES), ("92.40", Reason.MATCHES), ("91.1", Reason.CONTRADICTS)])
def test_a_number_in_a_cited_paper_is_a_note_and_no_vote(score, reason):
    value = Value(method="GateNet", dataset="Ponds", metric="accuracy", value="92.4")
    (found,) = said(documents.verify, dossier("GateNet reaches 92.4 on Ponds.", assertions=(value,), papers=(cited(score),)))
    assert (found.kind, found.reason) == ("caveat", reason)


def test_a_newer_version_of_a_cited_paper_is_named():
    value = Value(method="GateNet", dataset="Ponds", value="92.4")
    made = dossier("GateNet reaches 92.4 on Ponds.", assertions=(value,), papers=(cited("91.1", newest="v3"),))
    (found,) = said(documents.verify, made)
    assert "v1" in found.explanation
    assert "v3" in found.explanation


ATTENTION = Path(__file__).parents[3] / "shared/data/docling_latex/1706.03762/main.tex"


@pytest.mark.shared
@pytest.mark.skipif(not ATTENTION.exists(), reason="the evaluation sets are not beside the checkout")
def test_a_slip_between_text_and_table_of_a_real_paper_is_found():
    """arXiv:1706.03762 prints 41.0 for its large model on English-to-French in the text of 6.1, and 41.8 in its abstract and Table 2."""
    made = check(gather(str(ATTENTION)))
    (slip,) = [claim for claim in made.claims if claim.numbers is Verdict.REFUTED]
    assert "41.0" in slip.sentence
    assert [e.quote for f in slip.findings if f.verdict is Verdict.REFUTED for e in f.evidence] == [
        "Transformer (big) | BLEU / EN-FR | 41.8"
    ]
    votes = [(c, f) for c in made.claims for f in c.findings if f.verifier == "tables" and f.verdict is Verdict.VERIFIED]
    assert {str(claim.assertions[i].value) for claim, found in votes for i in found.assertions} == {"28.4", "41.8"}


def test_a_table_of_another_chapter_is_not_the_one_of_its_first_number():
    assert [named(s) for s in ("see Table 3.5", "see Table 3.", "Tables 2, 3 and 4", "Table 2 and 3.1 points")] == [
        ("3.5",),
        ("3",),
        ("2", "3", "4"),
        ("2",),
    ]
    assert said(tables.verify, dossier("The baseline outperforms Tandem-2 (Table 1.2).", MAIN, assertions=(BETTER,))) == []


def test_a_number_said_of_whom_follows_is_not_that_of_our_model():
    ours = "Model | Win\nWeaver | 38.4\nGateNet (ours) | 42.7"
    value = Value(method="our model", dataset="", metric="win rate", value="38.4")
    sentence = "Table 1 compares our model with the rest (38.4% win rate from Weaver)."
    assert [f.verdict for f in said(tables.verify, dossier(sentence, ours, assertions=(value,)))] != [Verdict.REFUTED]


def test_a_row_that_prose_adds_to_is_not_that_row():
    value = Value(method="Tandem-2", dataset="", metric="accuracy", value="74.2")
    (found,) = said(tables.verify, dossier("Tandem-2 has an accuracy of 74.2 (Table 1).", MAIN, assertions=(value,)))
    assert found.verdict is Verdict.REFUTED
    assert said(tables.verify, dossier("Adding a gate to Tandem-2 gives an accuracy of 74.2 (Table 1).", MAIN, assertions=(value,))) == []


def test_a_header_in_the_body_competes_with_nobody():
    grid = "Method | Tagger | 0.7 | 0.6 | 0.5\nOld | A | 5.3 | 10.3 | 19.0\nProposal method | Classifier | 0.7 | 0.6 | 0.5\nNew | A | 15.0 | 22.4 | 29.4"
    sheet = Sheet(table(grid))
    assert [line.name for line in sheet.rows] == ["Old / A", "Proposal method / New / A"]


def test_a_superlative_is_refuted_where_nothing_limits_who_competes():
    best = Rank(method="Tandem-2", baseline="", metric="accuracy", order="largest", place=1, sign="+")
    (found,) = said(tables.verify, dossier("Tandem-2 achieves the best accuracy.", MAIN, assertions=(best,)))
    assert found.verdict is Verdict.REFUTED
    among = said(tables.verify, dossier("Tandem-2 achieves the best accuracy among single models.", MAIN, assertions=(best,)))
    assert Verdict.REFUTED not in [f.verdict for f in among]


def test_two_methods_that_only_one_table_sets_side_by_side_need_no_name_of_it():
    gap = Difference(method="GateNet", baseline="Tandem-2", metric="accuracy", value="19.6", unit="pp", sign="+")
    (found,) = said(tables.verify, dossier("GateNet has a 19.6 points higher accuracy than Tandem-2.", MAIN, TUNING, assertions=(gap,)))
    assert found.verdict is Verdict.REFUTED
    fitting = OTHER.replace("92.46", "80.10")
    (found,) = said(tables.verify, dossier("GateNet has a 19.6 points higher accuracy than Tandem-2.", MAIN, fitting, assertions=(gap,)))
    assert found.verdict is Verdict.INCONCLUSIVE


def verified_positions(made):
    return {i for f in said(tables.verify, made) if f.verdict is Verdict.VERIFIED for i in f.assertions}


@pytest.mark.parametrize(
    ("sentence", "value", "found"),
    [
        ("GateNet reaches an accuracy of 92.40.", {"method": "GateNet", "metric": "accuracy", "value": "92.40"}, True),
        ("GateNet reaches an accuracy of 92.4.", {"method": "GateNet", "metric": "accuracy", "value": "92.4"}, True),
        ("Tandem-2 reaches an accuracy of 92.40.", {"method": "Tandem-2", "metric": "accuracy", "value": "92.40"}, False),
        ("GateNet reaches a recall of 92.40.", {"method": "GateNet", "metric": "recall", "value": "92.40"}, False),
        ("GateNet reaches an accuracy of 92.40 on Flowers.", {"method": "GateNet", "dataset": "Flowers", "value": "92.40"}, False),
        ("With one sample per class, GateNet reaches 92.40.", {"method": "GateNet", "value": "92.40"}, False),
        ("Adding a gate to GateNet gives 92.40.", {"method": "GateNet", "value": "92.40"}, False),
        ("It takes 9 epochs to reach 92.40 with GateNet.", {"method": "GateNet", "value": "92.40", "text": "reach 92.40"}, False),
        ("GateNet reaches over 92.40.", {"method": "GateNet", "value": "92.40", "ambiguous": ("value",)}, False),
        ("Table 2 shows that GateNet reaches 84.7.", {"method": "GateNet", "value": "84.7"}, False),
    ],
)
def test_a_number_in_the_cell_that_is_plainly_its_own_needs_no_table_named(sentence, value, found):
    made = dossier(sentence, MAIN, OTHER, assertions=(Value(**{"dataset": "", "unit": "", **value}),))
    assert (verified_positions(made) == {0}) is found


LONG = "Model | A | B\nTandem-2 | 61.0 | 60.1\nGateNet | 70.5 | 69.0"


@pytest.mark.parametrize(
    ("sentence", "grids", "found"),
    [
        ("GateNet outperforms Tandem-2.", (MAIN, LONG), True),
        ("GateNet outperforms Tandem-2.", (MAIN, LONG.replace("70.5", "59.5")), False),
        ("GateNet outperforms Tandem-2 in noisy rooms.", (MAIN, LONG), False),
        ("In noisy rooms, GateNet outperforms Tandem-2.", (MAIN, LONG), False),
        ("GateNet outperforms Tandem-2, as Figure 2 shows.", (MAIN, LONG), False),
        ("GateNet draws better separated clouds than Tandem-2.", (MAIN, LONG), False),
    ],
)
def test_a_comparison_that_holds_wherever_both_stand_needs_no_table_named(sentence, grids, found):
    better = Direction(method="GateNet", baseline="Tandem-2", sign="+", infers=True, text="better" if "better" in sentence else "")
    made = dossier(sentence, *grids, assertions=(better,))
    named = [t.model_copy(update={"caption": f"{t.label}: Accuracy on two sets."}) for t in made.tables]
    assert (verified_positions(made.model_copy(update={"tables": tuple(named)})) == {0}) is found


def test_a_difference_is_borne_out_in_the_unit_that_is_stated():
    def gap(value, unit):
        return Difference(method="GateNet", baseline="Tandem-2", value=value, unit=unit, sign="+")

    points = dossier("GateNet outperforms Tandem-2 by 14.6 points in F1 (Table 1).", MAIN, assertions=(gap("14.6", "pp"),))
    share = dossier("GateNet outperforms Tandem-2 by 20.8 points in F1 (Table 1).", MAIN, assertions=(gap("20.8", "pp"),))
    assert [verified_positions(made) for made in (points, share)] == [{0}, set()]


def test_a_comparison_that_no_table_bears_out_is_refuted_whichever_is_meant():
    worse = OTHER.replace("92.46", "50.00").replace("80.0", "50.0")
    sentence = "GateNet is 17.6 points better than Tandem-2 in accuracy."
    gap = Difference(method="GateNet", baseline="Tandem-2", metric="accuracy", value="17.6", unit="pp", sign="+")
    both = MAIN.replace("92.40", "40.10").replace("84.7", "40.0")
    (found,) = said(tables.verify, dossier(sentence, both, worse, assertions=(gap,)))
    assert found.verdict is Verdict.REFUTED
    assert {e.where.detail.split(",")[0] for e in found.evidence} == {"Table 1", "Table 2"}
    assert [f.verdict for f in said(tables.verify, dossier(sentence, MAIN, worse, assertions=(gap,)))] == [Verdict.INCONCLUSIVE]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The baseline outperforms Tandem-2 (Table 1).", Verdict.REFUTED),
        ("The baseline outperforms Tandem-2 in noisy rooms (Table 1).", Verdict.INCONCLUSIVE),
        ("The baseline outperforms Tandem-2 on some days (Table 1).", Verdict.INCONCLUSIVE),
        ("The no baseline variant outperforms Tandem-2 (Table 1).", Verdict.INCONCLUSIVE),
    ],
)
def test_a_comparison_without_a_number_is_refuted_only_if_read_alike_in_all_it_says(sentence, verdict):
    found = said(tables.verify, dossier(sentence, MAIN, assertions=(BETTER,)))
    assert {f.verdict for f in found} <= {verdict}
    assert found or verdict is not Verdict.REFUTED


def test_a_number_that_the_table_is_not_read_to_say_of_its_cell_is_not_refuted():
    where = Location(document="paper", detail="Table 1, row 3, column 2")
    held = Result(method="Tandem-2", dataset="", metric="accuracy", score=Quantity(value="74.8", unit="%"), where=where)
    value = Value(method="Tandem-2", dataset="", metric="accuracy", value="74.2")

    def verdicts(sentence):
        made = dossier(sentence, MAIN, assertions=(value,)).model_copy(update={"results": (held,)})
        return {f.verdict for f in check(made).claims[0].findings if f.verifier == "arithmetic"}

    assert verdicts("Tandem-2 reaches an accuracy of 74.2.") == {Verdict.REFUTED}
    assert verdicts("The small variant reaches 74.2 when run alone.") == {Verdict.INCONCLUSIVE}
