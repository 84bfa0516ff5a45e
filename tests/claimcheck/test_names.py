"""Names in text: the lexicon's, and those a document gives itself."""

import pytest

from claimcheck.dossier import Lexicon, Name
from claimcheck.extract import extract
from claimcheck.extract.abbreviations import definitions
from claimcheck.extract.lexicon import Vocabulary, field_knowledge, key
from claimcheck.extract.names import guessed, method_name
from claimcheck.readers import read

FIELD = Vocabulary(Lexicon())
PAPER = Vocabulary(
    Lexicon(
        methods=(Name(name="AC"), Name(name="FWM", aliases=("FWM-JEPA",)), Name(name="FWM-HW"), Name(name="Delta")),
        datasets=(Name(name="SSv2"), Name(name="ImageNet-100", aliases=("ImageNet",))),
    )
)


def names(text: str, vocabulary: Vocabulary = FIELD) -> list[str]:
    return [m.name for m in vocabulary.mentions(text)]


@pytest.mark.parametrize("text", ["Kinetics-400", "Kinetics 400", "Kinetics400", "K400", "K-400", "kinetics-400"])
def test_separators_and_case_do_not_matter(text: str) -> None:
    assert names(f"On {text}, we") == ["Kinetics-400"]


def test_longest_name_wins() -> None:
    assert names("on COCO Captions and COCO") == ["COCO Captions", "COCO"]


def test_a_plus_at_the_end_is_part_of_the_name() -> None:
    assert names("on RefCOCO+, RefCOCO and HumanEval+.") == ["RefCOCO+", "RefCOCO", "HumanEval+"]


def test_a_name_inside_a_longer_hyphenated_one_is_no_mention() -> None:
    assert names("FWM-HW and FWM-XY and X-FWM and FWM-based", PAPER) == ["FWM-HW", "FWM"]


def test_short_names_match_as_written() -> None:
    assert names("the ac motor of AC", PAPER) == ["AC"]


def test_a_name_that_is_also_a_word_needs_its_capital() -> None:
    assert names("the delta of Delta", PAPER) == ["Delta"]
    assert names("we drive cars over coco") == []


def test_the_papers_own_names_win_over_the_fields() -> None:
    assert names("on ImageNet") == ["ImageNet-1K"]
    assert names("on ImageNet", PAPER) == ["ImageNet-100"]


@pytest.mark.parametrize(("fragment", "name"), [("SSv", "SSv2"), ("ImageNet-1", "ImageNet-100"), ("S", None), ("Xyz", None), ("42", None)])
def test_a_cut_name_is_completed_only_to_the_one_that_begins_so(fragment: str, name: str | None) -> None:
    entry = PAPER.completing(fragment)
    assert (entry.name if entry else None) == name


def test_a_cut_name_that_two_begin_with_is_not_completed() -> None:
    two = Vocabulary(Lexicon(datasets=(Name(name="SSv1"), Name(name="SSv2"))))
    assert two.completing("SSv") is None


def test_the_lexicon_is_large_and_its_metrics_exist() -> None:
    knowledge = field_knowledge()
    assert len(knowledge.default_metric) >= 400
    unknown = {m for m in knowledge.default_metric.values() if m and m not in knowledge.metrics}
    assert unknown <= {"J&F", "mCE", "MAP", "ANLS"}  # metrics of one benchmark, not worth a name


def test_no_two_datasets_share_a_spelling() -> None:
    owner: dict[str, str] = {}
    for entry in field_knowledge().entries:
        if entry.kind == "dataset":
            assert owner.setdefault(key(entry.alias), entry.name) == entry.name


def test_accuracy_on_a_benchmark_scored_by_top_1_is_top_1() -> None:
    assert FIELD.metric("ImageNet-1K", "accuracy") == "top-1"
    assert FIELD.metric("CIFAR-10", "accuracy") == "accuracy"
    assert FIELD.metric("ImageNet-1K", "top-5") == "top-5"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Something-Something V2 (SSv2) is", [("SSv2", "Something-Something V2")]),
        ("mean average precision (mAP) of", [("mAP", "mean average precision")]),
        ("We use BLEU (bilingual evaluation understudy).", [("BLEU", "bilingual evaluation understudy")]),
        ("as shown before (Smith, 2019) and (see Fig. 2)", []),
        ("a gain (+3.1) of", []),
    ],
)
def test_abbreviations(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == pairs


def test_an_abbreviation_the_document_defines_is_read() -> None:
    text = "## Results\n\nWe use Moments in Time (MoTi). FooNet gains 2.5 points on MoTi.\n"
    (claim,) = extract(read(text.encode(), "x.txt")).claims
    assert claim.assertions[0].dataset == "Moments in Time"


@pytest.mark.parametrize(("word", "kind"), [("ResNet-50", "method"), ("GDPL", "method"), ("Audio2vec", "method"), ("XLNet", "method")])
def test_words_shaped_like_names_are_guessed(word: str, kind: str) -> None:
    assert [(m.name, m.kind) for m in guessed(f"while {word} is", ())] == [(word, kind)]


@pytest.mark.parametrize("word", ["GPU", "NLP", "The", "Cross-Entropy", "we", "III", "SGD", "end-to-end", "State-of-the-art"])
def test_ordinary_capitals_are_no_names(word: str) -> None:
    assert guessed(f"while {word} is", ()) == ()


def test_names_before_the_word_datasets_are_datasets() -> None:
    assert [(m.name, m.kind) for m in guessed("on the ICVL, NYU, and ITOP datasets", ())] == [
        ("ICVL", "dataset"),
        ("NYU", "dataset"),
        ("ITOP", "dataset"),
    ]


def test_citation_keys_are_no_names() -> None:
    assert guessed("as in [Wang14a] we", ()) == ()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("FooNet (ours)", "FooNet"),
        ("BERT [12, 13]", "BERT"),
        ("MAML (Finn et al., 2017)", "MAML"),
        ("Average", ""),
        ("12", ""),
        ("FooNet\u2020", "FooNet"),
    ],
)
def test_row_labels_without_their_marks(label: str, name: str) -> None:
    assert method_name(label) == name


@pytest.mark.parametrize("piece", ["ImageNet-", "a ", "(", "(a", "A-", "something ", "Ab1-", "X (Y) "])
def test_a_long_run_of_anything_is_searched(piece: str) -> None:
    """Not timed: a pattern that backtracks would not come back before the suite's time limit."""
    text = piece * (200_000 // len(piece))
    assert isinstance(FIELD.mentions(text), tuple)
    assert len(list(definitions(text))) >= 0
