from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from claimcheck import benchmarks
from claimcheck.benchmarks import numbers
from claimcheck.extract.quantities import amounts


def test_numbers_are_read_as_printed_and_no_data_is_needed():
    found = benchmarks.run("numbers", Path("no such folder"))
    assert found["n"] == found["metrics"]["strings"] + found["metrics"]["cells"]
    assert (found["metrics"]["strings"] >= 500, found["metrics"]["cells"] >= 40) == (True, True)
    assert found["metrics"]["strings_exact"] >= 0.99
    assert found["metrics"]["cells_exact"] >= 0.99


def test_a_wrong_digit_sign_or_unit_is_not_exact(tmp_path):
    file = tmp_path / "numbers.toml"
    right = '[[case]]\ntext = "we lose 2.4 pp"\nreads = "{}"\n'
    file.write_text("fill = []\nform = []\ncell = []\n" + "".join(map(right.format, ("2.4 pp", "2.5 pp", "-2.4 pp", "2.4 %", "2.40 pp"))))
    assert [case.exact for case in numbers.cases(file)] == [True, False, False, False, False]


@pytest.mark.parametrize("text", ["~+2.5–2.9 pp", "10 of 14", "from 2.5 to 2.9%", "72.2(3)", "2.5% absolute"])
def test_reading_tells_every_part_apart(text):
    (amount,) = amounts(text)
    parts = {"value": Decimal(1), "sign": "-", "unit": "h", "error": Decimal(7), "high": Decimal(7), "total": Decimal(7), "relative": True}
    changed = [numbers.reading(replace(amount, **{name: part})) for name, part in parts.items()]
    assert numbers.reading(amount) not in changed


def test_cell_is_read_in_a_table_of_its_format():
    assert numbers.in_table("latex", r"\textbf{72.2}$^{3}$") == "72.2 bold"
    assert numbers.in_table("html", "72.2<sup>3</sup>") == "72.2"
    assert numbers.in_table("markdown", "ResNet-50") == ""
