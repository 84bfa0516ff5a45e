"""The prose benchmark on a paper of our own: what is found, what is right, and what a wrong slot costs."""

import tomllib
from pathlib import Path

import pytest

from claimcheck.benchmarks import prose
from claimcheck.readers import read

SHARED = Path(__file__).parents[3] / "shared" / "data"

PAPER = """# XyloNet: an invented paper

## Results

On SQuAD 2.0, XyloNet improves over BARNet by 0.4 points (EM).
The dropout is 0.1.
XyloNet reaches 81.5% accuracy on CIFAR-10.
"""
SENTENCES = [line for line in PAPER.splitlines() if line.endswith(".")]
DIFFERENCE = '{ kind = "Difference", value = "0.4", unit = "pp", sign = "+", method = "@", baseline = "BARNet", dataset = "SQuAD 2.0" }'
VALUE = '{ kind = "Value", value = "81.5", unit = "%", method = ["XyloNet"], dataset = "CIFAR-10", metric = "accuracy" }'


def measured(folder: Path, says: list[str], sentences: list[str] = SENTENCES) -> dict[str, float]:
    (folder / "paper.md").write_text(PAPER)
    rows = [f'[[paper.sentence]]\nsha256 = "{prose.fingerprint(s)}"\n{entry}\n' for s, entry in zip(sentences, says, strict=True)]
    table = folder / "prose.toml"
    table.write_text('[[paper]]\nid = "0001"\npath = "paper.md"\nown = ["XyloNet"]\n' + "".join(rows))
    return prose.measure(folder, table)[1]


def test_what_is_annotated_as_it_stands_is_right(tmp_path: Path) -> None:
    figures = measured(tmp_path, [f"says = [{DIFFERENCE}]", 'no = "setting"', f"says = [{VALUE}]"])
    assert (figures["value_f1"], figures["assertion_f1"]) == (pytest.approx(1), pytest.approx(1))
    assert (figures["not_found"], figures["negatives"], figures["negatives_claimed"]) == (0, 1, 0)


def test_a_wrong_slot_costs_the_assertion_but_not_the_number(tmp_path: Path) -> None:
    figures = measured(tmp_path, [f"says = [{DIFFERENCE.replace('BARNet', 'BERT')}]", 'no = "setting"', f"says = [{VALUE}]"])
    assert figures["value_f1"] == pytest.approx(1)
    assert figures["assertion_f1"] == pytest.approx(0.5)
    assert figures["baseline_right"] == 0


def test_a_wrong_sign_costs_the_number(tmp_path: Path) -> None:
    figures = measured(tmp_path, [f"says = [{DIFFERENCE.replace('+', '-')}]", 'no = "setting"', f"says = [{VALUE}]"])
    assert figures["value_f1"] == pytest.approx(0.5)


def test_a_negative_that_becomes_a_claim_is_counted(tmp_path: Path) -> None:
    figures = measured(tmp_path, ['no = "size"', 'no = "setting"', f"says = [{VALUE}]"])
    assert figures["negatives_claimed"] == pytest.approx(0.5)


def test_a_sentence_that_is_not_in_the_paper_is_counted(tmp_path: Path) -> None:
    figures = measured(tmp_path, ['no = "setting"'], ["This stands nowhere."])
    assert figures["not_found"] == 1


def test_a_batch_is_also_reported_apart(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text(PAPER)
    papers = [
        f'[[paper]]\nid = "000{batch}"\npath = "paper.md"\nown = []\nbatch = {batch}\n'
        f'[[paper.sentence]]\nsha256 = "{prose.fingerprint(SENTENCES[batch])}"\n{entry}\n'
        for batch, entry in ((1, 'no = "setting"'), (2, f"says = [{VALUE}]"))
    ]
    (tmp_path / "prose.toml").write_text("".join(papers))
    total, figures = prose.measure(tmp_path, tmp_path / "prose.toml")
    assert (total, figures["sentences"], figures["negatives_first_batch"]) == (2, 2, 1)
    assert (figures["sentences_second_batch"], figures["value_f1_second_batch"]) == (1, pytest.approx(1))


def test_a_paper_that_is_not_there_is_named(tmp_path: Path) -> None:
    table = tmp_path / "prose.toml"
    table.write_text('[[paper]]\nid = "0001"\npath = "gone.md"\nown = []\nsentence = []\n')
    with pytest.raises(FileNotFoundError, match=r"gone\.md"):
        prose.measure(tmp_path, table)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared data at {SHARED}")
def test_every_sentence_of_the_latex_papers_is_found_again() -> None:
    rows = [row for row in tomllib.loads(prose.FILE.read_text())["paper"] if row["path"].endswith(".tex") and "::" not in row["path"]]
    for row in rows:
        present = {prose.fingerprint(sentence.text) for sentence in read(SHARED / row["path"]).sentences()}
        assert {entry["sha256"] for entry in row["sentence"]} <= present, row["path"]


def test_a_quarter_of_the_table_is_no_result() -> None:
    rows = [entry for paper in tomllib.loads(prose.FILE.read_text())["paper"] for entry in paper["sentence"]]
    assert len(rows) >= 150
    assert 4 * sum("no" in entry for entry in rows) >= len(rows)


def test_a_known_name_equals_its_alias() -> None:
    assert prose.same_name("IN-100", "ImageNet-100", [])
    assert not prose.same_name("BERT", "RoBERTa", [])
    assert prose.same_name("@", "our final model", [])
