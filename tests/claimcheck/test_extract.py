"""Documents to claims: the bundled study, a machine-written synthesis, and any other text."""

from decimal import Decimal
from pathlib import Path

import pytest

from claimcheck.dossier import Assertion, Claim
from claimcheck.extract import Extraction, extract
from claimcheck.readers import read
from claimcheck.studies import BUNDLED
from tests.claimcheck.test_assertions import described

SEED = Path(__file__).parents[3] / "shared" / "seed"

STUDY = {
    1: [
        "Difference Motion-Guided Masking vs Baseline @ Diving-48 top-1 +0.30 pp [ucf101]",
        "Difference Motion-Guided Masking vs Baseline @ ImageNet-100 top-1 +0.14 pp [ucf101]",
        "Difference Motion-Guided Masking vs Baseline @ SSv2 top-1 +1.38 pp [ucf101]",
    ],
    2: [
        "Range kinematic variants vs Baseline @ Diving-48 top-1 -2.5..2.9 pp [ucf101]",
        "Range kinematic variants vs Baseline @ ImageNet-100 top-1 +1.5..1.7 pp [ucf101]",
    ],
    3: [
        "Difference FWM-HW-LD vs Baseline @ ImageNet-100 top-1 +5.92 pp [mixed]",
        "Difference FWM-HW-LD vs Baseline @ SSv2 top-1 +3.21 pp [mixed]",
    ],
    4: [
        "Difference LD vs Baseline @ SSv2 top-1 +5.02 pp [mixed]",
        "Rank LD vs Baseline @ SSv2 top-1 largest 1 + of 'the table' [mixed]",
    ],
    5: ["Count methods vs Baseline @ ImageNet-100 top-1 10/14 > 5 pp -"],
    6: [
        "Difference LD vs Baseline @ SSv2 top-1 +5.02 pp [mixed]",
        "Direction LD vs Baseline @ ImageNet-100 top-1 - [mixed]",
        "Direction LD vs Baseline @ Diving-48 top-1 - [mixed]",
    ],
    7: [
        "Difference FWM vs Baseline @ ImageNet-100 top-1 +1.88 pp [mixed]",
        "Direction FWM vs Baseline @ SSv2 top-1 - [mixed]",
        "Direction FWM vs Baseline @ Diving-48 top-1 - [mixed]",
    ],
    8: ["Difference FWM-LD vs Baseline @ ImageNet-100 top-1 -10.14 pp [mixed]"],
    9: ["Range kinematic regularization vs Baseline @ Synthetic motion top-1 +40..45 pp [ucf101]"],
    10: ["Fact encoder embedding dimension = 768"],
    11: ["Trend auxiliary objectives: temporal structure - appearance discrimination"],
}
TRUNCATED = [1, 3, 5, 10]


@pytest.fixture(scope="module")
def bundled() -> Extraction:
    return extract(read(BUNDLED.synopsis), BUNDLED.lexicon)


@pytest.fixture(scope="module")
def synthesis() -> Extraction:
    files = sorted(SEED.glob("*.txt"))
    if not files:
        pytest.skip(f"no synthesis under {SEED}")
    return extract(read(files[0]), BUNDLED.lexicon)


def unsaid(assertion: Assertion) -> dict[str, object]:
    """An assertion without the words it was read from, and without what only one of two sentences says."""
    return assertion.model_dump(exclude={"text", "dataset", "ambiguous"})


def test_bundled_study_extracts_every_number_of_its_eleven_claims(bundled: Extraction) -> None:
    assert {c.number: [described(a) for a in c.assertions] for c in bundled.claims} == STUDY


def test_no_number_of_the_bundled_study_is_left_over(bundled: Extraction) -> None:
    assert [c.number for c in bundled.claims if c.unbound] == []


def test_bundled_study_marks_what_its_source_cuts_off(bundled: Extraction) -> None:
    assert [c.number for c in bundled.claims if c.truncated] == TRUNCATED


def test_only_the_claim_that_confirms_is_causal(bundled: Extraction) -> None:
    assert [c.number for c in bundled.claims if c.causal] == [9]


def test_comparisons_infer_and_facts_do_not(bundled: Extraction) -> None:
    assert {a.kind for c in bundled.claims for a in c.assertions if not a.infers} == {"Fact"}


def test_what_the_lexicon_supplied_is_said(bundled: Extraction) -> None:
    first, second = bundled.claims[0].assertions[2], bundled.claims[1].assertions[0]
    assert first.supplied == ("baseline", "dataset", "metric")  # the source cuts "SSv2" off
    assert second.supplied == ("regime", "baseline", "metric")


def test_words_are_quoted_from_the_sentence(bundled: Extraction) -> None:
    assert all(a.text and a.text in c.sentence for c in bundled.claims for a in c.assertions)


@pytest.mark.shared
def test_synthesis_says_the_same_as_our_wording(bundled: Extraction, synthesis: Extraction) -> None:
    ours, theirs = ([[unsaid(a) for a in c.assertions] for c in e.claims] for e in (bundled, synthesis))
    assert ours == theirs
    assert [c.truncated for c in bundled.claims] == [c.truncated for c in synthesis.claims]


@pytest.mark.shared
def test_synthesis_leaves_the_dataset_of_one_claim_open(synthesis: Extraction) -> None:
    assert [c.number for c in synthesis.claims if any("dataset" in a.ambiguous for a in c.assertions)] == [9]


@pytest.mark.shared
def test_synthesis_states_verdicts_and_what_it_is(synthesis: Extraction) -> None:
    verdicts = [c.stated for c in synthesis.claims]
    assert [v.verified for v in verdicts if v] == [True] * 10 + [False]
    assert [v.confidence for v in verdicts if v][:2] == [Decimal("0.29"), Decimal("0.21")]
    assert {(s.about, s.value) for s in synthesis.sayings} == {
        ("papers retrieved", "12"),
        ("claims extracted", "11"),
        ("claims verified", "10"),
        ("quality score", "8.5/10"),
        ("variants studied", "18"),
    }
    assert synthesis.question.startswith("How do factorized latent dynamics")
    assert len(synthesis.references) == 3


def from_text(text: str, name: str = "x.txt") -> tuple[Claim, ...]:
    return extract(read(text.encode(), name)).claims


def test_claims_table_without_marks_has_no_stated_verdict() -> None:
    (claim,) = from_text("Claim\tPage\nFoo improves CIFAR-10 by 2 points.\t3\n")
    assert claim.stated is None
    assert claim.where.line == 2


def test_without_a_lexicon_the_subject_is_the_sentences_own() -> None:
    (claim,) = from_text("## Results\n\nFooNet improves CIFAR-10 by 2.5 points.\n")
    (assertion,) = claim.assertions
    assert described(assertion) == "Difference FooNet vs  @ CIFAR-10 accuracy +2.5 pp ?baseline"


def test_prose_that_claims_nothing_gives_no_claims() -> None:
    text = "## Setup\n\nWe train on CIFAR-10 for 100 epochs with 8 GPUs. See Table 2. We evaluate on ImageNet.\n"
    assert from_text(text) == ()


def test_related_work_and_references_are_not_the_papers_claims() -> None:
    text = "## Related work\n\nFooNet improves CIFAR-10 by 2.5 points.\n"
    assert from_text(text) == ()


def test_item_numbers_are_kept() -> None:
    claims = from_text("## Claims\n\n3. Foo improves CIFAR-10 by 2 points.\n7. Bar hurts CIFAR-10.\n", "x.md")
    assert [c.number for c in claims] == [3, 7]
