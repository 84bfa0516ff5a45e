"""LaTeX to PDF with the texlive at hand, for twins: the same paper in both forms."""

import re
import shutil
import subprocess
from pathlib import Path

_MISSING = re.compile(r"File `([^']+\.(?:sty|cls))' not found")
_MAX_STUBS = 12
_AASTEX = r"""
\RequirePackage{natbib}
\newcommand{\colhead}[1]{#1}
\newcommand{\tablecolumns}[1]{}
\newcommand{\tablewidth}[1]{}
\newcommand{\tablecaption}[1]{\caption{#1}}
\newcommand{\tablehead}[1]{\gdef\heads{#1}}
\newcommand{\startdata}{\edef\opening{\noexpand\begin{tabular}{\columns}}\opening\hline\heads\\\hline}
\def\enddata{\\\hline\end{tabular}}
\NewDocumentEnvironment{deluxetable}{m O{t}}{\begin{table}[t]\footnotesize\def\columns{#1}}{\end{table}}
\NewDocumentEnvironment{deluxetable*}{m O{t}}{\begin{table*}[t]\footnotesize\def\columns{#1}}{\end{table*}}
"""
"""What papers take from the American Astronomical Society's class, which TeX Live may lack: citations and tables."""


class NotCompiled(Exception):
    """No PDF came out; the message says why."""


def compile_paper(folder: Path, main: str) -> bytes:
    """The PDF of a paper in a folder of its own. Styles that are missing are replaced by empty ones, figures left blank."""
    if shutil.which("pdflatex") is None:
        raise NotCompiled("pdflatex is not installed; install texlive to run this benchmark")
    stem = Path(main).stem
    _draft_figures(folder / main)
    for _ in range(_MAX_STUBS):
        log = _run(folder, main)
        missing = _MISSING.findall(log)
        if not missing:
            break
        for name in set(missing):
            _stub(folder / name)
    _run(folder, main)
    pdf = folder / f"{stem}.pdf"
    if not pdf.exists() or pdf.stat().st_size < 1_000:
        raise NotCompiled(f"{main}: pdflatex gave no PDF")
    return pdf.read_bytes()


def _run(folder: Path, main: str) -> str:
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", main]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        raise NotCompiled(f"{main}: pdflatex takes longer than 120 s") from None
    return done.stdout.decode("latin-1").replace("\n", "") if b"not found" in done.stdout else ""


def _stub(path: Path) -> None:
    """Stand in for a journal's class or style: the packages such files load, and none of their looks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".cls":
        common = "\\RequirePackage[margin=2cm]{geometry}\\RequirePackage{booktabs,multirow,amsmath,amssymb,graphicx,xcolor,url}"
        tables = _AASTEX if path.stem.startswith("aastex") else "\n"
        path.write_text(f"\\NeedsTeXFormat{{LaTeX2e}}\\LoadClass{{article}}{common}{tables}")
    else:
        year = re.search(r"\d", path.stem)  # a conference's style, which sets the page
        loaded = "\\RequirePackage[margin=2cm]{geometry}\\RequirePackage{graphicx,xcolor,booktabs,url}" if year else ""
        path.write_text(f"\\DeclareOption*{{}}\\ProcessOptions\\relax{loaded}\n")


def _draft_figures(main: Path) -> None:
    """Have figures drawn as empty boxes: their files are not part of the sources."""
    text = main.read_text(encoding="utf-8", errors="replace")
    blank = r"\AtBeginDocument{\renewcommand{\includegraphics}[2][]{\rule{3cm}{2cm}}}"
    if not any(main.parent.glob("*.bbl")):  # no bibliography at hand: citations would print their keys
        blank += r"\AtBeginDocument{\renewcommand{\cite}[2][]{}\providecommand{\citep}{}\renewcommand{\citep}[2][]{}}"
    unstretched = "\\PassOptionsToPackage{expansion=false}{microtype}\n"  # bitmap fonts, which may be all there is, cannot be stretched
    main.write_text(unstretched + text.replace(r"\begin{document}", blank + "\n\\begin{document}", 1), encoding="utf-8")
