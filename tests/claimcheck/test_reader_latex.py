from claimcheck.document import Document, Table
from claimcheck.readers import latex


def read(body: str, preamble: str = "") -> Document:
    source = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    return latex.read(source.encode(), "paper.tex")


def rows(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def table(body: str, preamble: str = "") -> list[list[str]]:
    return rows(read(f"\\begin{{tabular}}{{lll}}{body}\\end{{tabular}}", preamble).tables[0])


def prose(body: str, preamble: str = "") -> str:
    return " ".join(sentence.text for sentence in read(body, preamble).sentences())


def test_multicolumn_and_cmidrule_leave_no_digits_behind():
    assert table(r"& \multicolumn{2}{c}{Ours} \\ \cmidrule(lr){2-3} Set & A & B \\ \midrule x & 1.5 & 2.5 \\") == [
        ["", "Ours", "Ours"],
        ["Set", "A", "B"],
        ["x", "1.5", "2.5"],
    ]


def test_rows_above_the_first_full_rule_are_the_header():
    read_table = read(
        r"\begin{tabular}{ll}\toprule & \multicolumn{1}{c}{A}\\ M & acc \\ \midrule x & 1 \\ \bottomrule\end{tabular}"
    ).tables[0]
    assert {cell.text for cell in read_table.cells if cell.header} == {"A", "M", "acc"}


def test_multirow_reaches_down_and_negative_multirow_up():
    assert table(r"\multirow{2}{*}{M} & 1 & 2 \\ & 3 & 4 \\ x & 5 & \\ y & 6 & \multirow{-2}{*}{Z} \\") == [
        ["M", "1", "2"],
        ["M", "3", "4"],
        ["x", "5", "Z"],
        ["y", "6", "Z"],
    ]


def test_superscript_marks_and_exponents_are_never_digits_of_the_number_before():
    assert prose(r"It scores 72.2$^3$ with lr $10^{-4}$ and AP$_{50}$.") == "It scores 72.2³ with lr 10⁻⁴ and AP₅₀."


def test_small_spread_beside_a_score_is_a_number_of_its_own():
    assert prose(r"We get $72.3_{\pm 0.4}$ and $81.2^{+1.2}$ there.") == "We get 72.3 ±0.4 and 81.2 +1.2 there."


def test_unclosed_mathematics_never_glues_two_numbers():
    assert "281.9" not in prose(r"A $x^{2$ 81.9 percent.")


def test_signs_in_mathematics_print_as_the_minus_sign():
    assert prose(r"It falls by $-0.5$ points and $1{,}234$ of 2\,000.") == "It falls by −0.5 points and 1,234 of 2\u2009000."


def test_siunitx_numbers_and_units():
    assert prose(r"Use \num{1e-4}, \SI{5}{\percent}, \qty{3}{\giga\byte} and \num{72.2(3)}.") == "Use 1×10⁻⁴, 5%, 3\u2009GB and 72.2(3)."


def test_macro_may_hold_half_a_row():
    assert table(r"\row{A}{1.2} \best{9.9} & B & C \\", r"\newcommand{\row}[2]{#1 & #2 & - \\}\newcommand{\best}[1]{\textbf{#1}}") == [
        ["A", "1.2", "-"],
        ["9.9", "B", "C"],
    ]


def test_macro_with_optional_argument_def_let_and_xspace():
    preamble = r"\newcommand{\pmv}[2][0.1]{#2 $\pm$ #1}\def\ours{OurNet\xspace}\let\us\ours"
    assert prose(r"\ours has \pmv{3} and \us, has \pmv[4]{5}.", preamble) == "OurNet has 3 ± 0.1 and OurNet, has 5 ± 4."


def test_endless_macro_ends_and_is_flagged():
    document = read(r"\def\l{\l\l}\l Still read 5 times.")
    assert "macro_budget" in document.flags
    assert [sentence.text for sentence in document.sentences()] == ["Still read 5 times."]


def test_text_that_tex_would_not_set_is_left_out():
    body = "Seen. % hidden 1.0\n\\iffalse Hidden 2.0. \\fi Shown 3.0. \\begin{comment}\nHidden 4.0.\n\\end{comment}\n100\\% kept."
    assert prose(body) == "Seen. Shown 3.0. 100% kept."


def test_author_switches_choose_the_branch():
    assert prose(r"\iflong Long 1. \else Short 2. \fi", r"\newif\iflong\longfalse") == "Short 2."


def test_captions_labels_numbers_and_references():
    body = (
        r"See Table~\ref{tab:b}. \begin{table}\caption{First.}\label{tab:a}\begin{tabular}{ll}a&1\\b&2\end{tabular}\end{table}"
        r"\begin{table}\begin{tabular}{ll}a&1\\b&2\end{tabular}\caption{Second.}\label{tab:b}\end{table}"
    )
    document = read(body)
    assert [(t.label, t.caption, t.where.detail) for t in document.tables] == [
        ("Table 1", "First.", "tab:a"),
        ("Table 2", "Second.", "tab:b"),
    ]
    assert next(document.sentences()).text == "See Table 2."


def test_sub_captions_join_the_caption_of_the_float():
    body = (
        r"\begin{table}\caption{Both.}\subfloat[Left.]{\begin{tabular}{ll}a&1\\b&2\end{tabular}}"
        r"\begin{subtable}{.5\textwidth}\begin{tabular}{ll}c&3\\d&4\end{tabular}\caption{Right.}\end{subtable}\end{table}"
    )
    assert [t.caption for t in read(body).tables] == ["Both. Left.", "Both. Right."]


def test_sub_caption_set_by_hand_below_a_table_joins_its_caption():
    inner = r"\resizebox{\linewidth}{!}{\begin{tabular}{ll}a&1\\b&2\end{tabular}}"
    found = read(rf"\begin{{table}}{inner} {{(a) Left set}} {inner} (b) Right set \caption{{Both.}}\end{{table}}").tables
    assert [table.caption for table in found] == ["Both. Left set", "Both. Right set"]


def test_bold_and_underline_by_command_and_declaration():
    cells = read(r"\begin{tabular}{llll}\textbf{1}&{\bf 2}&\underline{3}&4\\$\mathbf{5}$&\bfseries 6&7&8\end{tabular}").tables[0].cells
    assert [cell.bold for cell in cells] == [True, True, False, False, True, True, False, False]
    assert [cell.text for cell in cells if cell.underline] == ["3"]


def test_nested_tabular_in_a_cell_is_one_cell():
    assert table(r"\begin{tabular}{c}Top\\line\end{tabular} & \makecell{A\\B} & 3 \\ x & 1 & 2 \\")[0] == ["Top line", "A B", "3"]


def test_tables_set_side_by_side_by_a_tabular_are_two():
    inner = r"\begin{tabular}{ll}a&1\\b&2\end{tabular}"
    assert len(read(rf"\begin{{tabular}}{{cc}}{inner} & {inner}\end{{tabular}}").tables) == 2


def test_longtable_header_is_read_once():
    body = r"\begin{longtable}{ll}\caption{L.}\\M&V\\\hline\endfirsthead M&V\\\hline\endhead more&\\\endfoot x&1\\y&2\\\end{longtable}"
    found = read(body).tables[0]
    assert rows(found) == [["M", "V"], ["x", "1"], ["y", "2"]]
    assert found.caption == "L."


def test_deluxetable_has_its_heads_in_an_argument_and_its_rows_between_startdata_and_enddata():
    settings = r"\tablecaption{Fluxes.\label{tab:flux}}\tablewidth{0pt}\tabletypesize{\small}"
    heads = r"\tablehead{\colhead{Star} & \multicolumn{2}{c}{Flux} \\ \colhead{} & \colhead{$V$} & \colhead{$K$\tablenotemark{a}}}"
    body = r"\startdata \cutinhead{Near} A & 1.5 & 2.5 \\ B & \nodata & 3.5 \enddata \tablenotetext{a}{Ten nights.} \tablecomments{In mJy.}"
    for name in ("deluxetable", "deluxetable*"):
        document = read(rf"See \ref{{tab:flux}}. \begin{{{name}}}{{lcc}}{settings}{heads}{body}\end{{{name}}}")
        found = document.tables[0]
        assert rows(found) == [["Star", "Flux", "Flux"], ["", "V", "Kᵃ"], ["Near", "", ""], ["A", "1.5", "2.5"], ["B", "", "3.5"]]
        assert (found.label, found.caption) == ("Table 1", "Fluxes.")
        assert [cell.header for cell in found.cells].count(True) == 4
        assert next(document.sentences()).text == "See 1."


def test_rule_of_ones_own_with_a_brace_that_never_closes_is_a_rule():
    rule = r"\newcommand{\thickhline}{\noalign {\ifnum 0=`}\fi \hrule height 1pt \futurelet \reserved@a \@xhline}"
    assert table(r"\thickhline M & A & B \\ \thickhline x & 1 & 2 \\ \thickhline", rule) == [["M", "A", "B"], ["x", "1", "2"]]


def test_sentences_know_their_line_and_figure_captions_are_read():
    document = read("One.\nTwo here.\n\n\\begin{figure}\\caption{A gain of 3.}\\end{figure}")
    assert [(sentence.text, sentence.where.line) for sentence in document.sentences()][:2] == [("One.", 4), ("Two here.", 5)]
    assert [sentence.where.detail for sentence in document.sentences()][2] == "Figure 1 caption"


def test_inputs_are_joined_and_missing_ones_flagged():
    files = {
        "main.tex": "\\begin{document}\n\\input{sec/one}\n\\input{gone}\\end{document}",
        "sec/one.tex": "\nFrom one.\n",
    }
    document = latex.read_files(files, "main.tex", "")
    sentence = next(document.sentences())
    assert (sentence.text, sentence.where.line, sentence.where.detail) == ("From one.", 2, "sec/one.tex")
    assert document.flags == ("missing_input",)


def test_a_file_that_inputs_itself_ends():
    assert "cyclic_input" in latex.read_files({"a.tex": "Once.\n\\input{a}"}, "a.tex", "").flags


def test_bibliography_gives_references_and_citation_labels():
    document = read(r"As \cite{k} says. \begin{thebibliography}{9}\bibitem{k} A. Author. Title. arXiv:1706.03762.\end{thebibliography}")
    assert next(document.sentences()).text == "As [1] says."
    assert document.references[0].arxiv == "1706.03762"


def test_a_megabyte_of_braces_is_an_unparsed_passage_not_a_crash():
    assert "unparsed_passage" in read("Read. \n\n" + "{" * 1_000_000 + "\n\n Also read.").flags


def test_a_megabyte_of_unclosed_environments_ends():
    assert read("\\begin{table}" * 70_000).tables == ()


def test_a_flood_of_spans_and_conditionals_ends():
    wide = r"\multicolumn{9999}{c}{\multirow{9999}{*}{x}}&" * 1_000
    assert read(rf"\begin{{tabular}}{{l}}{wide}\\ a \\\end{{tabular}}").tables
    assert "unclosed_conditional" in read(r"\iffalse " * 50_000).flags


def test_a_file_beside_the_paper_that_is_no_latex_does_not_stop_it(tmp_path):
    paper = tmp_path / "paper.tex"
    paper.write_text(r"\documentclass{article}\begin{document}\input{intro}See \hyperref[sec:a]{4.4} for BLEU.\end{document}")
    (tmp_path / "intro.tex").write_text("We begin. ")
    (tmp_path / "scan.tex").write_bytes(b"%PDF\x00\x01")
    document = latex.read_path(paper)
    assert [sentence.text for sentence in document.sentences()] == ["We begin.", "See 4.4 for BLEU."]
