"""Scores of tables to the entries of a taxonomy, and to the paper's own methods."""

from decimal import Decimal

import pytest

from claimcheck import benchmarks
from claimcheck.benchmarks import sota
from claimcheck.benchmarks.axcell import field, tuples
from claimcheck.document import Document
from claimcheck.dossier import Lexicon
from claimcheck.extract.leaderboards import signed, spelling
from claimcheck.extract.lexicon import Vocabulary, field_knowledge
from claimcheck.extract.linking import CHOICE, FEATURES, link, weights
from claimcheck.extract.own import own_methods
from claimcheck.extract.tasks import document_tasks, named_tasks
from claimcheck.extract.taxonomy import Taxonomy, Triple, features, label_features
from claimcheck.readers import latex

PAPER = r"""\documentclass{article}\title{FooNet: Fast Image Classification}\begin{document}\maketitle
\begin{abstract}We propose FooNet, a network for image classification. We evaluate on CIFAR-10 and ImageNet.\end{abstract}
\section{Experiments} Table 1 compares FooNet with the state of the art in image classification on CIFAR-10 and ImageNet.
\begin{table}\caption{Accuracy on CIFAR-10 and top-1 accuracy on ImageNet.}\begin{tabular}{lcc}
\hline Method & CIFAR-10 & ImageNet \\ \hline
OldNet \cite{old} & 91.5 & 70.1 \\ BarNet \cite{bar} & 93.0 & 75.5 \\ FooNet (ours) & \textbf{95.2} & \textbf{77.4} \\ \hline
\end{tabular}\end{table}
\section{Conclusion} FooNet is a good baseline. \end{document}"""
LEADERBOARDS = (
    Triple("Image Classification", "CIFAR-10", "Accuracy"),
    Triple("Image Classification", "ImageNet", "Top 1 Accuracy"),
    Triple("Image Clustering", "CIFAR-10", "NMI"),
    Triple("Machine Translation", "WMT2014 English-German", "BLEU score"),
)


@pytest.fixture(scope="module")
def paper() -> Document:
    return latex.read(PAPER.encode(), "foo.tex")


def test_own_scores_go_to_their_leaderboards(paper: Document) -> None:
    linked = {(*found.triple, str(found.entered.value)) for found in link(paper, Taxonomy(LEADERBOARDS, field()))}
    assert {(*LEADERBOARDS[0], "95.2"), (*LEADERBOARDS[1], "77.4")} <= linked
    assert not any(entry[0] == "Machine Translation" for entry in linked)


def test_a_paper_without_tables_links_to_nothing() -> None:
    assert link(latex.read(rb"\begin{document}CIFAR-10 is hard.\end{document}", "x.tex"), Taxonomy(LEADERBOARDS, field())) == ()


def test_every_feature_has_a_weight() -> None:
    evidence, _, choice, least = weights()
    assert (len(evidence), len(choice)) == (len(FEATURES), len(CHOICE))
    assert 0 < least < 1


def test_numbers_count_with_their_neighbours() -> None:
    assert {"5way", "1shot"} <= features("5-way 1-shot")
    assert "4x" in features("×4") & features("4x")
    assert "crazyclimber" in features("CrazyClimber") & features("Crazy Climber")
    assert "f1" in features("F1")
    assert "1" not in features("F1")


def test_short_heads_are_spelled_out() -> None:
    assert "precision" in label_features(("ICDAR 2015", "P"))
    assert "hits10" not in features("Hits@1")
    assert "hit10" in label_features(("Hits@N", "10"))
    assert "englishgerman" in label_features(("En-De",))
    assert "englishgerman" not in label_features(("De-En",))


def test_the_papers_own_methods(paper: Document) -> None:
    own = own_methods(paper)
    assert own.surely_marks(["FooNet (ours)"])
    assert own.marks(["FooNet-L"]) == own.marks(["foonet-l"])
    assert not own.marks(["BarNet [7]"])
    assert not own.marks(["FooNet [9]"])


def test_variants_of_an_own_method_are_own(paper: Document) -> None:
    own = own_methods(paper)
    assert [own.marks([label]) for label in ("FooNet-large", "FooNet512", "FooNet_v2", "FooNets", "BarNet-FooNet", "Foo-512")] == [
        *(True, True, True),
        *(False, False, False),
    ]


def test_tasks_by_the_longest_name() -> None:
    assert named_tasks("We study few-shot image classification.") == ["Few-Shot Image Classification"]
    assert named_tasks("hand gesture recognition") == ["Hand Gesture Recognition"]


def test_the_papers_task_is_the_one_it_speaks_of_most(paper: Document) -> None:
    assert document_tasks(paper)[0] == "Image Classification"


def test_gold_names_that_differ_by_white_space_are_one() -> None:
    record = {"task": "t", "dataset": " FB15k", "metric": "m", "value": "85.20"}
    assert tuples({"tables": [{"records": [record, {**record, "dataset": "FB15k"}]}]}) == {("t", "FB15k", "m", "85.2")}


def test_tuples_pair_by_mean_similarity_each_once() -> None:
    gold = [sota.Tuple("Image Classification", "CIFAR-10", "Accuracy", "95.2")]
    found = [sota.Tuple("x", "y", "z", "95.2"), sota.Tuple("image classification", "CIFAR-10", "Accuracy", "95.1")]
    assert list(sota.paired(gold, found)) == [(gold[0], found[1])]


def test_leaderboard_papers_are_told_from_others(tmp_path) -> None:
    for name, source, annotation in (
        ("1", PAPER, "[{'LEADERBOARD': {'Task': 'Image Classification', 'Dataset': 'CIFAR-10', 'Metric': 'Accuracy', 'Score': '95.2'}}]"),
        ("2", r"\begin{document}We prove a theorem on graphs.\end{document}", "unanswerable"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.tex").write_text(source)
        (tmp_path / name / "annotations.json").write_text(annotation)
    metrics = benchmarks.run("sota", tmp_path)["metrics"]
    assert metrics["score_exact_recall"] == 1.0
    assert metrics["task_exact_recall"] == 1.0
    assert metrics["found"] >= 2


def test_leaderboards_state_reciprocal_ranks_and_hits_as_shares_of_one() -> None:
    written = spelling()
    assert [str(written.value(Decimal(v), m)) for v, m in (("49.0", "Hits@10"), ("0.49", "Hits@10"), ("76.1", "accuracy"))] == [
        "0.490",
        "0.49",
        "76.1",
    ]
    assert str(written.value(Decimal("90.3"), "mAP", "Question Answering")) == "0.903"
    assert str(written.value(Decimal("90.3"), "mAP", "Object Detection")) == "90.3"


def test_the_average_is_chosen_before_a_class_that_scores_better() -> None:
    source = (
        PAPER.replace("CIFAR-10 & ImageNet", "cats & dogs & mean")
        .replace("{lcc}", "{lccc}")
        .replace("Accuracy on CIFAR-10 and top-1 accuracy on ImageNet.", "Accuracy on CIFAR-10 by class.")
    )
    source = source.replace(r"91.5 & 70.1", "91.5 & 70.1 & 80.8").replace(r"93.0 & 75.5", "93.0 & 75.5 & 84.3")
    source = source.replace(r"\textbf{95.2} & \textbf{77.4}", r"\textbf{95.2} & \textbf{77.4} & \textbf{86.3}")
    taxonomy = Taxonomy([Triple("Image Classification", "CIFAR-10", "Accuracy")], field())
    assert [str(found.entered.value.value) for found in link(latex.read(source.encode(), "x.tex"), taxonomy)] == ["86.3"]


def test_leaderboards_write_names_in_their_own_way() -> None:
    written = spelling()
    assert written.metric("Instance Segmentation", "AP") == "mask AP"
    assert (written.metric("", "AP"), written.dataset("CoNLL-2003")) == ("AP", "CoNLL 2003 (English)")
    assert written.task("COCO", "AP", ["Object Detection"]) == "Object Detection"
    assert written.task("COCO", "CIDEr", ["Image Captioning"]) == ""
    assert written.task("CIFAR-10", "FID", ["Image Classification", "Image Generation"]) == "Image Generation"
    assert (signed("76.1", "ImageNet", "Top 1 Accuracy"), signed("76.1", "CIFAR-10", "Accuracy")) == ("76.1%", "76.1")


def test_every_name_that_leaderboards_write_otherwise_is_one_of_ours() -> None:
    written, known = spelling(), field_knowledge()
    datasets = {entry.name for entry in known.entries if entry.kind == "dataset"}
    assert not {*written.datasets, *written.tasks} - datasets
    assert not {*written.metrics, *written.metric_tasks, *(name for names in written.task_metrics.values() for name in names)} - set(
        known.metrics
    )


def test_leaderboard_is_filled_with_own_and_bold_results_and_what_the_methods_cost() -> None:
    source = rb"""\documentclass{article}\title{BarNet: A Network}\begin{document}Image classification.
    \begin{table}\caption{Results.}\begin{tabular}{lccc}\hline Model & Params & CIFAR-10 & CIFAR-100 \\ \hline
    FooNet & 9M & 93.1 & \textbf{80.0} \\ OldNet & 7M & 92.2 & 70.0 \\ BarNet & 5M & 95.2 & 79.1 \\ \hline\end{tabular}\end{table}
    \begin{table}\caption{Ablation study.}\begin{tabular}{lc}\hline Model & CIFAR-10 \\ \hline BarNet w/o skip & 91.0 \\ \hline
    \end{tabular}\end{table}\end{document}"""
    found = sota.answered(latex.read(source, "x.tex"), Vocabulary(Lexicon())) or []
    assert {(t.dataset, t.metric, t.score) for t in found} == {
        ("CIFAR-10", "accuracy", "95.2"),
        ("CIFAR-100", "accuracy", "79.1"),
        ("CIFAR-100", "accuracy", "80.0"),
        ("CIFAR-10", "Number of params", "5M"),
        ("CIFAR-100", "Number of params", "5M"),
        ("CIFAR-10", "Number of params", "9M"),
        ("CIFAR-100", "Number of params", "9M"),
    }


def test_a_task_whose_name_is_an_analysis_fills_a_leaderboard() -> None:
    captions = ("Sentiment analysis.", "Out-of-distribution detection.", "Error analysis.", "Effect of depth.", "Distribution of errors.")
    assert [bool(sota.NO_LEADERBOARD.search(caption)) for caption in captions] == [False, False, True, True, True]
