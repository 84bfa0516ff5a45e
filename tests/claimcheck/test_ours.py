"""Who "we" are: the method of the title, where the paper's tables have it."""

import pytest

from claimcheck.dossier import Assertion
from claimcheck.extract import extract
from claimcheck.readers import read

TABLE = "| Method | CIFAR-10 |\n|---|---|\n| BARNet | 80.1 |\n| XyloNet | 81.5 |\n"


def only(title: str, sentence: str, table: str = TABLE) -> Assertion:
    document = read(f"# {title}\n\n## Results\n\n{sentence}\n\n{table}".encode(), "paper.md")
    (claim,) = extract(document).claims
    return claim.assertions[0]


@pytest.mark.parametrize("words", ["We obtain", "Our method obtains", "Our final model obtains", "The proposed network obtains"])
def test_our_method_is_the_one_of_the_title(words: str) -> None:
    found = only("XyloNet: wood for all", f"{words} 81.5% accuracy on CIFAR-10.")
    assert getattr(found, "method", "") == "XyloNet"
    assert "method" in found.supplied
    assert "method" not in found.ambiguous


def test_a_title_that_names_no_row_resolves_nothing() -> None:
    found = only("Kindling: wood for all", "We obtain 81.5% accuracy on CIFAR-10.")
    assert (getattr(found, "method", ""), "method" in found.ambiguous) == ("we", True)


def test_another_method_stays_itself() -> None:
    assert getattr(only("XyloNet: wood for all", "BARNet obtains 80.1% accuracy on CIFAR-10."), "method", "") == "BARNet"
