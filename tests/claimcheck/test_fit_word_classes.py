"""The sorting of words into classes by their company, on a few invented papers."""

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from benchmarks import fit_word_classes
from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Document, Location, Section, Sentence, Unreadable

PAPERS = [f"1905.{n:05}" for n in range(20)]
LEFT = next(paper for paper in PAPERS if held_out(paper))
KEPT = [paper for paper in PAPERS if not held_out(paper)]
PETS = [["the", pet, verb, "."] for pet in ("cat", "dog") for verb in ("sleeps", "eats") for _ in range(5)]
TREES = [["a", tree, "grows", "by", "0", "m"] for tree in ("oak", "elm") for _ in range(5)]


def paper(name: str, *sections: tuple[str, str]) -> Document:
    """A paper of sections with one sentence each."""
    return Document(
        id=name,
        format="text",
        title="",
        sections=tuple(Section(title=title, sentences=(Sentence(text=text, where=Location(document=name)),)) for title, text in sections),
    )


def at_hand(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """Files of these papers at hand; what is read of them."""
    opened: list[str] = []

    def read(content: bytes, name: str) -> Document:
        opened.append(name)
        if content == b"broken":
            raise Unreadable("truncated_file", "broken")
        return paper(name, ("Results", f"Seen in {name}."), ("References", "Ape and Bee."))

    monkeypatch.setattr(
        fit_word_classes, "contents", lambda data: [(n.removesuffix("!"), n, b"broken" if "!" in n else b"") for n in names]
    )
    monkeypatch.setattr(fit_word_classes, "read", read)
    return opened


def test_no_held_out_paper_is_opened_in_any_version(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = at_hand(monkeypatch, LEFT, f"{LEFT}v2", KEPT[0])
    assert list(fit_word_classes.texts(Path())) == [f"Seen in {KEPT[0]}."]
    assert opened == [KEPT[0]]


def test_a_paper_that_is_there_twice_is_learned_from_once_and_a_broken_file_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    at_hand(monkeypatch, f"{KEPT[1]}!", f"{KEPT[0]}v1", f"{KEPT[0]}v3", KEPT[1])
    assert list(fit_word_classes.texts(Path())) == [f"Seen in {KEPT[0]}v1.", f"Seen in {KEPT[1]}."]


def test_the_papers_at_hand_are_known_by_the_names_of_their_files_or_folders(tmp_path: Path) -> None:
    for place in ("sota_latex/validation/0801.1/0801.1.tex", "nlp_pdfs/1902.2.pdf", "docling_latex/1703.3/main.tex"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(place)
    (tmp_path / "axcell").mkdir()
    with tarfile.open(tmp_path / "axcell" / "latex.tar.xz", "w:xz") as archive:
        for name in ("latex/1604.4v1.tex", "latex/readme.md"):
            archive.addfile(member := tarfile.TarInfo(name), io.BytesIO())
            assert member.isfile()
    found = [(identifier, name) for identifier, name, _ in fit_word_classes.contents(tmp_path)]
    assert found == [("1604.4v1", "1604.4v1.tex"), ("0801.1", "0801.1.tex"), ("1902.2", "1902.2.pdf"), ("1703.3", "main.tex")]


def test_every_number_is_one_word_and_a_citation_none() -> None:
    text = "Our BAR-Net's score rose by -81.2% [Ape, 1999] to 1,000."
    assert fit_word_classes.tokens(text) == ["our", "bar-net's", "score", "rose", "by", "-", "0", "%", "to", "0"]


def test_a_words_row_holds_what_stands_beside_it_more_often_than_by_chance_each_place_apart() -> None:
    company = ["the", "a", "sleeps", "."]
    rare = [["a", "cat"], ["a", "dog"]]
    shared = fit_word_classes.information([*PETS, *TREES, *rare], ["cat", "dog", "oak", "sleeps"], company).toarray()
    cat, dog, oak, sleeps = ({(fit_word_classes.PLACES[n // 4], company[n % 4]) for n in np.flatnonzero(row)} for row in shared)
    assert cat == dog == {(-1, "the"), (1, "sleeps"), (2, ".")}
    assert oak == {(-1, "a")}
    assert sleeps == {(-2, "the"), (1, ".")}
    assert (shared >= 0).all()
    assert shared[0] == pytest.approx(shared[1])


def test_only_the_way_that_a_word_lies_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_word_classes, "DIRECTIONS", 2)
    where = fit_word_classes.directions(
        fit_word_classes.information([*PETS, *TREES], ["cat", "dog", "oak", "elm"], ["the", "a", "grows", "eats"])
    )
    assert np.linalg.norm(where, axis=1) == pytest.approx(1.0)
    assert where[0] @ where[1] == pytest.approx(1.0)
    assert abs(where[0] @ where[2]) < 0.1


def test_each_common_word_is_written_with_its_coarse_and_its_fine_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, other in {"PLACE": tmp_path / "classes.json", "DIRECTIONS": 3, "CLASSES": (2, 4)}.items():
        monkeypatch.setattr(fit_word_classes, name, other)
    sentences = [" ".join(each) for each in (*PETS, *TREES, *PETS, *TREES)]
    monkeypatch.setattr(fit_word_classes, "texts", lambda data: [*sentences, *(["the newt sleeps."] * (fit_word_classes.OFTEN - 1))])
    monkeypatch.setattr("sys.argv", ["fit_word_classes.py", "--data", str(tmp_path)])
    fit_word_classes.main()
    text = (tmp_path / "classes.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert text.splitlines()[1:-1] == [f'"{word}": {found[word]}{"," * (word != max(found))}' for word in sorted(found)]
    assert {"cat", "elm", "0", "."} <= set(found)
    assert "newt" not in found
    assert found["cat"] == found["dog"] != found["oak"] == found["elm"]
    assert all(coarse < 2 and fine < 4 for coarse, fine in found.values())
