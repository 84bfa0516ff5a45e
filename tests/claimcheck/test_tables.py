"""Tables to scores: which row, column and caption words a number belongs to."""

import pytest

from claimcheck.dossier import Lexicon, Result
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.tables import costs, printed, results, scores
from claimcheck.readers import read

FIELD = Vocabulary(Lexicon())


def from_markdown(text: str) -> tuple[Result, ...]:
    return results(read(text.encode(), "x.md"), FIELD)


def shown(found: tuple[Result, ...]) -> list[tuple[str, str, str, str]]:
    return [(r.method, r.dataset, r.metric, str(r.score)) for r in found]


ROWS = "| Method | ImageNet | K400 |\n|---|---|---|\n| FooNet | 76.10 | 61.2 |\n| **BarNet** (ours) | **78.3** | - |\n"


def test_methods_in_rows() -> None:
    assert shown(from_markdown(ROWS)) == [
        ("FooNet", "ImageNet-1K", "top-1", "76.10%"),
        ("FooNet", "Kinetics-400", "top-1", "61.2%"),
        ("BarNet", "ImageNet-1K", "top-1", "78.3%"),
    ]


def test_methods_in_columns() -> None:
    text = "| Dataset | FooNet | BarNet |\n|---|---|---|\n| ImageNet | 76.1 | 78.3 |\n| K400 | 61.2 | 62.0 |\n"
    assert shown(from_markdown(text)) == [
        ("FooNet", "ImageNet-1K", "top-1", "76.1%"),
        ("BarNet", "ImageNet-1K", "top-1", "78.3%"),
        ("FooNet", "Kinetics-400", "top-1", "61.2%"),
        ("BarNet", "Kinetics-400", "top-1", "62.0%"),
    ]


def test_metrics_in_columns_and_dataset_in_the_caption() -> None:
    text = "## Results on WMT14 En-De\n\n| Model | BLEU | TER |\n|---|---|---|\n| FooNet | 27.3 | 55.1 |\n"
    assert shown(from_markdown(text)) == [("FooNet", "WMT14 En-De", "BLEU", "27.3"), ("FooNet", "WMT14 En-De", "TER", "55.1")]


def test_a_row_of_one_text_heads_the_rows_below() -> None:
    text = "| Model | top-1 |\n|---|---|\n| ImageNet | |\n| FooNet | 76.1 |\n| CIFAR-10 | |\n| FooNet | 93.0 |\n"
    assert [(r.dataset, str(r.score)) for r in from_markdown(text)] == [("ImageNet-1K", "76.1%"), ("CIFAR-10", "93.0%")]


def test_parameters_and_epochs_are_no_scores() -> None:
    text = "| Model | #Params | Epochs | ImageNet |\n|---|---|---|---|\n| FooNet | 25 | 100 | 76.1 |\n"
    assert [str(r.score) for r in from_markdown(text)] == ["76.1%"]


def test_bold_and_cited_are_kept() -> None:
    text = "| Model | ImageNet |\n|---|---|\n| FooNet [12] | 76.1 |\n| BarNet | **78.3** |\n"
    found = list(scores(read(text.encode(), "x.md"), FIELD))
    assert [(s.bold, s.cited) for s in found] == [(False, True), (True, False)]


def test_a_score_says_where_it_stands() -> None:
    first = from_markdown(ROWS)[0]
    assert (first.where.line, first.where.detail, first.origin) == (3, "table 1, row 2, column 2", "paper")


def test_an_unknown_metric_is_the_columns_own_word() -> None:
    text = "| Model | Mean error (mm) |\n|---|---|\n| FooNet | 7.49 |\n"
    assert shown(from_markdown(text)) == [("FooNet", "", "Mean error (mm)", "7.49")]


def test_a_claims_table_holds_no_scores() -> None:
    assert results(read(b"Claim\tVerified\tConfidence\nA is good.\tyes\t0.29\n", "x.txt"), FIELD) == ()


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("81.2", "81.2"),
        ("81.20", "81.20"),
        ("81.2 \u00b1 0.3", "81.2"),
        ("81.2*", "81.2"),
        ("(81.2)", "81.2"),
        ("81.2%", "81.2%"),
        ("1,234", "1234"),
    ],
)
def test_cells_that_print_a_score(cell: str, score: str) -> None:
    assert str(printed(cell)) == score


@pytest.mark.parametrize("cell", ["-", "\u2013", "n/a", "", "ResNet-50", "see text", "12 layers", "2.5\u20132.9", "\u2713"])
def test_cells_that_print_none(cell: str) -> None:
    assert printed(cell) is None


def test_unit_a_cell_prints_is_kept() -> None:
    assert [str(printed(text)) for text in ("+0.30 pp", "2.3×", "72.2 %", "45 ms")] == ["0.30 pp", "2.3 x", "72.2%", "45"]


def test_two_measures_in_one_cell() -> None:
    text = "## Results on Set5\n\n| Model | PSNR/SSIM |\n|---|---|\n| FooNet | 31.82/0.8903 |\n"
    assert [(r.metric, str(r.score.value)) for r in from_markdown(text)] == [("PSNR", "31.82"), ("SSIM", "0.8903")]


@pytest.mark.parametrize(("cell", "score"), [("52.62.7", "52.6"), ("0.1020.104", "0.102"), ("0.82±0.01", "0.82")])
def test_a_spread_is_not_part_of_the_score(cell: str, score: str) -> None:
    assert str(printed(cell)) == score


def test_a_result_says_whose_it_is_and_where() -> None:
    text = "| Model | ImageNet |\n|---|---|\n| FooNet [12] | 76.1 |\n| BarNet (ours) | **78.3** |\n"
    found = from_markdown(text)
    assert [(r.whose, r.bold, r.row, r.column) for r in found] == [
        ("cited", False, ("FooNet [12]",), ("ImageNet",)),
        ("ours", True, ("BarNet (ours)",), ("ImageNet",)),
    ]


def test_statistics_of_data_are_no_scores() -> None:
    text = "## Statistics of the datasets\n\n| Dataset | Classes |\n|---|---|\n| CIFAR-10 | 10 |\n"
    assert from_markdown(text) == ()


def test_a_fraction_is_no_percentage() -> None:
    text = "| Model | BraTS |\n|---|---|\n| FooNet | 0.742 |\n"
    assert [str(r.score) for r in from_markdown(text)] == ["0.742"]


def test_a_head_that_is_a_metric_only_there() -> None:
    text = "## Results on MPII\n\n| Model | MAE (mm) | P | ARI-FG |\n|---|---|---|---|\n| FooNet | 7.4 | 81.0 | 0.85 |\n"
    assert [r.metric for r in from_markdown(text)] == ["MAE error", "precision", "ARI-FG"]


def test_our_row_without_numbers_heads_nothing() -> None:
    text = "| Model | top-1 |\n|---|---|\n| Ours (large) | |\n| FooNet | 76.1 |\n"
    assert [(r.method, r.whose) for r in from_markdown(text)] == [("FooNet", "")]


def test_a_column_named_by_a_rank_is_a_score_and_a_rank_a_setting() -> None:
    text = "| Model | Rank-1 | Rank-5 | LoRA rank |\n|---|---|---|---|\n| FooNet | 85.1 | 93.0 | 8 |\n"
    assert [(r.metric, str(r.score)) for r in from_markdown("## On Market-1501\n\n" + text)] == [("R@1", "85.1%"), ("R@5", "93.0%")]


def test_top_1_error_is_told_from_top_5_error_and_is_no_method() -> None:
    text = "| Net | Top-1 error | Top-5 error |\n|---|---|---|\n| WRN on CIFAR-10 | 7.1 | 0.9 |\n| VGG on CIFAR-10 | 8.2 | 1.1 |\n"
    assert [r.metric for r in from_markdown(text)] == ["top-1 error", "top-5 error"] * 2


def test_heads_that_the_caption_explains() -> None:
    text = "## Stories in terms of METEOR (M) and CIDEr-D (C)\n\n| Model | M | C |\n|---|---|---|\n| FooNet | 35.1 | 9.2 |\n"
    found = list(scores(read(text.encode(), "x.md"), FIELD))
    assert [(s.dataset, s.metric) for s in found] == [("", "METEOR"), ("", "CIDEr")]


def test_of_two_unknown_heads_the_lower_is_the_metric() -> None:
    source = rb"""\documentclass{article}\begin{document}\begin{table}\caption{Errors.}\begin{tabular}{lcccc}\hline
    & \multicolumn{2}{c}{Shirts} & \multicolumn{2}{c}{Coats} \\ Model & P2S & Normal & P2S & Normal \\ \hline
    FooNet & 0.7 & 0.2 & 0.8 & 0.3 \\ \hline\end{tabular}\end{table}\end{document}"""
    found = list(scores(read(source, "x.tex"), FIELD))
    assert [(s.dataset, s.metric) for s in found] == [("Shirts", "P2S"), ("Shirts", "Normal"), ("Coats", "P2S"), ("Coats", "Normal")]


def test_a_sub_caption_names_the_dataset_of_its_table() -> None:
    text = "## HMDB-51 and UCF-101, pretrained on Kinetics. UCF-101\n\n| Model | Acc |\n|---|---|\n| FooNet | 85.8 |\n"
    assert [r.dataset for r in from_markdown(text)] == ["UCF-101"]


def test_a_row_that_heads_our_methods_marks_them_as_ours() -> None:
    text = "| Model | F1 |\n|---|---|\n| Rivals | |\n| FooNet | 59.1 |\n| Our Methods | |\n| BarNet | 61.4 |\n"
    found = list(scores(read(text.encode(), "x.md"), FIELD))
    assert [s.own for s in found] == [False, True]


def test_costs_are_named_where_methods_stand_in_rows_or_in_columns() -> None:
    rows = "| Model | #Params | FPS |\n|---|---|---|\n| FooNet | 25M | 30 |\n"
    columns = "| | FooNet | BarNet |\n|---|---|---|\n| Params (M) | 25 | 31 |\n"
    found = list(costs(read(f"{rows}\n\ntext\n\n{columns}".encode(), "x.md")))
    assert [(name, across) for name, _, across in found] == [
        ("Number of params", False),
        ("Frame (fps)", False),
        ("Number of params", True),
        ("Number of params", True),
    ]
