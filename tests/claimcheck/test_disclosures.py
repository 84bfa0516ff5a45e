"""What a document tells its readers of how it was made, found where it is said and not where others' work is told."""

import time

import pytest

from claimcheck.document import Cell, Document, Location, Section, Sentence, Table
from claimcheck.extract.disclosures import CUES, disclosures, sizes

HERE = Location(document="paper.txt", line=1)


def document(*texts, title="Experiments", tables=()):
    sentences = tuple(Sentence(text=text, where=HERE) for text in texts)
    return Document(id="paper.txt", format="text", sections=(Section(title=title, sentences=sentences),), tables=tables)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("code", "All code is available on request."),
        ("code", "We release our implementation with this paper."),
        ("code", "Our repository: https://github.com/example/thing."),
        ("data", "The dataset is publicly available."),
        ("data", "We will release the annotated corpus."),
        ("configuration", "We use a learning rate of 0.1."),
        ("configuration", "Models were trained for 300 epochs."),
        ("seeds", "Results are means of five random seeds."),
        ("seeds", "We averaged over 3 runs."),
        ("compute", "Training took 12 hours on one V100."),
        ("compute", "We use eight NVIDIA A100 GPUs."),
        ("compute", "We used 400 GPU hours."),
        ("intervals", "Bars show 95% confidence intervals."),
        ("intervals", "It reaches 81.2 ± 0.3."),
        ("significance", "The gain is statistically significant."),
        ("samples", "We use 5,000 held-out images."),
        ("samples", "The test set has 1970 clips."),
        ("split", "We report on the validation set."),
        ("limitations", "A limitation of our work is its size."),
        ("licence", "It is licensed under Apache 2.0."),
        ("criteria", "The score follows a rubric of five points."),
    ],
)
def test_what_is_told_is_found(kind, text):
    found = {one.kind: one for one in disclosures(document(text))}
    assert found[kind].quote == text


@pytest.mark.parametrize(
    "text",
    [
        "The camera records thirty frames.",
        "A dataset that was released weeks ago helps.",
        "Weights start with a standard deviation of 0.02.",
        "They code the answers by hand.",
        "The seed of the plant is small.",
        "It is the strongest open-source model, especially in code.",
        "Kernels on a GPU need memory.",
    ],
)
def test_what_is_not_told_is_not_found(text):
    assert disclosures(document(text)) == ()


@pytest.mark.parametrize("title", ["Related Work", "References", "2 Background"])
def test_what_is_said_of_others_is_not_said_of_oneself(title):
    assert disclosures(document("The code is available.", title=title)) == ()


def test_a_number_is_kept_in_digits_and_preferred():
    (found,) = disclosures(document("We fix the random seed.", "We average over four seeds."))
    assert (found.kind, found.value) == ("seeds", "4")


def test_errors_in_a_table_and_a_section_on_limits_count():
    table = Table(cells=(Cell(text="81.2 ± 0.3", row=0, column=0),), where=HERE)
    assert [one.kind for one in disclosures(document(tables=(table,)))] == ["intervals"]
    assert [one.kind for one in disclosures(document("It is small.", title="6 Limitations"))] == ["limitations"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We compare 18 auxiliary objectives.", [("objectives studied", "18")]),
        ("This paper evaluates twelve models.", [("models studied", "12")]),
        ("Others tested 18 objectives.", []),
        ("We train with 8 GPUs.", []),
    ],
)
def test_the_size_of_a_study_is_read_from_what_it_says_of_itself(text, expected):
    assert [(said.about, said.value) for said in sizes(document(text))] == expected


@pytest.mark.parametrize("piece", ["code ", "we release ", "12 test ", "quality ", "GPU ", "study 12 a ", "averaged over 3 "])
def test_a_megabyte_of_hostile_text_takes_no_second(piece):
    hostile = document(piece * (1_000_000 // len(piece)))
    start = time.process_time()
    disclosures(hostile)
    sizes(hostile)
    assert time.process_time() - start < 1


def test_every_kind_has_a_cue():
    from typing import get_args

    from claimcheck.dossier import Disclosed

    assert set(CUES) == set(get_args(Disclosed))
