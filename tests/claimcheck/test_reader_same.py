"""One paper in five forms gives one table."""

import io
import tarfile

from claimcheck import readers
from tests.claimcheck.test_reader_pdf import at, rule
from tests.weird import PAGE, pdf, stream

ROWS = [["Method", "Top-1", "Top-5"], ["Ours", "81.2", "95.1"], ["Base", "72.2", "90.0"]]

TEX = (
    r"\documentclass{article}\begin{document}\begin{table}\caption{Scores.}\begin{tabular}{lcc}\toprule "
    + r" \midrule ".join(r" & ".join(row) + r" \\" for row in ROWS[:2])
    + r" & ".join(ROWS[2])
    + r" \\ \bottomrule\end{tabular}\end{table}\end{document}"
).encode()


def tarball() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("main.tex")
        info.size = len(TEX)
        archive.addfile(info, io.BytesIO(TEX))
    return buffer.getvalue()


def page() -> bytes:
    lines = [at(72, 720, "Table 1: Scores."), rule(72, 300, 705), rule(72, 300, 688), rule(72, 300, 660)]
    lines += [
        at(74 + 80 * column, 692 - 12 * row - 4 * (row > 0), text) for row, texts in enumerate(ROWS) for column, text in enumerate(texts)
    ]
    return pdf(PAGE, stream("\n".join(lines).encode()))


def test_tarball_latex_html_pdf_and_markdown_give_the_same_table():
    body = "".join(
        "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in row) + "</tr>" for row, tag in zip(ROWS, ("th", "td", "td"), strict=True)
    )
    markdown = "\n".join(["| " + " | ".join(ROWS[0]) + " |", "|---|---|---|", *("| " + " | ".join(row) + " |" for row in ROWS[1:])])
    forms = {
        "paper.tar.gz": tarball(),
        "paper.tex": TEX,
        "paper.html": f"<html><body><table><caption>Table 1: Scores.</caption>{body}</table></body></html>".encode(),
        "paper.pdf": page(),
        "paper.md": b"# Paper\n\n" + markdown.encode(),
    }
    for name, data in forms.items():
        table = readers.read(data, name).tables[0]
        assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == ROWS, name
        assert {cell.row for cell in table.cells if cell.header} == {0}, name


def test_marks_that_nobody_prints_cut_no_word_and_no_number() -> None:
    text = "Meth\u00adodA improves accu\u00adracy by 3.\u200b2 points\ufeff over\u2060 MethodB."
    page = f"<html><body><h1>P</h1><h2>Results</h2><p>{text.replace(chr(0xAD), '&shy;')}</p></body></html>"
    source = rf"\documentclass{{article}}\begin{{document}}\section{{Results}} {text} \end{{document}}"
    for content, name in ((f"## Results\n\n{text}\n", "p.md"), (f"{text}\n", "p.txt"), (page, "p.html"), (source, "p.tex")):
        (sentence,) = readers.read(content.encode(), name).sentences()
        assert sentence.text == "MethodA improves accuracy by 3.2 points over MethodB.", name
