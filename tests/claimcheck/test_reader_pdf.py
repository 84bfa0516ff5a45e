import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from claimcheck import readers
from claimcheck.document import Document, Table, Unreadable
from claimcheck.readers import batch, pdf
from claimcheck.readers.limits import Limits, Server
from tests.weird import FILES, PAGE, TEXT, stream
from tests.weird import pdf as make

SHARED = Path(__file__).parents[3] / "shared" / "data"


def page(*drawn: str) -> Document:
    """A page of drawing operators, read."""
    return pdf.read(make(PAGE, stream("\n".join(drawn).encode("latin-1"))), "page.pdf")


def at(x: float, y: float, text: str, size: float = 10) -> str:
    return f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET"


def rule(x0: float, x1: float, y: float) -> str:
    return f"0.5 w {x0} {y} m {x1} {y} l S"


def rows(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


BOOKTABS = [
    *(at(72, 720, "Table 2: Scores on two sets."), rule(72, 300, 705), at(180, 692, "UCF"), at(255, 692, "SSv2")),
    *(rule(150, 220, 688), rule(230, 300, 688), at(74, 676, "Method")),
    *(at(150, 676, "Top-1"), at(190, 676, "Top-5"), at(230, 676, "Top-1"), at(270, 676, "Top-5"), rule(72, 300, 671)),
    *(at(74, 660, "Ours large"), at(152, 660, "81.2"), at(192, 660, "95.1"), at(232, 660, "61.0"), at(272, 660, "88.4")),
    *(at(74, 648, "Base"), at(152, 648, "72.2"), at(172, 652, "3", 6), at(192, 648, "90.0"), at(232, 648, "58.9"), at(272, 648, "85.0")),
    rule(72, 300, 643),
]


def test_booktabs_table_with_spanning_header_and_caption():
    table = page(*BOOKTABS).tables[0]
    assert (table.label, table.caption) == ("Table 2", "Scores on two sets.")
    assert rows(table) == [
        ["", "UCF", "UCF", "SSv2", "SSv2"],
        ["Method", "Top-1", "Top-5", "Top-1", "Top-5"],
        ["Ours large", "81.2", "95.1", "61.0", "88.4"],
        ["Base", "72.2³", "90.0", "58.9", "85.0"],
    ]
    assert {cell.row for cell in table.cells if cell.header} == {0, 1}


def test_every_cell_knows_its_page_and_box():
    cell = next(cell for cell in page(*BOOKTABS).tables[0].cells if cell.text == "81.2")
    assert cell.where is not None
    assert cell.where.page == 1
    left, top, right, bottom = cell.where.box
    assert left == pytest.approx(152, abs=1)
    assert top < 792 - 660 < bottom + 1
    assert right > left


def test_table_words_are_no_prose_and_prose_is_no_table():
    document = page(*BOOKTABS, at(72, 600, "It gains 3.5 points over the"), at(72, 588, "base-"), at(72, 576, "line model. Then it stops."))
    assert [sentence.text for sentence in document.sentences()] == ["It gains 3.5 points over the baseline model.", "Then it stops."]
    assert all(sentence.where.box is not None for sentence in document.sentences())


def test_page_image_boxes_a_cell_and_refuses_a_page_that_is_not():
    data = make(PAGE, stream("\n".join(BOOKTABS).encode()))
    plain, boxed = pdf.page_image(data, "p.pdf", 1), pdf.page_image(data, "p.pdf", 1, [(150, 120, 180, 140)])
    assert plain.startswith(b"\x89PNG")
    assert boxed != plain
    with pytest.raises(Unreadable):
        pdf.page_image(data, "p.pdf", 2)


@pytest.mark.parametrize("name", FILES)
def test_every_weird_file_ends_in_a_typed_outcome(name):
    data, right = FILES[name]
    try:
        document = pdf.read(data, "weird.pdf")
        outcome = next(iter(document.flags), "read") if not list(document.sentences()) else "read"
    except Unreadable as refusal:
        outcome = refusal.reason
    assert outcome in right


def test_next_file_is_read_after_a_bomb():
    with pytest.raises(Unreadable):
        pdf.read(FILES["one page listed 100,000 times"][0], "bomb.pdf")
    assert [sentence.text for sentence in pdf.read(make(PAGE, TEXT), "next.pdf").sentences()] == ["It gains 3.5 points here."]


def test_name_that_says_pdf_is_not_believed():
    with pytest.raises(Unreadable, match="is not a PDF"):
        readers.read(b"<html><body>Please sign in.</body></html>", "paper.pdf")


def test_limits_end_what_takes_too_long_or_too_much():
    server = Server()
    assert server.call("time:sleep", b"", {}, Limits(wall=0.5)).status in ("error", "timeout")
    assert server.call("tests.weird.greedy:spin", b"", {}, Limits(wall=1.0)).status == "timeout"
    assert server.call("tests.weird.greedy:hoard", b"", {}, Limits(memory=1 << 29)).status == "memory"
    assert server.call("tests.weird.greedy:crash", b"", {}).status == "crash"
    assert server.call("tests.weird.greedy:chatter", b"", {}).result == "quiet"
    server.close()


def test_nothing_but_our_own_output_reaches_stdout(tmp_path):
    for number, (data, _) in enumerate(FILES.values()):
        (tmp_path / f"{number}.pdf").write_bytes(data)
    code = (
        "import sys, json, pathlib; from claimcheck import readers; from claimcheck.document import Unreadable\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.pdf')):\n"
        "    try: readers.read(path)\n"
        "    except Unreadable: pass\n"
        "print(json.dumps({'done': True}))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, env=environment, timeout=300, check=True)
    assert json.loads(done.stdout) == {"done": True}


def test_folder_is_read_resumed_and_survives_bad_files(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.pdf").write_bytes(make(PAGE, TEXT))
    (tmp_path / "in" / "bad.pdf").write_bytes(FILES["five bytes"][0])
    (tmp_path / "in" / "paper.tex").write_text(r"\begin{document}It gains 2 points.\end{document}")
    first = {done.path.name: done.status for done in batch.read_folder(tmp_path / "in", tmp_path / "out", 2)}
    second = {done.path.name: done.status for done in batch.read_folder(tmp_path / "in", tmp_path / "out", 2)}
    assert first == {"good.pdf": "read", "bad.pdf": "damaged", "paper.tex": "read"}
    assert second == {"good.pdf": "kept", "bad.pdf": "damaged", "paper.tex": "kept"}


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "weird").exists(), reason="the weird files are not beside the checkout")
def test_shipped_weird_files_end_typed_and_leave_memory_alone():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = {}
    for path in sorted((SHARED / "weird" / "pdf").glob("*.pdf")):
        try:
            document = readers.read(path)
            outcomes[path.name] = "read" if list(document.sentences()) else document.flags[0]
        except Unreadable as refusal:
            outcomes[path.name] = refusal.reason
    assert set(outcomes.values()) <= {
        "read",
        "no_text_layer",
        "encrypted",
        "damaged",
        "no_pages",
        "too_big",
        "timeout",
        "not_a_pdf",
        "empty",
    }
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 50


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "weird").exists(), reason="the weird files are not beside the checkout")
@pytest.mark.parametrize(("stem", "password"), [("samplefiles--libreoffice-writer-password", "openpassword"), ("qpdf--enc-XI-R6", "view")])
def test_known_passwords_open(stem, password):
    path = next((SHARED / "weird" / "pdf").glob(f"{stem}*"))
    with pytest.raises(Unreadable) as refusal:
        pdf.read(path.read_bytes(), path.name)
    assert refusal.value.reason == "encrypted"
    assert pdf.read(path.read_bytes(), path.name, password).format == "pdf"


def test_labels_on_two_lines_set_tight_stand_each_over_its_column():
    table = page(
        *(at(72, 720, "Table 3: Chat models."), rule(72, 330, 705)),
        *(at(130, 694, "Qwen2.5"), at(186, 694, "LLaMA-3.1"), at(240, 694, "Claude-3.5-"), at(295, 694, "GPT-4o")),
        *(
            at(74, 682, "Metric"),
            at(138, 682, "72B"),
            at(196, 682, "405B"),
            at(243, 682, "Sonnet"),
            at(302, 682, "0513"),
            rule(72, 330, 677),
        ),
        *(at(74, 666, "MMLU"), at(139, 666, "85.3"), at(198, 666, "88.6"), at(254, 666, "88.3"), at(302, 666, "87.2")),
        *(at(74, 654, "DROP"), at(139, 654, "76.7"), at(198, 654, "88.7"), at(254, 654, "88.3"), at(302, 654, "83.7"), rule(72, 330, 649)),
    ).tables[0]
    assert rows(table)[0][1:] == ["Qwen2.5", "LLaMA-3.1", "Claude-3.5-", "GPT-4o"]


def test_a_last_group_without_a_bottom_rule_keeps_its_rows_below_a_part_rule():
    rows_at = {655: ("A", "70.1", "71.2"), 640: ("B", "60.1", "61.2"), 622: ("A", "50.1", "51.2"), 604: ("B", "40.1", "41.2")}
    drawn = [part for y, cells in rows_at.items() for part in (at(112, y, cells[0]), at(180, y, cells[1]), at(240, y, cells[2]))]
    table = page(
        *(at(72, 720, "Table 4: Two groups."), rule(72, 300, 690), at(74, 680, "Set"), at(112, 680, "Model"), at(180, 680, "P")),
        *(at(240, 680, "R"), rule(72, 300, 672), *drawn, rule(110, 270, 650), rule(72, 300, 634), rule(110, 270, 616)),
    ).tables[0]
    assert [row[-1] for row in rows(table)] == ["R", "71.2", "61.2", "51.2", "41.2"]
