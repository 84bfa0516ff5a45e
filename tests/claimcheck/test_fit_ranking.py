"""The fit of the slot weights on a handful of invented choices, each decided by one feature."""

from pathlib import Path

import pytest

from benchmarks import fit_ranking
from benchmarks.annotated import Annotated, invented, of_paper
from claimcheck.benchmarks import prose
from claimcheck.benchmarks.heldout import held_out
from claimcheck.dossier import Lexicon, Value
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.ranking import chosen

SLOTS = ("method", "baseline", "dataset", "metric")


def example(paper: str, right: int, rule: str = "A", stated: bool = True):
    """A choice of method between A and B: the right one follows "by"; right is 2 if neither is."""
    features = [["name", "left=by" if right == n else "left=on"] for n in range(2)] + [["nothing"]]
    method = {"method": "AB"[right]} if stated and right < 2 else {}
    return fit_ranking.Example(
        paper=paper,
        stated={"kind": "Value", "value": "81.2", **method},
        rule=Value(method=rule, dataset="", metric="", value="81.2", unit="%"),
        own=[],
        names=["A", "B", ""],
        features=features,
        right={"method": [right], "baseline": [2], "dataset": [2], "metric": [2]},
    )


def test_the_feature_that_decides_gets_the_weight() -> None:
    examples = [example(str(n), n % 2) for n in range(40)]
    weights = fit_ranking.slot_weights(examples, "method")
    assert weights["left=by"] > 0.5 > 0 > weights["left=on"]
    assert [chosen(e.names, e.features, weights) for e in examples] == ["A", "B"] * 20


def test_a_slot_that_is_never_stated_is_best_left_empty() -> None:
    weights = fit_ranking.slot_weights([example(str(n), 0) for n in range(40)], "dataset")
    assert weights["nothing"] > 0 > weights["name"]


def test_a_slot_that_is_not_stated_counts_for_less_than_one_that_is() -> None:
    even = [example(str(n), right, stated=right < 2) for n in range(40) for right in (0, 2)]
    for each in even:
        each.features = [["x"], ["y"], ["nothing"]]  # nothing but how often each is right can decide
    weights = fit_ranking.slot_weights(even, "method")
    assert weights["x"] > weights["nothing"] > weights["y"]


def test_several_right_candidates_count_as_one_choice() -> None:
    examples = [example(str(n), 0) for n in range(40)]
    for each in examples:
        each.right["method"] = [0, 1]
    weights = fit_ranking.slot_weights(examples, "method")
    assert weights["name"] > 0 > weights["nothing"]
    assert weights["left=by"] == pytest.approx(weights["left=on"], abs=0.01)


def test_a_feature_of_too_few_candidates_is_not_fitted() -> None:
    examples = [example(str(n), 0) for n in range(10)]
    for each in examples[: fit_ranking.RAREST - 1]:
        each.features[0].append("rare")
    assert "rare" not in fit_ranking.slot_weights(examples, "method")
    examples[fit_ranking.RAREST].features[0] += ["rare"]
    assert "rare" in fit_ranking.slot_weights(examples, "method")


def test_an_example_without_a_right_candidate_teaches_nothing() -> None:
    examples = [example(str(n), n % 2) for n in range(20)]
    lost = example("lost", 0)
    lost.right["method"] = []
    assert fit_ranking.slot_weights([*examples, lost], "method") == fit_ranking.slot_weights(examples, "method")


def test_weights_that_are_next_to_nothing_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        fit_ranking, "slot_weights", lambda examples, slot: {"large": -0.1234, "small": fit_ranking.LEAST / 2, "least": fit_ranking.LEAST}
    )
    assert fit_ranking.fitted([]) == {slot: {"large": -0.12, "least": fit_ranking.LEAST} for slot in SLOTS}


def test_the_gradient_is_that_of_the_loss() -> None:
    import numpy as np
    from scipy import sparse
    from scipy.optimize import check_grad

    random = np.random.default_rng(3)
    matrix = sparse.csr_matrix(random.integers(0, 2, (7, 4)).astype(float))
    positive = np.array([True, False, False, True, True, False, False])
    fixed = (matrix, positive, np.array([0, 3]), np.array([0, 0, 0, 1, 1, 1, 1]), np.array([1.0, 0.3]))
    at = random.normal(size=4)
    assert check_grad(lambda w: fit_ranking.loss(w, *fixed)[0], lambda w: fit_ranking.loss(w, *fixed)[1], at) < 1e-5


def test_each_paper_is_judged_by_weights_that_have_not_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[set[str]] = []
    judged: list[tuple[str, int]] = []

    def fitted(examples):
        taught.append({e.paper for e in examples})
        return {}

    monkeypatch.setattr(fit_ranking, "fitted", fitted)
    monkeypatch.setattr(fit_ranking, "count", lambda counts, e, weights: judged.append((e.paper, len(taught))))
    fit_ranking.cross_validated([example(f"paper{n}", 0) for n in range(12)], 3)
    assert sorted(paper for paper, _ in judged) == sorted(f"paper{n}" for n in range(12))
    assert all(paper not in taught[fold - 1] for paper, fold in judged)


def test_what_the_rules_said_where_they_were_developed_is_told_apart_and_not_written() -> None:
    said = [example(str(n), n % 2) for n in range(40)]
    for each in said:
        for n in range(2):
            each.features[n].append("rule=method" if each.right["method"] == [n] else "name")
    fresh = fit_ranking.slot_weights(said, "method")["rule=method"]
    for each in said:
        each.developed = True
    weights = fit_ranking.slot_weights(said, "method")
    assert 0 < weights["rule=method"] < fresh
    assert not [name for name in weights if name.startswith(fit_ranking.APART)]
    said[0].features = [["left=by", "Value|rule-part=method"], ["rule-silent=baseline"]]
    assert said[0].taught() == [
        ["left=by", "Value|rule-part=method", "developed:Value|rule-part=method"],
        ["rule-silent=baseline", "developed:rule-silent=baseline"],
    ]


def test_an_assertion_of_no_real_paper_counts_for_less_is_learned_in_every_fold_and_judged_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [example(f"paper{n}", right) for n in range(40) for right in (0, 1)]
    for each in cases:
        each.features = [["x"], ["y"], ["nothing"]]
        each.weight = 0.4 if each.right["method"] == [1] else 1.0
    weights = fit_ranking.slot_weights(cases, "method")
    assert weights["x"] > weights["y"] > weights["nothing"]
    taught: list[int] = []
    judged: list[float] = []
    monkeypatch.setattr(fit_ranking, "fitted", lambda examples: taught.append(sum(e.weight < 1 for e in examples)) or {})
    monkeypatch.setattr(fit_ranking, "count", lambda counts, e, weights: judged.append(e.weight))
    fit_ranking.cross_validated(cases, 3)
    assert taught == [40] * 3
    assert judged == [1.0] * 40


def test_cross_validation_counts_the_rules_and_the_choice_apart() -> None:
    developed = prose.rows(prose.FILE)[0]["id"]
    examples = [example(f"paper{n}", n % 2) for n in range(40)] + [example(developed, 1)]
    examples.append(example("unread", 0))
    examples[-1].rule = None  # what the rules did not read is nobody's to judge
    figures = fit_ranking.cross_validated(examples, 4)
    assert figures["fresh"] == {"method_chosen": 1.0, "method_rules": 0.5, "whole_chosen": 1.0, "whole_rules": 0.5}
    assert figures["developed"] == {"method_chosen": 1.0, "method_rules": 0.0, "whole_chosen": 1.0, "whole_rules": 0.0}


@pytest.mark.parametrize(
    ("stated", "right"),
    [
        ({"kind": "Value", "method": "A", "dataset": ["X", "set Y"]}, {"method": [0], "baseline": [2], "dataset": [1], "metric": [2]}),
        ({"kind": "Difference", "method": "C", "baseline": "a"}, {"method": [], "baseline": [0], "dataset": [2], "metric": [2]}),
        ({"kind": "Value", "method": "@", "baseline": "A"}, {"method": [1], "dataset": [2], "metric": [2]}),
    ],
)
def test_the_right_candidates_are_those_that_the_annotation_admits(stated, right) -> None:
    assert dict(fit_ranking.right(stated, [("A", "A"), ("Y", "our model")], [])) == right


def test_held_out_papers_and_those_without_a_file_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[dict] = []

    def papers(data, file, only):
        read.extend(row for row in prose.rows(file) if only(row))
        return ()

    (tmp_path / "scitab").mkdir()
    (tmp_path / "scitab" / "sci_tab.json").write_text("[]")
    monkeypatch.setattr(prose, "papers", papers)
    found = list(fit_ranking.all_examples(tmp_path))
    assert {e.weight for e in found} == {fit_ranking.INVENTED}  # no file is there: only what is written for it
    assert all(e.paper.startswith("written-") and not e.developed for e in found)
    known = {row["id"] for row in read}
    assert {row["id"] for row in prose.rows(prose.FILE)} - known == {row["id"] for row in prose.rows(prose.FILE) if held_out(row["id"])}
    assert not [row["path"] for row in read if row["path"].startswith(("abstract::", "scitab::"))]


def test_a_written_paper_is_read_with_the_names_that_its_tables_would_print() -> None:
    says = [{"kind": "Value", "value": "81.2", "method": "zig", "dataset": "zag", "metric": "zug"}]
    rows = [{"text": "Here zig reaches 81.2 zug on zag.", "says": says}, {"text": "It has 12 layers.", "no": "size"}]
    names = {"methods": ["zig"], "datasets": ["zag"], "metrics": ["zug"]}
    read = list(of_paper(*invented({"id": "written-0", "own": [], "sentence": rows, **names}), False))
    assert [(one.row["text"], one.developed) for one in read] == [(row["text"], False) for row in rows]
    vocabulary = read[0].vocabulary
    marked = read_sentence(rows[0]["text"], vocabulary).marked
    assert marked is not None
    assert {item.name: item.kind for item in marked.items if hasattr(item, "name")} == {"zig": "method", "zag": "dataset", "zug": "metric"}


@pytest.mark.parametrize(("developed", "written", "weight"), [(False, False, 1.0), (True, False, 1.0), (False, True, fit_ranking.INVENTED)])
def test_an_example_knows_where_its_sentence_is_from(developed: bool, written: bool, weight: float) -> None:
    field = Vocabulary(Lexicon())
    says = [{"kind": "Value", "value": "81.2", "method": "XyloNet", "dataset": "CIFAR-10", "metric": ""}]
    read = read_sentence("XyloNet reaches 81.2 on CIFAR-10.", field)
    (found,) = fit_ranking.examples_of([Annotated({"id": "p", "own": []}, {"says": says}, read, field, developed, written)])
    assert (found.developed, found.weight) == (developed, weight)
