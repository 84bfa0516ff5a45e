"""The cross-validation of extraction by paper, on a few invented sentences."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import fit_comparisons, fit_outcomes, fit_ranking, prose_folds
from benchmarks.annotated import Annotated
from claimcheck.dossier import Lexicon
from claimcheck.extract import comparisons, outcomes, ranking
from claimcheck.extract.assertions import Read, read_sentence
from claimcheck.extract.lexicon import Vocabulary

FIELD = Vocabulary(Lexicon())
TEXT = "On CIFAR-10, XyloNet reaches 81.2 and outperforms BARNet."


def sentence(paper: str, text: str = TEXT, written: bool = False) -> Annotated:
    return Annotated({"id": paper, "own": []}, {"says": []}, read_sentence(text, FIELD), FIELD, False, written)


def test_each_real_paper_is_read_once_by_weights_that_have_not_seen_it_and_written_ones_only_teach(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [sentence(f"paper{n}") for n in range(12)] + [sentence(f"written-{n}", written=True) for n in range(4)]
    taught: list[set[str]] = []
    monkeypatch.setattr(prose_folds, "annotated", lambda data: papers)
    monkeypatch.setattr(prose_folds, "fit", lambda sentences: taught.append({one.paper["id"] for one in sentences}))
    monkeypatch.setattr(prose_folds, "claim", lambda one: one.paper["id"])
    judged = [{claim for _, claim in prose_folds.fold(Path(), 3, number)} for number in range(3)]
    assert sorted(paper for each in judged for paper in each) == sorted(f"paper{n}" for n in range(12))
    assert [each | known for each, known in zip(judged, taught, strict=True)] == [{one.paper["id"] for one in papers}] * 3
    assert not [each & known for each, known in zip(judged, taught, strict=True) if each & known]


def test_the_three_fits_take_the_place_of_what_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    slots: dict[str, Any] = {slot: {} for slot in ("method", "baseline", "dataset", "metric")}
    seen: list[int] = []
    for fit, shipped, weights in ((fit_outcomes, outcomes, {}), (fit_comparisons, comparisons, {}), (fit_ranking, ranking, slots)):
        monkeypatch.setattr(shipped, "weights", shipped.weights)  # put back in the end
        monkeypatch.setattr(fit, "fitted", lambda cases, weights=weights: seen.append(len(cases)) or weights)
    prose_folds.fit([sentence("a"), replace(sentence("b"), read=Read((), (), False))])
    assert (outcomes.weights(), comparisons.weights(), ranking.weights()) == ({}, {}, slots)
    assert seen[:2] == [1, 1]  # what was not read teaches nothing


def test_a_sentence_is_read_as_the_product_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sentence("a", "On SQuAD, XyloNet improves over BARNet by 0.4 points.")
    assert prose_folds.claim(one).sentence == "On SQuAD, XyloNet improves over BARNet by 0.4 points."
    (shipped,) = prose_folds.claim(one).assertions
    assert (shipped.kind, shipped.method, shipped.baseline) == ("Difference", "XyloNet", "BARNet")
    emptied = {slot: {"nothing": 99.0} for slot in ("method", "baseline", "dataset", "metric")}
    monkeypatch.setattr(ranking, "weights", lambda: emptied)
    (other,) = prose_folds.claim(one).assertions
    assert (other.method, other.baseline, other.dataset) == ("", "", "")
    assert prose_folds.claim(replace(one, read=Read((), (), False))).assertions == ()
    monkeypatch.setattr(outcomes, "decided", lambda read, vocabulary: replace(read, assertions=()))
    assert prose_folds.claim(one).assertions == ()


@pytest.mark.parametrize(
    ("paper", "text", "group"),
    [
        ("known", TEXT, "table"),
        ("scitab:1", TEXT, "scitab"),
        ("new", TEXT, "number"),
        ("new", "XyloNet gains 3 points over BARNet.", "number"),
        ("new", "XyloNet has 12 layers more than BARNet.", "other"),
    ],
)
def test_a_sentence_counts_with_those_of_its_kind(paper: str, text: str, group: str) -> None:
    assert prose_folds.group(sentence(paper, text), {"known"}) == group
